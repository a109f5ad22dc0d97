"""A coordinator's live page: published anew after every change of their team, once they have opened it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from schedules.ports import Channel, Letter, UnitOfWork

HOME = "home"


def renew_homes(uow: UnitOfWork, team_id: str, now: datetime) -> None:
    """Publish the pages of the team's coordinators; what they say is read when they are sent."""
    team = uow.organisation.team(team_id)
    if team is None:
        return
    renew_home_of(uow, {team.coordinator, *team.coordinator_deputies}, now)


def renew_home_of(uow: UnitOfWork, people: Iterable[str], now: datetime) -> None:
    """Publish the pages of these people, where they have opened them."""
    for person in uow.organisation.people(set(people)).values():
        for user in person.slack[:1]:
            if user in uow.pages.opened():
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
