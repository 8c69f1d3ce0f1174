"""Every text of the page itself, in Dutch and English; what the app says comes from the app."""

from typing import Literal

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")

TEXTS: dict[str, tuple[str, str]] = {
    # The frame
    "language_name": ("Nederlands", "English"),
    "skip_to_composer": ("Naar het berichtveld", "Go to the message field"),
    "open_sidebar": ("Kanalen en personen tonen", "Show channels and people"),
    "close_sidebar": ("Zijbalk sluiten", "Close sidebar"),
    "sidebar": ("Werkruimte", "Workspace"),
    "channels": ("Kanalen", "Channels"),
    "apps": ("Apps", "Apps"),
    "app_tag": ("APP", "APP"),
    "unread": ("{count} ongelezen", "{count} unread"),
    "you": ("jij", "you"),
    # Acting as somebody
    "acting_as": ("Handelen als", "Acting as"),
    "switch_person": ("Handelen als iemand anders", "Act as somebody else"),
    "find_person": ("Zoek op naam, functie of ziekenhuis", "Search by name, role or hospital"),
    "nobody_found": ("Niemand gevonden.", "Nobody found."),
    "more_people": ("Nog {count} anderen: typ verder om te zoeken.", "{count} more: type on to search."),
    "new_tab_hint": (
        "Open iemand in een tweede tabblad (Ctrl + klik) om het gesprek van twee kanten te zien.",
        "Open somebody in a second tab (Ctrl + click) to see the conversation from both sides.",
    ),
    "close": ("Sluiten", "Close"),
    # The clock
    "clock": ("Klok van de proefomgeving", "Clock of the sandbox"),
    "other_time": ("Andere tijd", "Other time"),
    "jump_to": ("Spring naar", "Jump to"),
    "jump": ("Springen", "Jump"),
    "bad_moment": ("Vul een datum en tijd in.", "Please fill in a date and time."),
    "only_forward": ("De klok kan alleen vooruit.", "The clock can only go forward."),
    # Messages
    "home_tab": ("Start", "Home"),
    "messages_tab": ("Berichten", "Messages"),
    "members": ("{count} leden", "{count} members"),
    "private_channel": ("Besloten kanaal", "Private channel"),
    "earlier": ("Eerdere berichten tonen", "Show earlier messages"),
    "newer": ("Nieuwe berichten", "New messages"),
    "only_you": ("Alleen zichtbaar voor jou", "Only visible to you"),
    "edited": ("(bewerkt)", "(edited)"),
    "thread_reply": ("Antwoord in een gesprek", "Reply in a thread"),
    "channel_begins": ("Dit is het begin van #{name}", "This is the very beginning of #{name}"),
    "channel_begins_text": ("Iedereen in dit kanaal leest mee.", "Everybody in this channel reads along."),
    "dm_begins": ("Dit is het begin van je gesprek met {name}", "This is the very beginning of your chat with {name}"),
    "dm_begins_text": ("Alleen jij en {name} lezen dit.", "Only you and {name} can read this."),
    "home_empty": ("{name} heeft hier nog niets voor je klaargezet.", "{name} has not put anything here for you yet."),
    "home_empty_text": (
        "Zodra de app je Start vult, verschijnt het hier.",
        "It appears here as soon as the app fills it.",
    ),
    "yesterday": ("gisteren", "yesterday"),
    "today": ("vandaag", "today"),
    "tomorrow": ("morgen", "tomorrow"),
    "cannot_draw": ("Dit kan de proefomgeving niet tonen: {kind}", "The sandbox cannot draw this: {kind}"),
    # The hint for newcomers
    "hint": ("Nieuw hier?", "New here?"),
    "hint_try": ("Probeer", "Try"),
    "hint_or": ("of spring in de tijd:", "or jump in time:"),
    "hint_dismiss": ("Tip verbergen", "Hide this tip"),
    # The composer
    "message_to": ("Bericht aan {name}", "Message {name}"),
    "composer_help": (
        "Typ / voor opdrachten. Enter verstuurt, Shift + Enter geeft een nieuwe regel.",
        "Type / for commands. Enter sends, Shift + Enter starts a new line.",
    ),
    "send": ("Versturen", "Send"),
    "commands": ("Opdrachten", "Commands"),
    "no_commands_external": (
        "Je doet mee vanuit een andere Slack-organisatie: opdrachten met / werken hier niet, knoppen wel.",
        "You join from another Slack organisation: commands with / do not work here, buttons do.",
    ),
    "read_only": ("{name} leest hier geen berichten.", "{name} does not read messages here."),
    # Fields
    "optional": ("(optioneel)", "(optional)"),
    "choose": ("Maak een keuze", "Select an option"),
    "more": ("Meer", "More"),
    "yes": ("Ja", "Yes"),
    "cancel": ("Annuleren", "Cancel"),
    "characters_left": ("Nog {count} tekens", "{count} characters left"),
    "characters_needed": ("Nog minstens {count} tekens nodig", "At least {count} more characters needed"),
    "characters_over": ("{count} tekens te veel", "{count} characters too many"),
    # When it goes wrong
    "command_silent": (
        "{command} mislukt: de app antwoordde niet op tijd.",
        "{command} failed: the app did not respond in time.",
    ),
    "command_unreachable": (
        "{command} mislukt: {name} is niet bereikbaar.",
        "{command} failed: {name} cannot be reached.",
    ),
    "command_unknown": ("{command} is geen geldige opdracht.", "{command} is not a valid command."),
    "app_absent": ("{name} is niet bereikbaar.", "{name} cannot be reached."),
    "app_silent": (
        "{name} antwoordde niet op tijd. Probeer het nog eens.",
        "{name} did not respond in time. Please try again.",
    ),
    "modal_silent": (
        "Er ging iets mis met de verbinding. Wat je invulde is bewaard; probeer het nog eens.",
        "We had some trouble connecting. What you filled in is kept; please try again.",
    ),
    "not_sent": ("Niet verstuurd: de proefomgeving is niet bereikbaar.", "Not sent: the sandbox cannot be reached."),
    "reconnecting": ("Verbinding kwijt. We proberen het opnieuw …", "Connection lost. Trying again …"),
    "not_found": ("Dit staat niet meer op het scherm.", "This is no longer on the screen."),
    # What Slack's own client says of a form before it is sent
    "required": ("Vul dit verplichte veld in.", "Please complete this required field."),
    "too_short": ("Typ minstens {limit} tekens.", "Please enter at least {limit} characters."),
    "too_long": ("Typ hoogstens {limit} tekens.", "Please enter no more than {limit} characters."),
    "no_number": ("Vul een getal in.", "Please enter a number."),
    "no_whole_number": ("Vul een heel getal in.", "Please enter a whole number."),
    "too_low": ("Vul een getal in van minstens {limit}.", "Please enter a number of at least {limit}."),
    "too_high": ("Vul een getal in van hoogstens {limit}.", "Please enter a number of at most {limit}."),
}


def text(language: Language, key: str, **values: object) -> str:
    """One text, filled in."""
    return TEXTS[key][LANGUAGES.index(language)].format(**values)
