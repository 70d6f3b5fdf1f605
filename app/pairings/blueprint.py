"""The blueprint of pairings, shared by its page files."""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("pairings", __name__, url_prefix="/c/<community>/pairings")

Page = str | Response | tuple[str, int]
