"""Slack over HTTP: Bolt behind a WSGI server, with a page that says whether we are well."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.adapter.wsgi.http_request import WsgiHttpRequest
from slack_bolt.request.internals import build_context
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.database import Database

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

PATH = "/slack/events"


class SlackEndpoint(SlackRequestHandler):
    """Bolt's own WSGI adapter, reading a command whose text holds the word "payload" as well.

    Bolt (1.30, request/internals.py) takes every body with that word in it for an interaction and finds an empty one.
    """

    def dispatch(self, request: WsgiHttpRequest) -> BoltResponse:
        """Hand Slack's request to Bolt; what cannot be read is refused, as Bolt reads before it checks signatures."""
        try:
            raw = request.get_body()
            call = BoltRequest(body=raw, query=request.query_string, headers=request.get_headers())
        except (ValueError, TypeError, AttributeError):
            return BoltResponse(status=400, body="")
        form = dict(parse_qsl(raw, keep_blank_values=True))
        if "command" in form and "payload" not in form:
            call.body = form
            call.context = build_context(BoltContext(), form)
        return self.app.dispatch(call)


class WebApp:
    """`/slack/events` for Slack, `/health` for whoever watches over the server."""

    def __init__(self, app: App, database: Database) -> None:
        self._slack = SlackEndpoint(app, path=PATH)
        self._database = database

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """WSGI."""
        if environ.get("PATH_INFO") == "/health":
            return self._health(start_response)
        return self._slack(environ, start_response)

    def _health(self, start_response: "StartResponse") -> Iterable[bytes]:
        well = _answers(self._database)
        status = "200 OK" if well else "503 Service Unavailable"
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps({"database": "ok" if well else "does not answer"}).encode()]


def _answers(database: Database) -> bool:
    try:
        with database.begin() as db:
            db.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
