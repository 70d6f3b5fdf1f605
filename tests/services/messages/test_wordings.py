"""A community's own words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.core import jobs
from services.core.db import db
from services.core.errors import DomainError, Forbidden, NotFound
from services.messages import inbox, templates, wordings
from services.messages.templates import Text
from tests.factories import letters, world
from tests.factories.letters import work

CODE = "test.hello"
ORIGINAL = {"zh": templates.TEMPLATES[CODE]["zh"], "en": templates.TEMPLATES[CODE]["en"]}
OWN = {"zh": Text("{who}好！", "{day}见。"), "en": Text("Dear {who}", "See you.")}


def test_own_words_are_said_in_inbox_and_outside(by_sms, gate, north):
    wordings.save(north.actor("admin"), code=CODE, texts=OWN)
    told = letters.tell(north, by_sms.id)
    assert inbox.words(told[:1]) == [Text("Dear Li", "See you.")]
    work(told[1].due_at)
    assert gate.texts() == ["Dear Li\nSee you."]
    assert wordings.current(north.actor("admin"), code=CODE) == OWN
    assert (CODE, True) in wordings.codes(north.actor("admin"))


def test_and_the_original_again(reader, north):
    admin = north.actor("admin")
    wordings.save(admin, code=CODE, texts=OWN)
    wordings.restore(admin, code=CODE)
    assert wordings.current(admin, code=CODE) == ORIGINAL
    wordings.save(admin, code=CODE, texts=ORIGINAL)
    assert (CODE, False) in wordings.codes(admin)


def test_another_community_speaks_as_before(reader, north, south):
    wordings.save(north.actor("admin"), code=CODE, texts=OWN)
    db.session.commit()
    world.enter(south)
    assert wordings.current(south.actor("admin"), code=CODE) == ORIGINAL


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{nobody}", "placeholder"),
        ("{who.__class__}", "braces"),
        ("{who[0]}", "braces"),
        ("{who!r}", "braces"),
        ("{who:>99999999999}", "braces"),
        ("{who:{day}}", "braces"),
        ("{}", "braces"),
        ("{0}", "braces"),
        ("{who", "braces"),
        ("who}", "braces"),
        ("110101199003071233", "id_number"),
    ],
)
@pytest.mark.parametrize("place", ["subject", "body"])
def test_only_the_template_s_plain_placeholders(reader, north, text, code, place):
    wrong = Text(text, "x") if place == "subject" else Text("x", text)
    with pytest.raises(DomainError) as refused:
        wordings.save(north.actor("admin"), code=CODE, texts={**OWN, "zh": wrong})
    assert (refused.value.code, refused.value.field) == (code, f"{place}_zh")
    refused.value.message % refused.value.params  # the words fit


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text("{}who!:.[]day %0{{}}", max_size=30))
def test_whatever_is_typed_is_refused_or_said(reader, north, text):
    try:
        said = wordings.preview(north.actor("admin"), code=CODE, language="en", text=Text("x", text))
    except DomainError:
        return
    assert len(said.body) < 1000


def test_every_template_has_a_preview(reader, north):
    admin = north.actor("admin")
    for code in templates.TEMPLATES:
        for language, text in wordings.current(admin, code=code).items():
            said = wordings.preview(admin, code=code, language=language, text=text)
            assert "{" not in said.subject + said.body
            assert code.startswith("test.") or "…" not in said.subject + said.body, code


def test_words_are_the_administrator_s(reader, north):
    for role in ("staff", "volunteer"):
        with pytest.raises(Forbidden):
            wordings.save(north.actor(role), code=CODE, texts=OWN)
    with pytest.raises(NotFound):
        wordings.save(north.actor("admin"), code="no.such", texts=OWN)
    jobs.take_rings()


def test_words_that_no_longer_fit_give_way_to_the_original(reader, north):
    wordings.save(north.actor("admin"), code=CODE, texts=OWN)
    own = wordings._own([CODE])[CODE, "en"]
    own.subject = "{gone}"
    db.session.flush()
    assert inbox.words(letters.tell(north, reader.id)[:1])[0].subject == "Hello Li"
