"""What Block Kit refuses, in Slack's words."""

from typing import Any

import pytest

from sandbox.block_kit.surfaces import check_message_blocks, check_view
from sandbox.errors import SlackError
from tests.sandbox.apps import Json, button, modal, plain, text_input


def problems(*blocks: Any) -> list[str]:
    with pytest.raises(SlackError, match="invalid_blocks") as caught:
        check_message_blocks(list(blocks))
    return list(caught.value.details["errors"])


def view_problems(view: Json) -> list[str]:
    with pytest.raises(SlackError, match="invalid_arguments") as caught:
        check_view(view, "modal", "home")
    return list(caught.value.details["errors"])


def option(value: str = "1") -> Json:
    return {"text": plain("Een"), "value": value}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


GOOD: list[Json] = [
    {"type": "section", "text": mrkdwn("*a*"), "accessory": {"type": "overflow", "options": [option()]}},
    {"type": "section", "fields": [plain("a"), mrkdwn("b")]},
    {"type": "header", "text": plain("kop")},
    {"type": "context", "elements": [mrkdwn("a"), {"type": "image", "image_url": "https://a", "alt_text": "a"}]},
    {"type": "divider"},
    {"type": "image", "image_url": "https://a", "alt_text": "a", "title": plain("t")},
    button("a") | {"block_id": "een"},
    actions(
        {"type": "static_select", "options": [option()], "initial_option": option(), "placeholder": plain("kies")},
        {"type": "static_select", "option_groups": [{"label": plain("g"), "options": [option()]}]},
        {"type": "radio_buttons", "options": [option()]},
        {"type": "checkboxes", "options": [option()], "initial_options": [option()]},
        {"type": "datepicker", "initial_date": "2017-11-02"},
        {"type": "timepicker", "initial_time": "12:15"},
        {"type": "datetimepicker", "initial_date_time": 1509523200},
        {"type": "users_select", "initial_user": "U0ANNA"},
    ),
    text_input("twee", multiline=True, min_length=0, max_length=3000, focus_on_load=True),
    {
        "type": "input",
        "label": plain("l"),
        "element": {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "10"},
        "hint": plain("h"),
        "optional": True,
    },
    {
        "type": "input",
        "label": plain("l"),
        "element": {"type": "multi_static_select", "options": [option()], "max_selected_items": 1},
    },
]


def test_everything_the_bot_uses_is_accepted_in_messages_modals_and_home_tabs():
    check_message_blocks(GOOD)
    check_view(modal(*GOOD), "modal")
    check_view({"type": "home", "blocks": GOOD}, "home")


BAD_BLOCKS: list[tuple[Any, str, str]] = [
    ({"type": "section", "text": mrkdwn("x" * 3001)}, "must be less than 3001 characters", "/text/text"),
    ({"type": "section", "text": mrkdwn("")}, "must be more than 0 characters", "/text/text"),
    ({"type": "section"}, "missing required field: text", ""),
    ({"type": "section", "fields": []}, "must provide at least 1 items", "/fields"),
    ({"type": "section", "fields": [plain("a")] * 11}, "no more than 10 items allowed", "/fields"),
    ({"type": "section", "fields": [plain("x" * 2001)]}, "must be less than 2001 characters", "/fields/0/text"),
    ({"type": "header", "text": mrkdwn("a")}, "unsupported type: mrkdwn", "/text/type"),
    ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters", "/text/text"),
    ({"type": "header", "text": plain("a"), "style": "x"}, "invalid additional property: style", ""),
    ({"type": "context", "elements": [mrkdwn("a")] * 11}, "no more than 10 items allowed", "/elements"),
    ({"type": "image", "image_url": "https://a"}, "missing required field: alt_text", ""),
    ({"type": "divider", "block_id": "x" * 256}, "must be less than 256 characters", "/block_id"),
    ({"type": "fotoboek"}, "unsupported type: fotoboek", "/type"),
    ({"text": "a"}, "missing required field: type", ""),
    ("tekst", "must be an object", ""),
    (actions(), "must provide at least 1 items", "/elements"),
    (actions(*[{"type": "datepicker"}] * 26), "no more than 25 items allowed", "/elements"),
    (actions({"type": "multi_static_select", "options": [option()]}), "unsupported element: multiselect", ""),
    (actions({"type": "plain_text_input"}), "unsupported type: plain_text_input", "/elements/0/type"),
    (text_input(max_length=3001), "must be between 1 and 3000", "/element/max_length"),
    (text_input() | {"label": plain("x" * 2001)}, "must be less than 2001 characters", "/label/text"),
]


@pytest.mark.parametrize(("block", "problem", "place"), BAD_BLOCKS)
def test_block_that_slack_refuses_is_refused_with_its_place(block, problem, place):
    assert problems({"type": "divider"}, block) == [f"{problem} [json-pointer:/blocks/1{place}]"]


BAD_ELEMENTS: list[tuple[Json, str, str]] = [
    ({"type": "button"}, "missing required field: text", ""),
    ({"type": "button", "text": plain("x" * 76)}, "must be less than 76 characters", "/text/text"),
    ({"type": "button", "text": plain("a"), "value": "x" * 2001}, "must be less than 2001 characters", "/value"),
    ({"type": "button", "text": plain("a"), "style": "paars"}, "must be one of primary, danger", "/style"),
    ({"type": "static_select"}, "missing required field: options", ""),
    ({"type": "static_select", "options": [option()] * 101}, "no more than 100 items allowed", "/options"),
    (
        {"type": "static_select", "options": [option("x" * 151)]},
        "must be less than 151 characters",
        "/options/0/value",
    ),
    ({"type": "radio_buttons", "options": [option()] * 11}, "no more than 10 items allowed", "/options"),
    ({"type": "overflow", "options": [option()] * 6}, "no more than 5 items allowed", "/options"),
    ({"type": "datepicker", "initial_date": "2 november"}, "must be a date as YYYY-MM-DD", "/initial_date"),
    ({"type": "timepicker", "initial_time": "25:00"}, "must be a time as HH:mm", "/initial_time"),
    (
        {"type": "datetimepicker", "initial_date_time": 1},
        "must be between 1000000000 and 9999999999",
        "/initial_date_time",
    ),
    ({"type": "users_select", "action_id": "x" * 256}, "must be less than 256 characters", "/action_id"),
]


@pytest.mark.parametrize(("element", "problem", "place"), BAD_ELEMENTS)
def test_element_that_slack_refuses_is_refused_with_its_place(element, problem, place):
    assert problems(actions(element)) == [f"{problem} [json-pointer:/blocks/0/elements/0{place}]"]


def test_confirm_dialog_has_short_texts():
    confirm = {"title": plain("x" * 101), "text": mrkdwn("x" * 301), "confirm": plain("x" * 31), "deny": plain("nee")}
    pointer = "[json-pointer:/blocks/0/elements/0/confirm"

    assert problems(actions({"type": "button", "text": plain("a"), "confirm": confirm})) == [
        f"must be less than 101 characters {pointer}/title/text]",
        f"must be less than 301 characters {pointer}/text/text]",
        f"must be less than 31 characters {pointer}/confirm/text]",
    ]


def test_message_holds_fifty_blocks_and_a_modal_a_hundred():
    divider = {"type": "divider"}

    check_message_blocks([divider] * 50)
    assert problems(*[divider] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]
    check_view(modal(*[divider] * 100), "modal")
    assert view_problems(modal(*[divider] * 101)) == ["no more than 100 items allowed [json-pointer:/view/blocks]"]


def test_all_that_is_wrong_is_told_at_once_with_twins_among_it():
    twins = [{"type": "divider", "block_id": "b"}, {"type": "divider", "block_id": "b"}]
    pair = actions(*[{"type": "datepicker", "action_id": "d"}] * 2)

    assert problems({"type": "header", "text": plain("")}, *twins, pair) == [
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
        '`block_id` "b" already exists [json-pointer:/blocks/2/block_id]',
        '`action_id` "d" already exists [json-pointer:/blocks/3/elements/1/action_id]',
    ]


def test_modal_has_short_titles_and_needs_submit_for_its_inputs():
    view = modal(
        {"type": "divider"}, text_input(), title=plain("x" * 25), close=plain("x" * 25), private_metadata="x" * 3001
    )
    del view["submit"]

    assert view_problems(view) == [
        "must be less than 25 characters [json-pointer:/view/title/text]",
        "must be less than 25 characters [json-pointer:/view/close/text]",
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]",
    ]


def test_home_tab_has_no_title():
    view = {"type": "home", "title": plain("a"), "blocks": []}

    assert view_problems(view) == ["invalid additional property: title [json-pointer:/view]"]


def test_answer_of_a_refused_message_lists_each_problem_twice_as_slack_does():
    with pytest.raises(SlackError) as caught:
        check_message_blocks([{"type": "header", "text": plain("")}])

    problem = "must be more than 0 characters [json-pointer:/blocks/0/text/text]"
    assert caught.value.as_answer() == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [problem],
        "response_metadata": {"messages": [f"[ERROR] {problem}"]},
    }
