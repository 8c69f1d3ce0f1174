"""Slack's mrkdwn as safe HTML.

Text arrives with only `&`, `<` and `>` escaped, and a bare `<...>` is a token. So nothing may be passed through:
every piece is unescaped and escaped again on its way out, and only this file writes tags.
"""

import re
from collections.abc import Callable

from markupsafe import Markup, escape

from sandbox.page.dates import date_token
from sandbox.page.emoji import EMOJI, WORD, emojify
from sandbox.page.reader import Reader

ATOM = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<token>[^<>\n]+)>"
    r"|(?P<url>https?://[^\s<>|*~`]+[^\s<>|*~`.,;:!?)'\"])"
    rf"|(?P<emoji>{WORD.pattern})"
)
"""What styling must not look into: an address may well hold two underscores."""

STYLED = re.compile(
    r"(?<![\w*])\*(?=\S)(?P<strong>[^*\n]+)(?<=\S)\*(?![\w*])"
    r"|(?<![\w_])_(?=\S)(?P<em>[^_\n]+)(?<=\S)_(?![\w_])"
    r"|(?<![\w~])~(?=\S)(?P<s>[^~\n]+)(?<=\S)~(?![\w~])"
)
"""No marker may hold itself, which keeps matching linear in a text of forty thousand characters."""

FENCE = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
HOLDER = re.compile("\x00(\\d+)\x00")
SAFE_SCHEMES = ("https://", "http://", "mailto:", "tel:")


def render(source: str, reader: Reader) -> Markup:
    """One text object of type mrkdwn, or a message's text."""
    pieces = FENCE.split(source.replace("\x00", ""))
    return Markup("").join(
        _pre(piece) if index % 2 else _paragraphs(piece, reader) for index, piece in enumerate(pieces) if piece
    )


def plain(source: str) -> Markup:
    """A text object of type plain_text: its emoji words are drawn, and nothing else in it means anything."""
    return _broken(emojify(source))


def unescape(piece: str) -> str:
    """Undo the three entities that Slack uses; `&amp;` last, so that `&amp;lt;` stays the text `&lt;`."""
    return piece.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _pre(piece: str) -> Markup:
    return Markup("<pre>{}</pre>").format(unescape(piece))


def _paragraphs(piece: str, reader: Reader) -> Markup:
    """Lines, with neighbouring quoted lines together in one quote."""
    runs: list[tuple[bool, list[str]]] = []
    for line in piece.strip("\n").split("\n"):
        quoted, rest = _unquoted(line)
        if not runs or runs[-1][0] != quoted:
            runs.append((quoted, []))
        runs[-1][1].append(rest)
    return Markup("").join(_run(quoted, lines, reader) for quoted, lines in runs)


def _unquoted(line: str) -> tuple[bool, str]:
    for mark in ("&gt;", ">"):
        if line.startswith(mark):
            return True, line.removeprefix(mark).removeprefix(" ")
    return False, line


def _run(quoted: bool, lines: list[str], reader: Reader) -> Markup:
    inside = Markup("<br>").join(_line(line, reader) for line in lines)
    return Markup("<blockquote>{}</blockquote>").format(inside) if quoted else inside


def _line(line: str, reader: Reader) -> Markup:
    atoms: list[Markup] = []

    def hold(found: re.Match[str]) -> str:
        if found["emoji"] and found["emoji"].strip(":") not in EMOJI:
            return found[0]
        atoms.append(_atom(found, reader))
        return f"\x00{len(atoms) - 1}\x00"

    return _styled(ATOM.sub(hold, line), atoms)


def _styled(piece: str, atoms: list[Markup]) -> Markup:
    """Style from the outside in, so that tags always close in the order in which they opened."""
    parts: list[Markup] = []
    start = 0
    for found in STYLED.finditer(piece):
        tag = found.lastgroup or "em"
        parts.append(_leaf(piece[start : found.start()], atoms))
        parts.append(Markup("<{0}>{1}</{0}>").format(tag, _styled(found[tag], atoms)))
        start = found.end()
    parts.append(_leaf(piece[start:], atoms))
    return Markup("").join(parts)


def _leaf(piece: str, atoms: list[Markup]) -> Markup:
    parts = HOLDER.split(piece)
    return Markup("").join(
        atoms[int(part)] if index % 2 else escape(unescape(part)) for index, part in enumerate(parts)
    )


def _atom(found: re.Match[str], reader: Reader) -> Markup:
    if found["code"]:
        return Markup("<code>{}</code>").format(unescape(found["code"]))
    if found["url"]:
        return _link(found["url"], found["url"])
    if found["emoji"]:
        return _emoji(found["emoji"].strip(":"))
    return _token(found["token"], reader)


def _emoji(word: str) -> Markup:
    return Markup('<span class="emoji" role="img" aria-label="{}" title=":{}:">{}</span>').format(
        word.replace("_", " "), word, EMOJI[word]
    )


def _token(token: str, reader: Reader) -> Markup:
    body, _, label = token.partition("|")
    kind = KINDS.get(body[:1])
    return kind(body[1:], label, reader) if kind else _link(body, label or body)


def _link(address: str, label: str) -> Markup:
    """A link, or only its text when the address is of a kind that a message has no business with."""
    target, shown = unescape(address), emojify(unescape(label))
    if not target.lower().startswith(SAFE_SCHEMES):
        return escape(shown)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(
        target, shown.removeprefix("mailto:")
    )


def _person(body: str, label: str, reader: Reader) -> Markup:
    name = reader.name_of(body) or unescape(label) or body
    own = " mention-own" if body == reader.id else ""
    return Markup('<span class="mention{}">@{}</span>').format(own, name)


def _channel(body: str, label: str, reader: Reader) -> Markup:
    return Markup('<span class="mention">#{}</span>').format(reader.channel_name_of(body) or unescape(label) or body)


def _special(body: str, label: str, reader: Reader) -> Markup:
    """`<!here>` and its like, user groups, and dates."""
    word, *rest = body.split("^")
    if word == "date":
        return _date(rest, label, reader)
    return Markup('<span class="mention mention-own">{}</span>').format(unescape(label) or f"@{word}")


def _date(parts: list[str], label: str, reader: Reader) -> Markup:
    stamp, form, address = (*parts, "", "", "")[:3]
    shown = date_token(stamp, unescape(form), reader.now, reader.zone, reader.language)
    if address:
        return _link(address, shown or label)
    return Markup("<time>{}</time>").format(shown) if shown else escape(unescape(label))


def _broken(piece: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in piece.split("\n"))


KINDS: dict[str, Callable[[str, str, Reader], Markup]] = {"@": _person, "#": _channel, "!": _special}
