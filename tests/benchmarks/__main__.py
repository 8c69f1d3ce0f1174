"""`make benchmark`: prints a table of ratios."""

import statistics
import sys
from collections.abc import Callable

from tests.benchmarks import sending, starting

ROUNDS = 5


def compare(name: str, product: Callable[[], float], baseline: Callable[[], float], unit: str) -> None:
    """Measure both in turn, so that a machine that slows down slows both, and print medians and their ratio."""
    pairs = [(product(), baseline()) for _ in range(ROUNDS)]
    ours = statistics.median(pair[0] for pair in pairs)
    theirs = statistics.median(pair[1] for pair in pairs)
    ratio = statistics.median(pair[0] / pair[1] for pair in pairs)
    sys.stdout.write(f"{name:58} {ours:9.3f} {theirs:9.3f} {unit:4} x {ratio:.2f}\n")
    sys.stdout.flush()


def main() -> None:
    """All of them."""
    sys.stdout.write(f"{'':58} {'product':>9} {'baseline':>9}\n")
    with starting.prepared() as start:
        compare("start until Socket Mode is connected, to a bare Bolt app", start.bot, start.bare, "s")
        compare("memory of bot and worker, to a bare Bolt app", start.bot_memory, start.bare_memory, "MB")
    with sending.prepared() as send:
        compare("a message through a lane, to a bare chat.postMessage", send.lane, send.bare, "ms")


if __name__ == "__main__":
    main()
