"""The blueprint of households, shared by its page files."""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("households", __name__, url_prefix="/c/<community>/households")

Page = str | Response | tuple[str, int]
