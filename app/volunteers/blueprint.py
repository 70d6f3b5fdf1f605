"""The blueprint of volunteers, shared by its page files."""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("volunteers", __name__, url_prefix="/c/<community>/volunteers")

Page = str | Response | tuple[str, int]
