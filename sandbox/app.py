"""Puts the parts together: one ASGI app for the Web API, Socket Mode, response URLs, control and the page."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from sandbox import control, page
from sandbox.response_urls import answer_response
from sandbox.web_api.endpoint import answer_call
from sandbox.workspace import Workspace


async def hold_socket(socket: WebSocket) -> None:
    """One Socket Mode connection; the ticket in its address is good for one."""
    workspace: Workspace = socket.app.state.workspace
    if not workspace.sockets.redeem(socket.query_params.get("ticket", "")):
        await socket.close(code=1008)
        return
    await socket.accept()
    await workspace.sockets.serve(socket, workspace.app.app_id)


def create_app(workspace: Workspace) -> Starlette:
    """The sandbox around one workspace."""
    routes: list[BaseRoute] = [
        Route("/api/{method}", answer_call, methods=["GET", "POST"]),
        Route("/response/{team}/{token}", answer_response, methods=["POST"]),
        WebSocketRoute("/link/", hold_socket),
        *control.routes(),
        *page.routes(workspace),
    ]
    app = Starlette(routes=routes)
    app.state.workspace = workspace
    return app
