"""People and a real Bolt app, over both transports."""

import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from slack_bolt import App

from sandbox.client import ControlError, Outcome, PersonClient, wait_for
from sandbox.server import SandboxServer
from tests.sandbox.apps import TRANSPORTS, Json, bolt_app, button, hears, modal, plain, text_input

Connect = Callable[[App], AbstractContextManager[None]]


@pytest.fixture(params=sorted(TRANSPORTS))
def connected(request, sandbox):
    """Connects an app the way of the parameter; used as `with connected(app): ...`."""
    return lambda app: TRANSPORTS[request.param](sandbox, app)


def seen(outcome: Outcome) -> tuple[Any, ...]:
    return (outcome.acked, outcome.error, outcome.response, outcome.seen, outcome.errors)


def test_command_answered_in_the_acknowledgement_is_shown_to_its_writer_only(sandbox, anna, connected):
    app = bolt_app(sandbox)
    app.command("/proef")(lambda ack, command: ack(f"gehoord: {command['text']}"))

    with connected(app):
        outcome = anna.command("/proef @bram.bos https://voorbeeld.nl #algemeen @niemand", channel="C0ALGEMEEN")

    text = "gehoord: <@U0BRAM> <https://voorbeeld.nl> <#C0ALGEMEEN|algemeen> @niemand"
    assert seen(outcome) == (True, None, {"text": text}, text, {})
    assert [message["text"] for message in sandbox.client.messages("C0ALGEMEEN", "U0ANNA")] == [text]
    assert sandbox.client.messages("C0ALGEMEEN", "U0BRAM") == []


def test_command_payload_has_every_key_that_slack_sends(sandbox, anna, connected):
    heard: dict[str, Any] = {}
    app = bolt_app(sandbox)

    @app.command("/kaal")
    def listen(ack, body):
        heard.update(body)
        ack()

    with connected(app):
        anna.command("/kaal  @bram.bos & co ")

    assert heard.pop("response_url").startswith(f"{sandbox.url}/response/T0SANDBOX/")
    assert len(heard.pop("trigger_id").split(".")) == 3
    assert heard == {
        "token": "deprecated",
        "team_id": "T0SANDBOX",
        "team_domain": "sandbox",
        "channel_id": "D0ANNA",
        "channel_name": "directmessage",
        "user_id": "U0ANNA",
        "user_name": "anna.smit",
        "command": "/kaal",
        "text": "@bram.bos & co",
        "api_app_id": "A0SANDBOX",
        "is_enterprise_install": "false",
    }


def test_command_answered_in_channel_shows_the_command_and_the_answer_to_all(sandbox, anna, connected):
    app = bolt_app(sandbox)
    app.command("/proef")(lambda ack: ack(text="voor allen", response_type="in_channel"))

    with connected(app):
        anna.command("/proef nu", channel="C0ALGEMEEN")

    assert [(m["user"], m["text"]) for m in sandbox.client.messages("C0ALGEMEEN", "U0BRAM")] == [
        ("U0ANNA", "/proef nu"),
        ("U0SANDBOX", "voor allen"),
    ]


def test_command_answered_with_blocks_that_slack_refuses_shows_nothing_and_says_why(sandbox, anna, connected):
    app = bolt_app(sandbox)
    app.command("/proef")(lambda ack: ack(text="x", blocks=[{"type": "header", "text": plain("")}]))

    with connected(app):
        outcome = anna.command("/proef")

    problem = "must be more than 0 characters [json-pointer:/blocks/0/text/text]"
    assert (outcome.acked, outcome.error, outcome.response["errors"]) == (True, "invalid_blocks", [problem])
    assert anna.dm() == []


@pytest.mark.usefixtures("impatient")
def test_command_without_acknowledgement_fails_with_operation_timeout(sandbox, anna, connected):
    app = bolt_app(sandbox)
    app.command("/proef")(lambda command: None)

    with connected(app):
        outcome = anna.command("/proef")

    assert seen(outcome) == (
        False,
        "operation_timeout",
        None,
        '/proef failed with the error "operation_timeout"',
        {},
    )
    assert 400 <= outcome.ms < 3000


@pytest.mark.usefixtures("impatient")
def test_command_nobody_listens_to_fails(sandbox, anna, connected):
    with connected(bolt_app(sandbox)):
        outcome = anna.command("/proef")

    assert (outcome.acked, outcome.error) in [(False, "operation_timeout"), (False, "dispatch_failed")]


def test_command_that_is_not_registered_is_refused_by_the_client(anna):
    outcome = anna.command("/onbekend iets")

    assert seen(outcome) == (False, "unknown_command", None, "/onbekend is not a valid command.", {})


def test_command_of_a_slack_connect_member_is_refused(sandbox):
    assert sandbox.client.person("U0CARLA").command("/proef").error == "unknown_command"


def test_command_of_a_deactivated_member_is_impossible(sandbox):
    with pytest.raises(ControlError, match="U0GONE is not an active member"):
        sandbox.client.person("U0GONE").command("/proef")


def test_command_without_a_connected_app_fails_at_once(anna):
    outcome = anna.command("/proef")
    assert (outcome.acked, outcome.error) == (False, "dispatch_failed")
    assert outcome.ms < 300


def test_response_url_replaces_the_clicked_message_and_works_five_times(sandbox, anna, slack, connected):
    answers: list[Any] = []
    app = bolt_app(sandbox)

    @app.action("open")
    def clicked(ack, respond):
        ack()
        answers.extend(respond(f"nummer {n}", replace_original=True) for n in range(6))

    with connected(app):
        slack.chat_postMessage(channel="U0ANNA", text="klik", blocks=[button("open")])
        anna.click("open")
        anna.last_message(containing="nummer 4")
        wait_for(lambda: len(answers) == 6)

    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert answers[-1].body == '{"ok":false,"error":"used_url"}'
    assert [(m["text"], "blocks" in m) for m in anna.dm()] == [("nummer 4", False)]


def test_response_url_of_a_command_answers_its_writer_only_by_default(sandbox, anna, connected):
    app = bolt_app(sandbox)

    @app.command("/proef")
    def command(ack, respond):
        ack()
        respond("alleen voor jou")
        respond("voor allen", response_type="in_channel")

    with connected(app):
        anna.command("/proef", channel="C0ALGEMEEN")
        wait_for(lambda: len(sandbox.client.messages("C0ALGEMEEN", "U0ANNA")) == 2)

    assert [m["text"] for m in sandbox.client.messages("C0ALGEMEEN", "U0BRAM")] == ["voor allen"]


def test_response_url_expires_after_half_an_hour(sandbox, anna, connected):
    jumped = threading.Event()
    answers: list[Any] = []
    app = bolt_app(sandbox)

    @app.command("/proef")
    def command(ack, respond):
        ack()
        jumped.wait(5)
        answers.append(respond("te laat"))

    with connected(app):
        anna.command("/proef")
        sandbox.client.advance(minutes=31)
        jumped.set()
        wait_for(lambda: answers)

    assert (answers[0].status_code, answers[0].body) == (404, '{"ok":false,"error":"expired_url"}')


def test_click_in_a_message_carries_the_message_and_the_action(sandbox, anna, slack, connected):
    heard: dict[str, Any] = {}
    app = bolt_app(sandbox)

    @app.action("open")
    def clicked(ack, body):
        heard.update(body)
        ack()

    metadata = {"event_type": "proef", "event_payload": {"sleutel": "a"}}
    with connected(app):
        posted = slack.chat_postMessage(channel="U0ANNA", text="klik", blocks=[button("open")], metadata=metadata)
        outcome = anna.click("open")

    assert seen(outcome) == (True, None, None, None, {})
    assert heard.pop("response_url").startswith(sandbox.url)
    assert len(heard.pop("trigger_id").split(".")) == 3
    action_ts = heard["actions"][0].pop("action_ts")
    assert action_ts > posted["ts"]
    assert heard == {
        "type": "block_actions",
        "team": {"id": "T0SANDBOX", "domain": "sandbox"},
        "user": {"id": "U0ANNA", "username": "anna.smit", "name": "anna.smit", "team_id": "T0SANDBOX"},
        "api_app_id": "A0SANDBOX",
        "token": "deprecated",
        "enterprise": None,
        "is_enterprise_install": False,
        "container": {"type": "message", "message_ts": posted["ts"], "channel_id": "D0ANNA", "is_ephemeral": False},
        "channel": {"id": "D0ANNA", "name": "directmessage"},
        "message": posted["message"],
        "state": {"values": {}},
        "actions": [
            {"type": "button", "action_id": "open", "block_id": "knoppen", "text": plain("Open"), "value": "7"}
        ],
    }


def test_click_in_an_ephemeral_message_does_not_carry_the_message(sandbox, anna, slack, connected):
    heard: dict[str, Any] = {}
    app = bolt_app(sandbox)

    @app.action("open")
    def clicked(ack, body, respond):
        heard.update(body)
        ack()
        respond(delete_original=True)

    with connected(app):
        slack.chat_postEphemeral(channel="C0ALGEMEEN", user="U0ANNA", text="klik", blocks=[button("open")])
        anna.click("open", channel="C0ALGEMEEN", ts=sandbox.client.messages("C0ALGEMEEN", "U0ANNA")[0]["ts"])
        wait_for(lambda: sandbox.client.messages("C0ALGEMEEN", "U0ANNA") == [])

    assert heard["container"]["is_ephemeral"] is True
    assert "message" not in heard


@pytest.mark.usefixtures("impatient")
def test_click_that_nobody_answers_tells_its_maker(sandbox, anna, slack, connected):
    app = bolt_app(sandbox)
    app.action("open")(lambda body: None)

    with connected(app):
        slack.chat_postMessage(channel="U0ANNA", text="klik", blocks=[button("open")])
        outcome = anna.click("open")

    assert seen(outcome) == (False, "timeout", None, "This app did not respond in time.", {})


def test_click_on_something_that_is_not_there_is_impossible(anna):
    with pytest.raises(ControlError, match="U0ANNA sees no 'open'"):
        anna.click("open")


def test_modal_goes_from_command_to_submission(sandbox, anna, connected):
    heard: dict[str, Any] = {}
    app = bolt_app(sandbox)
    menu = {
        "type": "static_select",
        "action_id": "keuze",
        "options": [{"text": plain("Een"), "value": "1"}, {"text": plain("Twee"), "value": "2"}],
    }
    choice = {"type": "input", "block_id": "hoe", "label": plain("Hoe"), "element": menu}
    view = modal(choice, text_input(), private_metadata="m")

    @app.command("/proef")
    def command(ack, client, body):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("proef")
    def submitted(ack, body):
        heard.update(body)
        ack()

    with connected(app):
        anna.command("/proef")
        opened = anna.view()
        untouched = opened["state"]["values"]
        anna.choose("keuze", "2")
        anna.type("tekst", "omdat <dat> & dit")
        outcome = anna.submit()

    assert untouched == {
        "hoe": {"keuze": {"type": "static_select", "selected_option": None}},
        "reden": {"tekst": {"type": "plain_text_input", "value": None}},
    }
    assert seen(outcome) == (True, None, None, None, {})
    assert anna.screen() is None
    heard.pop("trigger_id")
    option = {"text": plain("Twee"), "value": "2"}
    assert heard == {
        "type": "view_submission",
        "team": {"id": "T0SANDBOX", "domain": "sandbox"},
        "user": {"id": "U0ANNA", "username": "anna.smit", "name": "anna.smit", "team_id": "T0SANDBOX"},
        "api_app_id": "A0SANDBOX",
        "token": "deprecated",
        "enterprise": None,
        "is_enterprise_install": False,
        "response_urls": [],
        "view": {
            "id": opened["id"],
            "team_id": "T0SANDBOX",
            "type": "modal",
            "title": plain("Proef"),
            "submit": plain("Stuur"),
            "close": None,
            "blocks": view["blocks"],
            "private_metadata": "m",
            "callback_id": "proef",
            "external_id": "",
            "state": {
                "values": {
                    "hoe": {"keuze": {"type": "static_select", "selected_option": option}},
                    "reden": {"tekst": {"type": "plain_text_input", "value": "omdat <dat> & dit"}},
                }
            },
            "hash": opened["hash"],
            "clear_on_close": False,
            "notify_on_close": False,
            "submit_disabled": False,
            "root_view_id": opened["id"],
            "previous_view_id": None,
            "app_id": "A0SANDBOX",
            "app_installed_team_id": "T0SANDBOX",
            "bot_id": "B0SANDBOX",
        },
    }


def open_with_command(app: App, view: Json) -> None:
    @app.command("/proef")
    def command(ack, client, body):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)


def submit_with_answer(
    sandbox: SandboxServer, anna: PersonClient, connected: Connect, answer: Json, view: Json | None = None
) -> tuple[Json, Outcome]:
    """What comes of a submission that the app acknowledges with `answer`."""
    app = bolt_app(sandbox)
    open_with_command(app, view or modal(text_input()))
    app.view("proef")(lambda ack: ack(answer))
    with connected(app):
        anna.command("/proef")
        opened = anna.view()
        anna.type("tekst", "iets")
        return opened, anna.submit()


def test_submission_refused_by_the_app_shows_errors_in_the_modal(sandbox, anna, connected):
    answer = {"response_action": "errors", "errors": {"reden": "Schrijf iets anders."}}

    opened, outcome = submit_with_answer(sandbox, anna, connected, answer)

    assert seen(outcome) == (True, None, answer, None, {"reden": "Schrijf iets anders."})
    assert (
        anna.screen()
        == anna.view()
        == opened
        | {
            "errors": {"reden": "Schrijf iets anders."},
            "state": {"values": {"reden": {"tekst": {"type": "plain_text_input", "value": "iets"}}}},
        }
    )


def test_submission_with_errors_for_a_block_that_is_no_input_ends_in_trouble(sandbox, anna, connected):
    answer = {"response_action": "errors", "errors": {"elders": "Nee."}}

    _, outcome = submit_with_answer(sandbox, anna, connected, answer)

    assert (outcome.acked, outcome.error, outcome.seen) == (
        True,
        "invalid_arguments",
        "We had some trouble connecting. Try again?",
    )


def test_submission_answered_with_update_keeps_id_and_values_under_the_same_ids(sandbox, anna, connected):
    renewed = modal(text_input(), text_input("anders"), callback_id="daarna")

    opened, outcome = submit_with_answer(sandbox, anna, connected, {"response_action": "update", "view": renewed})

    shown = anna.view()
    assert outcome.acked
    assert (shown["id"], shown["callback_id"]) == (opened["id"], "daarna")
    assert shown["hash"] != opened["hash"]
    assert shown["state"]["values"] == {
        "reden": {"tekst": {"type": "plain_text_input", "value": "iets"}},
        "anders": {"tekst": {"type": "plain_text_input", "value": None}},
    }


def test_submission_answered_with_push_stacks_and_closing_returns_to_the_first(sandbox, anna, connected):
    above = modal(text_input(), callback_id="boven")

    opened, _ = submit_with_answer(sandbox, anna, connected, {"response_action": "push", "view": above})

    pushed = anna.view()
    assert (pushed["callback_id"], pushed["previous_view_id"], pushed["root_view_id"]) == (
        "boven",
        opened["id"],
        opened["id"],
    )
    assert anna.close().acked
    assert anna.view()["id"] == opened["id"]


def test_submission_answered_with_clear_closes_the_stack(sandbox, anna, connected):
    submit_with_answer(sandbox, anna, connected, {"response_action": "clear"})

    anna.no_view()


def test_submission_answered_with_a_broken_view_ends_in_trouble_and_says_why(sandbox, anna, connected):
    broken = {"type": "modal", "title": plain("x" * 25), "blocks": []}

    _, outcome = submit_with_answer(sandbox, anna, connected, {"response_action": "update", "view": broken})

    assert outcome.response["errors"] == ["must be less than 25 characters [json-pointer:/view/title/text]"]
    assert outcome.seen == "We had some trouble connecting. Try again?"


@pytest.mark.usefixtures("impatient")
def test_submission_without_acknowledgement_leaves_the_modal_open(sandbox, anna, connected):
    app = bolt_app(sandbox)
    open_with_command(app, modal(text_input()))
    app.view("proef")(lambda body: None)

    with connected(app):
        anna.command("/proef")
        anna.view()
        anna.type("tekst", "iets")
        outcome = anna.submit()

    assert seen(outcome) == (False, "timeout", None, "We had some trouble connecting. Try again?", {})
    assert anna.screen() is not None


def test_submission_with_an_empty_required_field_never_reaches_the_app(sandbox, anna, slack, connected):
    heard: list[Any] = []
    app = bolt_app(sandbox)
    short = text_input("kort", min_length=3, max_length=5)
    open_with_command(app, modal(text_input(), text_input("vrij") | {"optional": True}, short))
    app.view("proef")(hears(heard, "body"))

    with connected(app):
        anna.command("/proef")
        anna.view()
        anna.type("tekst", "ab", block_id="kort")
        refused = anna.submit()
        filled = anna.submit({"reden": {"tekst": "ja"}, "kort": {"tekst": "abcdef"}})
        accepted = anna.submit({"kort": {"tekst": "abc"}})

    assert refused.errors == {
        "reden": "Please complete this required field.",
        "kort": "Please enter at least 3 characters.",
    }
    assert filled.errors == {"kort": "Please enter no more than 5 characters."}
    assert (accepted.acked, len(heard)) == (True, 1)


def test_closing_a_modal_that_asked_for_it_tells_the_app_without_what_was_typed(sandbox, anna, connected):
    heard: list[Any] = []
    app = bolt_app(sandbox)
    open_with_command(app, modal(text_input(), notify_on_close=True))
    app.view_closed("proef")(hears(heard, "body"))

    with connected(app):
        anna.command("/proef")
        anna.view()
        anna.type("tekst", "geheim")
        anna.close()
        anna.command("/proef")
        anna.view()
        anna.close(everything=True)

    assert [(body["is_cleared"], body["view"]["state"], "trigger_id" in body) for body in heard] == [
        (False, {"values": {}}, False),
        (True, {"values": {}}, False),
    ]
    assert anna.screen() is None


def test_button_in_a_modal_pushes_and_updates_with_its_own_trigger(sandbox, anna, connected):
    app = bolt_app(sandbox)
    open_with_command(app, modal(button("verder"), text_input()))

    @app.action("verder")
    def pushed(ack, client, body):
        ack()
        client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=modal(callback_id="onder"))
        client.views_push(trigger_id=body["trigger_id"], view=modal(callback_id="boven"))

    with connected(app):
        anna.command("/proef")
        anna.view()
        anna.click("verder")
        top = anna.view(callback_id="boven")
        anna.close()

    assert top["previous_view_id"] == anna.view()["id"]
    assert anna.view()["callback_id"] == "onder"


def test_input_with_dispatch_action_tells_the_app_and_a_plain_one_does_not(sandbox, anna, connected):
    heard: list[Any] = []
    app = bolt_app(sandbox)
    typing = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    fields = [
        text_input("stil", action_id="stil"),
        text_input("enter", action_id="enter") | {"dispatch_action": True},
        text_input("letter", action_id="letter", **typing) | {"dispatch_action": True},
    ]
    open_with_command(app, modal(*fields))
    app.action(re.compile("."))(hears(heard, "action"))

    with connected(app):
        anna.command("/proef")
        anna.view()
        anna.type("stil", "a", enter=True)
        anna.type("enter", "a")
        anna.type("enter", "b", enter=True)
        anna.type("letter", "c")

    assert [(action["action_id"], action["value"]) for action in heard] == [("enter", "b"), ("letter", "c")]


def test_home_opens_with_its_view_only_once_one_was_published(sandbox, anna, connected):
    heard: list[Any] = []
    app = bolt_app(sandbox)

    @app.event("app_home_opened")
    def opened(event, client):
        heard.append(event)
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [button("thuis")]})

    app.action("thuis")(hears(heard, "body"))

    with connected(app):
        assert anna.open_home().acked
        first = anna.home()
        anna.open_home()
        anna.home(after=first)
        anna.click("thuis")

    assert [(event["channel"], event["tab"], "view" in event) for event in heard[:2]] == [
        ("D0ANNA", "home", False),
        ("D0ANNA", "home", True),
    ]
    assert heard[2]["view"]["type"] == "home"


def test_message_to_the_app_arrives_as_event_with_entities(sandbox, anna, connected):
    heard: list[Any] = []
    app = bolt_app(sandbox)
    app.event("message")(hears(heard, "body"))

    with connected(app):
        assert anna.write("hallo <jij> & ik").acked
        wait_for(lambda: heard)

    event = heard[0]["event"]
    assert (event["text"], event["channel"], event["channel_type"], event["user"]) == (
        "hallo &lt;jij&gt; &amp; ik",
        "D0ANNA",
        "im",
        "U0ANNA",
    )
    assert heard[0]["authorizations"] == [
        {
            "team_id": "T0SANDBOX",
            "user_id": "U0SANDBOX",
            "is_bot": True,
            "enterprise_id": None,
            "is_enterprise_install": False,
        }
    ]


@pytest.mark.usefixtures("impatient")
def test_event_that_fails_is_repeated_three_times_with_the_same_id(sandbox, connected):
    heard: list[Any] = []
    app = bolt_app(sandbox)

    @app.middleware
    def fail(request, body):
        number, reason = (request.headers.get(f"x-slack-retry-{name}", [""])[0] for name in ("num", "reason"))
        heard.append((body["event_id"], number, bool(reason)))
        raise RuntimeError("on purpose")

    app.error(lambda error: None)

    with connected(app):
        answer = sandbox.client.event({"type": "team_join", "user": {"id": "U0NEW"}})
        wait_for(lambda: len(heard) == 4)

    assert answer is not None
    assert answer["acked"] is False
    assert len({event_id for event_id, _, _ in heard}) == 1
    assert [number or "0" for _, number, _ in heard] == ["0", "1", "2", "3"]
    assert [reason for _, _, reason in heard] == [False, True, True, True]


def test_event_that_the_app_did_not_subscribe_to_is_not_sent(sandbox, connected):
    with connected(bolt_app(sandbox)):
        assert sandbox.client.event({"type": "reaction_added"}) is None


def test_deactivating_somebody_tells_the_app(sandbox, connected):
    heard: list[Any] = []
    app = bolt_app(sandbox)
    app.event("user_change")(hears(heard, "event"))

    with connected(app):
        assert sandbox.client.deactivate("U0BRAM").acked
        wait_for(lambda: heard)

    user = heard[0]["user"]
    assert (user["id"], user["deleted"], "tz" in user) == ("U0BRAM", True, False)
