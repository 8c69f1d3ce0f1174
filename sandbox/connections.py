"""Connections that break: an HTTP protocol for uvicorn which lets the app under it cut its own line."""

import asyncio
import socket
import struct
from typing import Any

from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

LONGEST_HANG = 120.0


class CuttableProtocol(H11Protocol):
    """uvicorn's own protocol, with the transport put within reach of the request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        app = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            scope["sandbox.transport"] = self.transport
            await app(scope, receive, send)

        self.app = with_transport


async def cut(request: Request) -> None:
    """Break the connection without an answer: the other side sees a reset, as when a line goes down."""
    transport: asyncio.Transport = request.scope["sandbox.transport"]
    line: socket.socket = transport.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await wait_until_gone(request)


async def wait_until_gone(request: Request) -> None:
    """Say nothing until the other side gives up."""
    async with asyncio.timeout(LONGEST_HANG):
        while (await request.receive())["type"] != "http.disconnect":
            continue
