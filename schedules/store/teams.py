"""Teams between tables and records. A team read once is kept until its revision changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from schedules.domain.organisation import (
    AnswerRule,
    Closure,
    Goals,
    MeetingSeries,
    Membership,
    Rhythm,
    Rules,
    Team,
)
from schedules.store.statements import among, listed
from schedules.store.tables import (
    CLOSURE,
    DEPUTY_COORDINATOR,
    MEMBERSHIP,
    REPRESENTATIVE,
    SERIES,
    TEAM,
)
from schedules.store.transaction import Transaction

ACTIVE_TEAMS = sa.select(TEAM.c.id).where(TEAM.c.retired_at.is_(None))

Rows = Sequence[sa.Row[Any]]
Parts = Mapping[str, Rows]
TeamCache = dict[str, tuple[str, Team]]
"""Team id to (revision, team); shared by all units of work of a database."""

PARTS = (DEPUTY_COORDINATOR, REPRESENTATIVE, MEMBERSHIP, CLOSURE, SERIES)
"""The tables that hang on a team, in an order in which they can be deleted."""


def _of_teams(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).where(among(table.c.team)).order_by(*table.primary_key)


_TEAMS = sa.select(TEAM).where(among(TEAM.c.id), TEAM.c.retired_at.is_(None)).order_by(TEAM.c.position)
_PARTS = {table.name: _of_teams(table) for table in PARTS}
_REVISIONS = (
    sa.select(TEAM.c.id, TEAM.c.revision)
    .where(among(TEAM.c.id), TEAM.c.retired_at.is_(None))
    .order_by(TEAM.c.name)
)


def teams(transaction: Transaction, cache: TeamCache, ids: Collection[str]) -> tuple[Team, ...]:
    """The active teams with those ids, by name."""
    revisions = {row.id: row.revision for row in transaction.rows(_REVISIONS, listed(ids))}
    stale = [team for team, revision in revisions.items() if cache.get(team, ("",))[0] != revision]
    if stale:
        read = {team.id: team for team in read_teams(transaction, stale)}
        again = {row.id: row.revision for row in transaction.rows(_REVISIONS, listed(stale))}
        if any(again.get(team) != revisions[team] for team in stale):
            # Somebody saved between the statements: what was read may be half old, half new.
            return teams(transaction, cache, ids)
        cache.update({team: (revisions[team], read[team]) for team in stale})
    return tuple(cache[team][1] for team in revisions)


def read_teams(transaction: Transaction, ids: Collection[str]) -> list[Team]:
    """The active teams with those ids, in the file's order."""
    roots = transaction.rows(_TEAMS, listed(ids))
    parts = {name: _by_team(transaction.rows(query, listed(ids))) for name, query in _PARTS.items()}
    return [_team(row, {name: rows.get(row.id, ()) for name, rows in parts.items()}) for row in roots]


def _by_team(rows: Rows) -> Mapping[str, Rows]:
    grouped: dict[str, list[sa.Row[Any]]] = defaultdict(list)
    for row in rows:
        grouped[row.team].append(row)
    return grouped


def _team(row: sa.Row[Any], parts: Parts) -> Team:
    return Team(
        id=row.id,
        name=row.name,
        reference_prefix=row.reference_prefix,
        coordinator=row.coordinator,
        municipality=row.municipality,
        channel=row.channel,
        coordinator_deputies=tuple(deputy.person for deputy in parts[DEPUTY_COORDINATOR.name]),
        place=row.place,
        meeting_link=row.meeting_link,
        closures=tuple(Closure(c.from_date, c.to_date, c.reason) for c in parts[CLOSURE.name]),
        parties=tuple(_membership(m, parts[REPRESENTATIVE.name]) for m in parts[MEMBERSHIP.name]),
        series=tuple(_series(series) for series in parts[SERIES.name]),
        rules=_rules(row),
        goals=Goals(row.cases_with_two_parties_per_year, row.attendance_percent, row.first_contact_days),
    )


def _membership(row: sa.Row[Any], representatives: Iterable[sa.Row[Any]]) -> Membership:
    people = tuple(r.person for r in representatives if r.membership == row.position)
    return Membership(row.party, people, Rhythm(row.rhythm), row.first, row.from_date, row.until)


def _series(row: sa.Row[Any]) -> MeetingSeries:
    return MeetingSeries(
        anchor=row.anchor,
        start=row.start,
        slots=row.slots,
        slot_minutes=row.slot_minutes,
        until=row.until,
        weeks=row.weeks,
        reserve_slots=row.reserve_slots,
        reserve_release_workdays=row.reserve_release_workdays,
    )


def _rules(row: sa.Row[Any]) -> Rules:
    return Rules(
        lead_workdays=row.lead_workdays,
        urgent_lead_workdays=row.urgent_lead_workdays,
        agenda_workdays=row.agenda_workdays,
        coordinator_confirms=row.coordinator_confirms,
        confirm_by_itself_workdays=row.confirm_by_itself_workdays,
        confirms_by_itself=row.confirms_by_itself,
        invite_delay_minutes=row.invite_delay_minutes,
        answers=AnswerRule(row.answers),
        language=row.language,
        free_times_posts=row.free_times_posts,
        pulse=row.pulse,
    )
