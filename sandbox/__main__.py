"""`python -m sandbox`: a Slack workspace on this machine, until Ctrl+C."""

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sandbox.clock import Clock
from sandbox.installation import Installation, load_manifest
from sandbox.jumps import Jump, read_jump
from sandbox.people import load_people
from sandbox.server import HOST, PortTaken, listen, make_server
from sandbox.workspace import Workspace


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the sandbox; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        workspace = _workspace(options)
        listener = listen(options.port)
    except (PortTaken, OSError, ValueError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    workspace.base_url = f"http://{HOST}:{listener.getsockname()[1]}"
    sys.stdout.write(f"Slack sandbox: {workspace.base_url}\n")
    sys.stdout.flush()
    with listener, contextlib.suppress(KeyboardInterrupt):
        asyncio.run(make_server(workspace).serve(sockets=[listener]))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--people", type=Path, help="JSON list of people")
    parser.add_argument("--manifest", type=Path, help="app manifest, YAML or JSON")
    parser.add_argument("--team-name", default="Sandbox")
    parser.add_argument(
        "--start", type=datetime.fromisoformat, help="time at the start, such as 2017-11-01T09:00+01:00"
    )
    parser.add_argument("--frozen", action="store_true", help="the clock stands still between jumps")
    parser.add_argument("--notice", default="", help="a line that the page shows on top")
    parser.add_argument("--request-url", help="deliver over signed HTTP to this address instead of Socket Mode")
    jump = 'a button that sets the clock forward: "label=3 12:15" (Monday is 0) or "label=+3600" seconds'
    parser.add_argument("--jump", type=read_jump, action="append", default=[], help=jump)
    return parser


def _workspace(options: argparse.Namespace) -> Workspace:
    people = load_people(options.people) if options.people else []
    jumps: list[Jump] = options.jump
    return Workspace(
        people={person.id: person for person in people},
        app=load_manifest(options.manifest) if options.manifest else Installation(),
        clock=Clock(options.start, frozen=options.frozen),
        team_name=options.team_name,
        notice=options.notice,
        jumps=jumps,
        request_url=options.request_url,
    )


if __name__ == "__main__":
    raise SystemExit(main())
