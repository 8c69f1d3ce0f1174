from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from sandbox.client import PersonClient
from sandbox.server import SandboxServer
from tests.sandbox.apps import web_client, workspace


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(workspace()) as server:
        yield server


@pytest.fixture
def impatient(sandbox: SandboxServer) -> None:
    """For tests in which nobody acknowledges: the person waits less than Slack's three seconds."""
    sandbox.workspace.ack_seconds = 0.4


@pytest.fixture
def slack(sandbox: SandboxServer) -> WebClient:
    """The app's own client: slack_sdk's, without its silent second attempts."""
    return web_client(sandbox, retry_handlers=[])


@pytest.fixture
def anna(sandbox: SandboxServer) -> PersonClient:
    return sandbox.client.person("U0ANNA")
