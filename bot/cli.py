"""The command line, `vliegwiel`."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot import app as application
from bot import doctor as examination
from bot import logs, migrations
from bot import manifest as app_manifest
from bot.clock import system_clock
from bot.database import Database
from bot.errors import ConfigurationError
from bot.services import roster_files, rosters
from bot.settings import Settings

cli = typer.Typer(
    help="Vliegwiel: the Slack bot of a learning network.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="The database.", no_args_is_help=True)
roster = typer.Typer(help="Editions and their people.", no_args_is_help=True)
cli.add_typer(database, name="db")
cli.add_typer(roster, name="roster")

RosterFile = Annotated[Path, typer.Argument(help="a roster in JSON, such as bot/data/demo_edition.json")]


def _settings() -> Settings:
    settings = Settings.load()
    logs.configure(settings.log_level)
    return settings


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="where the page is shown")] = 8765,
) -> None:
    """Show everything on a Slack of its own, with invented people: no account needed."""
    from bot import demo as demonstration  # noqa: PLC0415 - the sandbox's packages are not installed in production

    demonstration.run(port)


@cli.command()
def run() -> None:
    """Run the bot over Socket Mode and its worker in one process: the default for a small team."""
    application.serve(_settings(), listen=True, work=True)


@cli.command()
def socket() -> None:
    """Answer people over Socket Mode; the worker runs elsewhere."""
    application.serve(_settings(), listen=True, work=False)


@cli.command()
def worker() -> None:
    """Plan and send messages; others answer people. Start as many as you like on PostgreSQL."""
    application.serve(_settings(), listen=False, work=True)


@cli.command()
def web() -> None:
    """Answer people over HTTP; the worker runs elsewhere."""
    application.serve_web(_settings())


@cli.command()
def manifest(
    url: Annotated[str | None, typer.Option(help="public https address, for HTTP in place of Socket Mode")] = None,
) -> None:
    """Print the app manifest to paste at api.slack.com/apps."""
    typer.echo(app_manifest.text(url))


@cli.command()
def doctor() -> None:
    """Look whether everything is there, and say how to mend what is not."""
    findings = list(examination.examine(_settings()))
    for finding in findings:
        typer.echo(f"ok  {finding.what}" if finding.is_well else f"->  {finding.what}\n    {finding.mend}")
    raise typer.Exit(0 if all(finding.is_well for finding in findings) else 1)


@database.command()
def upgrade() -> None:
    """Bring the tables up to date."""
    migrations.upgrade(Database(_settings().database_url))
    typer.echo("The database is up to date.")


@database.command()
def revision(message: Annotated[str, typer.Argument(help="what changes, in a few words")]) -> None:
    """Write a migration for what changed in bot/models, for developers."""
    migrations.new_revision(Database(_settings().database_url), message)


@roster.command()
def check(file: RosterFile) -> None:
    """Read a roster and name every mistake; nothing is stored."""
    found = roster_files.read(file)
    typer.echo(f"{found.edition.name}: {len(found.people)} people, {len(found.sessions)} sessions. No mistakes.")


@roster.command()
def load(file: RosterFile) -> None:
    """Put an edition in the database; loading it again adds what is new. A running bot links people within minutes."""
    found = roster_files.read(file)
    store = Database(_settings().database_url)
    if not migrations.is_current(store):
        raise ConfigurationError("The database lacks migrations. Run: vliegwiel db upgrade")
    with store.begin() as db:
        loaded = rosters.load(db, found, system_clock())
    typer.echo(f"{found.edition.name}: {loaded.people} new people, {loaded.sessions} new sessions.")


def main() -> None:
    """Run a command; what the reader can mend is said in a sentence, without a stack."""
    try:
        cli()
    except KeyboardInterrupt:
        sys.exit(130)
    except ConfigurationError as error:
        sys.exit(str(error))
    except SQLAlchemyError as error:
        if not isinstance(error, OperationalError):
            sys.exit(f"The database refused ({type(error).__name__}). Run: vliegwiel db upgrade; then try again.")
        sys.exit("The database does not answer. Check DATABASE_URL; `vliegwiel doctor` tells more.")
