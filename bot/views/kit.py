"""Small pieces of Block Kit, on slack_sdk's own models, with what people typed escaped."""

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    RadioButtonsElement,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.blocks import (
    Block as SlackBlock,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig
from slack_sdk.models.blocks.block_elements import BlockElement, InputInteractiveElement, PlainTextInputElement
from slack_sdk.models.views import View as SlackView

from bot.i18n import Texts
from bot.messages import Block, Message, View

_LONGEST_TITLE = 24
_LONGEST_OPTION = 75
_LONGEST_HEADER = 150
_LONGEST_TEXT = 3000
_HALF_ENTITY = re.compile(r"&\w{0,4}$")

Choices = Sequence[tuple[str, str]]
"""Pairs of a value and what it is called."""


def escape(text: str) -> str:
    """What a person typed, made harmless in Slack's markup: no mentions, links or channels can be smuggled in.

    Only `&`, `<` and `>` have to be escaped (docs.slack.dev, formatting message text).
    """
    return html.escape(text, quote=False)


def cut(text: str, longest: int) -> str:
    """The beginning of an escaped text; never half of an escaped character."""
    return text if len(text) <= longest else _HALF_ENTITY.sub("", text[:longest])


def shorten(text: str, longest: int) -> str:
    """What fits in Slack's limit, with a sign that it was longer."""
    return text if len(text) <= longest else cut(text, longest - 1) + "…"


def markdown(text: str) -> MarkdownTextObject:
    """Marked-up text; `verbatim` keeps Slack from turning plain words into mentions and links."""
    return MarkdownTextObject(text=shorten(text, _LONGEST_TEXT), verbatim=True)


def section(text: str, accessory: BlockElement | None = None) -> SectionBlock:
    """A paragraph."""
    return SectionBlock(text=markdown(text), accessory=accessory)


def context(text: str) -> ContextBlock:
    """Small print."""
    return ContextBlock(elements=[markdown(text)])


def header(text: str) -> HeaderBlock:
    """A title."""
    return HeaderBlock(text=PlainTextObject(text=shorten(text, _LONGEST_HEADER)))


def divider() -> DividerBlock:
    """A line."""
    return DividerBlock()


def button(
    label: str, action_id: str, value: str = "", style: str | None = None, confirm: ConfirmObject | None = None
) -> ButtonElement:
    """A button; `style` is None, "primary" or "danger"."""
    return ButtonElement(text=label, action_id=action_id, value=value or None, style=style, confirm=confirm)


def confirmation(title: str, text: str, yes: str, no: str) -> ConfirmObject:
    """The question Slack asks before it passes a press on."""
    return ConfirmObject(title=title, text=PlainTextObject(text=text), confirm=yes, deny=no)


def actions(*buttons: ButtonElement, block_id: str | None = None) -> ActionsBlock:
    """A row of buttons."""
    return ActionsBlock(elements=list(buttons), block_id=block_id)


def option(value: str, label: str) -> Option:
    """One choice; a long label is cut."""
    return Option(value=value, text=PlainTextObject(text=shorten(label, _LONGEST_OPTION)))


def _chosen(options: Sequence[Option], value: str | None) -> Option | None:
    return next((item for item in options if item.value == value), None)


def radio(action_id: str, choices: Choices, value: str | None) -> RadioButtonsElement:
    """All choices at sight, one tap."""
    options = [option(*choice) for choice in choices]
    return RadioButtonsElement(action_id=action_id, options=options, initial_option=_chosen(options, value))


def select(action_id: str, choices: Choices, value: str | None, placeholder: str | None = None) -> StaticSelectElement:
    """A menu."""
    options = [option(*choice) for choice in choices]
    return StaticSelectElement(
        action_id=action_id, options=options, initial_option=_chosen(options, value), placeholder=placeholder
    )


def text_input(
    action_id: str,
    value: str | None,
    longest: int,
    *,
    lines: bool = True,
    placeholder: str | None = None,
    every_letter: bool = False,
) -> PlainTextInputElement:
    """A text field; `every_letter` reports while somebody types, so that a draft can be kept.

    Slack refuses a form that opens with more than its field may hold, so a longer value is cut.
    """
    report = DispatchActionConfig(trigger_actions_on=["on_character_entered"]) if every_letter else None
    return PlainTextInputElement(
        action_id=action_id,
        initial_value=value[:longest] if value else None,
        max_length=longest,
        multiline=lines,
        placeholder=placeholder,
        dispatch_action_config=report,
    )


def field(
    name: str,
    label: str,
    element: InputInteractiveElement,
    *,
    optional: bool = False,
    hint: str | None = None,
    reports: bool = False,
) -> InputBlock:
    """An input with its label; its block id is the name of the field, so that an error finds it."""
    return InputBlock(
        block_id=name, label=label, element=element, optional=optional, hint=hint, dispatch_action=reports or None
    )


def message(text: str, *blocks: SlackBlock) -> Message:
    """A message of these blocks; `text` says the same for notifications and screen readers."""
    return Message(text=text, blocks=to_dicts(blocks))


def to_dicts(blocks: Sequence[SlackBlock]) -> list[Block]:
    """Blocks as Slack wants them."""
    return [block.to_dict() for block in blocks]


@dataclass(frozen=True)
class Form:
    """What a modal is: its title, what the submit button says, and what it remembers between its views."""

    callback_id: str
    title: str
    submit: str | None
    memory: dict[str, object]


def modal(t: Texts, form: Form, *blocks: SlackBlock, close: str | None = None) -> View:
    """A modal view; titles longer than Slack takes are cut."""
    view: View = SlackView(
        type="modal",
        callback_id=form.callback_id,
        title=form.title[:_LONGEST_TITLE],
        submit=form.submit,
        close=close or t("Close"),
        private_metadata=json.dumps(form.memory),
        blocks=list(blocks),
    ).to_dict()
    return view


def memory(view: View) -> dict[str, object]:
    """What a modal remembered."""
    remembered: dict[str, object] = json.loads(view.get("private_metadata") or "{}")
    return remembered


def home(*blocks: SlackBlock) -> View:
    """A Home tab."""
    view: View = SlackView(type="home", blocks=list(blocks)).to_dict()
    return view


def value_of(view: View, name: str) -> str | None:
    """What a field of a submitted or changed view holds: a text, or the value of the option chosen."""
    for state in view["state"]["values"].get(name, {}).values():
        chosen = state.get("selected_option")
        found = chosen["value"] if chosen else state.get("value")
        return None if found is None else str(found)
    return None


def values_of(view: View, name: str) -> list[str]:
    """The values chosen in a field that takes several."""
    for state in view["state"]["values"].get(name, {}).values():
        return [chosen["value"] for chosen in state.get("selected_options") or []]
    return []


def raw_of(view: View, name: str, key: str) -> object:
    """A date, time or moment picked in a field: `key` is Slack's name for it, such as "selected_date"."""
    for state in view["state"]["values"].get(name, {}).values():
        return state.get(key)
    return None


def demo_mark(t: Texts) -> ContextBlock:
    """Says that nothing here is real."""
    return context(t("*DEMO* - invented people, projects and numbers"))
