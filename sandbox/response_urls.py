"""Response URLs: the addresses at which an app answers a command or a click later on."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.acts import show
from sandbox.block_kit.surfaces import check_message_blocks
from sandbox.errors import SlackError
from sandbox.messages import Channel, Message
from sandbox.tickets import Response as Ticket
from sandbox.workspace import Workspace


async def answer_response(request: Request) -> Response:
    """Take one answer: new, in place of the message that was clicked, or taking that away."""
    workspace: Workspace = request.app.state.workspace
    try:
        ticket = workspace.responses.use(request.path_params["token"])
    except SlackError as error:
        return JSONResponse(error.as_answer(), status_code=404)
    try:
        _apply(workspace, ticket, json.loads(await request.body()))
    except SlackError as error:
        return JSONResponse(error.as_answer())
    return PlainTextResponse("ok")


def _apply(workspace: Workspace, ticket: Ticket, body: dict[str, Any]) -> None:
    channel = workspace.channel(ticket.channel_id)
    text, blocks = body.get("text") or "", body.get("blocks") or []
    check_message_blocks(blocks)
    original = _original(channel, ticket)
    if _yes(body, "delete_original"):
        if original:
            workspace.remove_message(original)
        return
    if not text and not blocks:
        raise SlackError("no_text")
    if _yes(body, "replace_original") and original:
        workspace.change_message(original, text=text, blocks=blocks)
    elif channel:
        everybody = body.get("response_type") == "in_channel"
        show(workspace, channel, ticket.person_id, text, blocks, everybody=everybody)


def _original(channel: Channel | None, ticket: Ticket) -> Message | None:
    return channel.find(ticket.message_ts, ticket.person_id) if channel and ticket.message_ts else None


def _yes(body: dict[str, Any], name: str) -> bool:
    return str(body.get(name, "")).lower() == "true"
