"""Socket Mode: the app's WebSocket connections, envelopes that go out and acknowledgements that come back."""

import asyncio
import json
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

MOST_CONNECTIONS = 10


@dataclass
class Connection:
    """One WebSocket of the app, and who waits for its acknowledgements."""

    socket: WebSocket
    number: int
    since: str
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    delivered: int = 0

    async def send(self, envelope: dict[str, Any], seconds: float) -> Any:
        """Send an envelope; returns the payload of its acknowledgement. Raises TimeoutError or ConnectionError."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.waiting[envelope["envelope_id"]] = future
        self.delivered += 1
        try:
            await self.socket.send_json(envelope)
            return await asyncio.wait_for(future, seconds)
        except (RuntimeError, WebSocketDisconnect) as error:
            raise ConnectionError("The app's connection closed.") from error
        finally:
            self.waiting.pop(envelope["envelope_id"], None)

    def receive(self, text: str) -> None:
        """An acknowledgement came in; late, unknown and unreadable ones are ignored."""
        try:
            frame = json.loads(text)
            future = self.waiting.get(frame["envelope_id"])
        except (ValueError, TypeError, KeyError):
            return
        if future and not future.done():
            future.set_result(frame.get("payload"))

    def lost(self) -> None:
        """The connection is gone: nobody need wait for it any longer."""
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("The app's connection closed."))


class Sockets:
    """All connections of the app. A payload goes to one of them, in turn."""

    def __init__(self) -> None:
        self._open: list[Connection] = []
        self._leaving: set[asyncio.Task[None]] = set()
        self._tickets: set[str] = set()
        self._turn = count()
        self._numbers = count(1)

    def new_ticket(self) -> str:
        """The right to open one connection, given out by apps.connections.open."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    def redeem(self, ticket: str) -> bool:
        """Whether this ticket was given out and not used before."""
        known = ticket in self._tickets
        self._tickets.discard(ticket)
        return known

    def describe(self) -> list[dict[str, Any]]:
        """The open connections as plain values."""
        return [{"number": c.number, "since": c.since, "delivered": c.delivered} for c in self._open]

    async def serve(self, socket: WebSocket, app_id: str) -> None:
        """Hold one connection from hello to its end."""
        connection = Connection(socket, next(self._numbers), datetime.now(UTC).isoformat())
        if len(self._open) >= MOST_CONNECTIONS:
            # That Slack names this reason is reported by apps, not documented.
            await socket.send_json(_disconnect("too_many_websockets"))
            await socket.close()
            return
        self._open.append(connection)
        try:
            await socket.send_json(self._hello(app_id))
            while True:
                connection.receive(await socket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            self._forget(connection)
            connection.lost()

    async def send(self, kind: str, payload: dict[str, Any], seconds: float, extra: dict[str, Any]) -> Any:
        """Deliver a payload over one of the connections. Raises ConnectionError if there is none."""
        if not self._open:
            raise ConnectionError("The app is not connected.")
        connection = self._open[next(self._turn) % len(self._open)]
        return await connection.send(
            {"envelope_id": str(uuid.uuid4()), "type": kind, "payload": payload} | extra, seconds
        )

    async def disconnect(self, reason: str | None, grace: float = 0.2) -> int:
        """Tell every connection to go, or with no reason cut it. Returns how many there were.

        A warning leaves the connection in use; the other reasons take it out of use at once and close it after `grace`.
        """
        connections = list(self._open)
        for connection in connections:
            if reason:
                await connection.socket.send_json(_disconnect(reason))
            if reason != "warning":
                self._forget(connection)
                self._close_later(connection, grace if reason else 0)
        return len(connections)

    def _forget(self, connection: Connection) -> None:
        if connection in self._open:
            self._open.remove(connection)

    def _close_later(self, connection: Connection, grace: float) -> None:
        task = asyncio.create_task(_close(connection, grace))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    def _hello(self, app_id: str) -> dict[str, Any]:
        return {
            "type": "hello",
            "connection_info": {"app_id": app_id},
            "num_connections": len(self._open),
            "debug_info": _debug_info() | {"approximate_connection_time": 18060},
        }


async def _close(connection: Connection, grace: float) -> None:
    await asyncio.sleep(grace)
    try:
        await connection.socket.close()
    except (RuntimeError, WebSocketDisconnect):
        return  # the app was faster


def _disconnect(reason: str) -> dict[str, Any]:
    return {"type": "disconnect", "reason": reason, "debug_info": _debug_info()}


def _debug_info() -> dict[str, Any]:
    return {"host": "applink-sandbox", "started": datetime.now(UTC).isoformat(), "build_number": 1}
