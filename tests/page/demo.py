"""A small real app with one of everything that the page can draw, and the workspace that it lives in."""

from datetime import datetime

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


def plain(text: str) -> dict:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> dict:
    return {"type": "mrkdwn", "text": text}


def option(value: str, text: str, description: str | None = None) -> dict:
    return {"text": plain(text), "value": value} | ({"description": plain(description)} if description else {})


def button(action_id: str, text: str, **more) -> dict:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def prompt(week: int = 44) -> list[dict]:
    return [
        {"type": "header", "text": plain("Hoe staat het ervoor? :seedling:")},
        {
            "type": "section",
            "text": mrkdwn(
                "Het is week *{week}*. Vorige week wilde je _twee patiënten_ vragen of het gesprek hen hielp.\n"
                "> Eerst eens bij de maandagpoli beginnen.".format(week=week)
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


def skip_question() -> dict:
    return {
        "title": plain("Deze week overslaan?"),
        "text": plain("Volgende week vragen we het weer."),
        "confirm": plain("Overslaan"),
        "deny": plain("Toch niet"),
    }


def checkin_modal(detailed: bool = False) -> dict:
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


def home_view(name: str, checkins: int) -> dict:
    blocks = [
        {"type": "header", "text": plain("Jouw leernetwerk")},
        {"type": "section", "text": mrkdwn(f"Dag *{name}*, je deed *{checkins}* check-ins.")},
        {"type": "actions", "block_id": "home", "elements": [button("home.checkin", "Check-in doen", style="primary")]},
        {"type": "divider"},
        {
            "type": "section",
            "text": mrkdwn(":calendar: *Leernetwerkbijeenkomst*\ndonderdag 16 november 2017, 13.30 uur · Utrecht"),
            "accessory": button("home.join", "Ik ben erbij"),
        },
    ]
    return {"type": "home", "blocks": blocks}


def demo_app(server: SandboxServer) -> App:
    """Check-ins by command and by button, a home tab, and an echo."""
    app = App(client=web_client(server), signing_secret=server.workspace.app.signing_secret)
    done: dict[str, int] = {}

    @app.command("/checkin")
    def on_checkin(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=checkin_modal())

    @app.command("/imagine")
    def on_imagine(ack, body):
        if body["text"] != "stil":
            ack(text=f"Je vroeg: {body['text'] or 'niets'}")
            return
        raise RuntimeError("An app that breaks before it answers.")

    @app.action("prompt.start")
    def on_start(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=checkin_modal())

    @app.action("prompt.skip")
    def on_skip(ack, respond):
        ack()
        respond(text="Overgeslagen. Tot volgende week! :wave:", replace_original=True)

    @app.action({"block_id": "mood", "action_id": "v"})
    def on_mood(ack, body, client, action):
        ack()
        detailed = action["selected_option"]["value"] == "stuck"
        client.views_update(view_id=body["view"]["id"], view=checkin_modal(detailed))

    @app.view("checkin")
    def on_submitted(ack, body, client, view):
        text = view["state"]["values"]["tried"]["v"]["value"]
        if "BSN" in text:
            ack(response_action="errors", errors={"tried": "Dit lijkt een burgerservicenummer. Haal het weg."})
            return
        ack()
        user = body["user"]["id"]
        done[user] = done.get(user, 0) + 1
        client.chat_postMessage(channel=user, text=f"Bewaard: {text} :white_check_mark:")
        client.views_publish(user_id=user, view=home_view(body["user"]["name"], done[user]))

    @app.event("app_home_opened")
    def on_home(event, client):
        if event["tab"] == "home":
            client.views_publish(user_id=event["user"], view=home_view("dokter", done.get(event["user"], 0)))

    @app.action("home.checkin")
    def on_home_checkin(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=checkin_modal())

    @app.event("message")
    def on_message(event, say):
        say(text=f"Je schreef: {event['text']}")

    return app
