"""Where the organisation and the settings are kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from schedules.domain.organisation import Organisation, Party, Person, Team


class OrganisationStore(Protocol):
    """The organisation as it stands in the database. Read in single look-ups on the hot path."""

    def load(self) -> Organisation | None:
        """All of it, or None before the first apply."""
        ...

    def save(self, organisation: Organisation) -> None:
        """Make the tables say this; what is no longer there is retired, not deleted."""
        ...

    def applied_file(self) -> Organisation | None:
        """The organisation of the file applied last (the base of the three-way comparison)."""
        ...

    def save_applied_file(self, organisation: Organisation) -> None:
        """Remember the file applied last."""
        ...

    def team(self, team: str) -> Team | None:
        """An active team with memberships, closures, series, rules and goals."""
        ...

    def teams_of(self, party: str) -> tuple[Team, ...]:
        """The active teams a party is a member of, by name."""
        ...

    def teams_led_by(self, person: str) -> tuple[Team, ...]:
        """The active teams whose coordinator or deputy the person is, by name."""
        ...

    def teams_served_by(self, person: str) -> tuple[Team, ...]:
        """The active teams that the person represents a party in, leads, or is to take over in, by name."""
        ...

    def parties(self, ids: Collection[str]) -> dict[str, Party]:
        """The parties with those ids."""
        ...

    def people(self, ids: Collection[str]) -> dict[str, Person]:
        """The people with those ids."""
        ...

    def person_by_slack(self, user: str) -> Person | None:
        """The person with that Slack user id, from the file or from a party's user group."""
        ...

    def person_by_address(self, address: str) -> Person | None:
        """The person with that mail address or Slack user id."""
        ...

    def slack_groups(self) -> dict[str, str]:
        """Slack user group id to party id."""
        ...

    def save_group_members(self, party: str, members: Sequence[Person]) -> None:
        """Replace who belongs to the party by its user group; people of the file are never touched."""
        ...

    def set_language(self, person: str, language: str) -> None:
        """Store the person's own choice of language, which goes before the file's."""
        ...

    def set_comes_unless_declined(self, person: str, *, comes: bool) -> None:
        """Store the person's own setting "I come unless I say otherwise", which no file touches."""
        ...

    def mark_bounced(self, person: str, at: datetime | None) -> None:
        """Record that mail to the person's present address does not arrive, or (None) that it does again."""
        ...

    def bounced(self, ids: Collection[str]) -> dict[str, datetime]:
        """Those of the people to whose present address mail does not arrive, and since when (UTC)."""
        ...

    def association(self) -> Organisation | None:
        """The association's own settings; parties, people and teams left empty."""
        ...


class PageStore(Protocol):
    """Who has opened their page (App Home), by Slack user id, and where its lists begin."""

    def opened(self) -> frozenset[str]:
        """Who has opened it: asked at every change of the plan, so it is remembered."""
        ...

    def starts(self, user: str) -> str | None:
        """Where the lists of that page begin; None before it was opened."""
        ...

    def turn(self, user: str, starts: str) -> None:
        """Remember that it is open, and where its lists begin."""
        ...


class FormChoiceStore(Protocol):
    """Which choice in an open form is the newest."""

    def note(self, form: str, at: float, now: datetime) -> bool:
        """Record the choice made at that second; False if a newer one is recorded. Forgets old forms."""
        ...

    def newest(self, form: str) -> float | None:
        """The newest choice that is recorded."""
        ...


class SettingStore(Protocol):
    """Small settings kept in the database, such as how far the workspace's clock has been moved."""

    def get(self, key: str) -> str | None:
        """The setting's value, or None."""
        ...

    def set(self, key: str, value: str) -> None:
        """Store the value."""
        ...
