"""How long the next free slot takes among all the meetings and bookings of the country."""

from __future__ import annotations

import random
import time

from schedules.domain.cases import PersonTakesPart, Referral, ReferralStatus, Urgency
from schedules.domain.organisation import Team
from schedules.errors import SamtidError
from schedules.services.horizon import load_horizon, wish_of
from schedules.services.office import Office

SEARCHES = 500


class NoSlot(SamtidError):
    """A search found no slot, although there are free ones."""


def measure(office: Office, teams: tuple[Team, ...]) -> list[float]:
    """Milliseconds of each search in `SEARCHES` teams: what `submit_referral` reads and decides."""
    chosen = random.Random(7).sample(teams, SEARCHES)  # noqa: S311  the same teams each time
    return [_search(office, team) for team in chosen]


def _search(office: Office, team: Team) -> float:
    referral = _referral(office, team)
    with office.unit_of_work() as uow:
        before = time.perf_counter()
        assignment = load_horizon(uow, office, team).assign(wish_of(office, team, referral))
        took = (time.perf_counter() - before) * 1000
    if assignment.choice is None or len(assignment.passed_over) < 10:  # noqa: PLR2004  the full meetings
        raise NoSlot(team=team.id)
    return took


def _referral(office: Office, team: Team) -> Referral:
    return Referral(
        id="",
        case="",
        reference="",
        team=team.id,
        referrer=team.coordinator,
        owner=team.coordinator,
        status=ReferralStatus.ACTIVE,
        parties=tuple(membership.party for membership in team.parties[:3]),
        categories=(),
        person_takes_part=PersonTakesPart.NO,
        urgency=Urgency.ORDINARY,
        not_before=None,
        submitted_at=office.now(),
    )
