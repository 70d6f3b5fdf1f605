"""Messages: bare routes, since the mailbox and the reports of providers are no community's."""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("messages", __name__)

Page = str | Response | tuple[str, int]
