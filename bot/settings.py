"""Everything that differs between one installation and another: the only reader of the environment."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import ConfigurationError

_WHERE = {
    "slack_bot_token": "api.slack.com/apps > your app > OAuth & Permissions > Bot User OAuth Token (xoxb-...)",
    "slack_app_token": "api.slack.com/apps > your app > Basic Information > App-Level Tokens, "
    "with the scope connections:write (xapp-...)",
    "slack_signing_secret": "api.slack.com/apps > your app > Basic Information > Signing Secret",
}


def _with_driver(url: str) -> str:
    """Hosting platforms hand out `postgres://`; SQLAlchemy wants the driver's name."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith(("postgresql+psycopg://", "sqlite:///")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return url


class Settings(BaseSettings):
    """The settings; each is an environment variable of the same name in capitals, or a line in `.env`."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: Annotated[str, AfterValidator(_with_driver), Field(repr=False)] = "sqlite:///var/vliegwiel.db"
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = Field(default="https://slack.com/api/", pattern=r"^https?://.*/$")
    messages_per_minute: int = Field(default=240, ge=1, le=60_000)
    lane_seconds: float = Field(default=15, gt=0, le=60)
    port: int = Field(default=3000, ge=1, le=65535)
    host: str = "127.0.0.1"
    log_level: str = Field(default="info", pattern="(?i)^(debug|info|warning|error)$")
    clock_url: str | None = None

    @classmethod
    def load(cls, env_file: Path | None = Path(".env")) -> Self:
        """Read environment and `.env`.

        Raises ConfigurationError naming every wrong variable at once.
        """
        try:
            return cls(_env_file=env_file)
        except ValidationError as error:
            lines = [f"{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
            raise ConfigurationError("Wrong settings:\n" + "\n".join(f"  - {line}" for line in lines)) from None

    def require(self, *names: str) -> None:
        """Raise ConfigurationError naming every one of these settings that is missing, and where to find it."""
        missing = [name for name in names if getattr(self, name) is None]
        if missing:
            lines = [f"  - {name.upper()}: {_WHERE[name]}" for name in missing]
            raise ConfigurationError(
                "Missing settings; put them in .env (.env.example explains each):\n" + "\n".join(lines)
            )

    @staticmethod
    def where(name: str) -> str:
        """Where in Slack's pages a setting is found."""
        return _WHERE[name]

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this one machine."""
        return self.database_url.startswith("sqlite")
