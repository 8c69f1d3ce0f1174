"""Looks whether everything the bot needs is there, and says how to mend what is not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot import manifest, migrations
from bot.clock import system_clock
from bot.database import Database
from bot.errors import ConfigurationError, DeliveryError
from bot.models.editions import Edition
from bot.models.people import Identity, Person
from bot.settings import Settings
from bot.slack import Installation, Slack, open_socket_url

_TOKENS = (("slack_bot_token", "xoxb-"), ("slack_app_token", "xapp-"))
_MOST_SKEW = timedelta(minutes=2)  # Slack's signatures and triggers are good for five minutes


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `mend` says what to do when it is not well."""

    what: str
    mend: str | None = None

    @property
    def is_well(self) -> bool:
        """Whether nothing has to be done."""
        return self.mend is None


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything there is to say, in the order in which to mend it."""
    yield from _settings(settings)
    yield from _database(settings)
    yield from _slack(settings)


def _settings(settings: Settings) -> Iterator[Finding]:
    over_http = settings.slack_signing_secret is not None and settings.slack_app_token is None
    if over_http:
        yield Finding("SLACK_SIGNING_SECRET is set, for HTTP")
    for name, form in _TOKENS[: 1 if over_http else 2]:
        secret: SecretStr | None = getattr(settings, name)
        if secret is None:
            yield Finding(f"{name.upper()} is not set", settings.where(name))
        elif not secret.get_secret_value().startswith((form, "xoxe.")):
            yield Finding(f"{name.upper()} does not begin with {form}", settings.where(name))
        else:
            yield Finding(f"{name.upper()} is set")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        database = Database(settings.database_url)
    except ConfigurationError as error:
        yield Finding(str(error), "Choose a folder that this user may write to.")
        return
    try:
        if not migrations.is_current(database):
            yield Finding("The database lacks migrations", "Run: vliegwiel db upgrade")
            return
        yield Finding("The database answers and has every migration")
        yield from _roster(database)
    except SQLAlchemyError as error:
        yield Finding(
            f"The database does not answer ({type(error).__name__})",
            "Check DATABASE_URL, and that the server runs and lets this machine in.",
        )
    finally:
        database.dispose()


def _roster(database: Database) -> Iterator[Finding]:
    with database.begin() as db:
        editions = db.scalar(select(func.count()).select_from(Edition)) or 0
        people = db.scalar(select(func.count()).select_from(Person)) or 0
        linked = db.scalar(select(func.count(func.distinct(Identity.person_id)))) or 0
    if not editions:
        yield Finding("There is no edition yet", "Write a roster (see README) and run: vliegwiel roster load FILE")
    else:
        yield Finding(f"Editions: {editions}. People: {people}, of whom {linked} are linked to a Slack account")


def _slack(settings: Settings) -> Iterator[Finding]:
    if settings.slack_bot_token is not None:
        slack = Slack(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
        try:
            yield from _installation(slack.installation())
        except DeliveryError as error:
            yield _refused("SLACK_BOT_TOKEN", error, settings.where("slack_bot_token"))
    if settings.slack_app_token is not None:
        token = settings.slack_app_token.get_secret_value()
        yield from _try("Socket Mode can be opened", lambda: open_socket_url(token, settings.slack_api_url), settings)


def _try(what: str, attempt: Callable[[], object], settings: Settings) -> Iterator[Finding]:
    try:
        attempt()
    except DeliveryError as error:
        yield _refused("SLACK_APP_TOKEN", error, settings.where("slack_app_token"))
    else:
        yield Finding(what)


def _refused(name: str, error: DeliveryError, where: str) -> Finding:
    if error.uncertain:
        return Finding("Slack does not answer", "Check that this machine may reach slack.com over HTTPS.")
    return Finding(f"Slack refuses {name} ({error.code})", f"Copy it again: {where}")


def _installation(installation: Installation) -> Iterator[Finding]:
    yield Finding(f"The bot is installed in {installation.team}")
    missing = manifest.scopes() - installation.scopes
    if missing:
        yield Finding(
            f"The app lacks scopes: {', '.join(sorted(missing))}",
            "Paste the manifest again (vliegwiel manifest) under App Manifest, then reinstall the app.",
        )
    else:
        yield Finding("The app has every scope of the manifest")
    yield from _clock(installation)


def _clock(installation: Installation) -> Iterator[Finding]:
    if installation.slack_time is None:
        return
    skew = abs(system_clock() - installation.slack_time)
    if skew > _MOST_SKEW:
        yield Finding(
            f"This machine's clock is {round(skew.total_seconds())} seconds off",
            "Switch time synchronisation on (NTP), or Slack's signatures are refused.",
        )
    else:
        yield Finding("This machine's clock agrees with Slack's")
