"""The blueprint of small wishes, shared by its page files."""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("wishes", __name__, url_prefix="/c/<community>/wishes")

Page = str | Response | tuple[str, int]
