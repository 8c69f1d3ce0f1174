"""How each kind of element is filled in."""

import pytest

from sandbox.errors import ActError
from sandbox.form import action, entry, find_element, initial_values, refusals
from tests.sandbox.apps import Json, plain

ONE, TWO = ({"text": plain(name), "value": value} for name, value in (("Een", "1"), ("Twee", "2")))


def element(kind: str, **more: object) -> Json:
    return {"type": kind, "action_id": "a", **more}


def field(what: Json, **more: object) -> Json:
    return {"type": "input", "block_id": "b", "label": plain("l"), "element": what, **more}


@pytest.mark.parametrize(
    ("what", "raw", "key", "filled"),
    [
        (element("plain_text_input"), "tekst", "value", "tekst"),
        (element("plain_text_input"), "", "value", None),
        (element("number_input", is_decimal_allowed=False), "4", "value", "4"),
        (element("static_select", options=[ONE, TWO]), "2", "selected_option", TWO),
        (
            element("static_select", option_groups=[{"label": plain("g"), "options": [ONE]}]),
            "1",
            "selected_option",
            ONE,
        ),
        (element("static_select", options=[ONE]), None, "selected_option", None),
        (element("radio_buttons", options=[ONE, TWO]), "1", "selected_option", ONE),
        (element("checkboxes", options=[ONE, TWO]), ["1", "2"], "selected_options", [ONE, TWO]),
        (element("checkboxes", options=[ONE, TWO]), None, "selected_options", []),
        (element("multi_static_select", options=[ONE, TWO]), "2", "selected_options", [TWO]),
        (element("datepicker"), "2017-11-02", "selected_date", "2017-11-02"),
        (element("timepicker"), "12:15", "selected_time", "12:15"),
        (element("datetimepicker"), "1509523200", "selected_date_time", 1509523200),
        (element("users_select"), "U0ANNA", "selected_user", "U0ANNA"),
    ],
)
def test_filled_in_value_has_slacks_shape(what, raw, key, filled):
    assert entry(what, raw) == {"type": what["type"], key: filled}
    done = action(what, "b", raw, "1.2")
    assert done == {"type": what["type"], "action_id": "a", "block_id": "b", "action_ts": "1.2", key: filled}


@pytest.mark.parametrize(
    ("what", "untouched"),
    [
        (element("plain_text_input", initial_value="x"), {"value": "x"}),
        (element("plain_text_input"), {"value": None}),
        (element("static_select", options=[ONE], initial_option=ONE), {"selected_option": ONE}),
        (element("checkboxes", options=[ONE]), {"selected_options": []}),
        (element("datepicker", initial_date="2017-11-02"), {"selected_date": "2017-11-02"}),
        (element("users_select"), {"selected_user": None}),
    ],
)
def test_untouched_value_is_what_the_app_preset_or_nothing(what, untouched):
    assert initial_values([field(what)]) == {"b": {"a": {"type": what["type"], **untouched}}}


def test_state_holds_every_element_that_has_a_value_inputs_or_not():
    blocks: list[Json] = [
        {"type": "section", "block_id": "s", "text": plain("t"), "accessory": element("datepicker")},
        {"type": "actions", "block_id": "k", "elements": [element("button"), element("users_select", action_id="u")]},
        {"type": "divider", "block_id": "d"},
    ]

    assert initial_values(blocks) == {
        "s": {"a": {"type": "datepicker", "selected_date": None}},
        "k": {"u": {"type": "users_select", "selected_user": None}},
    }


def test_option_that_is_not_offered_cannot_be_chosen():
    with pytest.raises(ActError, match="a does not offer '3'; it offers 1, 2"):
        entry(element("static_select", options=[ONE, TWO]), "3")


def test_element_is_found_by_block_where_action_ids_repeat():
    blocks = [field(element("datepicker")), field(element("timepicker")) | {"block_id": "c"}]

    assert find_element(blocks, "a", "c") == (blocks[1], element("timepicker"))
    assert find_element(blocks, "a") == (blocks[0], element("datepicker"))
    assert find_element(blocks, "z") is None


@pytest.mark.parametrize(
    ("what", "raw", "problem"),
    [
        (element("plain_text_input"), None, "Please complete this required field."),
        (element("checkboxes", options=[ONE]), None, "Please complete this required field."),
        (element("number_input", is_decimal_allowed=False), "x", "Please enter a whole number."),
        (element("number_input", is_decimal_allowed=True), "x", "Please enter a number."),
        (element("number_input", is_decimal_allowed=False, min_value="3"), "2", "Please enter a number of at least 3."),
        (element("number_input", is_decimal_allowed=True, max_value="3"), "3.5", "Please enter a number of at most 3."),
    ],
)
def test_client_refuses_what_the_field_does_not_allow(what, raw, problem):
    values = {"b": {"a": entry(what, raw)}}

    assert refusals([field(what)], values) == {"b": problem}
    assert refusals([field(what, optional=True)], values) == ({} if not raw else {"b": problem})
