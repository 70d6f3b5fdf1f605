"""First pages by role, and figures."""

from flask import Blueprint, g, render_template

from app.auth import allow

bp = Blueprint("reports", __name__)


@bp.get("/c/<community>/")
@allow("signed_in")
def home() -> str:
    """What to do now."""
    return render_template("reports/home.html")


@bp.get("/r/<int:region_id>/")
@allow("reports.region")
def region() -> str:
    """A region's figures."""
    return render_template("reports/region.html", region=g.region)
