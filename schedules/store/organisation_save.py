"""Writing an organisation: what is new or changed is written, what is gone is retired."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from schedules.domain.organisation import Organisation, Party, Team
from schedules.store import people
from schedules.store.statements import among, listed, upsert
from schedules.store.tables import ASSOCIATION, ASSOCIATIONS, PARTY, TEAM
from schedules.store.team_rows import part_rows, team_row
from schedules.store.teams import PARTS
from schedules.store.transaction import Transaction

_RETIRE = {
    table.name: sa.update(table).where(among(table.c.id)).values(retired_at=sa.bindparam("now"))
    for table in (PARTY, TEAM)
}
_CLEAR = [sa.delete(table).where(among(table.c.team)) for table in PARTS]


def save_organisation(
    transaction: Transaction, new: Organisation, old: Organisation | None, now: datetime
) -> None:
    """Write `new` over `old`, which is what the tables say; `now` is aware UTC."""
    transaction.write(upsert(transaction.dialect, ASSOCIATIONS), _association(new))
    _save_parties(transaction, new.parties)
    people.save_people(transaction, new.people, people.FILE)
    _save_teams(transaction, new.teams, old.teams if old else ())
    if old:
        _retire_missing(transaction, new, old, now)


def _association(new: Organisation) -> dict[str, Any]:
    return {
        "id": ASSOCIATION,
        "name": new.association,
        "timezone": new.timezone,
        "from_age": new.target_group.from_age,
        "to_age": new.target_group.to_age,
        "process_leaders": list(new.process_leaders),
        "administrators": list(new.administrators),
        "retention_decision": new.retention.decision,
        "protected_months": new.retention.protected_months,
        "all_months": new.retention.all_months,
        "audit_years": new.retention.audit_years,
    }


def _save_parties(transaction: Transaction, parties: Sequence[Party]) -> None:
    rows = [
        {
            "id": party.id,
            "association_id": ASSOCIATION,
            "name": party.name,
            "kind": party.kind.value,
            "organisation": party.organisation,
            "slack_group": party.slack_group,
            "contact": party.contact,
            "position": position,
            "retired_at": None,
        }
        for position, party in enumerate(parties)
    ]
    if rows:
        transaction.write(upsert(transaction.dialect, PARTY), rows)


def _save_teams(transaction: Transaction, new: Sequence[Team], old: Sequence[Team]) -> None:
    before = {team.id: (position, team) for position, team in enumerate(old)}
    changed = [
        (position, team) for position, team in enumerate(new) if before.get(team.id) != (position, team)
    ]
    if not changed:
        return
    rows = [team_row(team, position, uuid4().hex) for position, team in changed]
    # In id order, as planning transactions lock them.
    transaction.write(upsert(transaction.dialect, TEAM), sorted(rows, key=lambda row: row["id"]))
    for clear in _CLEAR:
        transaction.write(clear, listed([team.id for _, team in changed]))
    parts = part_rows([team for _, team in changed])
    for table in PARTS_TO_WRITE:
        if parts[table.name]:
            transaction.write(sa.insert(table), parts[table.name])


PARTS_TO_WRITE = tuple(reversed(PARTS))
"""Memberships before their representatives."""


def _retire_missing(transaction: Transaction, new: Organisation, old: Organisation, now: datetime) -> None:
    _retire(transaction, TEAM, _gone(new.teams, old.teams), now)
    _retire(transaction, PARTY, _gone(new.parties, old.parties), now)
    people.retire(transaction, _gone(new.people, old.people), now)


def _gone(new: Sequence[Any], old: Sequence[Any]) -> set[str]:
    return {item.id for item in old} - {item.id for item in new}


def _retire(transaction: Transaction, table: sa.Table, ids: Collection[str], now: datetime) -> None:
    if ids:
        transaction.write(_RETIRE[table.name], listed(ids) | {"now": now})
