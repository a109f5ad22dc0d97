"""Invented organisations of any size: teams of four parties that meet every other week for a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

from schedules.domain.organisation import (
    MeetingSeries,
    Membership,
    Organisation,
    Party,
    PartyKind,
    Person,
    Rules,
    Team,
)

SLOTS = 4
YEAR = timedelta(weeks=52)
SHARED = (
    Party("fk", "Försäkringskassan", PartyKind.SOCIAL_INSURANCE),
    Party("af", "Arbetsförmedlingen", PartyKind.EMPLOYMENT_SERVICE),
)


def many_teams(count: int, today: date) -> Organisation:
    """`count` teams; each has its own municipality and health centre, and people of its own."""
    return Organisation(
        association="Bench",
        parties=(*SHARED, *(party for n in range(count) for party in _parties(n))),
        people=tuple(person for n in range(count) for person in _people(n)),
        teams=tuple(_team(n, today) for n in range(count)),
    )


def team_id(number: int) -> str:
    """The team's id."""
    return f"t{number}"


def caseworker(number: int) -> str:
    """The Slack user who raises cases in the team."""
    return f"U{number:05d}W"


def _parties(n: int) -> Iterator[Party]:
    yield Party(f"k{n}", f"Kommun {n}", PartyKind.MUNICIPALITY)
    yield Party(f"vc{n}", f"Vårdcentral {n}", PartyKind.HEALTH_CARE)


def _people(n: int) -> Iterator[Person]:
    """A coordinator, a caseworker, and one representative of each other party."""
    for letter, party in (("C", f"k{n}"), ("W", f"k{n}"), ("F", "fk"), ("A", "af"), ("V", f"vc{n}")):
        mail = f"{letter.lower()}{n}@bench.example"
        yield Person(
            f"p{n}{letter}", party, f"Person {letter} {n}", mail, (f"U{n:05d}{letter}",), language="sv"
        )


def _team(n: int, today: date) -> Team:
    # Some weekday of the coming week: not all teams of the country meet on the same day.
    monday = today + timedelta(days=7 - today.weekday())
    anchor = monday + timedelta(days=n % 5)
    return Team(
        id=team_id(n),
        name=f"Team {n}",
        reference_prefix=f"B{n}",
        coordinator=f"p{n}C",
        place=f"Rum {n}",
        parties=(
            Membership(f"k{n}", (f"p{n}C",)),
            Membership("fk", (f"p{n}F",)),
            Membership("af", (f"p{n}A",)),
            Membership(f"vc{n}", (f"p{n}V",)),
        ),
        series=(MeetingSeries(anchor, time(13), SLOTS, 30, anchor + YEAR),),
        rules=Rules(),
    )
