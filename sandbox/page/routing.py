"""The addresses of the page."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.page import actions, address
from sandbox.page.blocks import environment
from sandbox.page.live import stream
from sandbox.page.people import search
from sandbox.page.screen import reader_of, screen
from sandbox.workspace import Workspace

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'self'; img-src 'self' https: http: data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""No script or style of anybody else can run, whatever an app or a person writes in a message."""

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(workspace: Workspace) -> list[BaseRoute]:
    """The page at `/`, what it needs, and what a person can do on it."""
    return [
        Route("/", _page(workspace)),
        Route("/people", _people(workspace)),
        Route("/live", _live(workspace)),
        *actions.routes(workspace),
        Mount("/static", StaticFiles(directory=STATIC), name="static"),
    ]


def _page(workspace: Workspace) -> Endpoint:
    async def page(request: Request) -> Response:
        here = address.read(workspace, request.query_params)
        if here is None:
            return _drawn("nobody.html", workspace=workspace)
        if here.tab == "messages" and "x-not-looking" not in request.headers:
            workspace.mark_read(here.person.id, here.channel.id)
        return _drawn("page.html", **screen(workspace, here))

    return page


def _people(workspace: Workspace) -> Endpoint:
    async def people(request: Request) -> Response:
        here = address.read(workspace, request.query_params)
        if here is None:
            return _drawn("nobody.html", workspace=workspace)
        found, more = search(workspace, request.query_params.get("q", ""))
        say = reader_of(workspace, here).say
        return _drawn("people.html", found=found, more=more, address=here, say=say)

    return people


def _live(workspace: Workspace) -> Endpoint:
    async def live(request: Request) -> Response:
        events = stream(workspace, request.query_params.get("as", ""))
        return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    return live


def _drawn(template: str, **values: object) -> Response:
    drawn = environment.get_template(template).render(**values)
    return HTMLResponse(drawn, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})
