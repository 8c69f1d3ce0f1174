"""The mistakes the product knows by name. An exception's docstring is its meaning; its text is for a person."""

import secrets


class UserError(Exception):
    """Something the person can mend: a clear sentence in their language, shown as it stands.

    `field` names the input it belongs to, so that a form can show it below that field.
    """

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class ConfigurationError(Exception):
    """The program cannot start as it is set up; the sentence says what to change."""


class DeliveryError(Exception):
    """Slack did not accept a call.

    `code` is Slack's error code. `permanent`: trying again cannot help. `retry_after`: seconds Slack asks us to
    wait. `uncertain`: no answer came, so the call may have succeeded. `workspace_wide`: it will fail for everybody
    in this workspace until somebody mends it (a revoked token, a missing scope).
    """

    def __init__(
        self,
        code: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        uncertain: bool = False,
        workspace_wide: bool = False,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.retry_after = retry_after
        self.uncertain = uncertain
        self.workspace_wide = workspace_wide


def new_reference() -> str:
    """A number a person can read out, which the log line of the same failure carries too."""
    return secrets.token_hex(3).upper()
