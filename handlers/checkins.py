"""The weekly check-in: open the form, keep the draft, record the answers, or skip the week."""

import logging
import re
from datetime import UTC, datetime

from slack_bolt import App

from bot.database import Db
from bot.deps import Deps
from bot.errors import DeliveryError
from bot.messages import Message
from bot.models.checkins import CheckIn, Tried
from bot.services import checkins, checkins_asking, deliveries
from bot.services.weeks import iso_week
from bot.slack import Posted
from bot.views import checkins as views
from bot.views import kit
from handlers import home
from handlers.calls import Call, members_only

log = logging.getLogger(__name__)


def open_form(call: Call) -> None:
    """Open this week's check-in with the draft or what was sent before."""
    checkins.may_check_in(call.member, call.t)
    week = iso_week(call.now, call.member.timezone)
    with call.deps.db.begin() as db:
        answers = checkins.starting_answers(db, call.member, call.now)
    form = views.form(call.t, week, answers, call.member.edition_ends_on)
    call.open(form, again=kit.button(call.t("Check in"), views.OPEN, week, "primary"))


def on_changed(call: Call) -> None:
    """Keep what was filled in so far; show or hide the questions about a test."""
    answers, remembered = views.read_form(call.view), kit.memory(call.view)
    week = str(remembered["week"])
    with call.deps.db.begin() as db:
        checkins.keep_draft(db, call.member, week, answers, _when(call))
    if views.shows_test(call.view) != (answers.tried is Tried.YES):
        form = views.form(call.t, week, answers, call.member.edition_ends_on)
        _update_unless_changed(call, form)


def _when(call: Call) -> datetime:
    """When somebody filled something in, by Slack's clock."""
    return datetime.fromtimestamp(float(call.action["action_ts"]), UTC)


def _update_unless_changed(call: Call, form: dict[str, object]) -> None:
    try:
        call.deps.slack.update_view(call.view["id"], form, call.view["hash"])
    except DeliveryError as error:
        if error.code not in {"hash_conflict", "not_found"}:  # tapped again meanwhile, or closed
            raise


def on_submitted(call: Call) -> None:
    """Record the check-in. A text in which a patient might be recognised is shown once more first."""
    answers, remembered = views.read_form(call.view), kit.memory(call.view)
    week, sure = str(remembered["week"]), remembered["sure"] == views.fingerprint(answers)
    try:
        with call.deps.db.begin() as db:
            checkin = checkins.submit(db, call.member, week, answers, call.t, call.now, sure=sure)
            known = _messages_of_week(db, call, week)
    except checkins.Unsure:
        again = views.form(call.t, week, answers, call.member.edition_ends_on, sure=True)
        call.ack(response_action="update", view=again)
        return
    call.ack()
    receipt = views.receipt(call.t, call.member.first_name, week, checkin.visibility)
    if not _rewrite(call, known, receipt):
        with call.deps.db.begin() as db:
            checkins_asking.owe_receipt(db, call.member, checkin, call.now)
    home.refresh(call)


def skip_week(call: Call) -> None:
    """Leave this week alone, in one tap; a button that is older than this week skips nothing."""
    week = call.value or iso_week(call.now, call.member.timezone)
    with call.deps.db.begin() as db:
        checkin: CheckIn = checkins.skip(db, call.member, week, call.t, call.now)
        known = _messages_of_week(db, call, checkin.week)
    message = views.skipped(call.t, week)
    if not _rewrite(call, known, message):
        call.reply(message)
    home.refresh(call)


def _messages_of_week(db: Db, call: Call, week: str) -> list[Posted]:
    """Where this week's question, reminder and receipt stand in Slack."""
    subject = call.member.participation_id
    keys = [
        checkins_asking.prompt_key(subject, week),
        checkins_asking.reminder_key(subject, week),
        checkins_asking.receipt_key(subject, week),
    ]
    found = [deliveries.find_sent(db, key) for key in keys]
    return [Posted(row.channel, row.ts) for row in found if row and row.channel and row.ts]


def _rewrite(call: Call, known: list[Posted], message: Message) -> bool:
    """Let the week's messages say how it stands now, so that no stale button is left; False when none does."""
    rewritten = 0
    for where in known:
        try:
            call.deps.slack.update(where, message)
            rewritten += 1
        except DeliveryError as error:
            log.warning("a message was not rewritten", extra={"data": {"code": error.code}})
    return rewritten > 0


def register(app: App, deps: Deps) -> None:
    """The triggers of this feature."""
    app.command("/checkin")(members_only(deps, open_form))
    app.action(views.OPEN)(members_only(deps, open_form))
    app.action(views.SKIP)(members_only(deps, skip_week))
    app.action(re.compile(rf"^{re.escape(views.CHANGED)}\."))(members_only(deps, on_changed))
    app.view(views.SUBMIT)(members_only(deps, on_submitted))
