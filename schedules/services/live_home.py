"""A coordinator's live page: published anew after every change of their team, once they have opened it."""

from __future__ import annotations

from datetime import datetime

from schedules.ports import Channel, Letter, UnitOfWork

HOME = "home"


def home_opened(user: str) -> str:
    """The setting that remembers that somebody has opened their page."""
    return f"home.opened.{user}"


def renew_homes(uow: UnitOfWork, team_id: str, now: datetime) -> None:
    """Publish the pages of the team's coordinators; what they say is read when they are sent."""
    team = uow.organisation.team(team_id)
    if team is None:
        return
    people = uow.organisation.people({team.coordinator, *team.coordinator_deputies})
    for user in (user for person in people.values() for user in person.slack[:1]):
        if uow.settings.get(home_opened(user)) is not None:
            uow.outbox.add(_letter(user, now), now)


def _letter(user: str, now: datetime) -> Letter:
    return Letter(
        stream=f"chat:{user}:{HOME}",
        channel=Channel.CHAT,
        kind=HOME,
        recipient=user,
        payload="",
        not_before=now,
        replaces=(HOME,),
    )
