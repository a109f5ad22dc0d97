"""The organisation as it stands in the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from schedules.domain.organisation import Organisation, Party, Person, Retention, TargetGroup, Team
from schedules.store import people
from schedules.store.memory import Recollection
from schedules.store.organisation_save import save_organisation
from schedules.store.settings import SettingTable
from schedules.store.statements import among, listed
from schedules.store.tables import (
    ASSOCIATIONS,
    DEPUTY_COORDINATOR,
    HANDOVER,
    MEMBERSHIP,
    PARTY,
    PERSON,
    REPRESENTATIVE,
    TEAM,
)
from schedules.store.teams import ACTIVE_TEAMS, TeamCache, read_teams, teams
from schedules.store.transaction import Transaction

APPLIED_FILE = "organisation.applied_file"

_ASSOCIATION = sa.select(ASSOCIATIONS)
_ACTIVE_PARTIES = sa.select(PARTY).where(PARTY.c.retired_at.is_(None)).order_by(PARTY.c.position)
_ACTIVE_PEOPLE = (
    sa.select(PERSON.c.id)
    .where(PERSON.c.retired_at.is_(None), PERSON.c.source == people.FILE)
    .order_by(PERSON.c.position)
)
_TEAMS_OF = sa.select(MEMBERSHIP.c.team).where(MEMBERSHIP.c.party == sa.bindparam("party_id")).distinct()
_LEADING = (
    sa.select(TEAM.c.id).where(TEAM.c.coordinator == sa.bindparam("leader")),
    sa.select(DEPUTY_COORDINATOR.c.team).where(DEPUTY_COORDINATOR.c.person == sa.bindparam("leader")),
)
_LED_BY = sa.union(*_LEADING)
_SERVED_BY = sa.union(
    *_LEADING,
    sa.select(REPRESENTATIVE.c.team).where(REPRESENTATIVE.c.person == sa.bindparam("leader")),
    sa.select(HANDOVER.c.team).where(HANDOVER.c.successor == sa.bindparam("leader")),
)
_GROUPS = sa.select(PARTY.c.slack_group, PARTY.c.id).where(
    PARTY.c.slack_group.is_not(None), PARTY.c.retired_at.is_(None)
)
_LANGUAGE = sa.update(PERSON).where(among(PERSON.c.id)).values(own_language=sa.bindparam("chosen"))
_COMES = sa.update(PERSON).where(among(PERSON.c.id)).values(comes_unless_declined=sa.bindparam("chosen"))


class SqlOrganisationStore:
    """`OrganisationStore` over the tables."""

    def __init__(
        self, transaction: Transaction, cache: TeamCache, settings: SettingTable, known: Recollection
    ) -> None:
        self._transaction = transaction
        self._cache = cache
        self._settings = settings
        self._known = known

    def load(self) -> Organisation | None:
        """All of it as a file would say it, or None before the first apply."""
        row = self._transaction.first(_ASSOCIATION)
        if row is None:
            return None
        ids = [person.id for person in self._transaction.rows(_ACTIVE_PEOPLE)]
        return _organisation(
            row,
            tuple(people.party_of(party) for party in self._transaction.rows(_ACTIVE_PARTIES)),
            tuple(people.people(self._transaction, ids, as_in_file=True).values()),
            tuple(read_teams(self._transaction, [team.id for team in self._transaction.rows(ACTIVE_TEAMS)])),
        )

    def association(self) -> Organisation | None:
        """The association's own settings; parties, people and teams left empty."""
        return self._known.recall("association", self._association)

    def _association(self) -> Organisation | None:
        row = self._transaction.first(_ASSOCIATION)
        return _organisation(row) if row else None

    def save(self, organisation: Organisation) -> None:
        """Make the tables say this; what is no longer there is retired, not deleted."""
        # A record time, not a decision: the movable clock has no say in when a row was retired.
        self._transaction.start_writing()
        self._known.changing()
        save_organisation(self._transaction, organisation, self.load(), datetime.now(UTC))

    def applied_file(self) -> Organisation | None:
        """The organisation of the file applied last."""
        text = self._settings.get(APPLIED_FILE)
        return _codec().validate_json(text) if text else None

    def save_applied_file(self, organisation: Organisation) -> None:
        """Remember the file applied last."""
        self._settings.set(APPLIED_FILE, _codec().dump_json(organisation).decode())

    def team(self, team: str) -> Team | None:
        """An active team."""
        return self._known.recall(
            ("team", team), lambda: next(iter(teams(self._transaction, self._cache, [team])), None)
        )

    def teams_of(self, party: str) -> tuple[Team, ...]:
        """The active teams a party is or has been a member of, by name."""
        return self._known.recall(("teams of", party), lambda: self._teams(_TEAMS_OF, {"party_id": party}))

    def teams_led_by(self, person: str) -> tuple[Team, ...]:
        """The active teams whose coordinator or deputy the person is, by name."""
        return self._known.recall(("led by", person), lambda: self._teams(_LED_BY, {"leader": person}))

    def teams_served_by(self, person: str) -> tuple[Team, ...]:
        """The active teams that the person represents a party in, leads, or is to take over in, by name."""
        return self._known.recall(("served by", person), lambda: self._teams(_SERVED_BY, {"leader": person}))

    def _teams(self, query: sa.Executable, values: dict[str, str]) -> tuple[Team, ...]:
        ids = [row[0] for row in self._transaction.rows(query, values)]
        return teams(self._transaction, self._cache, ids)

    def parties(self, ids: Collection[str]) -> dict[str, Party]:
        """The parties with those ids, retired ones too."""
        found = self._known.recall_each("party", ids, lambda new: people.parties(self._transaction, new))
        return people.in_order(found)

    def people(self, ids: Collection[str]) -> dict[str, Person]:
        """The people with those ids, retired ones too."""
        found = self._known.recall_each("person", ids, lambda new: people.placed(self._transaction, new))
        return people.in_order(found)

    def person_by_slack(self, user: str) -> Person | None:
        """The active person with that Slack user id."""
        return self._known.recall(("slack", user), lambda: people.person_by_slack(self._transaction, user))

    def person_by_address(self, address: str) -> Person | None:
        """The active person with that mail address or Slack user id."""
        known_as = address.lower() if "@" in address else address
        return self._known.recall(
            ("address", known_as), lambda: people.person_by_address(self._transaction, address)
        )

    def mark_bounced(self, person: str, at: datetime | None) -> None:
        """Record that mail to the person's present address does not arrive, or (None) that it does again."""
        people.mark_bounced(self._transaction, person, at)

    def bounced(self, ids: Collection[str]) -> dict[str, datetime]:
        """Those of the people to whose present address mail does not arrive, and since when."""
        return people.bounced(self._transaction, ids)

    def slack_groups(self) -> dict[str, str]:
        """Slack user group id to party id."""
        return {row.slack_group: row.id for row in self._transaction.rows(_GROUPS)}

    def save_group_members(self, party: str, members: Sequence[Person]) -> None:
        """Replace who belongs to the party by its user group."""
        self._known.changing()
        people.save_group_members(self._transaction, party, members, datetime.now(UTC))

    def set_language(self, person: str, language: str) -> None:
        """Store the person's own choice of language."""
        self._known.changing()
        self._transaction.write(_LANGUAGE, listed([person]) | {"chosen": language})

    def set_comes_unless_declined(self, person: str, *, comes: bool) -> None:
        """Store the person's own setting."""
        self._known.changing()
        self._transaction.write(_COMES, listed([person]) | {"chosen": comes})


def _organisation(
    row: sa.Row[Any],
    parties: tuple[Party, ...] = (),
    persons: tuple[Person, ...] = (),
    active: tuple[Team, ...] = (),
) -> Organisation:
    return Organisation(
        association=row.name,
        timezone=row.timezone,
        process_leaders=tuple(row.process_leaders),
        administrators=tuple(row.administrators),
        target_group=TargetGroup(row.from_age, row.to_age),
        parties=parties,
        people=persons,
        teams=active,
        retention=Retention(row.retention_decision, row.protected_months, row.all_months, row.audit_years),
    )


@cache
def _codec() -> TypeAdapter[Organisation]:
    return TypeAdapter(Organisation)
