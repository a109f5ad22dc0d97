"""One team that meets once, with a single slot: a case of it, called or waiting, through the services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import uuid4

import pytest

from schedules.domain.cases import PersonTakesPart, QuestionCategory, Urgency
from schedules.domain.commands import SubmitReferral
from schedules.domain.organisation import MeetingSeries, Membership, Organisation, Party, Rules, Team
from schedules.services.decide_booking import confirm_booking
from schedules.services.submit_referral import submit_referral
from tests.support.random_office import PARTIES, RandomOffice, office_on, people

DAY = date(2026, 12, 8)
TEAM = Team(
    "north",
    "Norra",
    "NOR",
    coordinator="a3",
    parties=(Membership("a", ("a0",)), Membership("b", ("b0", "b1")), Membership("c", ("c0",))),
    series=(MeetingSeries(DAY, time(13), 1, 30, DAY, 2),),
    rules=Rules(lead_workdays=1),
)
BEFORE = datetime(2026, 11, 24, 9, tzinfo=UTC)
AFTER = datetime(2026, 12, 8, 14, tzinfo=UTC)


def opened(url: str, team: Team = TEAM) -> RandomOffice:
    """An office of that team, two weeks before its first meeting."""
    parties = tuple(Party(party, party) for party in PARTIES)
    it = office_on(url, Organisation("Exempel", parties=parties, people=people(), teams=(team,)))
    it.clock.at = BEFORE
    return it


@pytest.fixture
def it(database_url: str) -> Iterator[RandomOffice]:
    found = opened(database_url)
    yield found
    found.database.close()


def a_form(view: str, urgency: Urgency = Urgency.ORDINARY) -> SubmitReferral:
    """The form (by view id) with which a1 raises a case of b and c."""
    return SubmitReferral(
        actor="a1",
        view_id=view,
        team="north",
        parties=("b", "c"),
        consent_date=date(2026, 11, 20),
        categories=(QuestionCategory.CARE,),
        question="Hur kan stödet samordnas framåt?",
        person_takes_part=PersonTakesPart.NO,
        urgency=urgency,
    )


def submit(it: RandomOffice, actor: str = "a1", urgency: Urgency = Urgency.URGENT) -> tuple[str, str]:
    """A case of b and c; its referral and booking."""
    form = replace(a_form(uuid4().hex, urgency), actor=actor, urgency_reason="granitsnigel", case_owner="UA2")
    raised = submit_referral(it.office, form)
    return raised.referral, raised.booking or ""


def called(it: RandomOffice) -> tuple[str, str]:
    """The same, with everybody called and everything delivered."""
    referral, booking = submit(it)
    confirm_booking(it.office, "a3", booking)
    it.deliver()
    return referral, booking
