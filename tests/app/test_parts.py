"""What stands in every row: nothing that somebody typed becomes a part of the page's own language."""

from app import parts


def test_what_is_put_in_is_escaped() -> None:
    typed = '<b>"&'
    for part in (parts.badge(typed, typed), parts.icon(typed), parts.tick(typed, typed, typed)):
        assert "<b>" not in part and '"&"' not in part and "&lt;b&gt;&#34;&amp;" in part


def test_a_state_has_an_icon_and_words() -> None:
    assert parts.badge("Waits", "wait").endswith(f"{parts.icon('hourglass')}Waits</span>")
    assert parts.badge("Waits", "wait", "bell").endswith(f"{parts.icon('bell')}Waits</span>")
