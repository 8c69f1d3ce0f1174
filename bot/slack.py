"""The gateway to Slack: the only user of slack_sdk's WebClient, and the reader of Slack's error codes."""

import http.client
import logging
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from bot.errors import DeliveryError
from bot.messages import Message, View

log = logging.getLogger(__name__)

METADATA_EVENT = "vliegwiel_delivery"
"""Every message carries its delivery's key under this event type, so that it can be found again after a crash."""

_PERMANENT = frozenset(
    {
        "cannot_dm_bot",
        "channel_not_found",
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "is_archived",
        "is_inactive",
        "messages_tab_disabled",
        "message_not_found",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "not_in_channel",
        "restricted_action",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
    }
)
_WORKSPACE_WIDE = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
_PERHAPS_DONE = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
_RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
_HISTORY_PAGE = 100
PATIENCE = 8  # seconds we wait for an answer: less than a delivery waits before it is in doubt


@dataclass(frozen=True)
class Posted:
    """Where a message stands."""

    channel: str
    ts: str


@dataclass(frozen=True)
class Installation:
    """Whose token this is, what it may do, and Slack's time at that moment (None when it did not say)."""

    team_id: str
    team: str
    bot_id: str
    bot_user_id: str
    scopes: frozenset[str]
    slack_time: datetime | None


class Slack:
    """Calls Slack with one bot token. Every method raises DeliveryError, never slack_sdk's own errors.

    One TLS context serves all calls: without it the client reads the CA bundle at every call (40 ms of CPU, measured).
    The client's own retries are off: after a lost connection they could post a message twice.
    """

    def __init__(self, token: str, api_url: str, timeout: int = PATIENCE) -> None:
        self.client = WebClient(
            token=token,
            base_url=api_url,
            timeout=timeout,
            ssl=ssl.create_default_context() if api_url.startswith("https") else None,
            retry_handlers=[],
        )

    def _call(self, method: str, **arguments: Any) -> SlackResponse:
        try:
            answer: SlackResponse = getattr(self.client, method)(**arguments)
        except SlackApiError as error:
            raise _read_error(error.response) from error
        except (OSError, http.client.HTTPException, SlackRequestError) as error:
            raise DeliveryError("no_answer", uncertain=True) from error
        return answer

    def installation(self) -> Installation:
        """Who we are according to Slack (auth.test)."""
        answer = self._call("auth_test")
        headers = {name.lower(): value for name, value in (answer.headers or {}).items()}
        return Installation(
            team_id=answer["team_id"],
            team=answer["team"],
            bot_id=answer["bot_id"],
            bot_user_id=answer["user_id"],
            scopes=frozenset(filter(None, headers.get("x-oauth-scopes", "").replace(" ", "").split(","))),
            slack_time=parsedate_to_datetime(headers["date"]) if "date" in headers else None,
        )

    def post(self, channel: str, message: Message, key: str) -> Posted:
        """Post a message to a channel, or to a person by user id; `key` goes along as metadata."""
        answer = self._call(
            "chat_postMessage",
            channel=channel,
            text=message.text,
            blocks=message.blocks,
            metadata={"event_type": METADATA_EVENT, "event_payload": {"key": key}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return Posted(channel=answer["channel"], ts=answer["ts"])

    def update(self, where: Posted, message: Message) -> None:
        """Put other words in place of a message of ours."""
        self._call("chat_update", channel=where.channel, ts=where.ts, text=message.text, blocks=message.blocks)

    def open_dm(self, user_id: str) -> str:
        """The channel id of our direct messages with somebody."""
        channel_id: str = self._call("conversations_open", users=user_id)["channel"]["id"]
        return channel_id

    def find_posted(self, channel: str, key: str, since: datetime) -> Posted | None:
        """Our message with this delivery key, if it stands in the channel; nothing older than `since` is searched."""
        for message in self._history(channel, since):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == METADATA_EVENT and metadata.get("event_payload", {}).get("key") == key:
                return Posted(channel=channel, ts=message["ts"])
        return None

    def _history(self, channel: str, since: datetime) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            page = self._call(
                "conversations_history",
                channel=channel,
                oldest=f"{since.timestamp():.6f}",
                inclusive=True,
                include_all_metadata=True,
                limit=_HISTORY_PAGE,
                cursor=cursor or None,
            )
            yield from page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def user_by_email(self, email: str) -> str | None:
        """The user id of who has this e-mail address; None when nobody (active) has."""
        try:
            user_id: str = self._call("users_lookupByEmail", email=email)["user"]["id"]
        except DeliveryError as error:
            if error.code == "users_not_found":
                return None
            raise
        return user_id

    def open_view(self, trigger_id: str, view: View) -> None:
        """Open a modal in answer to what a person just did; the trigger lives three seconds."""
        self._call("views_open", trigger_id=trigger_id, view=view)

    def update_view(self, view_id: str, view: View, view_hash: str | None = None) -> None:
        """Show another view in an open modal; with the hash of the one we saw, only if it did not change since."""
        self._call("views_update", view_id=view_id, view=view, hash=view_hash)

    def publish_home(self, user_id: str, view: View) -> None:
        """Show this on a person's Home tab."""
        self._call("views_publish", user_id=user_id, view=view)


def open_socket_url(app_token: str, api_url: str) -> str:
    """An address for Socket Mode, which shows that the app-level token is good. Raises DeliveryError."""
    url: str = Slack(app_token, api_url)._call("apps_connections_open", app_token=app_token)["url"]
    return url


def _read_error(answer: Any) -> DeliveryError:
    if not isinstance(answer, SlackResponse):  # not JSON: slack_sdk hands over a dict of status, headers and body
        return _read_page(answer)
    code = str(answer.get("error") or f"http_{answer.status_code}")
    if answer.status_code == 429 or code in _RATE_LIMITED:
        return DeliveryError("ratelimited", retry_after=_wait(answer.headers))
    if answer.status_code >= 500 or code in _PERHAPS_DONE:
        return DeliveryError(code, uncertain=True)
    if code in _PERMANENT:
        log.info("Slack refused a call", extra={"data": {"code": code, "hints": _hints(answer)}})
    return DeliveryError(code, permanent=code in _PERMANENT, workspace_wide=code in _WORKSPACE_WIDE)


def _read_page(answer: dict[str, Any]) -> DeliveryError:
    if answer.get("status") == 429:
        return DeliveryError("ratelimited", retry_after=_wait(answer.get("headers") or {}))
    return DeliveryError("no_answer", uncertain=True)


def _wait(headers: dict[str, str]) -> float:
    values = [value for name, value in headers.items() if name.lower() == "retry-after"]
    return float(values[0]) if values else 1.0


def _hints(answer: SlackResponse) -> list[str]:
    """Slack's pointers to what is wrong with blocks; they quote no text of ours."""
    metadata = answer.get("response_metadata") or {}
    return list(metadata.get("messages") or [])
