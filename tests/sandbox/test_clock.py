"""Setting the workspace's clock forward."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.client import ControlError
from sandbox.clock import Clock
from sandbox.jumps import Jump, read_jump
from tests.sandbox.apps import START

NINE = datetime(2017, 11, 1, 8, 0, tzinfo=UTC)


def test_clock_runs_from_its_start_unless_frozen():
    running, frozen = Clock(START), Clock(START, frozen=True)
    time.sleep(0.01)

    assert running.now() > NINE
    assert frozen.now() == NINE


def test_clock_goes_forward_and_never_back(sandbox):
    assert sandbox.client.now() == NINE
    assert sandbox.client.advance(hours=1) == NINE + timedelta(hours=1)
    assert sandbox.client.jump_to("2017-11-02T12:15+01:00") == datetime(2017, 11, 2, 11, 15, tzinfo=UTC)

    with pytest.raises(ControlError, match="only goes forward"):
        sandbox.client.jump_to("2017-11-01T09:00+01:00")
    with pytest.raises(ControlError, match="needs a time zone"):
        sandbox.client.jump_to("2017-12-01T09:00")


def test_clock_that_jumped_goes_on_running():
    clock = Clock(START)
    clock.advance(timedelta(days=1))
    jumped = clock.now()
    time.sleep(0.01)

    assert NINE + timedelta(days=1) <= jumped < clock.now()


@pytest.mark.parametrize(
    ("jump", "target"),
    [
        (Jump("donderdag", weekday=3, time="12:15"), "2017-11-02T12:15+01:00"),
        (Jump("vandaag nog", weekday=2, time="09:01"), "2017-11-01T09:01+01:00"),
        (Jump("over een week", weekday=2, time="09:00"), "2017-11-08T09:00+01:00"),
        (Jump("een uur", advance_seconds=3600), "2017-11-01T10:00+01:00"),
    ],
)
def test_jump_leads_to_the_next_such_moment(jump, target):
    assert jump.target(NINE, "Europe/Amsterdam") == datetime.fromisoformat(target)


def test_jump_keeps_the_local_time_over_the_end_of_summer_time():
    saturday = datetime.fromisoformat("2017-10-28T12:00+02:00")

    target = Jump("maandag", weekday=0, time="09:00").target(saturday, "Europe/Amsterdam")

    assert target == datetime.fromisoformat("2017-10-30T09:00+01:00")


def test_jump_is_read_from_the_command_line():
    assert read_jump("Donderdag=3 12:15") == Jump("Donderdag", 3, "12:15")
    assert read_jump("Een uur=+3600") == Jump("Een uur", advance_seconds=3600)


def test_jump_is_taken_by_its_label(sandbox):
    sandbox.workspace.jumps.append(Jump("Donderdag", 3, "12:15"))

    assert sandbox.client.post("clock", jump="Donderdag")["now"] == "2017-11-02T11:15:00+00:00"
    with pytest.raises(ControlError, match="no jump called 'Vrijdag'"):
        sandbox.client.post("clock", jump="Vrijdag")
