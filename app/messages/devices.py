"""My devices that show a notification, and the script in the browser that shows it."""

import uuid

from flask import current_app, flash, g, redirect, send_from_directory, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import forms
from app.auth import allow, limiter
from app.messages import Page, bp, reach
from app.messages.schemas import DeviceSchema
from services.messages import devices


@bp.post("/c/<community>/messages/reach/devices")
@allow("messages.read_own")
def device_add() -> Page:
    """Notify me on the device I sit at."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        devices.subscribe(g.actor, **forms.read(DeviceSchema))
        flash(_("This device notifies you from now on."), "success")
        return redirect(url_for("messages.reach"), 303)
    return reach.page(device_errors=errors)


@bp.post("/c/<community>/messages/reach/devices/<uuid:device_id>/remove")
@allow("messages.read_own")
def device_remove(device_id: uuid.UUID) -> Page:
    """Notify me on a device no more."""
    devices.unsubscribe(g.actor, device_id=device_id)
    flash(_("That device notifies you no more."), "success")
    return redirect(url_for("messages.reach"), 303)


@bp.get("/sw.js")
@limiter.exempt
@allow("public")
def service_worker() -> Response:
    """The script that a browser keeps to show notifications: for all pages, so it stands at the root."""
    script = send_from_directory(str(current_app.static_folder), "sw.js", mimetype="text/javascript")
    script.headers["Cache-Control"] = "no-cache"
    return script
