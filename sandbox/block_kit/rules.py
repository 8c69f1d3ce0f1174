"""Small rules from which the shape of every block is put together.

A rule looks at one value and writes what is wrong into a `Report`, in the words that Slack uses, with a JSON pointer;
all that is wrong is found in one go.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Report:
    """The objections so far."""

    problems: list[str] = field(default_factory=list)

    def add(self, problem: str, pointer: str) -> None:
        """Object to the value at `pointer`."""
        self.problems.append(f"{problem} [json-pointer:{pointer}]")


Rule = Callable[[Any, str, Report], None]


def string(maximum: int, minimum: int = 1) -> Rule:
    """A string of that many characters."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, str):
            report.add("must be a string", pointer)
        elif len(value) > maximum:
            report.add(f"must be less than {maximum + 1} characters", pointer)
        elif len(value) < minimum:
            report.add(f"must be more than {minimum - 1} characters", pointer)

    return check


def boolean(value: Any, pointer: str, report: Report) -> None:
    """True or false."""
    if not isinstance(value, bool):
        report.add("must be a boolean", pointer)


def integer(minimum: int, maximum: int) -> Rule:
    """A whole number in a range."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.add("must be an integer", pointer)
        elif not minimum <= value <= maximum:
            report.add(f"must be between {minimum} and {maximum}", pointer)

    return check


def one_of(*allowed: str) -> Rule:
    """One of these words."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if value not in allowed:
            report.add(f"must be one of {', '.join(allowed)}", pointer)

    return check


def pattern(matches: Callable[[str], bool], problem: str) -> Rule:
    """A string that `matches` accepts."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, str) or not matches(value):
            report.add(problem, pointer)

    return check


def array(item: Rule, minimum: int, maximum: int) -> Rule:
    """A list of that many items, each of which follows `item`."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, list):
            report.add("must be an array", pointer)
            return
        if len(value) > maximum:
            report.add(f"no more than {maximum} items allowed", pointer)
        if len(value) < minimum:
            report.add(f"must provide at least {minimum} items", pointer)
        for index, each in enumerate(value):
            item(each, f"{pointer}/{index}", report)

    return check


def record(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object with these properties and no others; its `type` is checked by whoever chose this rule."""
    known = {**required, **(optional or {})}

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add("must be an object", pointer)
            return
        for name in required.keys() - value.keys():
            report.add(f"missing required field: {name}", pointer)
        for name in [name for name in value if name != "type"]:
            if name in known:
                known[name](value[name], f"{pointer}/{name}", report)
            else:
                report.add(f"invalid additional property: {name}", pointer)

    return check


def variant(table: Mapping[str, Rule]) -> Rule:
    """An object whose `type` says which rule it follows."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add("must be an object", pointer)
        elif "type" not in value:
            report.add("missing required field: type", pointer)
        elif not isinstance(value["type"], str) or value["type"] not in table:
            report.add(f"unsupported type: {value['type']}", f"{pointer}/type")
        else:
            table[value["type"]](value, pointer, report)

    return check


def text(maximum: int = 3000, *, markdown: bool = False, minimum: int = 1) -> Rule:
    """A text object; `markdown` allows mrkdwn beside plain_text."""
    body = {"text": string(maximum, minimum)}
    kinds = {"plain_text": record(body, {"emoji": boolean})}
    return variant(kinds | ({"mrkdwn": record(body, {"verbatim": boolean})} if markdown else {}))
