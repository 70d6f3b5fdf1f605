"""The application for a WSGI server; it does not serve as a database role that row-level security does not hold."""

from werkzeug.middleware.proxy_fix import ProxyFix

from app import create_app, roles
from services.core.db import db
from services.pairings import results

results.warm()  # at the start and not at somebody's click
app = create_app()
with app.app_context():
    roles.refuse_powerful(db.engine)
    db.engine.dispose()  # the server's own processes open connections of their own
if app.config["SESSION_COOKIE_SECURE"]:
    # HTTPS ends at the one proxy in front, which says for whom it asks.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
