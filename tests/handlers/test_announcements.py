import html
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, select

from bot.models.announcements import Announcement
from bot.models.deliveries import DeliveryKind
from bot.models.people import Identity
from sandbox.client import Json, Outcome, wait_for
from tests.support.demo import HUGO, LOTTE, MARIT, MIEKE, SJOERD, WENDELA, amsterdam, slack_id
from tests.support.rows import everything, outcomes, people_sent
from tests.support.screens import buttons, fields, heard, texts
from tests.support.world import World

MENTORS = sorted(slack_id(f"M{number:02}") for number in range(1, 12))
TEXT = "Volgende week is er *koffie* in <zaal 3> & cake"
SENT_BY = "Van Wendela Broekhof, Imagine2 2017-2018"


def compose(
    world: World, text: str = TEXT, audience: tuple[str, ...] = ("role:mentor",), send_at: str | None = None
) -> Outcome:
    """Fill in the form and ask for the preview."""
    wendela = world.person(WENDELA)
    wendela.command("/imagine mededeling")
    wendela.view(callback_id="announcements.compose")
    wendela.type("text", text)
    wendela.choose("audience", list(audience))
    if send_at:
        wendela.choose("send_at", str(int(amsterdam(send_at).timestamp())))
    return wendela.submit()


def preview(world: World) -> Json:
    return world.person(WENDELA).view(callback_id="announcements.confirm")


def announce(world: World, text: str = TEXT, audience: tuple[str, ...] = ("role:mentor",)) -> None:
    """Write and send at once; the worker does the rest."""
    compose(world, text, audience)
    preview(world)
    world.person(WENDELA).submit()


def result(world: World) -> Json:
    return heard(world.person(WENDELA), "Je mededeling")


def states(world: World) -> list[str]:
    with world.db.begin() as db:
        return [row.state.value for row in db.scalars(select(Announcement).order_by(Announcement.id))]


def test_form_offers_everybody_hospitals_tracks_and_roles(world: World):
    wendela = world.person(WENDELA)
    wendela.command("/imagine mededeling")

    view = wendela.view()

    assert list(fields(view)) == ["text", "audience", "send_at"]
    groups = view["blocks"][1]["element"]["option_groups"]
    assert {group["label"]["text"]: [o["text"]["text"] for o in group["options"]] for group in groups} == {
        "Editie": ["Iedereen in deze editie"],
        "Ziekenhuizen": [
            "Albert Schweitzer Ziekenhuis",
            "Deventer Ziekenhuis",
            "Jeroen Bosch Ziekenhuis",
            "Noordwest Ziekenhuisgroep",
            "OLVG",
            "Spaarne Gasthuis",
        ],
        "Onderdelen": ["opleiding klinisch leiderschap", "leiderschapsnetwerk", "leernetwerk", "plenaire module"],
        "Rollen": [
            "deelnemers",
            "bestuurders",
            "medische stafbesturen",
            "mentoren",
            "trainers",
            "coördinatoren",
            "programmaleiders",
        ],
    }


@pytest.mark.parametrize(
    ("text", "audience", "send_at", "objections"),
    [
        ("   ", ("role:mentor",), None, {"text": "Schrijf wat je wilt vertellen."}),
        (
            "Patiënt 999990019",
            ("role:mentor",),
            None,
            {"text": "Dit lijkt op patiëntgegevens. Haal het weg; er is niets opgeslagen."},
        ),
        (
            "Hallo",
            ("role:mentor",),
            "2017-11-01 08:59",
            {"send_at": "Kies een moment in de toekomst, of laat het leeg om nu te versturen."},
        ),
    ],
)
def test_mistake_is_shown_below_its_field_and_nothing_is_stored(
    world: World, text: str, audience: tuple[str, ...], send_at: str | None, objections: dict[str, str]
):
    sent = compose(world, text, audience, send_at)

    assert (sent.errors, states(world)) == (objections, [])
    assert "999990019" not in everything(world)


def test_form_left_empty_and_text_too_long_are_refused_by_slack(world: World):
    wendela = world.person(WENDELA)
    wendela.command("/imagine mededeling")
    wendela.view()
    empty = wendela.submit()
    wendela.type("text", "x" * 2501)
    wendela.choose("audience", ["edition"])

    too_long = wendela.submit()

    assert (sorted(empty.errors), list(too_long.errors)) == (["audience", "text"], ["text"])


def test_preview_tells_how_many_people_and_shows_the_text(world: World):
    compose(world, audience=("role:mentor", "role:trainer"))

    view = preview(world)

    assert (view["title"]["text"], view["submit"]["text"], view["close"]["text"]) == ("Voorbeeld", "Versturen", "Terug")
    assert texts(view) == ["*13 mensen* krijgen dit bericht: mentoren, trainers.\nWanneer: nu", TEXT]


def test_preview_of_overlapping_audiences_counts_everybody_once(world: World):
    compose(world, audience=("edition", "role:mentor", "role:participant"))

    assert texts(preview(world))[0].startswith("*51 mensen* krijgen dit bericht: ")


def test_preview_tells_who_has_no_slack_account(world: World):
    with world.db.begin() as db:
        db.execute(delete(Identity).where(Identity.slack_user_id.in_([HUGO, MENTORS[0]])))

    compose(world)

    assert texts(preview(world))[1] == "2 van hen hebben nog geen Slack-account en krijgen het niet."


def test_preview_warns_outside_working_hours(world: World):
    compose(world, send_at="2017-11-04 10:00")

    assert texts(preview(world)) == [
        "*11 mensen* krijgen dit bericht: mentoren.\nWanneer: zaterdag 4 november 2017, 10.00 uur",
        "Dat is buiten werktijd. Ga terug om een ander moment te kiezen.",
        TEXT,
    ]


def test_going_back_from_the_preview_keeps_the_text_and_sends_nothing(world: World):
    wendela = world.person(WENDELA)
    compose(world)
    preview(world)

    wendela.close()

    shown = fields(wendela.view(callback_id="announcements.compose"))
    assert (shown["text"], shown["audience"]) == (TEXT, ["role:mentor"])
    world.work()
    assert people_sent(world, DeliveryKind.ANNOUNCEMENT) == []


def test_announcement_reaches_each_person_once_with_its_markup_made_harmless(world: World):
    announce(world, "Koffie *vrijdag* in <zaal 3> & <!channel>, zie https://imagine.example/a?b=1&c=2")

    world.work()
    world.work()

    assert people_sent(world, DeliveryKind.ANNOUNCEMENT) == MENTORS
    (message,) = world.person(HUGO).dm()
    assert message["blocks"][0]["text"] == {
        "type": "mrkdwn",
        "text": "Koffie *vrijdag* in &lt;zaal 3&gt; &amp; &lt;!channel&gt;, "
        "zie <https://imagine.example/a?b=1&amp;c=2>",
        "verbatim": True,
    }
    assert texts(message)[1] == SENT_BY
    assert message["text"].endswith(SENT_BY)
    assert "<!channel>" not in message["text"]


@pytest.mark.parametrize(
    ("audience", "number"),
    [("edition", 51), ("role:participant", 23), ("role:board", 6)],
)
def test_audience_is_who_it_says(world: World, audience: str, number: int):
    announce(world, audience=(audience,))

    world.work()

    assert len(people_sent(world, DeliveryKind.ANNOUNCEMENT)) == number
    assert texts(result(world)) == [f"Je mededeling is uit: {number} van {number} verstuurd."]


def test_audience_of_a_hospital_is_its_people(world: World):
    wendela = world.person(WENDELA)
    wendela.command("/imagine mededeling")
    groups = wendela.view()["blocks"][1]["element"]["option_groups"]
    olvg = next(o["value"] for group in groups for o in group["options"] if o["text"]["text"] == "OLVG")
    wendela.close()

    announce(world, audience=(olvg,))
    world.work()

    assert people_sent(world, DeliveryKind.ANNOUNCEMENT) == sorted(
        [SJOERD, *(slack_id(code) for code in ("D17", "D18", "D19", "B-OLVG", "S-OLVG"))]
    )


def test_result_names_who_could_not_be_reached(world: World):
    world.slack.deactivate(HUGO)
    world.slack.fault("chat.postMessage", "error:channel_not_found", person=MENTORS[0], times=10)
    with world.db.begin() as db:
        db.execute(delete(Identity).where(Identity.slack_user_id == MENTORS[2]))
    wait_for(lambda: closed_accounts(world) == [HUGO], what="the closed account")

    announce(world)
    world.work()

    line = texts(result(world))[0].splitlines()
    assert line[:2] == ["Je mededeling is uit: 8 van 11 verstuurd.", "3 mislukt:"]
    assert sorted(line[2:]) == [
        "• Annelies Wortman: nog geen Slack-account",
        "• Gerda Mulleners: onbereikbaar in Slack",
        "• Hugo Brandsteder: account gesloten",
    ]
    assert buttons(result(world)) == []


def closed_accounts(world: World) -> list[str]:
    with world.db.begin() as db:
        return list(db.scalars(select(Identity.slack_user_id).where(Identity.deactivated_at.is_not(None))))


def test_result_line_lives_while_it_goes_out_and_ends_final(world: World):
    world.slack.fault("chat.postMessage", "ratelimited", person=MENTORS[4], retry_after=30)
    announce(world)

    world.work()
    under_way = result(world)
    world.slack.advance(seconds=31)
    world.work()

    assert texts(under_way) == ["Je mededeling gaat uit: 4 van 11 verstuurd."]
    assert buttons(under_way) == ["Stoppen"]
    assert (texts(result(world)), buttons(result(world))) == (["Je mededeling is uit: 11 van 11 verstuurd."], [])
    assert len(world.person(WENDELA).dm()) == 1
    assert people_sent(world, DeliveryKind.ANNOUNCEMENT) == MENTORS


def test_stopping_under_way_keeps_the_others_from_getting_it(world: World):
    world.slack.fault("chat.postMessage", "ratelimited", person=MENTORS[4], retry_after=30)
    announce(world)
    world.work()

    world.person(WENDELA).click("announcements.stop")
    wait_for(lambda: states(world) == ["cancelled"], what="a stopped announcement")
    world.slack.advance(seconds=31)
    world.work()

    assert people_sent(world, DeliveryKind.ANNOUNCEMENT) == MENTORS[:4]
    assert texts(result(world)) == ["Je mededeling is gestopt: 4 van 11 verstuurd."]
    assert buttons(result(world)) == []


def test_announcement_for_later_waits_for_its_moment(world: World):
    compose(world, send_at="2017-11-02 10:00")
    assert preview(world)["submit"]["text"] == "Inplannen"
    world.person(WENDELA).submit()
    world.work()
    planned = result(world)

    world.jump("2017-11-02 09:59")
    before = people_sent(world, DeliveryKind.ANNOUNCEMENT)
    world.jump("2017-11-02 10:00")

    assert texts(planned) == ["Je mededeling gaat uit op donderdag 2 november 2017, 10.00 uur."]
    assert buttons(planned) == ["Stoppen"]
    assert (before, people_sent(world, DeliveryKind.ANNOUNCEMENT)) == ([], MENTORS)
    assert texts(result(world)) == ["Je mededeling is uit: 11 van 11 verstuurd."]


def test_announcement_for_later_can_be_stopped(world: World):
    compose(world, send_at="2017-11-02 10:00")
    preview(world)
    world.person(WENDELA).submit()
    world.work()

    world.person(WENDELA).click("announcements.stop")
    wait_for(lambda: states(world) == ["cancelled"], what="a stopped announcement")
    world.jump("2017-11-02 10:00")

    assert people_sent(world, DeliveryKind.ANNOUNCEMENT) == []
    assert (texts(result(world)), buttons(result(world))) == (["Je mededeling is gestopt: 0 van 0 verstuurd."], [])


def test_confirming_twice_sends_once(world: World):
    compose(world)
    preview(world)

    with ThreadPoolExecutor(2) as pool:
        for _ in range(2):
            pool.submit(world.person(WENDELA).submit)
    world.work()

    assert people_sent(world, DeliveryKind.ANNOUNCEMENT) == MENTORS
    assert states(world) == ["sent"]
    assert len(world.person(WENDELA).dm()) == 1


def test_sending_closes_both_views(world: World):
    announce(world)

    world.person(WENDELA).no_view()


@pytest.mark.parametrize("user_id", [LOTTE, HUGO, MIEKE])
def test_who_is_no_coordinator_is_refused(world: World, user_id: str):
    world.person(user_id).command("/imagine mededeling")

    heard(world.person(user_id), "Alleen een coördinator kan een mededeling versturen.")
    assert world.person(user_id).screen() is None


def test_programme_leader_may_announce(world: World):
    leader = world.person(slack_id("PL"))

    leader.command("/imagine mededeling")

    assert leader.view()["callback_id"] == "announcements.compose"


@pytest.mark.parametrize("text", ["&" * 2500, "x" + "&" * 2499, ("woord <b> & " * 209)[:2500]])
def test_longest_text_of_awkward_characters_arrives_whole(world: World, text: str):
    compose(world, text)
    shown = preview(world)
    world.person(WENDELA).submit()
    world.work()

    (message,) = world.person(HUGO).dm()
    for parts in (message["blocks"][:-1], shown["blocks"][2:]):
        pieces = [block["text"]["text"] for block in parts]
        assert all(len(piece) <= 3000 for piece in pieces)
        assert not [piece for piece in pieces if re.search(r"&(?!(?:amp|lt|gt);)", piece)]
        joined = html.unescape("".join(pieces)).replace(" ", "")
        assert joined == text.replace(" ", "")


def test_reader_in_english_gets_the_source_in_english(world: World):
    world.person(MARIT).command("/imagine taal en")
    heard(world.person(MARIT), "Saved")

    announce(world, audience=("role:participant",))
    world.work()

    assert texts(heard(world.person(MARIT), "koffie"))[1] == "From Wendela Broekhof, Imagine2 2017-2018"
    assert texts(heard(world.person(LOTTE), "koffie"))[1] == SENT_BY


def test_author_who_leaves_the_network_does_not_stop_the_announcement(world: World):
    announce(world)
    world.slack.deactivate(WENDELA)
    wait_for(lambda: closed_accounts(world) == [WENDELA], what="the closed account")

    world.work()

    assert people_sent(world, DeliveryKind.ANNOUNCEMENT) == MENTORS
    assert outcomes(world, DeliveryKind.ANNOUNCEMENT_RESULT) == {WENDELA: ("failed", "user_disabled")}
