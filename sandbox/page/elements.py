"""One element of a block as a template wants it: the app's JSON, and the form field it becomes on the page."""

import json as encoder
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from sandbox.page import fields
from sandbox.page.fields import Json
from sandbox.page.reader import Reader

SAFE_LINKS = ("https://", "http://", "mailto:")


@dataclass(frozen=True)
class Element:
    """An element, the block around it, what was saved for it and what the app said was wrong with it."""

    prefix: str
    reader: Reader
    block: Json
    json: Json
    saved: Mapping[str, Any] | None = None
    error: str | None = None

    @property
    def kind(self) -> str:
        """Slack's name for the type of element."""
        return str(self.json["type"])

    @property
    def key(self) -> str:
        """The name of the field in forms."""
        return fields.key_of(self.block.get("block_id", ""), self.json.get("action_id", ""))

    @property
    def id(self) -> str:
        """The id of the field in the page."""
        return f"{self.prefix}-{self.key}"

    @property
    def input_type(self) -> str:
        """The browser's type of field."""
        return fields.INPUT_TYPES[self.kind]

    @property
    def is_input(self) -> bool:
        """Whether the block around it has a label that names the field."""
        return self.block.get("type") == "input"

    @property
    def is_group(self) -> bool:
        """Whether it becomes several fields, which then need a name together."""
        return self.kind in ("radio_buttons", "checkboxes") or self.kind.startswith("multi_")

    @property
    def link(self) -> str | None:
        """The address of a link button; only kinds that a message has any business with."""
        address = str(self.json.get("url") or "")
        return address if address.lower().startswith(SAFE_LINKS) else None

    @property
    def accessible_name(self) -> str | None:
        """A name for a field that no label on the page names: its own, its placeholder or the section's text."""
        if self.is_input:
            return None
        told = [self.json.get("accessibility_label")]
        told += [each["text"] for each in (self.json.get("placeholder"), self.block.get("text")) if each]
        return next((str(each) for each in told if each), self.reader.say("choose"))

    @property
    def described_by(self) -> str:
        """The ids of the error and the hint, for screen readers."""
        parts = {"error": self.error, "hint": self.block.get("hint") if self.is_input else None}
        return " ".join(f"{self.id}-{name}" for name, present in parts.items() if present)

    @property
    def attributes(self) -> Markup:
        """The attributes that every single field carries."""
        given = dict(self._common())
        return _attributes({"id": self.id, **given, "aria-label": self.accessible_name, **self._limits()})

    def choice_attributes(self, number: int | str) -> Markup:
        """The attributes of one tick box or radio button."""
        return _attributes({"id": f"{self.id}-{number}", **dict(self._common()), "aria-describedby": None})

    def _common(self) -> Iterator[tuple[str, str | bool | None]]:
        yield "name", self.key
        yield "data-field", self.key
        yield "data-confirm", self.confirm
        yield "data-enter", self.fires_on("on_enter_pressed")
        yield "data-type-ahead", self.fires_on("on_character_entered")
        yield "data-first", bool(self.json.get("focus_on_load"))
        yield "aria-invalid", "true" if self.error else None
        yield "aria-describedby", self.described_by or None

    def _limits(self) -> dict[str, str | None]:
        """`maxlength` would cut off what is pasted; Slack lets people type on and counts below zero instead."""
        names = {"data-min": "min_length", "data-max": "max_length", "min": "min_value", "max": "max_value"}
        limits = {name: _string(self.json.get(source)) for name, source in names.items()}
        step = "any" if self.json.get("is_decimal_allowed") else None
        return limits | {"step": step, "autocomplete": "off"}

    def fires_on(self, moment: str) -> bool:
        """Whether the app wants to hear of this field before the form is sent, and at this moment."""
        config = self.json.get("dispatch_action_config") or {}
        moments = config.get("trigger_actions_on", ["on_enter_pressed"])
        return bool(self.block.get("dispatch_action")) and moment in moments and self.kind in fields.TEXT_TYPES

    @cached_property
    def values(self) -> list[str]:
        """What the field holds now."""
        return fields.shown(self.kind, self.saved, self.reader.zone)

    @property
    def value(self) -> str:
        """What a field with a single value holds now."""
        return self.values[0] if self.values else ""

    @property
    def placeholder(self) -> str:
        """The app's placeholder, or Slack's own for choices."""
        given = self.json.get("placeholder")
        if given:
            return str(given["text"])
        return "" if self.kind in fields.INPUT_TYPES else self.reader.say("choose")

    @cached_property
    def groups(self) -> list[tuple[str | None, list[Json]]]:
        """Options by their group; ungrouped ones stand in one group without a name."""
        if self.json.get("option_groups"):
            return [(group["label"]["text"], group["options"]) for group in self.json["option_groups"]]
        return [(None, list(self.json.get("options", [])) or self._known_ids())]

    @property
    def chosen(self) -> list[Json]:
        """The options now chosen."""
        return [option for _, options in self.groups for option in options if option["value"] in self.values]

    def _known_ids(self) -> list[Json]:
        """The people or channels that a select of that kind offers by itself."""
        kind = self.kind.removeprefix("multi_")
        named = self.reader.members if kind == "users_select" else self.reader.channels
        if kind not in fields.ID_SELECTS:
            return []
        return [{"text": {"type": "plain_text", "text": name}, "value": key} for key, name in named.items()]

    @property
    def confirm(self) -> str | None:
        """The app's confirm object, as the page's script wants it."""
        asked = self.json.get("confirm")
        if not asked:
            return None
        texts = {name: asked.get(name, {}).get("text") for name in ("title", "text", "confirm", "deny")}
        texts["confirm"] = texts["confirm"] or self.reader.say("yes")
        texts["deny"] = texts["deny"] or self.reader.say("cancel")
        return encoder.dumps(texts | {"style": asked.get("style", "primary")}, ensure_ascii=False)


def _string(value: object) -> str | None:
    return None if value is None else str(value)


def _attributes(given: Mapping[str, str | bool | None]) -> Markup:
    """HTML attributes; None and False are left out and True stands without a value."""
    parts = [
        Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value)
        for name, value in given.items()
        if value is not None and value is not False
    ]
    return Markup("").join(parts)
