"""Pages of ledgers."""

from flask import Blueprint

bp = Blueprint("ledgers", __name__, url_prefix="/c/<community>/ledgers")
