"""The bot as a process: what it says when something is wrong, and that it goes on when it is right again."""

import psutil
import pytest

from bot.database import Database
from sandbox.server import SandboxServer
from tests.jobs.test_engine import FAST, announce, assert_everybody_has_it_once, finish, wait_for_messages
from tests.support.databases import fill, running_postgresql, url_of
from tests.support.demo import LOTTE
from tests.support.processes import bot_process

pytestmark = pytest.mark.timeout(300)  # processes that start and stop, on a machine that may be busy

MOST_MEMORY = 150_000_000  # bytes


def test_run_answers_and_works_in_one_process_of_modest_size_and_stops_when_asked(
    database: Database, slack: SandboxServer
):
    with bot_process("run", slack, database.url) as bot:
        bot.log_until('"ready"')
        lotte = slack.client.person(LOTTE)
        lotte.command("/checkin")
        title = lotte.view()["title"]["text"]
        lotte.close()
        slack.client.jump_to("2017-11-02T12:15+01:00")
        question = lotte.last_message(containing="verbetertraject", patience=20)
        memory = psutil.Process(bot.pid).memory_info().rss
        log = bot.stop()

    assert title == "Check-in week 44"
    assert question["text"].startswith("Hoi Lotte, hoe gaat het deze week")
    assert memory < MOST_MEMORY
    assert '"stopped"' in log


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-wrong", "Slack refuses SLACK_BOT_TOKEN (invalid_auth)."),
        ("SLACK_APP_TOKEN", "xapp-wrong", "Slack refuses SLACK_APP_TOKEN (invalid_auth)."),
        ("SLACK_BOT_TOKEN", "", "Missing settings; put them in .env (.env.example explains each):"),
        ("DATABASE_URL", "mysql://x", "Wrong settings:\n  - DATABASE_URL:"),
    ],
)
def test_run_with_a_wrong_setting_ends_with_what_to_mend(
    database: Database, slack: SandboxServer, setting: str, value: str, sentence: str
):
    with bot_process("run", slack, database.url, **{setting: value}) as bot:
        log = bot.wait()

    assert sentence in log
    assert "Traceback" not in log


def test_worker_waits_for_a_database_that_is_down_and_goes_on_when_it_went_away_in_between(slack: SandboxServer):
    with running_postgresql() as server:
        fill(url_of(server), demo=True)
        database = Database(url_of(server))
        announcement_id = announce(database, slack)
        server.stop()

        with bot_process("worker", slack, database.url, **FAST) as worker:
            worker.log_until("does not answer; trying again")
            server.start()
            wait_for_messages(slack, 60)
            server.stop()
            worker.log_until("the database did not answer")
            server.start()
            finish(database, announcement_id, slack)

        assert_everybody_has_it_once(database, slack, announcement_id)
        database.dispose()
