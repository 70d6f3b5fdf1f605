"""The blueprint of reports, shared by its page files."""

from flask import Blueprint

bp = Blueprint("reports", __name__)
