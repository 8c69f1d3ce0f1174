"""The bot as people run it: processes of their own, killed and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.server import SandboxServer

_ROOT = Path(__file__).parents[2]


class BotProcess:
    """`python -m bot <role>` against a local Slack."""

    def __init__(self, role: str, sandbox: SandboxServer, database_url: str, **settings: str) -> None:
        installation = sandbox.workspace.app
        environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "SLACK_BOT_TOKEN": installation.bot_token,
            "SLACK_APP_TOKEN": installation.app_token,
            "SLACK_SIGNING_SECRET": installation.signing_secret,
            "SLACK_API_URL": sandbox.api_url,
            "CLOCK_URL": f"{sandbox.url}/control/clock",
            "MESSAGES_PER_MINUTE": "60000",
            **settings,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", role], cwd=_ROOT, env=environment, stderr=subprocess.PIPE, text=True
        )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def kill(self) -> None:
        """Pull the plug: SIGKILL, no goodbye."""
        self._process.kill()
        self._end()

    def freeze(self) -> None:
        """Stop it in the middle of whatever it does."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> str:
        """Ask it to end, and return what it logged."""
        self._process.terminate()
        return self._end()

    def wait(self) -> str:
        """Wait until it ends by itself, and return what it logged."""
        return self._process.communicate(timeout=30)[1]

    def log_until(self, text: str) -> str:
        """Read the log up to the line that contains `text`; raises AssertionError when the process ends before."""
        assert self._process.stderr
        lines = []
        for line in self._process.stderr:
            lines.append(line)
            if text in line:
                return "".join(lines)
        raise AssertionError(f"it ended without saying {text!r}:\n{''.join(lines)}")

    def _end(self) -> str:
        try:
            return self._process.communicate(timeout=20)[1]
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.communicate()[1]


@contextmanager
def bot_process(role: str, sandbox: SandboxServer, database_url: str, **settings: str) -> Iterator[BotProcess]:
    """A process that is gone when the block is left."""
    process = BotProcess(role, sandbox, database_url, **settings)
    try:
        yield process
    finally:
        process.kill()
