"""A small real app with one of everything that the page can draw, and the workspace that it lives in."""

import re
import time
from collections import Counter
from datetime import datetime
from typing import Any

from slack_bolt import App

from sandbox.clock import Clock
from sandbox.installation import Command, Installation
from sandbox.jumps import Jump
from sandbox.people import Person
from sandbox.server import SandboxServer
from sandbox.workspace import Workspace
from tests.sandbox.apps import web_client

START = datetime.fromisoformat("2017-11-01T09:00+01:00")
NOTICE = "DEMO: verzonnen personen, projecten en cijfers."


def workspace(app_name: str = "Vliegwiel") -> Workspace:
    rows = [
        ("U0D07", "Lotte Kerkhuis", "reumatoloog · Deventer Ziekenhuis"),
        ("U0D01", "Marit Hogeveen", "klinisch geriater · Albert Schweitzer Ziekenhuis"),
        ("U0D09", "Nadia el Ouazz", "mdl-arts · Jeroen Bosch Ziekenhuis"),
        ("U0P01", "Karin Verduijn", "programmaleider"),
    ]
    people = {key: Person(key, name.split()[0].lower(), name, title=title) for key, name, title in rows}
    people["U0EXT"] = Person("U0EXT", "joost", "Joost Buiten", title="verloskundige", team_id="T0ELDERS")
    app = Installation(
        name=app_name,
        description="Houdt het vliegwiel draaiend tussen de bijeenkomsten van je leernetwerk.",
        commands=[
            Command("/checkin", "Je check-in van deze week, in een minuut", should_escape=True),
            Command("/imagine", "Agenda, check-in, instellingen en hulp", "[agenda | checkin | pauze | help]"),
        ],
        scopes=["commands", "chat:write", "im:write"],
        events=["app_home_opened", "message.im"],
    )
    jumps = [Jump("Naar donderdag 12.15", 3, "12:15"), Jump("+1 uur", advance_seconds=3600)]
    made = Workspace(
        people=people,
        app=app,
        clock=Clock(START, frozen=True),
        team_name="Imagine2",
        notice=NOTICE,
        jumps=[*jumps, Jump("+1 dag", advance_seconds=86_400)],
        ack_seconds=1.0,
    )
    made.add_channel("patiëntgerichte-zorg")
    made.add_channel("veilige-zorg")
    return made


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(value: str, text: str, description: str | None = None) -> dict[str, Any]:
    return {"text": plain(text), "value": value} | ({"description": plain(description)} if description else {})


def button(action_id: str, text: str, **more) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def prompt(week: int = 44) -> list[dict[str, Any]]:
    return [
        {"type": "header", "text": plain("Hoe staat het ervoor? :seedling:")},
        {
            "type": "section",
            "text": mrkdwn(
                f"Het is week *{week}*. Vorige week wilde je _twee patiënten_ vragen of het gesprek hen hielp.\n"
                "> Eerst eens bij de maandagpoli beginnen."
            ),
        },
        {
            "type": "actions",
            "block_id": "prompt",
            "elements": [
                button("prompt.start", "Check-in doen", style="primary"),
                button("prompt.skip", "Deze week overslaan", confirm=skip_question()),
                {
                    "type": "overflow",
                    "action_id": "prompt.more",
                    "options": [option("pause", "Pauzeren"), option("settings", "Instellingen")],
                },
            ],
        },
        {"type": "context", "elements": [mrkdwn(":lock: Alleen jij leest dit. Het kost ongeveer een minuut.")]},
    ]


def skip_question() -> dict[str, Any]:
    return {
        "title": plain("Deze week overslaan?"),
        "text": plain("Volgende week vragen we het weer."),
        "confirm": plain("Overslaan"),
        "deny": plain("Toch niet"),
    }


def checkin_modal(detailed: bool = False) -> dict[str, Any]:
    radio = {
        "type": "radio_buttons",
        "action_id": "v",
        "options": [
            option("up", "Vooruit :chart_with_upwards_trend:", "Er is iets veranderd"),
            option("flat", "Even stil"),
            option("stuck", "Vastgelopen"),
        ],
    }
    help_from = {
        "type": "static_select",
        "action_id": "v",
        "placeholder": plain("Kies wie je kan helpen"),
        "options": [option("mentor", "Mijn mentor"), option("network", "Het netwerk")],
    }
    text = {"type": "plain_text_input", "action_id": "v", "multiline": True, "max_length": 60}
    blocks = [
        {
            "type": "input",
            "block_id": "mood",
            "dispatch_action": True,
            "label": plain("Hoe ging het?"),
            "element": radio,
        },
        {
            "type": "input",
            "block_id": "tried",
            "label": plain("Wat heb je geprobeerd?"),
            "element": text | {"placeholder": plain("In een of twee zinnen")},
            "hint": plain("Geen gegevens van patiënten."),
        },
        {"type": "input", "block_id": "help", "optional": True, "label": plain("Hulp nodig?"), "element": help_from},
    ]
    blocks.append({"type": "actions", "block_id": "more", "elements": [button("push", "Uitleg")]})
    if detailed:
        stuck = {"type": "plain_text_input", "action_id": "v"}
        extra = {
            "type": "input",
            "block_id": "stuck",
            "optional": True,
            "label": plain("Waar zit het op vast?"),
            "element": stuck,
        }
        blocks.insert(1, extra)
    return {
        "type": "modal",
        "callback_id": "checkin",
        "title": plain("Check-in"),
        "submit": plain("Bewaren"),
        "close": plain("Annuleren"),
        "blocks": blocks,
    }


def everything() -> list[dict[str, Any]]:
    """One of each element that the app hears of at once."""
    options = [option("een", "Eerste", "met uitleg"), option("twee", "Tweede")]
    return [
        {
            "type": "section",
            "block_id": "s1",
            "text": mrkdwn("Taal"),
            "accessory": {"type": "static_select", "action_id": "any.select", "options": options},
        },
        {
            "type": "section",
            "block_id": "s2",
            "text": mrkdwn("Thema's"),
            "accessory": {"type": "multi_static_select", "action_id": "any.multi", "options": options},
        },
        {
            "type": "actions",
            "block_id": "a1",
            "elements": [
                {"type": "checkboxes", "action_id": "any.boxes", "options": options},
                {"type": "radio_buttons", "action_id": "any.radio", "options": options},
                {"type": "datepicker", "action_id": "any.date", "placeholder": plain("Dag")},
                {"type": "timepicker", "action_id": "any.time", "placeholder": plain("Tijd")},
                {"type": "datetimepicker", "action_id": "any.moment"},
                {"type": "users_select", "action_id": "any.person", "placeholder": plain("Persoon")},
                {"type": "overflow", "action_id": "any.more", "options": options},
                button("any.link", "Naar buiten", url="https://voorbeeld.invalid/"),
            ],
        },
        {
            "type": "input",
            "block_id": "i1",
            "dispatch_action": True,
            "label": plain("Notitie"),
            "element": {"type": "plain_text_input", "action_id": "any.text"},
        },
    ]


def second_view() -> dict[str, Any]:
    return checkin_modal() | {"callback_id": "second", "title": plain("Tweede venster")}


def home_view(checkins: int) -> dict[str, Any]:
    blocks = [
        {"type": "header", "text": plain("Jouw leernetwerk")},
        {"type": "section", "text": mrkdwn(f"Je deed *{checkins}* check-ins.")},
        {"type": "actions", "block_id": "home", "elements": [button("home.checkin", "Check-in doen", style="primary")]},
        {"type": "divider"},
        {
            "type": "section",
            "text": mrkdwn(":calendar: *Leernetwerkbijeenkomst*\ndonderdag 16 november 2017, 13.30 uur · Utrecht"),
            "accessory": button("home.join", "Ik ben erbij"),
        },
    ]
    return {"type": "home", "blocks": blocks}


class CheckIns:
    """The listeners, and how many check-ins each person did."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.heard: dict[str, Any] = {}

    def register(self, app: App) -> None:
        app.command("/checkin")(self.on_start)
        app.action("prompt.start")(self.on_start)
        app.action("home.checkin")(self.on_start)
        app.action("prompt.skip")(self.on_skip)
        app.action({"block_id": "mood", "action_id": "v"})(self.on_mood)
        app.view("checkin")(self.on_submitted)
        app.command("/imagine")(self.on_imagine)
        app.action(re.compile("any\\..*"))(self.on_anything)
        app.action("push")(self.on_push)
        app.event("app_home_opened")(self.on_home)
        app.event("message")(self.on_message)

    def on_start(self, ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=checkin_modal())

    def on_skip(self, ack, respond):
        ack()
        respond(text="Overgeslagen. Tot volgende week! :wave:", replace_original=True)

    def on_mood(self, ack, body, client, action):
        ack()
        detailed = action["selected_option"]["value"] == "stuck"
        client.views_update(view_id=body["view"]["id"], view=checkin_modal(detailed))

    def on_submitted(self, ack, body, client, view):
        written = view["state"]["values"]["tried"]["v"]["value"]
        if "BSN" in written:
            ack(response_action="errors", errors={"tried": "Dit lijkt een burgerservicenummer. Haal het weg."})
            return
        ack()
        user = body["user"]["id"]
        self.done[user] += 1
        client.chat_postMessage(channel=user, text=f"Bewaard: {written} :white_check_mark:")
        client.views_publish(user_id=user, view=home_view(self.done[user]))

    def on_imagine(self, ack, body):
        if body["text"] == "stil":
            time.sleep(1.2)  # longer than this workspace waits
        ack(text=f"Je vroeg: {body['text'] or 'niets'}")

    def on_anything(self, ack, action):
        ack()
        told = (value for key, value in action.items() if key == "value" or key.startswith("selected_"))
        self.heard[action["action_id"]] = next(told, "pressed")

    def on_push(self, ack, body, client):
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=second_view())

    def on_home(self, event, client):
        if event["tab"] == "home":
            client.views_publish(user_id=event["user"], view=home_view(self.done[event["user"]]))

    def on_message(self, event, say):
        say(text=f"Je schreef: {event['text']}")


def demo_app(server: SandboxServer, check_ins: CheckIns | None = None) -> App:
    """Check-ins by command and by button, a home tab, and an echo."""
    app = App(client=web_client(server), signing_secret=server.workspace.app.signing_secret)
    (check_ins or CheckIns()).register(app)
    return app
