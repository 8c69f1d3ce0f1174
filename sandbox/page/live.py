"""The stream that tells an open page when to draw itself anew.

It carries no content: the page fetches its own address again. So nobody can hear through it what they may not read,
and there is one way only in which a page is drawn.
"""

import asyncio
from collections.abc import AsyncIterator

from sandbox.changes import Change
from sandbox.workspace import Workspace

HEARTBEAT = 15.0
"""Seconds; without a sign of life some proxies and browsers drop a quiet stream."""

PERSONAL = ("view", "home", "channels")


async def stream(workspace: Workspace, person_id: str) -> AsyncIterator[str]:
    """One short event for each burst of changes that concern the person."""
    changes = workspace.subscribe()
    try:
        yield "event: ready\ndata: \n\n"
        while True:
            burst = await _burst(changes)
            if ("closed",) in burst:
                return
            if any(concerns(workspace, person_id, change) for change in burst):
                yield "event: change\ndata: \n\n"
            elif not burst:
                yield ": still here\n\n"
    finally:
        workspace.unsubscribe(changes)


async def _burst(changes: asyncio.Queue[Change]) -> list[Change]:
    """The next change and all that came with it; nothing after a quiet time."""
    try:
        burst = [await asyncio.wait_for(changes.get(), HEARTBEAT)]
    except TimeoutError:
        return []
    while not changes.empty():
        burst.append(changes.get_nowait())
    return burst


def concerns(workspace: Workspace, person_id: str, change: Change) -> bool:
    """Whether this person's screen may look different after the change."""
    kind, *subject = change
    if kind == "message":
        channel = workspace.channel(subject[0])
        return channel is not None and person_id in channel.members
    return kind not in PERSONAL or subject == [person_id]
