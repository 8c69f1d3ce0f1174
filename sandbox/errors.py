"""The two ways in which the sandbox says no: to the app (Slack's error codes) and to a person (a sentence)."""

from typing import Any


class SlackError(Exception):
    """The Web API refuses a call: `code` is Slack's, `details` go into the answer beside it."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def as_answer(self) -> dict[str, Any]:
        """The body that Slack sends with HTTP 200."""
        return {"ok": False, "error": self.code, **self.details}


class ActError(Exception):
    """A person tried something that their screen does not offer, such as a button that is not there."""
