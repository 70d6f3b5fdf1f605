"""Pages of follow-ups and of the plans that make them."""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("followups", __name__, url_prefix="/c/<community>/followups")

Page = str | Response | tuple[str, int]
