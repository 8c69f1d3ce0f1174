"""Trouble on demand, as slack_sdk meets it."""

import http.client
import time

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from sandbox.client import ControlError
from tests.sandbox.apps import web_client
from tests.sandbox.test_web_api import refused


def test_lost_answer_posts_the_message_and_cuts_the_line(sandbox, slack, anna):
    sandbox.client.fault("chat.postMessage", "lost_answer")

    with pytest.raises(ConnectionError):
        slack.chat_postMessage(channel="U0ANNA", text="een keer")

    assert [message["text"] for message in anna.dm()] == ["een keer"]


def test_lost_answer_doubles_the_message_with_slack_sdks_own_second_attempt(sandbox, anna):
    sandbox.client.fault("chat.postMessage", "lost_answer")

    web_client(sandbox).chat_postMessage(channel="U0ANNA", text="dubbel")

    assert [message["text"] for message in anna.dm()] == ["dubbel", "dubbel"]


def test_reset_cuts_the_line_before_anything_is_posted(sandbox, slack, anna):
    sandbox.client.fault("chat.postMessage", "reset")

    with pytest.raises((ConnectionError, http.client.HTTPException)):
        slack.chat_postMessage(channel="U0ANNA", text="x")

    assert anna.dm() == []


def test_timeout_posts_nothing_and_lasts_until_the_client_gives_up(sandbox, anna):
    sandbox.client.fault("chat.postMessage", "timeout")
    hasty = web_client(sandbox, timeout=1, retry_handlers=[])

    started = time.monotonic()
    with pytest.raises(TimeoutError):
        hasty.chat_postMessage(channel="U0ANNA", text="x")

    assert time.monotonic() - started >= 1
    assert anna.dm() == []


def test_error_is_answered_with_its_code_as_often_as_asked(sandbox, slack):
    sandbox.client.fault("chat.postMessage", "error:internal_error", times=2)

    answers = [refused(slack.chat_postMessage, channel="U0ANNA", text="x") for _ in range(2)]

    assert answers == [{"ok": False, "error": "internal_error"}] * 2
    assert slack.chat_postMessage(channel="U0ANNA", text="x")["ok"]


def test_http_status_is_answered(sandbox, slack):
    sandbox.client.fault("chat.postMessage", "http:503")

    with pytest.raises(SlackApiError) as caught:
        slack.chat_postMessage(channel="U0ANNA", text="x")

    assert caught.value.response.status_code == 503


def test_rate_limit_says_when_to_come_back_and_slack_sdks_handler_does(sandbox, slack):
    sandbox.client.fault("chat.postMessage", "ratelimited", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        slack.chat_postMessage(channel="U0ANNA", text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "7")

    sandbox.client.fault("chat.postMessage", "ratelimited", retry_after=0)
    patient = web_client(sandbox, retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=1)])
    assert patient.chat_postMessage(channel="U0ANNA", text="x")["ok"]


def test_fault_for_one_person_spares_the_others(sandbox, slack):
    slack.conversations_open(users="U0ANNA")
    sandbox.client.fault("*", "error:fatal_error", person="U0ANNA", times=2)

    assert slack.chat_postMessage(channel="U0BRAM", text="x")["ok"]
    assert refused(slack.chat_postMessage, channel="D0ANNA", text="x")["error"] == "fatal_error"
    assert refused(slack.conversations_open, users=["U0ANNA"])["error"] == "fatal_error"


def test_fault_is_in_the_log_of_calls(sandbox, slack):
    sandbox.client.fault("chat.postMessage", "error:internal_error")
    refused(slack.chat_postMessage, channel="U0ANNA", text="x")

    assert [(call["ok"], call["error"]) for call in sandbox.client.calls()] == [(False, "error:internal_error")]


def test_fault_that_does_not_exist_is_refused(sandbox):
    with pytest.raises(ControlError, match="Unknown fault 'onweer'"):
        sandbox.client.fault("chat.postMessage", "onweer")
