"""Slack's markup as HTML, with friendly and with hostile text."""

import time
from datetime import UTC, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from sandbox.page.mrkdwn import plain, render
from sandbox.page.reader import Reader

READER = Reader(
    id="U0D07",
    language="nl",
    zone=ZoneInfo("Europe/Amsterdam"),
    now=datetime(2017, 11, 1, 8, 0, tzinfo=UTC),
    people={"U0D07": "Lotte Kerkhuis", "U0D01": "Marit <b>Hogeveen"},
    channels={"C0A": "algemeen"},
)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("gewoon", "gewoon"),
        ("*vet* en _schuin_ en ~weg~", "<strong>vet</strong> en <em>schuin</em> en <s>weg</s>"),
        ("*vet _en schuin_*", "<strong>vet <em>en schuin</em></strong>"),
        ("2*3*4 en snake_case_name", "2*3*4 en snake_case_name"),
        ("* geen lijst *", "* geen lijst *"),
        ("*a _b* c_", "<strong>a _b</strong> c_"),
        ("`a*b*c`", "<code>a*b*c</code>"),
        ("een\ntwee", "een<br>twee"),
        ("• een\n• twee", "• een<br>• twee"),
        ("> citaat\n&gt; nog een\nna", "<blockquote>citaat<br>nog een</blockquote>na"),
        ("voor\n```\na &lt;b\n  c```na", "voor<pre>a &lt;b\n  c</pre>na"),
        ("a &amp; b &lt;c&gt;", "a &amp; b &lt;c&gt;"),
        ("&amp;lt;", "&amp;lt;"),
        ("om 12:15:30", "om 12:15:30"),
        (":geen_emoji:", ":geen_emoji:"),
    ],
)
def test_markup_is_rendered(source, html):
    assert render(source, READER) == Markup(html)


def test_emoji_is_drawn_and_named_for_screen_readers():
    drawn = render("klaar :white_check_mark:", READER)

    assert (
        drawn
        == 'klaar <span class="emoji" role="img" aria-label="white check mark" title=":white_check_mark:">✅</span>'
    )


@pytest.mark.parametrize(
    ("source", "address", "label"),
    [
        ("<https://a.nl/x_y_z|de *pagina*>", "https://a.nl/x_y_z", "de *pagina*"),
        ("<https://a.nl/?a=1&amp;b=2>", "https://a.nl/?a=1&amp;b=2", "https://a.nl/?a=1&amp;b=2"),
        ("<mailto:k@a.nl|k@a.nl>", "mailto:k@a.nl", "k@a.nl"),
        ("zie https://a.nl/x_y_z.", "https://a.nl/x_y_z", "https://a.nl/x_y_z"),
    ],
)
def test_link_is_rendered(source, address, label):
    link = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{label}</a>'

    assert link in render(source, READER)


def test_mentions_take_names_of_today():
    drawn = render("<@U0D07|oud> <@U0D01> <@U9> <#C0A|x> <!here> <!subteam^S1|artsen>", READER)

    assert drawn == (
        '<span class="mention mention-own">@Lotte Kerkhuis</span> '
        '<span class="mention">@Marit &lt;b&gt;Hogeveen</span> '
        '<span class="mention">@U9</span> '
        '<span class="mention">#algemeen</span> '
        '<span class="mention mention-own">@here</span> '
        '<span class="mention mention-own">artsen</span>'
    )


NOON = int(datetime(2017, 11, 2, 11, 15, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("{date_long} om {time}", "donderdag 2 november om 12:15"),
        ("{date_short_pretty}", "morgen"),
        ("{date_num} {time_secs}", "2017-11-02 12:15:00"),
        ("{date}", "2 november"),
        ("{ago}", "over 1 dag"),
    ],
)
def test_date_token_is_written_in_the_readers_zone_and_language(form, words):
    assert render(f"<!date^{NOON}^{form}|terugval>", READER) == Markup(f"<time>{words}</time>")


@pytest.mark.parametrize(
    "token", [f"<!date^{NOON}^{{vandaag}}|x &amp; y>", "<!date^soon^{date}|x &amp; y>", "<!date^1|x &amp; y>"]
)
def test_date_token_that_makes_no_sense_shows_its_fallback(token):
    assert render(token, READER) == Markup("x &amp; y")


def test_date_token_can_be_a_link():
    assert 'href="https://a.nl/"' in render(f"<!date^{NOON}^{{date}}^https://a.nl/|x>", READER)


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<javascript:alert(1)|klik>",
    "< javascript:alert(1)|klik>",
    "<JaVaScRiPt:alert(1)>",
    "<data:text/html,<script>alert(1)</script>|klik>",
    '<https://a.nl/"onmouseover="alert(1)|klik>',
    "<https://a.nl|<img src=x>>",
    "*<b>*",
    "`<b>`",
    "```<script>```",
    '<@"><script>>',
    "<!date^1^{date}^javascript:alert(1)|x>",
    "\x000\x00 \x005\x00 `x`",
    "&lt;script&gt;",
    ":white_check_mark:<b>",
]
TAGS = {"strong", "em", "s", "code", "pre", "br", "blockquote", "a", "span", "time"}


class Checker(HTMLParser):
    """Only our own tags, properly nested, without scripts or addresses that act."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        names = dict(attrs)
        assert names.keys() <= {"href", "target", "rel", "class", "role", "aria-label", "title"}
        assert names.get("href", "https://").lower().startswith(("https://", "http://", "mailto:", "tel:"))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def assert_harmless(drawn: Markup) -> None:
    checker = Checker()
    checker.feed(str(drawn))
    checker.close()
    assert checker.open == []


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_text_becomes_harmless(source):
    assert_harmless(render(source, READER))


@given(st.text(alphabet=st.sampled_from("<>&|*_~`\"'\n ab:/!@#^{}\x00;lgt1") | st.characters(), max_size=60))
def test_any_text_becomes_harmless(source):
    assert_harmless(render(source, READER))


def test_text_of_forty_thousand_characters_takes_no_time():
    started = time.perf_counter()

    for piece in ("*a ", "_a", "`", "<", "~*_", "```", ":a", "https://"):
        render(piece * (40_000 // len(piece)), READER)

    assert time.perf_counter() - started < 2


def test_plain_text_draws_emoji_and_nothing_else():
    assert plain("*geen vet* :wave: <b> &amp;") == Markup("*geen vet* 👋 &lt;b&gt; &amp;amp;")
