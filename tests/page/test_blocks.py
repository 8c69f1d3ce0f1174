"""Blocks and elements as HTML."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from sandbox.form import initial_values
from sandbox.page.blocks import Surface
from sandbox.page.fields import Json
from sandbox.page.reader import Reader
from tests.page.demo import button, mrkdwn, option, plain

READER = Reader(
    id="U1",
    language="nl",
    zone=ZoneInfo("Europe/Amsterdam"),
    now=datetime(2017, 11, 1, 8, 0, tzinfo=UTC),
    people={"U1": "Lotte", "U2": "Marit"},
    members={"U1": "Lotte", "U2": "Marit"},
    channels={"C1": "algemeen"},
)
BAD = '"><script>alert(1)</script>'


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.seen if tag in tags]


def draw(*blocks: Json, errors: dict[str, str] | None = None) -> Tags:
    filled = [{"block_id": f"b{number}", **block} for number, block in enumerate(blocks)]
    tags = Tags()
    tags.feed(str(Surface("view:V1", filled, READER, initial_values(filled), errors or {}).render()))
    return tags


def inside_input(element: Json, **more) -> Json:
    return {"type": "input", "label": plain("Naam"), "element": {"action_id": "a", **element}, **more}


def in_actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


OPTIONS = [option("een", "Eerste", "met uitleg"), option("twee", "Tweede")]


def test_section_draws_text_fields_and_accessory():
    drawn = draw(
        {
            "type": "section",
            "text": mrkdwn("*Dag*"),
            "fields": [mrkdwn("a"), plain("*b*")],
            "accessory": button("x", "Ga"),
        }
    )

    assert drawn.text.split() == ["Dag", "a*b*", "Ga"]
    assert len(drawn.all("strong")) == 1


def test_every_text_of_an_app_is_escaped():
    drawn = draw(
        {"type": "header", "text": plain(BAD)},
        {"type": "section", "text": mrkdwn(BAD), "fields": [plain(BAD)]},
        {"type": "context", "elements": [mrkdwn(BAD)]},
        {"type": "image", "image_url": BAD, "alt_text": BAD, "title": plain(BAD)},
        in_actions(button("x" + BAD, BAD, value=BAD, confirm={"title": plain(BAD), "text": plain(BAD)})),
        inside_input(
            {"type": "plain_text_input", "initial_value": BAD, "placeholder": plain(BAD)},
            label=plain(BAD),
            hint=plain(BAD),
        ),
        inside_input({"type": "static_select", "options": [option(BAD, BAD)], "action_id": "s"}),
        {"type": BAD},
        errors={"b5": BAD},
    )

    assert drawn.all("script") == []
    assert drawn.text.count(BAD) >= 9


def test_unknown_blocks_and_elements_are_named():
    drawn = draw({"type": "carousel"}, in_actions({"type": "workflow_button", "action_id": "w"}), {"type": "../page"})

    for name in ("carousel", "workflow_button", "../page"):
        assert f"Dit kan de proefomgeving niet tonen: {name}" in drawn.text


@pytest.mark.parametrize(("given", "kept"), [("https://a.nl", True), ("javascript:alert(1)", False)])
def test_button_with_a_url_is_a_link_only_to_a_safe_address(given, kept):
    drawn = draw(in_actions(button("x", "Open", url=given)))

    assert [each["href"] for each in drawn.all("a")] == ([given] if kept else [])


@pytest.mark.parametrize(
    ("element", "kind", "value"),
    [
        ({"type": "plain_text_input", "initial_value": "x"}, "text", "x"),
        ({"type": "number_input", "is_decimal_allowed": False, "initial_value": "3"}, "number", "3"),
        ({"type": "email_text_input"}, "email", ""),
        ({"type": "url_text_input"}, "url", ""),
        ({"type": "datepicker", "initial_date": "2017-11-02"}, "date", "2017-11-02"),
        ({"type": "timepicker", "initial_time": "12:15"}, "time", "12:15"),
        ({"type": "datetimepicker", "initial_date_time": 1509621300}, "datetime-local", "2017-11-02T12:15"),
    ],
)
def test_typed_fields_get_the_browsers_own_kind_and_their_value(element, kind, value):
    (field,) = draw(inside_input(element)).all("input")

    assert (field["type"], field["value"]) == (kind, value)


def test_input_is_tied_to_its_label_hint_and_error():
    drawn = draw(inside_input({"type": "plain_text_input"}, hint=plain("Kort")), errors={"b0": "Te kort"})

    (field,), (label,) = drawn.all("input"), drawn.all("label")
    assert label["for"] == field["id"]
    assert field["aria-invalid"] == "true"
    shown = {each.get("id") for each in drawn.all("p")}
    assert set(str(field["aria-describedby"]).split()) <= shown
    assert "Te kort" in drawn.text


def test_optional_input_says_so():
    assert "(optioneel)" in draw(inside_input({"type": "plain_text_input"}, optional=True)).text


def test_select_shows_groups_descriptions_and_what_is_chosen():
    groups = [{"label": plain("Groep"), "options": OPTIONS}]
    drawn = draw(inside_input({"type": "static_select", "option_groups": groups, "initial_option": OPTIONS[1]}))

    assert [each["label"] for each in drawn.all("optgroup")] == ["Groep"]
    assert [each["value"] for each in drawn.all("option") if "selected" in each] == ["twee"]
    assert "Eerste – met uitleg" in drawn.text


def test_users_select_offers_the_members():
    drawn = draw(inside_input({"type": "users_select", "initial_user": "U2"}))

    assert [(each["value"], "selected" in each) for each in drawn.all("option")] == [
        ("", False),
        ("U1", False),
        ("U2", True),
    ]


@pytest.mark.parametrize(
    ("kind", "preset", "box"),
    [
        ("radio_buttons", {"initial_option": OPTIONS[0]}, "radio"),
        ("checkboxes", {"initial_options": OPTIONS[:1]}, "checkbox"),
        ("multi_static_select", {"initial_options": OPTIONS[:1]}, "checkbox"),
    ],
)
def test_choices_are_boxes_of_one_named_group(kind, preset, box):
    drawn = draw(inside_input({"type": kind, "options": OPTIONS, **preset}))

    boxes = drawn.all("input")
    assert [(each["type"], each["value"], "checked" in each) for each in boxes] == [
        (box, "een", True),
        (box, "twee", False),
    ]
    assert len({each["name"] for each in boxes}) == 1
    assert len({each["id"] for each in boxes}) == 2
    (group,) = [each for each in drawn.all("div") if each.get("role") == "group"]
    assert group["aria-labelledby"] in {each.get("id") for each in drawn.all("span")}


def test_elements_without_a_label_still_have_a_name():
    drawn = draw(
        {
            "type": "section",
            "text": mrkdwn("Taal"),
            "accessory": {"type": "static_select", "action_id": "t", "options": OPTIONS},
        },
        in_actions({"type": "datepicker", "action_id": "d", "placeholder": plain("Kies een dag")}),
    )

    assert [each["aria-label"] for each in drawn.all("select", "input")] == ["Taal", "Kies een dag"]


def test_ids_differ_between_surfaces_that_hold_the_same_blocks():
    blocks = [{"block_id": "b", **in_actions(button("x", "Ga"))}]

    first, second = (Surface(key, blocks, READER).render() for key in ("message:C1:1.1", "message:C1:1.2"))

    assert first != second


def test_image_without_a_safe_address_shows_its_description():
    drawn = draw({"type": "image", "image_url": "javascript:alert(1)", "alt_text": "Grafiek"})

    assert drawn.all("img") == []
    assert "Grafiek" in drawn.text
