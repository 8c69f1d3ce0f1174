"""Small notices of what changed, so that a page can follow the workspace without asking every second."""

import asyncio

Change = tuple[str, ...]
"""("message", channel id), ("view" | "home" | "channels", person id), ("clock",), ("reset",) or ("closed",)."""


class Changes:
    """Publishes each notice to every subscriber; all on the one event loop of the server."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Change]] = set()

    def subscribe(self) -> asyncio.Queue[Change]:
        """A queue that receives every notice from now on."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        self._queues.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[Change]) -> None:
        """Stop filling `queue`; a second time does no harm."""
        self._queues.discard(queue)

    def publish(self, *change: str) -> None:
        """Tell every subscriber."""
        for queue in self._queues:
            queue.put_nowait(change)
