"""Hands payloads to the app, over Socket Mode or signed HTTP, and waits three seconds for the acknowledgement."""

import asyncio
import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sandbox.payloads import Payload, event
from sandbox.signing import sign
from sandbox.workspace import Workspace

_POSTING = ThreadPoolExecutor(32, thread_name_prefix="sandbox-post")
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Answer:
    """What came back. `error`: "timeout", "not_connected" or "http_error"; `no_retry`: the app wants no repetition."""

    acked: bool
    ms: float
    body: Any = None
    error: str | None = None
    no_retry: bool = False


@dataclass(frozen=True)
class Reply:
    """An HTTP answer of the app."""

    status: int
    content_type: str
    text: str
    no_retry: bool


async def deliver_command(workspace: Workspace, payload: Payload) -> Answer:
    """Hand over a slash command: a form over HTTP."""
    return await _deliver(workspace, "slash_commands", payload, payload)


async def deliver_interaction(workspace: Workspace, payload: Payload) -> Answer:
    """Hand over a click, submission or closing: a form with one field `payload` over HTTP."""
    return await _deliver(workspace, "interactive", payload, {"payload": json.dumps(payload)})


async def deliver_event(workspace: Workspace, inner: dict[str, Any]) -> Answer | None:
    """Hand over an event the app subscribed to; a delivery that fails is repeated in the background, three times."""
    if _subscription(inner) not in workspace.app.events or not workspace.app.installed:
        return None
    payload = event(workspace, inner)
    answer = await _deliver(workspace, "events_api", payload, None)
    if not answer.acked and not answer.no_retry:
        workspace.in_background(_retry(workspace, payload, answer))
    return answer


def _subscription(inner: dict[str, Any]) -> str:
    suffix = f".{inner['channel_type']}" if inner["type"] == "message" else ""
    return f"{inner['type']}{suffix}".replace("message.channel", "message.channels")


async def _retry(workspace: Workspace, payload: Payload, answer: Answer) -> None:
    for number, delay in enumerate(workspace.retry_delays, start=1):
        await asyncio.sleep(delay)
        reason = {"timeout": "http_timeout", "not_connected": "connection_failed"}.get(answer.error or "", "http_error")
        answer = await _deliver(workspace, "events_api", payload, None, attempt=number, reason=reason)
        if answer.acked or answer.no_retry:
            return


async def _deliver(
    workspace: Workspace,
    kind: str,
    payload: Payload,
    form: dict[str, str] | None,
    *,
    attempt: int = 0,
    reason: str = "",
) -> Answer:
    started = time.perf_counter()
    try:
        if workspace.request_url:
            body = await _over_http(workspace, payload, form, attempt, reason)
        else:
            body = await _over_socket(workspace, kind, payload, attempt, reason)
        return Answer(True, _since(started), body)
    except TimeoutError:
        return Answer(False, _since(started), error="timeout")
    except HttpRefusal as refusal:
        return Answer(False, _since(started), error="http_error", no_retry=refusal.no_retry)
    except ConnectionError:
        return Answer(False, _since(started), error="not_connected")


class HttpRefusal(Exception):
    """The app answered with another status than 200."""

    def __init__(self, no_retry: bool) -> None:
        super().__init__()
        self.no_retry = no_retry


async def _over_socket(workspace: Workspace, kind: str, payload: Payload, attempt: int, reason: str) -> Any:
    extra: dict[str, Any] = {"accepts_response_payload": kind != "events_api"}
    if kind == "events_api":
        extra |= {"retry_attempt": attempt, "retry_reason": "timeout" if reason else ""}
    return await workspace.sockets.send(kind, payload, workspace.ack_seconds, extra)


async def _over_http(
    workspace: Workspace, payload: Payload, form: dict[str, str] | None, attempt: int, reason: str
) -> Any:
    body = urlencode(form).encode() if form else json.dumps(payload).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded" if form else "application/json"}
    if attempt:
        headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
    request = _signed(workspace, body, headers)
    loop = asyncio.get_running_loop()
    posting = loop.run_in_executor(_POSTING, _post, request, workspace.ack_seconds)
    reply = await asyncio.wait_for(posting, workspace.ack_seconds)
    if reply.status != 200:
        raise HttpRefusal(reply.no_retry)
    return _read(reply)


def _signed(workspace: Workspace, body: bytes, headers: dict[str, str]) -> urllib.request.Request:
    # Real time, not the workspace's: Bolt compares it with time.time() and refuses what is five minutes off.
    timestamp = str(int(time.time()))
    signature = sign(workspace.app.signing_secret, timestamp, body)
    headers |= {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
    return urllib.request.Request(workspace.request_url or "", body, headers)  # noqa: S310 - the operator's own address


def _post(request: urllib.request.Request, seconds: float) -> Reply:
    try:
        with _OPENER.open(request, timeout=seconds) as response:
            return _reply(response.status, response.headers, response.read())
    except urllib.error.HTTPError as error:
        with error:
            return _reply(error.code, error.headers, error.read())
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise TimeoutError from error
        raise ConnectionError(str(error.reason)) from error


def _reply(status: int, headers: Any, body: bytes) -> Reply:
    text = body.decode("utf-8", "replace")
    return Reply(status, headers.get("Content-Type", ""), text, headers.get("X-Slack-No-Retry") == "1")


def _read(reply: Reply) -> Any:
    if not reply.text:
        return None
    return json.loads(reply.text) if reply.content_type.startswith("application/json") else {"text": reply.text}


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
