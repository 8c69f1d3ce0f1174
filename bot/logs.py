"""One line of JSON for each event, without personal data: ids and codes, never texts, names or tokens."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

_TOKEN = re.compile(r"xox[a-z]?[.-][\w.-]+|xapp-[\w-]+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
_QUIET = {
    "apscheduler": logging.WARNING,  # it tells of every tick
    "dbos": logging.WARNING,  # it tells of every start
    "slack_bolt": logging.WARNING,  # at INFO it logs whole request bodies of failed checks
    "slack_sdk": logging.WARNING,
    "alembic": logging.WARNING,
    "waitress": logging.WARNING,
}


class _JsonLines(logging.Formatter):
    """Formats a record as JSON; what is passed as `extra={"data": {...}}` becomes fields of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; tokens and passwords that a library put into its message are blotted out."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _blot(record.getMessage()),
            **getattr(record, "data", {}),
        }
        if record.exc_info:
            line["trace"] = _trace(record)
        return json.dumps(line, ensure_ascii=False, default=str)


def _blot(text: str) -> str:
    return _TOKEN.sub("***", text)


def _trace(record: logging.LogRecord) -> str:
    """Where it went wrong, without the exception's text: a database error quotes the values of its statement.

    Of the libraries' own frames only the last: there are more of them than fit.
    """
    kind, _, place = record.exc_info or (None, None, None)
    frames = []
    while place:
        code = place.tb_frame.f_code
        if "site-packages" not in code.co_filename or place.tb_next is None:
            frames.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{place.tb_lineno} {code.co_name}")
        place = place.tb_next
    return f"{kind.__name__ if kind else '?'} at " + " > ".join(frames[-8:])


def configure(level: str) -> None:
    """Send every log record to standard error as a line of JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    _take_over("dbos", handler)
    for name, floor in _QUIET.items():
        logging.getLogger(name).setLevel(floor)


def _take_over(name: str, handler: logging.Handler) -> None:
    """A library that would bring a handler of its own, with another format, finds ours."""
    logger = logging.getLogger(name)
    logger.handlers = [handler]
    logger.propagate = False
