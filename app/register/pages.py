"""The register: anyone the office knows, found by one question."""

from flask import g, render_template, request

from app.auth import allow
from app.households import words as household_words
from app.register import many, twins
from app.register.blueprint import Page, bp
from app.volunteers import words as volunteer_words
from services.communities import regions
from services.register import search

__all__ = ["bp", "many", "twins"]


@bp.route("/", methods=["GET", "POST"])
@allow("register.read")
def index() -> Page:
    """Find a household, somebody who lives in one, or a volunteer. What is typed is posted and stands in no address."""
    text = request.form.get("text", "").strip()
    found = search.find(g.actor, text=text)
    part = request.headers.get("HX-Request") and request.method == "POST"
    return render_template(
        "register/_found.html" if part else "register/index.html",
        text=text,
        found=found,
        places={row.id: volunteer_words.place(row.estate, row.number) for row in regions.buildings()}
        if found.hits
        else {},
        states={"household": household_words.STATES, "volunteer": volunteer_words.STATES},
    )
