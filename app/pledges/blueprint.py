"""The blueprint of pledges, shared by its page files."""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("pledges", __name__, url_prefix="/c/<community>/pledges")

Page = str | Response | tuple[str, int]
