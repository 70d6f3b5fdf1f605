"""The blueprint of ledgers, shared by its page files."""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("ledgers", __name__, url_prefix="/c/<community>/ledgers")

Page = str | Response | tuple[str, int]
