"""Everything one person sees at one moment, gathered for the template."""

from typing import Any

from sandbox.page.address import Address
from sandbox.page.blocks import Surface
from sandbox.page.conversation import conversation
from sandbox.page.dates import clock_sentence, zone_of
from sandbox.page.people import face
from sandbox.page.reader import Reader
from sandbox.page.refusals import translated
from sandbox.view import View
from sandbox.workspace import Workspace


def reader_of(workspace: Workspace, address: Address) -> Reader:
    """The acting person as a reader of texts and times."""
    members = {person.id: person.real_name for person in workspace.people.values() if not person.deleted}
    known = {person.id: person.real_name for person in workspace.people.values()}
    return Reader(
        id=address.person.id,
        language=address.language,
        zone=zone_of(address.person.tz),
        now=workspace.clock.now(),
        people=known | {workspace.bot.id: workspace.app.name},
        members=members,
        channels={each.id: each.name for each in workspace.channels_of(address.person.id) if not each.is_im},
    )


def screen(workspace: Workspace, address: Address) -> dict[str, Any]:
    """The values of the page's template."""
    reader = reader_of(workspace, address)
    return {
        "workspace": workspace,
        "address": address,
        "reader": reader,
        "say": reader.say,
        "me": face(workspace, address.person.id),
        "app": face(workspace, workspace.bot.id),
        "channel": workspace.channel(address.channel.id),
        "external": workspace.is_external(address.person),
        "sidebar": workspace.channels_of(address.person.id),
        **_clock(workspace, reader),
        **_pane(workspace, address, reader),
        "modal": _modal(workspace, reader),
    }


def _clock(workspace: Workspace, reader: Reader) -> dict[str, Any]:
    """The clock stands in the workspace's zone: it is the programme's clock, whoever looks at it."""
    zone = zone_of(workspace.tz)
    return {
        "clock": clock_sentence(reader.now, zone, reader.language),
        "clock_value": f"{reader.now.astimezone(zone):%Y-%m-%dT%H:%M}",
    }


def _pane(workspace: Workspace, address: Address, reader: Reader) -> dict[str, Any]:
    """The Home tab, or the newest messages."""
    if address.tab == "home":
        home = workspace.home(address.person.id)
        return {"home": view_surface("home", home, reader) if home else None, "lines": [], "has_earlier": False}
    messages = workspace.messages(address.channel.id, address.person.id)
    return {
        "home": None,
        "lines": list(conversation(workspace, messages[-address.limit :], reader)),
        "has_earlier": len(messages) > address.limit,
    }


def _modal(workspace: Workspace, reader: Reader) -> dict[str, Any] | None:
    view = workspace.top_view(reader.id)
    return {"view": view, "surface": view_surface("view", view, reader)} if view else None


def view_surface(kind: str, view: View, reader: Reader) -> Surface:
    """A modal or Home tab with what was filled in and what was wrong with it."""
    errors = {block_id: translated(sentence, reader) for block_id, sentence in view.errors.items()}
    return Surface(f"{kind}:{view.id}", view.blocks, reader, view.values, errors)
