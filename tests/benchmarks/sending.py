"""What a message costs on its way through a lane."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from slack_sdk import WebClient
from sqlalchemy import select

from bot.deps import Deps
from bot.models.deliveries import DeliveryKind
from bot.models.editions import Role
from bot.models.participations import Participation
from bot.services import deliveries
from bot.services.deliveries import Owed
from bot.services.weeks import iso_week
from bot.slack import Slack
from jobs import lanes
from jobs.lanes import Lane
from tests.benchmarks.setting import demo_database, local
from tests.support.demo import AMSTERDAM, LOTTE
from tests.support.world import settings_for

_MESSAGES = 200
_rounds = count()


@dataclass(frozen=True)
class Sending:
    """Sends the weekly question over and over."""

    deps: Deps
    client: WebClient
    participations: list[tuple[int, int]]

    def lane(self) -> float:
        """Milliseconds a message, from claim to record."""
        round_number, now = next(_rounds), self.deps.clock()
        week = iso_week(now, str(AMSTERDAM))
        with self.deps.db.begin() as db:
            for index in range(_MESSAGES):
                participation, person = self.participations[index % len(self.participations)]
                key = f"benchmark:{round_number}:{index}"
                deliveries.put_down(db, [Owed(key, person, DeliveryKind.CHECKIN_PROMPT, participation, now, week)], now)
        started = time.perf_counter()
        sent = Lane(self.deps, 1).run()
        return 1000 * (time.perf_counter() - started) / sent

    def bare(self) -> float:
        """Milliseconds a chat.postMessage of the same size, with nothing around it."""
        started = time.perf_counter()
        for _ in range(_MESSAGES):
            self.client.chat_postMessage(channel=LOTTE, text="Hoi, hoe gaat het met jullie verbetertraject?")
        return 1000 * (time.perf_counter() - started) / _MESSAGES


@contextmanager
def prepared() -> Iterator[Sending]:
    """Ready to measure."""
    lanes.SAME_PERSON_SECONDS = 0.0
    with local() as slack, demo_database() as database:
        settings = settings_for(slack, database.url, lane_seconds=60)
        gateway = Slack(slack.workspace.app.bot_token, settings.slack_api_url)
        deps = Deps(settings, database, gateway, slack.workspace.clock.now)
        with database.begin() as db:
            query = select(Participation.id, Participation.person_id)
            found = [(a, b) for a, b in db.execute(query.where(Participation.roles.any(role=Role.PARTICIPANT)))]
        yield Sending(deps, gateway.client, found)
