import html

from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Texts
from bot.views import kit
from tests.bot.views.checks import check_blocks, check_form

ESCAPED = st.text(st.sampled_from("&<>ab "), max_size=60).map(kit.escape)


@given(st.text())
def test_escaped_text_reads_as_it_was_typed_and_holds_no_markup(text: str):
    safe = kit.escape(text)

    assert html.unescape(safe) == text
    assert not set("<>") & set(safe)


@given(ESCAPED, st.integers(6, 40))
def test_cut_text_fits_and_never_ends_in_half_a_character(text: str, longest: int):
    beginning, short = kit.cut(text, longest), kit.shorten(text, longest)

    assert max(len(beginning), len(short)) <= longest
    assert text.startswith(beginning)
    assert html.escape(html.unescape(beginning), quote=False) == beginning
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_long_title_label_header_and_text_are_cut_to_what_slack_takes():
    form = kit.Form("x", "t" * 60, "Send", {})
    menu = kit.select("a", [("1", "o" * 200), ("2", "short")], "1")

    view = check_form(kit.modal(Texts("en"), form, kit.header("h" * 200), kit.field("f", "label", menu)))
    check_blocks(kit.to_dicts([kit.section("s" * 4000), kit.context("c" * 4000)]))

    header, field = view["blocks"]
    option = field["element"]["options"][0]["text"]["text"]
    assert (len(view["title"]["text"]), len(header["text"]["text"]), option) == (24, 150, "o" * 74 + "…")


def test_option_that_is_not_among_the_choices_is_not_chosen():
    assert kit.select("a", [("1", "one")], "9").to_dict().get("initial_option") is None


def test_empty_view_remembers_nothing():
    assert kit.memory({}) == {}
    assert kit.memory({"private_metadata": '{"week": "2017-W44"}'}) == {"week": "2017-W44"}
