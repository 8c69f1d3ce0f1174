"""views.* through slack_sdk: triggers, stacks, hashes and external ids."""

from datetime import timedelta

import pytest

from sandbox.server import SandboxServer
from tests.sandbox.apps import Json, button, modal, text_input
from tests.sandbox.test_web_api import refused

HOME: Json = {"type": "home", "blocks": [button("thuis")]}


def trigger(sandbox: SandboxServer, view_id: str | None = None) -> str:
    return sandbox.workspace.triggers.issue("U0ANNA", view_id)


def test_trigger_works_once(sandbox, slack):
    used = trigger(sandbox)
    slack.views_open(trigger_id=used, view=modal())

    assert refused(slack.views_open, trigger_id=used, view=modal())["error"] == "exchanged_trigger_id"


def test_trigger_that_opened_nothing_can_be_used_again(sandbox, slack):
    unused = trigger(sandbox)
    broken = modal(title={"type": "plain_text", "text": "x" * 25})

    assert refused(slack.views_open, trigger_id=unused, view=broken)["error"] == "invalid_arguments"
    assert slack.views_open(trigger_id=unused, view=modal())["ok"]


def test_trigger_expires_after_three_seconds(sandbox, slack):
    late = trigger(sandbox)
    sandbox.workspace.clock.advance(timedelta(seconds=3.1))

    assert refused(slack.views_open, trigger_id=late, view=modal())["error"] == "expired_trigger_id"


def test_trigger_that_was_never_given_is_refused(slack):
    assert refused(slack.views_open, trigger_id="1.2.3", view=modal())["error"] == "invalid_trigger_id"
    missing = refused(slack.views_open, trigger_id="", view=modal())
    assert (missing["error"], missing["response_metadata"]["messages"]) == (
        "invalid_arguments",
        ["[ERROR] invalid `trigger_id`"],
    )


def test_opened_view_has_ids_filled_in_where_the_app_gave_none(sandbox, slack, anna):
    nameless = text_input()
    del nameless["block_id"], nameless["element"]["action_id"]

    view = slack.views_open(trigger_id=trigger(sandbox), view=modal(nameless))["view"]

    block = view["blocks"][0]
    assert block["block_id"]
    assert block["element"]["action_id"]
    empty = {"type": "plain_text_input", "value": None}
    assert view["state"]["values"] == {block["block_id"]: {block["element"]["action_id"]: empty}}
    assert anna.view() == view | {"errors": {}}


def test_stack_holds_three_views(sandbox, slack):
    first = slack.views_open(trigger_id=trigger(sandbox), view=modal())["view"]["id"]
    pushed = [slack.views_push(trigger_id=trigger(sandbox, first), view=modal())["view"] for _ in range(2)]

    fourth = refused(slack.views_push, trigger_id=trigger(sandbox, first), view=modal())

    assert [(view["root_view_id"], view["previous_view_id"]) for view in pushed] == [
        (first, first),
        (first, pushed[0]["id"]),
    ]
    assert fourth["error"] == "push_limit_reached"


def test_push_needs_a_trigger_from_inside_a_modal(sandbox, slack):
    home = slack.views_publish(user_id="U0ANNA", view=HOME)["view"]["id"]

    outside = refused(slack.views_push, trigger_id=trigger(sandbox), view=modal())
    on_home = refused(slack.views_push, trigger_id=trigger(sandbox, home), view=modal())

    assert outside["error"] == "not_found"
    problem = "must match the `type` of the root view whose stack we're pushing onto [json-pointer:/view/type]"
    assert (on_home["error"], on_home["response_metadata"]["messages"]) == (
        "invalid_arguments",
        [f"[ERROR] {problem}"],
    )


def test_opening_again_replaces_the_open_stack(sandbox, slack, anna):
    old = slack.views_open(trigger_id=trigger(sandbox), view=modal())["view"]["id"]
    new = slack.views_open(trigger_id=trigger(sandbox), view=modal())["view"]["id"]

    assert anna.view()["id"] == new
    assert refused(slack.views_update, view_id=old, view=modal())["error"] == "not_found"


def test_update_with_an_old_hash_conflicts_and_without_one_wins(sandbox, slack):
    opened = slack.views_open(trigger_id=trigger(sandbox), view=modal())["view"]
    renewed = slack.views_update(view_id=opened["id"], hash=opened["hash"], view=modal())["view"]

    conflict = refused(slack.views_update, view_id=opened["id"], hash=opened["hash"], view=modal())

    assert renewed["hash"] != opened["hash"]
    assert conflict["error"] == "hash_conflict"
    assert slack.views_update(view_id=opened["id"], view=modal())["ok"]


def test_update_keeps_values_only_under_unchanged_ids(sandbox, slack, anna):
    fields = [text_input("a"), text_input("b"), text_input("c")]
    opened = slack.views_open(trigger_id=trigger(sandbox), view=modal(*fields))["view"]
    for block_id in "abc":
        anna.type("tekst", block_id, block_id=block_id)

    other_action = text_input("b", action_id="anders")
    view = slack.views_update(view_id=opened["id"], view=modal(text_input("a"), other_action, text_input("d")))["view"]

    assert view["state"]["values"] == {
        "a": {"tekst": {"type": "plain_text_input", "value": "a"}},
        "b": {"anders": {"type": "plain_text_input", "value": None}},
        "d": {"tekst": {"type": "plain_text_input", "value": None}},
    }


def test_external_id_finds_a_view_and_is_unique(sandbox, slack):
    slack.views_open(trigger_id=trigger(sandbox), view=modal(external_id="x1"))
    updated = slack.views_update(external_id="x1", view=modal(external_id="x1", callback_id="nieuw"))

    twin = refused(slack.views_publish, user_id="U0BRAM", view=HOME | {"external_id": "x1"})

    assert updated["view"]["callback_id"] == "nieuw"
    assert twin["error"] == "duplicate_external_id"


def test_publish_replaces_the_home_tab_of_one_person(slack, anna):
    first = slack.views_publish(user_id="U0ANNA", view=HOME)["view"]
    second = slack.views_publish(user_id="U0ANNA", view=HOME | {"private_metadata": "2"}, hash=first["hash"])["view"]

    assert (second["id"], second["private_metadata"]) == (first["id"], "2")
    assert anna.home() == second | {"errors": {}}
    conflict = refused(slack.views_publish, user_id="U0ANNA", view=HOME, hash=first["hash"])
    assert conflict["error"] == "hash_conflict"


def test_publish_for_nobody_or_without_a_home_tab_is_refused(sandbox, slack):
    nobody = refused(slack.views_publish, user_id="U0NIEMAND", view=HOME)
    sandbox.workspace.app.home_tab = False
    disabled = refused(slack.views_publish, user_id="U0ANNA", view=HOME)

    assert nobody["response_metadata"]["messages"] == ["[ERROR] invalid `user_id`"]
    assert disabled["error"] == "not_enabled"


def test_view_beyond_a_quarter_of_a_megabyte_is_too_large(sandbox, slack):
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    opened = refused(slack.views_open, trigger_id=trigger(sandbox), view=modal(*[long] * 90))

    assert opened["error"] == "view_too_large"


@pytest.mark.parametrize("view", [None, {}, {"type": "bericht"}])
def test_view_of_no_known_type_is_refused(sandbox, slack, view):
    answer = refused(slack.api_call, api_method="views.open", json={"trigger_id": trigger(sandbox), "view": view})

    assert answer["error"] == "invalid_arguments"
