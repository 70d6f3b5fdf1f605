"""The application for a WSGI server; it does not serve as a database role that row-level security does not hold."""

from app import create_app, roles
from services.core.db import db

app = create_app()
with app.app_context():
    roles.refuse_powerful(db.engine)
    db.engine.dispose()  # the server's own processes open connections of their own
