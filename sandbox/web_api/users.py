"""users.*: the members, as far as this app may see them."""

from typing import Any

from sandbox.errors import SlackError
from sandbox.web_api.arguments import Arguments
from sandbox.web_api.pages import page_of
from sandbox.web_api.registry import method
from sandbox.workspace import Workspace


@method("users.info", scope="users:read")
def info(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """One member, deactivated ones too."""
    person = workspace.person(arguments.required("user"))
    if person is None:
        raise SlackError("user_not_found")
    return {"user": workspace.user_object(person, locale=arguments.flag("include_locale"))}


@method("users.list", scope="users:read")
def list_users(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """All members, deactivated ones too; people of another organisation are not in this list."""
    own = [person for person in workspace.people.values() if not workspace.is_external(person)]
    page, metadata = page_of(arguments, [*own, workspace.bot], default=999)
    locale = arguments.flag("include_locale")
    users = [workspace.user_object(person, locale=locale) for person in page]
    return {"members": users, "cache_ts": int(workspace.clock.timestamp()), "response_metadata": metadata}


@method("users.lookupByEmail", scope="users:read.email")
def lookup_by_email(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """The member with an e-mail address; the deactivated are not found."""
    person = workspace.person_by_email(arguments.required("email"))
    if person is None or person.deleted:
        raise SlackError("users_not_found")
    return {"user": workspace.user_object(person)}
