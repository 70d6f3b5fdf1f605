"""Linli as an app on the phone: what a browser needs to put it there, and what it shows without a network."""

from flask import Blueprint, Response, json, render_template, url_for
from flask_babel import gettext as _

from app.auth import allow, limiter

bp = Blueprint("installed", __name__)

ICONS = (
    ("icon-192", "192x192", "any"),
    ("icon-512", "512x512", "any"),
    ("maskable-512", "512x512", "maskable"),
)


@bp.get("/manifest.webmanifest")
@limiter.exempt
@allow("public")
def manifest() -> Response:
    """Name, icons and colours for the home screen."""
    text = json.dumps(
        {
            "id": "/",
            "name": _("Linli: neighbours helping neighbours"),
            "short_name": "邻里",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#faf6ee",
            "theme_color": "#1f6657",
            "icons": [
                {
                    "src": url_for("static", filename=f"icons/{name}.png"),
                    "sizes": sizes,
                    "type": "image/png",
                    "purpose": purpose,
                }
                for name, sizes, purpose in ICONS
            ],
        },
        ensure_ascii=False,
    )
    return Response(text, content_type="application/manifest+json; charset=utf-8")


@bp.get("/offline")
@allow("public")
def offline() -> str:
    """What the browser keeps to show when there is no network: the visits that can be noted, and those that wait."""
    return render_template("installed/offline.html")
