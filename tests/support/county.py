"""A county made by number: teams of many rhythms and lead times, and people who serve one team or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from schedules.domain.organisation import (
    AnswerRule,
    Goals,
    MeetingSeries,
    Membership,
    Organisation,
    Party,
    PartyKind,
    Person,
    Rhythm,
    Rules,
    Team,
)

YEAR = 2027
TERMS = ((date(2027, 1, 11), date(2027, 6, 30)), (date(2027, 8, 16), date(2027, 12, 17)))
SHAPES = ((1, 4, 30, 0), (2, 7, 30, 1), (2, 8, 25, 1), (3, 10, 25, 1))
"""Weeks between meetings, slots, their minutes, and how many of them are kept for urgent cases.

Two hours a week, or half a day every second or third: about 6,200 times a year in 40 teams, of which 4,000
cases take two thirds. With fewer, cases that nobody has a time for pile up towards the end of a term.
"""

LEADS = (3, 5, 7, 10)
STARTS = (time(8, 30), time(9), time(10), time(13))
TEAMS_PER_TOWN = 4
AGENCY_SHARE = 3 / 5
"""State agencies have three people for five teams, so that nearly everybody serves several."""


@dataclass(frozen=True)
class County:
    """The organisation, and who raises cases for each party."""

    organisation: Organisation
    caseworkers: dict[str, tuple[str, ...]]


def county(teams: int, staff: int, chance: Random) -> County:
    """So many teams with so many people in all, the process leader among them."""
    towns = -(-teams // TEAMS_PER_TOWN)
    desks = {agency: _desk(agency, max(2, round(teams * AGENCY_SHARE))) for agency in ("fk", "af")}
    desks["psyk"] = _desk("psyk", max(2, teams // 5))
    for k in range(teams):
        desks[f"vc{k}"] = _desk(f"vc{k}", 2)
    for town in range(towns):
        desks[f"kommun{town}"] = _desk(f"kommun{town}", 2 * len(range(teams)[_of_town(town)]))
    left = staff - 1 - sum(map(len, desks.values()))
    raising = [
        "fk",
        "af",
        *(f"kommun{town}" for town in range(towns)),
        *(f"vc{k}" for k in range(0, teams, 4)),
    ]
    assert left >= len(raising), "more people are needed"
    caseworkers: dict[str, list[str]] = {party: [] for party in raising}
    for n in range(left):
        party = raising[n % len(raising)]
        caseworkers[party].append(f"{party}_case{n}")
    people = [Person("leader", "forbund", "Processledaren", "leader@forbund.example", ("ULEADER",))]
    for party, names in (*desks.items(), *caseworkers.items()):
        people += [_person(name, party, chance) for name in names]
    assert len(people) == staff
    organisation = Organisation(
        "Samordningsförbundet Länet",
        process_leaders=("leader",),
        administrators=("leader",),
        parties=(*(_party(party) for party in desks), Party("forbund", "Samordningsförbundet")),
        people=tuple(people),
        teams=tuple(_team(k, desks, chance) for k in range(teams)),
    )
    return County(organisation, {party: tuple(names) for party, names in caseworkers.items()})


def _of_town(town: int) -> slice:
    return slice(town * TEAMS_PER_TOWN, (town + 1) * TEAMS_PER_TOWN)


def _desk(party: str, size: int) -> list[str]:
    return [f"{party}_{n}" for n in range(size)]


def _party(party: str) -> Party:
    kinds = {
        "kommun": PartyKind.MUNICIPALITY,
        "fk": PartyKind.SOCIAL_INSURANCE,
        "af": PartyKind.EMPLOYMENT_SERVICE,
    }
    kind = kinds.get(party.rstrip("0123456789"), PartyKind.HEALTH_CARE)
    region = "Regionen" if kind is PartyKind.HEALTH_CARE else None
    return Party(party, f"Part {party}", kind, organisation=region)


def _person(name: str, party: str, chance: Random) -> Person:
    """Most have both, some only Slack, a few only mail."""
    lot = chance.random()
    email = f"{name}@{party}.example" if lot > 0.2 else None
    slack = () if lot > 0.9 else (f"U{name.upper()}",)
    return Person(name, party, name, email, slack, language="en" if chance.random() < 0.1 else None)


def _team(k: int, desks: dict[str, list[str]], chance: Random) -> Team:
    town, number = divmod(k, TEAMS_PER_TOWN)
    own = desks[f"kommun{town}"]
    coordinator, colleague = own[2 * number], own[2 * number + 1]
    deputy = own[(2 * number + 2) % len(own)]
    psychiatry = [_member(desks, "psyk", k, Rhythm.EVERY_SECOND)] if k % 3 == 0 else []
    rhythm = Rhythm.EVERY_SECOND if k % 5 == 0 else Rhythm.EVERY
    return Team(
        id=f"t{k:02}",
        name=f"Samverkansteam {k}",
        reference_prefix=f"T{k:02}",
        municipality=f"Kommun {town}",
        coordinator=coordinator,
        coordinator_deputies=(deputy,),
        channel=f"C{k:02}",
        place=f"Rum {k}",
        parties=(
            Membership(f"kommun{town}", (colleague, coordinator)),
            _member(desks, "fk", k, Rhythm.EVERY),
            _member(desks, "af", k, Rhythm.EVERY),
            Membership(f"vc{k}", tuple(desks[f"vc{k}"]), rhythm),
            *psychiatry,
        ),
        series=tuple(_series(k, first, last) for first, last in TERMS),
        rules=Rules(
            lead_workdays=LEADS[k // 2 % len(LEADS)],
            coordinator_confirms=k % 2 == 0,
            confirms_by_itself=k % 4 == 0,
            answers=AnswerRule.ONLY_DECLINES if k % 3 == 1 else AnswerRule.REQUIRED,
        ),
        goals=Goals(60, 85, 35),
    )


def _member(desks: dict[str, list[str]], party: str, k: int, rhythm: Rhythm) -> Membership:
    desk: Sequence[str] = desks[party]
    first, second = k % len(desk), (k + 1 + k // len(desk)) % len(desk)
    return Membership(party, tuple(dict.fromkeys((desk[first], desk[second]))), rhythm)


def _series(k: int, first: date, last: date) -> MeetingSeries:
    """Spread over the weekdays, and over the weeks between meetings."""
    weeks, slots, minutes, reserve = SHAPES[k % len(SHAPES)]
    anchor = first + timedelta(days=k % 5, weeks=k // 5 % weeks)
    start = STARTS[k // 3 % len(STARTS)]
    return MeetingSeries(anchor, start, slots, minutes, last, weeks, reserve, 3)
