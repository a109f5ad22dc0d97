"""A team taken apart into rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from schedules.domain.organisation import Membership, Team
from schedules.store.tables import (
    ASSOCIATION,
    CLOSURE,
    DEPUTY_COORDINATOR,
    MEMBERSHIP,
    REPRESENTATIVE,
    SERIES,
)

Record = dict[str, Any]


def team_row(team: Team, position: int, revision: str) -> Record:
    """The team's own row, active."""
    return {
        "id": team.id,
        "association_id": ASSOCIATION,
        "revision": revision,
        "name": team.name,
        "reference_prefix": team.reference_prefix,
        "municipality": team.municipality,
        "channel": team.channel,
        "coordinator": team.coordinator,
        "place": team.place,
        "meeting_link": team.meeting_link,
        **asdict(team.rules),
        "answers": team.rules.answers.value,
        **asdict(team.goals),
        "position": position,
        "retired_at": None,
    }


def part_rows(teams: Iterable[Team]) -> dict[str, list[Record]]:
    """The rows that hang on the teams, by table."""
    rows: dict[str, list[Record]] = {
        table.name: [] for table in (DEPUTY_COORDINATOR, MEMBERSHIP, REPRESENTATIVE, CLOSURE, SERIES)
    }
    for team in teams:
        rows[DEPUTY_COORDINATOR.name] += _numbered(team, ({"person": p} for p in team.coordinator_deputies))
        rows[MEMBERSHIP.name] += _numbered(team, (_membership(m) for m in team.parties))
        rows[REPRESENTATIVE.name] += _representatives(team)
        rows[CLOSURE.name] += _numbered(team, (asdict(closure) for closure in team.closures))
        rows[SERIES.name] += _numbered(team, (asdict(series) for series in team.series))
    return rows


def _numbered(team: Team, records: Iterable[Record]) -> list[Record]:
    return [{"team": team.id, "position": number, **record} for number, record in enumerate(records)]


def _membership(membership: Membership) -> Record:
    record = asdict(membership) | {"rhythm": membership.rhythm.value}
    del record["representatives"]
    return record


def _representatives(team: Team) -> list[Record]:
    return [
        {"team": team.id, "membership": number, "position": position, "person": person}
        for number, membership in enumerate(team.parties)
        for position, person in enumerate(membership.representatives)
    ]
