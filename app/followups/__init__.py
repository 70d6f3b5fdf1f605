"""Pages of follow-ups, of the plans that make them, and of who is away."""

import uuid

from flask import Blueprint
from werkzeug.wrappers import Response

from services.people import accounts

bp = Blueprint("followups", __name__, url_prefix="/c/<community>/followups")

Page = str | Response | tuple[str, int]


def people_options(account_ids: set[uuid.UUID]) -> list[tuple[str, str]]:
    """Accounts to choose from, by name."""
    names = accounts.names(account_ids)
    return sorted(((str(one), name) for one, name in names.items()), key=lambda pair: pair[1])
