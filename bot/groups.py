"""Who belongs to the parties' Slack user groups, fetched in the background and kept locally."""

from __future__ import annotations

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from schedules.domain.organisation import Person
from schedules.ports import UnitOfWorkFactory

log = structlog.get_logger(__name__)


def sync_groups(client: WebClient, unit_of_work: UnitOfWorkFactory) -> None:
    """Fetch each party's user group; one that cannot be read keeps the members it had."""
    with unit_of_work() as uow:
        groups = uow.organisation.slack_groups()
    for group, party in groups.items():
        try:
            members = _members(client, group, party)
        except SlackApiError as error:
            log.warning("group_not_read", group=group, error=error.response.get("error"))
            continue
        with unit_of_work() as uow:
            uow.organisation.save_group_members(party, members)
            uow.commit()


def _members(client: WebClient, group: str, party: str) -> list[Person]:
    users = client.usergroups_users_list(usergroup=group)["users"]
    return [_person(client, user, party) for user in users]


def _person(client: WebClient, user: str, party: str) -> Person:
    found = client.users_info(user=user, include_locale=True)["user"]
    profile = found.get("profile", {})
    name = profile.get("real_name") or found.get("real_name") or found.get("name") or user
    email = profile.get("email")
    language = str(found.get("locale") or "")[:2]
    return Person(
        id=f"slack-{user}",
        party=party,
        name=name,
        email=email if email and email.isascii() else None,
        slack=(user,),
        language=language if language in {"sv", "en"} else None,
    )
