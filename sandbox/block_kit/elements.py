"""The interactive elements and what each may hold.

The limits are those of Slack's published types; the length of option values is slack_sdk's.
"""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any

from sandbox.block_kit.rules import Rule, array, boolean, integer, one_of, pattern, record, string, text

MOST_OPTIONS = 100

CONFIRM = record(
    {"title": text(100), "text": text(300, markdown=True), "confirm": text(30), "deny": text(30)},
    {"style": one_of("primary", "danger")},
)


def _option(*, markdown: bool = False, url: bool = False) -> Rule:
    optional = {"description": text(75, markdown=markdown)} | ({"url": string(3000)} if url else {})
    return record({"text": text(75, markdown=markdown), "value": string(150)}, optional)


def _parses(read: Callable[[str], Any]) -> Callable[[str], bool]:
    def accepts(value: str) -> bool:
        try:
            read(value)
        except ValueError:
            return False
        return True

    return accepts


def _element(required: Mapping[str, Rule] | None = None, optional: Mapping[str, Rule] | None = None) -> Rule:
    return record(required or {}, {"action_id": string(255), "confirm": CONFIRM, **(optional or {})})


PLACEHOLDER = {"placeholder": text(150)}
FOCUS = {"focus_on_load": boolean}
OPTION = _option()
CHOICE = _option(markdown=True)
GROUP = record({"label": text(75), "options": array(OPTION, 1, MOST_OPTIONS)})
MENU = {
    "options": array(OPTION, 1, MOST_OPTIONS),
    "option_groups": array(GROUP, 1, MOST_OPTIONS),
    **PLACEHOLDER,
    **FOCUS,
}
DATE = pattern(_parses(date.fromisoformat), "must be a date as YYYY-MM-DD")
TIME = pattern(lambda value: len(value) == 5 and _parses(time.fromisoformat)(value), "must be a time as HH:mm")
MOMENT = integer(1_000_000_000, 9_999_999_999)
DISPATCH = record({}, {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1, 2)})


def _menu(optional: Mapping[str, Rule]) -> Rule:
    shape = _element({}, {**MENU, **optional})

    def check(value: Any, pointer: str, report: Any) -> None:
        shape(value, pointer, report)
        if not ("options" in value or "option_groups" in value):
            report.add("missing required field: options", pointer)

    return check


BUTTON = _element(
    {"text": text(75)},
    {
        "url": string(3000),
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "accessibility_label": string(75),
    },
)
IMAGE = record({"alt_text": string(2000)}, {"image_url": string(3000), "slack_file": record({}, {"id": string(255)})})
TEXT_INPUT = _element(
    {},
    {
        "multiline": boolean,
        "initial_value": string(3000, 0),
        "min_length": integer(0, 3000),
        "max_length": integer(1, 3000),
        "dispatch_action_config": DISPATCH,
        **PLACEHOLDER,
        **FOCUS,
    },
)
NUMBER_INPUT = _element(
    {"is_decimal_allowed": boolean},
    {
        "initial_value": string(64),
        "min_value": string(64),
        "max_value": string(64),
        "dispatch_action_config": DISPATCH,
        **PLACEHOLDER,
        **FOCUS,
    },
)

ELEMENTS: dict[str, Rule] = {
    "button": BUTTON,
    "image": IMAGE,
    "static_select": _menu({"initial_option": OPTION}),
    "multi_static_select": _menu(
        {"initial_options": array(OPTION, 1, MOST_OPTIONS), "max_selected_items": integer(1, MOST_OPTIONS)}
    ),
    "radio_buttons": _element({"options": array(CHOICE, 1, 10)}, {"initial_option": CHOICE, **FOCUS}),
    "checkboxes": _element({"options": array(CHOICE, 1, 10)}, {"initial_options": array(CHOICE, 1, 10), **FOCUS}),
    "overflow": _element({"options": array(_option(url=True), 1, 5)}),
    "plain_text_input": TEXT_INPUT,
    "number_input": NUMBER_INPUT,
    "datepicker": _element({}, {"initial_date": DATE, **PLACEHOLDER, **FOCUS}),
    "timepicker": _element({}, {"initial_time": TIME, "timezone": string(255), **PLACEHOLDER, **FOCUS}),
    "datetimepicker": _element({}, {"initial_date_time": MOMENT, **FOCUS}),
    "users_select": _element({}, {"initial_user": string(255), **PLACEHOLDER, **FOCUS}),
}

_PICKERS = {"radio_buttons", "checkboxes", "static_select", "datepicker", "timepicker", "users_select"}
IN_SECTION = _PICKERS | {"button", "image", "overflow", "multi_static_select"}
IN_ACTIONS = _PICKERS | {"button", "overflow", "datetimepicker"}
IN_INPUT = _PICKERS | {"multi_static_select", "datetimepicker", "plain_text_input", "number_input"}
