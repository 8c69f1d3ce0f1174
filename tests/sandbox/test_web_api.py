"""The Web API through slack_sdk's own client."""

import json
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.sandbox.apps import SCOPES, Json, button, plain, web_client

METADATA: Json = {"event_type": "proef", "event_payload": {"sleutel": "a"}}


def refused(call, **arguments: Any) -> Json:
    """The answer to a call that Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    answer = caught.value.response.data
    assert isinstance(answer, dict)
    return answer


def test_auth_test_names_the_app_and_its_scopes(sandbox, slack):
    answer = slack.auth_test()

    assert answer.data == {
        "ok": True,
        "url": f"{sandbox.url}/",
        "team": "Sandbox",
        "user": "sandbox-app",
        "team_id": "T0SANDBOX",
        "user_id": "U0SANDBOX",
        "bot_id": "B0SANDBOX",
        "is_enterprise_install": False,
    }
    assert answer.headers["x-oauth-scopes"] == ",".join(SCOPES)


def test_token_that_is_missing_wrong_or_of_the_other_kind_is_refused(sandbox):
    assert refused(web_client(sandbox, "").auth_test)["error"] == "not_authed"
    assert refused(web_client(sandbox, "xoxb-other").auth_test)["error"] == "invalid_auth"
    assert refused(web_client(sandbox, "xapp-sandbox").auth_test)["error"] == "not_allowed_token_type"
    assert refused(web_client(sandbox).apps_connections_open, app_token="xoxb-sandbox") == {
        "ok": False,
        "error": "not_allowed_token_type",
    }


def test_token_after_uninstalling_is_inactive_until_the_app_is_installed_again(sandbox, slack):
    sandbox.client.uninstall()
    assert refused(slack.auth_test) == {"ok": False, "error": "account_inactive"}

    sandbox.client.install()
    assert slack.auth_test()["ok"]


def test_scope_that_is_missing_is_named(slack):
    answer = refused(slack.reactions_add, channel="D0ANNA", name="wave", timestamp="1")

    provided = ",".join(SCOPES)
    assert answer == {"ok": False, "error": "missing_scope", "needed": "reactions:write", "provided": provided}


def test_method_that_does_not_exist_is_unknown(slack):
    assert refused(slack.api_call, api_method="chat.fluister")["error"] == "unknown_method"


def test_get_with_a_query_is_understood_as_the_asynchronous_client_sends_it(sandbox):
    address = f"{sandbox.api_url}users.info?user=U0ANNA&include_locale=1"
    request = urllib.request.Request(address, headers={"Authorization": "Bearer xoxb-sandbox"})

    with urllib.request.urlopen(request) as response:
        user = json.load(response)["user"]

    assert (user["real_name"], user["locale"]) == ("Anna Smit", "nl-NL")


def test_posting_to_a_person_opens_the_direct_message(slack, anna):
    answer = slack.chat_postMessage(channel="U0ANNA", text="Dag & <dag>", metadata=METADATA)

    assert answer.data == {
        "ok": True,
        "channel": "D0ANNA",
        "ts": answer["ts"],
        "message": {
            "type": "message",
            "user": "U0SANDBOX",
            "team": "T0SANDBOX",
            "ts": answer["ts"],
            "text": "Dag & <dag>",
            "bot_id": "B0SANDBOX",
            "app_id": "A0SANDBOX",
            "bot_profile": {
                "id": "B0SANDBOX",
                "app_id": "A0SANDBOX",
                "name": "Proef",
                "deleted": False,
                "icons": {},
                "team_id": "T0SANDBOX",
            },
            "metadata": METADATA,
        },
    }
    assert anna.dm() == [answer["message"] | {"is_ephemeral": False}]


def test_message_ids_grow_while_the_clock_stands_still(slack):
    ids = [slack.chat_postMessage(channel="U0ANNA", text="x")["ts"] for _ in range(3)]

    assert ids == ["1509523200.000000", "1509523200.000001", "1509523200.000002"]


def test_posting_where_it_is_impossible_gives_slacks_codes(sandbox, slack):
    sandbox.workspace.add_channel("zonder-app", with_app=False)

    def post(channel: str, **content: Any) -> str:
        return str(refused(slack.chat_postMessage, channel=channel, **content)["error"])

    assert post("U0NIEMAND", text="x") == "channel_not_found"
    assert post("U0GONE", text="x") == "user_not_found"
    assert post("C0ZONDERAPP", text="x") == "not_in_channel"
    assert refused(slack.api_call, api_method="chat.postMessage", json={"channel": "U0ANNA"})["error"] == "no_text"
    assert post("U0ANNA", text="x", blocks="geen json") == "invalid_blocks_format"
    assert post("U0ANNA", text="x", metadata={"event_type": "a"}) == "invalid_metadata_format"
    sandbox.workspace.app.messages_tab = False
    assert post("U0ANNA", text="x") == "messages_tab_disabled"


def test_posting_cuts_off_very_long_texts_and_correcting_refuses_long_ones(slack):
    posted = slack.chat_postMessage(channel="U0ANNA", text="x" * 40_001)
    longer = refused(slack.chat_update, channel="D0ANNA", ts=posted["ts"], text="x" * 4_001)

    assert (len(posted["message"]["text"]), longer["error"]) == (40_000, "msg_too_long")


def test_correcting_with_text_only_removes_the_blocks_and_keeps_the_metadata(slack, anna):
    posted = slack.chat_postMessage(channel="U0ANNA", text="eerst", blocks=[button("open")], metadata=METADATA)

    answer = slack.chat_update(channel="D0ANNA", ts=posted["ts"], text="daarna")

    assert (answer["channel"], answer["ts"], answer["text"]) == ("D0ANNA", posted["ts"], "daarna")
    [shown] = anna.dm()
    assert (shown["text"], "blocks" in shown, shown["metadata"], shown["edited"]["user"]) == (
        "daarna",
        False,
        METADATA,
        "U0SANDBOX",
    )


def test_correcting_and_withdrawing_work_on_own_messages_only(slack, anna):
    anna.write("van mij")
    own = slack.chat_postMessage(channel="U0ANNA", text="van de app")["ts"]
    hers = anna.dm()[0]["ts"]

    assert refused(slack.chat_update, channel="D0ANNA", ts=hers, text="x")["error"] == "cant_update_message"
    assert refused(slack.chat_delete, channel="D0ANNA", ts=hers)["error"] == "cant_delete_message"
    assert refused(slack.chat_update, channel="D0ANNA", ts="1.1", text="x")["error"] == "message_not_found"
    assert refused(slack.chat_update, channel="U0ANNA", ts=own, text="x")["error"] == "channel_not_found"
    assert slack.chat_delete(channel="D0ANNA", ts=own).data == {"ok": True, "channel": "D0ANNA", "ts": own}
    assert [message["text"] for message in anna.dm()] == ["van mij"]


def test_ephemeral_message_is_seen_by_one_person_and_found_by_no_call(sandbox, slack):
    answer = slack.chat_postEphemeral(channel="C0ALGEMEEN", user="U0ANNA", text="pst")

    assert answer.data == {"ok": True, "message_ts": answer["message_ts"]}
    assert [m["text"] for m in sandbox.client.messages("C0ALGEMEEN", "U0ANNA")] == ["pst"]
    assert sandbox.client.messages("C0ALGEMEEN", "U0BRAM") == []
    update = refused(slack.chat_update, channel="C0ALGEMEEN", ts=answer["message_ts"], text="x")
    assert update["error"] == "message_not_found"
    outside = refused(slack.chat_postEphemeral, channel="C0ALGEMEEN", user="U0NIEMAND", text="x")
    assert outside["error"] == "user_not_in_channel"


def test_opening_a_conversation_gives_the_same_direct_message_again(slack):
    assert slack.conversations_open(users="U0ANNA").data == {"ok": True, "channel": {"id": "D0ANNA"}}
    again = slack.conversations_open(users=["U0ANNA"], return_im=True)

    assert (again["already_open"], again["channel"]["user"], again["channel"]["is_im"]) == (True, "U0ANNA", True)


def test_opening_a_conversation_that_cannot_be_gives_slacks_codes(slack):
    def code(**arguments: str) -> str:
        return str(refused(slack.conversations_open, **arguments)["error"])

    assert code(users="") == "users_list_not_supplied"
    assert code(users="U0NIEMAND") == "user_not_found"
    assert code(users="U0GONE") == "user_disabled"
    assert code(users="U0SANDBOX") == "cannot_dm_bot"


def test_slack_connect_member_is_reachable_only_while_a_channel_is_shared(sandbox, slack):
    assert slack.conversations_open(users="U0CARLA")["channel"]["id"] == "D0CARLA"

    del sandbox.workspace.channels["C0ALGEMEEN"].members["U0CARLA"]

    assert refused(slack.conversations_open, users="U0CARLA")["error"] == "user_not_visible"
    assert refused(slack.chat_postMessage, channel="U0CARLA", text="x")["error"] == "channel_not_found"


def history(slack: WebClient, **arguments: Any) -> tuple[list[str], bool, str]:
    answer = slack.conversations_history(channel="D0ANNA", **arguments)
    texts = [message["text"] for message in answer["messages"]]
    return texts, answer["has_more"], answer["response_metadata"]["next_cursor"]


def test_history_is_newest_first_in_pages(slack):
    for number in range(5):
        slack.chat_postMessage(channel="U0ANNA", text=str(number))

    first, more, cursor = history(slack, limit=2)
    second, _, next_cursor = history(slack, limit=2, cursor=cursor)
    last, none_left, end = history(slack, limit=2, cursor=next_cursor)

    assert (first, more) == (["4", "3"], True)
    assert second == ["2", "1"]
    assert (last, none_left, end) == (["0"], False, "")


def test_history_between_two_moments_counts_its_ends_only_if_asked(slack):
    ids = [slack.chat_postMessage(channel="U0ANNA", text=str(number))["ts"] for number in range(4)]

    assert history(slack, oldest=ids[1], latest=ids[3])[0] == ["2"]
    assert history(slack, oldest=ids[1], latest=ids[3], inclusive=True)[0] == ["3", "2", "1"]
    assert history(slack, oldest="1509523201")[0] == []
    assert history(slack, oldest="0", latest="1509523200")[0] == []


def test_history_shows_whole_metadata_only_if_asked(slack):
    slack.chat_postMessage(channel="U0ANNA", text="x", metadata=METADATA)

    brief = slack.conversations_history(channel="D0ANNA")["messages"]
    whole = slack.conversations_history(channel="D0ANNA", include_all_metadata=True)["messages"]

    assert [message["metadata"] for message in brief + whole] == [{"event_type": "proef"}, METADATA]


def test_history_refuses_what_it_cannot_read(slack):
    slack.conversations_open(users="U0ANNA")

    def code(**arguments: Any) -> str:
        return str(refused(slack.conversations_history, **arguments)["error"])

    assert code(channel="D0NIEMAND") == "channel_not_found"
    assert code(channel="C0ALGEMEEN") == "missing_scope"
    assert code(channel="D0ANNA", cursor="!") == "invalid_cursor"
    assert code(channel="D0ANNA", limit=1000) == "invalid_limit"
    assert code(channel="D0ANNA", oldest="gisteren") == "invalid_ts_oldest"


def test_channels_and_members_are_listed(sandbox, slack):
    sandbox.workspace.app.scopes.append("channels:read")
    [channel] = slack.conversations_list()["channels"]
    members = slack.conversations_members(channel="C0ALGEMEEN", limit=2)

    assert (channel["id"], channel["name"], channel["is_member"], channel["num_members"]) == (
        "C0ALGEMEEN",
        "algemeen",
        True,
        5,
    )
    assert members["members"] == ["U0SANDBOX", "U0ANNA"]
    rest = slack.conversations_members(channel="C0ALGEMEEN", cursor=members["response_metadata"]["next_cursor"])
    assert rest["members"] == ["U0BRAM", "U0CARLA", "U0GONE"]
    assert slack.conversations_info(channel="C0ALGEMEEN")["channel"] == channel


def test_user_has_zone_and_address_and_a_locale_only_if_asked(sandbox, slack):
    user = slack.users_info(user="U0BRAM")["user"]

    assert (user["tz"], user["tz_offset"], user["profile"]["email"]) == ("Europe/London", 0, "bram@voorbeeld.nl")
    assert "locale" not in user
    assert slack.users_info(user="U0BRAM", include_locale=True)["user"]["locale"] == "en-GB"
    assert slack.users_info(user="U0ANNA")["user"]["tz_offset"] == 3600
    sandbox.workspace.app.scopes.remove("users:read.email")
    assert "email" not in slack.users_info(user="U0BRAM")["user"]["profile"]
    assert refused(slack.users_info, user="U0NIEMAND")["error"] == "user_not_found"


def test_users_are_listed_with_the_deactivated_and_without_other_organisations(slack):
    first = slack.users_list(limit=2)
    second = slack.users_list(limit=2, cursor=first["response_metadata"]["next_cursor"])

    assert [(user["id"], user["deleted"]) for page in (first, second) for user in page["members"]] == [
        ("U0ANNA", False),
        ("U0BRAM", False),
        ("U0GONE", True),
        ("U0SANDBOX", False),
    ]
    assert second["response_metadata"]["next_cursor"] == ""


def test_lookup_by_email_finds_active_members_in_any_case(slack):
    assert slack.users_lookupByEmail(email="Anna@Voorbeeld.NL")["user"]["id"] == "U0ANNA"
    for email in ("gone@voorbeeld.nl", "niemand@voorbeeld.nl"):
        assert refused(slack.users_lookupByEmail, email=email)["error"] == "users_not_found"


def test_reaction_can_be_added_once(sandbox, slack):
    sandbox.workspace.app.scopes += ["reactions:write", "reactions:read"]
    ts = slack.chat_postMessage(channel="U0ANNA", text="x")["ts"]

    slack.reactions_add(channel="D0ANNA", name="wave", timestamp=ts)

    again = refused(slack.reactions_add, channel="D0ANNA", name="wave", timestamp=ts)
    shown = slack.reactions_get(channel="D0ANNA", timestamp=ts)["message"]["reactions"]
    assert (again["error"], shown) == ("already_reacted", [{"name": "wave", "users": ["U0SANDBOX"], "count": 1}])


def test_calls_are_logged_without_what_was_written(sandbox, slack):
    slack.chat_postMessage(channel="U0ANNA", text="geheim", blocks=[{"type": "header", "text": plain("geheim")}])
    refused(slack.chat_postMessage, channel="U0NIEMAND", text="geheim")

    log = sandbox.client.calls("chat.postMessage")

    assert [(call["method"], call["ok"], call["error"], call["channel"]) for call in log] == [
        ("chat.postMessage", True, None, "D0ANNA"),
        ("chat.postMessage", False, "channel_not_found", "U0NIEMAND"),
    ]
    assert "geheim" not in json.dumps(log)
