"""Refusals in the product's words.

A rule that says no raises a `DomainError`: a stable code for programs, an English sentence that the
pages translate, and the values that fill it. `field` names the input the user should look at.
"""


def N_(text: str) -> str:
    """Mark `text` for translation; the edge that shows it does the translating."""
    return text


class DomainError(Exception):
    """A refusal the user can understand and act on."""

    status = 422

    def __init__(self, code: str, message: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field
        self.params = params


class NotFound(DomainError):
    """There is no such thing here, or it is not the asker's to know."""

    status = 404

    def __init__(
        self,
        code: str = "not_found",
        message: str = N_(
            "There is nothing here by that address: it may have been removed, or belong to a community you are not in."
        ),
    ) -> None:
        super().__init__(code, message)


class Forbidden(DomainError):
    """The asker is known and may not do this."""

    status = 403

    def __init__(
        self,
        code: str = "forbidden",
        message: str = N_(
            "Your role does not include this, so nothing was changed. If you need it for your work, ask your community's administrator."
        ),
        *,
        field: str | None = None,
        **params: object,
    ) -> None:
        super().__init__(code, message, field=field, **params)


class Conflict(DomainError):
    """Somebody else was first, or the thing has moved on."""

    status = 409


CHANGED = Conflict("changed", N_("Somebody changed this at the same moment. Please look again and repeat."))
