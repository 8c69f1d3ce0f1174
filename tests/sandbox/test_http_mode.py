"""Delivery over signed HTTP, as far as it differs from Socket Mode."""

from sandbox.client import wait_for
from sandbox.signing import sign
from tests.sandbox.apps import bolt_app, hears, over_http, over_wsgi


def test_signature_is_that_of_slacks_own_example():
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )

    signature = sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body)

    assert signature == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def test_app_with_another_secret_refuses_the_delivery(sandbox, anna):
    app = bolt_app(sandbox)
    app.command("/proef")(hears([], "command"))
    sandbox.workspace.app.signing_secret = "another"

    with over_http(sandbox, app):
        outcome = anna.command("/proef")

    assert (outcome.acked, outcome.error) == (False, "dispatch_failed")


def test_app_that_wants_no_repetition_gets_none(sandbox):
    heard = []

    def refuse(environ, start_response):
        heard.append(environ.get("HTTP_X_SLACK_RETRY_NUM"))
        wish = [("X-Slack-No-Retry", "1")] if len(heard) == 2 else []
        start_response("500 Internal Server Error", wish)
        return [b""]

    with over_wsgi(sandbox, refuse):
        sandbox.client.event({"type": "team_join", "user": {"id": "U0NEW"}})
        wait_for(lambda: len(heard) == 2)

    assert heard == [None, "1"]


def test_app_that_is_down_is_told_apart_from_one_that_is_slow(sandbox, anna):
    sandbox.client.deliver_to("http://127.0.0.1:9/slack/events")

    outcome = anna.command("/proef")

    assert (outcome.acked, outcome.error) == (False, "dispatch_failed")
