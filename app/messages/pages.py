"""Pages of messages."""

from flask import Blueprint, render_template

from app.auth import allow

bp = Blueprint("messages", __name__, url_prefix="/c/<community>/messages")


@bp.get("/")
@allow("messages.read_own")
def inbox() -> str:
    """What I was told."""
    return render_template("messages/inbox.html", rows=[])
