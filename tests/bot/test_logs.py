import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.database import Database


@pytest.fixture(autouse=True)
def _same_logging_afterwards() -> Iterator[None]:
    names = (None, "dbos", "slack_bolt", "slack_sdk", "apscheduler", "alembic", "waitress")
    kept = [(logging.getLogger(name), *_state(name)) for name in names]
    yield
    for logger, handlers, level, propagate in kept:
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(level)


def _state(name: str | None) -> tuple[list[logging.Handler], int, bool]:
    logger = logging.getLogger(name)
    return list(logger.handlers), logger.level, logger.propagate


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_event_is_one_line_of_json_with_its_data(capsys: pytest.CaptureFixture[str]):
    logs.configure("info")

    logging.getLogger("jobs.lanes").info("a message\nwas sent", extra={"data": {"delivery": 7, "kind": "é"}})

    (line,) = lines(capsys)
    at = line.pop("at")
    assert line == {
        "level": "info",
        "logger": "jobs.lanes",
        "event": "a message\nwas sent",
        "delivery": 7,
        "kind": "é",
    }
    assert at.endswith("+00:00")


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-123-456-AbC",
        "xoxe.xoxb-1-Mi0yLTEtMQ",
        "xoxp-99-88",
        "xapp-1-A0-55-deadbeef",
    ],
)
def test_token_is_blotted_out_wherever_it_stands(capsys: pytest.CaptureFixture[str], secret: str):
    logs.configure("info")

    logging.getLogger("slack_sdk").warning("calling with %s, and again token=%s.", secret, secret)

    (line,) = lines(capsys)
    assert line["event"].startswith("calling with ***, and again token=***")
    assert secret not in json.dumps(line)


def test_password_of_a_database_address_is_blotted_out(capsys: pytest.CaptureFixture[str]):
    logs.configure("info")

    logging.getLogger("x").error("cannot reach postgresql+psycopg://bot:hush-hush@db.example:5432/vliegwiel")

    (line,) = lines(capsys)
    assert line["event"] == "cannot reach postgresql+psycopg://***@db.example:5432/vliegwiel"


def test_failure_says_where_and_never_what_somebody_wrote(capsys: pytest.CaptureFixture[str], empty_database: Database):
    logs.configure("info")
    words = "vrouw van 84, bsn 999990019"

    try:
        with empty_database.begin() as db:
            db.execute(text("INSERT INTO nowhere VALUES (:words)"), {"words": words})
    except SQLAlchemyError:
        logging.getLogger("handlers.calls").exception("a listener failed", extra={"data": {"reference": "A1B2C3"}})

    (line,) = lines(capsys)
    assert (line["event"], line["reference"], line["level"]) == ("a listener failed", "A1B2C3", "error")
    assert "test_logs.py" in line["trace"]
    assert [word for word in (words, "999990019", "INSERT", "nowhere") if word in json.dumps(line)] == []


@pytest.mark.parametrize("name", ["apscheduler.scheduler", "slack_bolt.App", "slack_sdk.web", "waitress", "dbos"])
def test_talkative_libraries_are_heard_from_warnings_on(capsys: pytest.CaptureFixture[str], name: str):
    logs.configure("debug")

    logging.getLogger(name).info("chatter with a whole request body")
    logging.getLogger(name).warning("trouble")

    assert [line["event"] for line in lines(capsys)] == ["trouble"]


def test_level_is_what_the_settings_say(capsys: pytest.CaptureFixture[str]):
    logs.configure("warning")

    logging.getLogger("bot.app").info("ready")
    logging.getLogger("bot.app").warning("late")

    assert [line["event"] for line in lines(capsys)] == ["late"]
