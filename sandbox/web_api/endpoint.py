"""The HTTP side of the Web API: reads a call, lets faults strike, answers as Slack does."""

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.connections import cut, wait_until_gone
from sandbox.errors import SlackError
from sandbox.faults import Fault
from sandbox.web_api.arguments import Arguments, read_arguments
from sandbox.web_api.registry import call
from sandbox.workspace import Workspace


async def answer_call(request: Request) -> Response:
    """Handle one call of the Web API."""
    workspace: Workspace = request.app.state.workspace
    name, started = request.path_params["method"], time.perf_counter()
    body = await request.body()
    try:
        arguments = read_arguments(request.headers.get("content-type", ""), body, request.url.query)
    except SlackError as error:
        return _answer(workspace, error.as_answer())
    fault = workspace.faults.take(name, _people(workspace, arguments)) if workspace.faults.any else None
    if fault and fault.kind != "lost_answer":
        workspace.log_call(name, fault.kind, _channel(arguments, {}), time.perf_counter() - started)
        return await _suffer(workspace, request, fault)
    answer = _run(workspace, request, name, arguments)
    workspace.log_call(name, answer.get("error"), _channel(arguments, answer), time.perf_counter() - started)
    if fault:
        await cut(request)
    return _answer(workspace, answer)


def _run(workspace: Workspace, request: Request, name: str, arguments: Arguments) -> dict[str, Any]:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        return call(workspace, name, token if scheme.lower() == "bearer" else None, arguments)
    except SlackError as error:
        return error.as_answer()


async def _suffer(workspace: Workspace, request: Request, fault: Fault) -> Response:
    name, _, detail = fault.kind.partition(":")
    if name == "error":
        return _answer(workspace, SlackError(detail).as_answer())
    if name == "http":
        return Response("The sandbox was asked to fail here.", status_code=int(detail))
    if name == "ratelimited":
        headers = {"Retry-After": str(fault.retry_after)}
        return JSONResponse(SlackError("ratelimited").as_answer(), status_code=429, headers=headers)
    if name == "timeout":
        await wait_until_gone(request)
    await cut(request)
    return Response(status_code=500)


def _answer(workspace: Workspace, body: dict[str, Any]) -> Response:
    return JSONResponse(body, headers={"x-oauth-scopes": ",".join(workspace.app.scopes)})


def _people(workspace: Workspace, arguments: Arguments) -> set[str]:
    named = [arguments.text(name) for name in ("channel", "user", "user_id")]
    channel = workspace.channel(arguments.text("channel"))
    partner = [channel.partner] if channel and channel.partner else []
    return {*named, *partner, *arguments.text("users").split(",")} - {""}


def _channel(arguments: Arguments, answer: dict[str, Any]) -> str | None:
    return str(answer.get("channel") if isinstance(answer.get("channel"), str) else arguments.text("channel")) or None
