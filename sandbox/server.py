"""Runs a sandbox: in a thread for tests and demonstrations, or as a program."""

import asyncio
import socket
import threading
import time
from types import TracebackType

import uvicorn

from sandbox.app import create_app
from sandbox.client import SandboxClient
from sandbox.connections import CuttableProtocol
from sandbox.workspace import Workspace

HOST = "127.0.0.1"
PATIENCE = 10.0


class PortTaken(Exception):
    """Somebody else listens there."""

    def __init__(self, port: int, free: int) -> None:
        super().__init__(f"Port {port} is taken; {free} is free.")
        self.port = port
        self.free = free


def listen(port: int) -> socket.socket:
    """A socket on this machine only; port 0 takes any free one."""
    # Named as TCP, asyncio sends small answers at once; else each waits 40 ms for an acknowledgement on a kept line.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise PortTaken(port, _next_free(port)) from error
    return listener


def make_server(workspace: Workspace) -> uvicorn.Server:
    """The server around a workspace: silent, so that no log shows what people write."""
    config = uvicorn.Config(
        create_app(workspace),
        http=CuttableProtocol,
        ws="websockets-sansio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    return _Server(config, workspace)


class SandboxServer:
    """A sandbox in a thread: `with SandboxServer(workspace) as sandbox: ... sandbox.url ... sandbox.client`."""

    def __init__(self, workspace: Workspace | None = None, *, port: int = 0) -> None:
        self.workspace = workspace or Workspace()
        self._listener = listen(port)
        self.url = f"http://{HOST}:{self._listener.getsockname()[1]}"
        self.workspace.base_url = self.url
        self._server = make_server(self.workspace)
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    @property
    def api_url(self) -> str:
        """What slack_sdk takes as `base_url`."""
        return f"{self.url}/api/"

    @property
    def client(self) -> SandboxClient:
        """The control API of this sandbox."""
        return SandboxClient(self.url)

    def start(self) -> "SandboxServer":
        """Listen; returns once calls are answered."""
        self._thread.start()
        deadline = time.monotonic() + PATIENCE
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise RuntimeError("The sandbox did not start.")
            time.sleep(0.002)
        return self

    def close(self) -> None:
        """Stop listening and drop every connection."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(PATIENCE)
        self._listener.close()

    def __enter__(self) -> "SandboxServer":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._listener]))


class _Server(uvicorn.Server):
    """uvicorn's server, noticing within milliseconds that it should stop: each test has its own."""

    def __init__(self, config: uvicorn.Config, workspace: Workspace) -> None:
        super().__init__(config)
        self._workspace = workspace

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._workspace.changes.publish("closed")
        if not self.force_exit:
            return await super().shutdown(sockets)
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        return None

    async def main_loop(self) -> None:
        counter = 0
        while not await self.on_tick(counter):
            await asyncio.sleep(0.005)
            counter = (counter + 1) % 864_000


def _next_free(port: int) -> int:
    for candidate in range(port + 1, port + 100):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
            if trial.connect_ex((HOST, candidate)) != 0:
                return candidate
    raise RuntimeError(f"No free port between {port} and {port + 100}.")
