"""The blueprint of the register, shared by its page files."""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("register", __name__, url_prefix="/c/<community>/register")

Page = str | Response | tuple[str, int]
