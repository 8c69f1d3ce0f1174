"""Block Kit as HTML: finds the template of each block and element, and what it needs beside the app's own JSON.

A type without a template is drawn as a box that names it. Leaving it out would let an app look right here and not
in Slack, or the other way round.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from sandbox.page import fields, mrkdwn
from sandbox.page.elements import Element
from sandbox.page.fields import Json
from sandbox.page.reader import Reader

TEMPLATES = Path(__file__).parent / "templates"
DRAWABLE = {kind: {file.stem for file in (TEMPLATES / kind).glob("*.html")} for kind in ("blocks", "elements")}
SAME_TEMPLATE = (
    dict.fromkeys(fields.INPUT_TYPES, "input_field")
    | dict.fromkeys(("static_select", *fields.ID_SELECTS), "select")
    | dict.fromkeys(("multi_static_select", *(f"multi_{kind}" for kind in fields.ID_SELECTS)), "multi_select")
    | dict.fromkeys(("radio_buttons", "checkboxes"), "choices")
)

environment = Environment(loader=PackageLoader("sandbox.page"), autoescape=True, trim_blocks=True, lstrip_blocks=True)


@dataclass(frozen=True)
class Surface:
    """Where blocks stand: a message, the Home tab or a modal, with what has been filled in there so far."""

    key: str
    blocks: list[Json]
    reader: Reader
    state: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def render(self) -> Markup:
        """All blocks, in order."""
        return Markup("\n").join(self.block(each) for each in self.blocks)

    def block(self, block: Json) -> Markup:
        """One block."""
        return self._drawn("blocks", block.get("type"), block=block, error=self._error(block))

    def element(self, block: Json, element: Json) -> Markup:
        """One element of a block; an input's label, hint and error belong to the block around it."""
        return self._drawn("elements", element.get("type"), element=self.part(block, element))

    def part(self, block: Json, element: Json) -> Element:
        """What a template wants to know of an element."""
        saved = self.state.get(block.get("block_id", ""), {}).get(element.get("action_id", ""))
        return Element(self._dom_id, self.reader, block, element, saved, self._error(block))

    def rich(self, text_object: Json | str | None) -> Markup:
        """A text object, by its own type."""
        if not isinstance(text_object, dict):
            return mrkdwn.plain(text_object or "")
        source = str(text_object.get("text", ""))
        return mrkdwn.render(source, self.reader) if text_object.get("type") == "mrkdwn" else mrkdwn.plain(source)

    @property
    def _dom_id(self) -> str:
        """A prefix for ids in the page, so that two messages may both have a field `b1/a1`."""
        return self.key.replace(":", "-").replace(".", "-")

    def _error(self, block: Json) -> str | None:
        return self.errors.get(block.get("block_id", ""))

    def _drawn(self, folder: str, kind: object, **values: Any) -> Markup:
        name = SAME_TEMPLATE.get(str(kind), str(kind))
        template = f"{folder}/{name}.html" if name in DRAWABLE[folder] else "unknown.html"
        drawn = environment.get_template(template).render(
            surface=self, kind=kind, rich=self.rich, say=self.reader.say, **values
        )
        return Markup(drawn)  # noqa: S704 - the template escaped what it was given
