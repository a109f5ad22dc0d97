"""Applying an organisation file to the database: three-way, once, and never past a booking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from schedules.domain.apply_preview import ApplyPreview
from schedules.domain.calendar import term_meetings
from schedules.domain.organisation import Organisation, Team
from schedules.domain.plan import Meeting, MeetingStatus
from schedules.orgfile.diff_text import apply_text
from schedules.ports import UnitOfWork
from schedules.services.apply_organisation import ApplyOrganisation, apply_organisation, preview
from schedules.services.office import new_id
from schedules.store.database import Database
from schedules.store.unit_of_work import SqlUnitOfWork
from tests.support.examples import (
    NOW,
    ORGANISATION,
    TIERP,
    a_booking,
    a_referral,
    an_invitation,
    store_referral,
)


@dataclass(frozen=True)
class FixedClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


def meetings_of(team: Team, zone: ZoneInfo, since: date) -> Sequence[Meeting]:
    return term_meetings(team, zone, lambda _day: False, since, new_id)


def with_tierp(**changes: object) -> Organisation:
    changed = replace(TIERP, **changes)  # type: ignore[arg-type]  # the tests name fields of Team
    return replace(ORGANISATION, teams=(changed, *ORGANISATION.teams[1:]))


def apply(database: Database, wanted: Organisation = ORGANISATION) -> ApplyPreview:
    return apply_organisation(ApplyOrganisation(wanted), database.unit_of_work, FixedClock(), meetings_of)


def plan(database: Database, team: str = "tierp") -> tuple[Meeting, ...]:
    with database.unit_of_work() as uow:
        return uow.plan.meetings(team, date.min)


def book(database: Database, day: date) -> Meeting:
    """A live booking, with an invitation to p2, of the first slot on that day."""
    with database.unit_of_work() as uow:
        uow.lock_teams(["tierp"])
        meeting = next(m for m in uow.plan.meetings("tierp", day) if m.day == day)
        booking = a_booking(store_referral(uow, a_referral()), meeting.slots[0])
        uow.plan.add_booking(booking, meeting.slots[0].starts_at, meeting.slots[0].ends_at)
        uow.plan.save_invitation(an_invitation(booking))
        uow.commit()
    return meeting


BOOKED_DAY = date(2026, 9, 29)
AT_TWO = replace(TIERP.series[0], start=time(14))


def test_the_first_apply_writes_organisation_and_meetings(database: Database) -> None:
    found = apply(database)
    with database.unit_of_work() as uow:
        assert uow.organisation.load() == ORGANISATION
        assert uow.organisation.applied_file() == ORGANISATION
    planned = plan(database)
    assert [m.day for m in planned][:2] == [date(2026, 9, 1), date(2026, 9, 15)]
    assert len(planned) == len(found.meetings[0].meetings.add) == 8
    assert [m.day for m in planned if m.status is MeetingStatus.CLOSED] == [date(2026, 10, 27)]


def test_a_second_apply_changes_nothing(database: Database) -> None:
    apply(database)
    before = plan(database)
    found = apply(database)
    assert found.nothing
    assert not found.merge.kept
    assert plan(database) == before


def test_a_preview_writes_nothing(database: Database) -> None:
    found = preview(ApplyOrganisation(ORGANISATION), database.unit_of_work, FixedClock(), meetings_of)
    assert not found.nothing
    with database.unit_of_work() as uow:
        assert uow.organisation.load() is None
        assert uow.organisation.applied_file() is None


def test_what_the_program_changed_is_a_conflict_and_stays(database: Database) -> None:
    apply(database)
    with database.unit_of_work() as uow:
        uow.organisation.save(with_tierp(place="Biblioteket"))
        uow.commit()
    found = apply(database, with_tierp(place="Kommunhuset"))
    assert [c.path for c in found.merge.conflicts] == [("teams", "tierp", "place")]
    with database.unit_of_work() as uow:
        team = uow.organisation.team("tierp")
    assert team is not None
    assert team.place == "Biblioteket"


def test_a_moved_series_leaves_booked_meetings_where_they_are(database: Database) -> None:
    apply(database)
    booked = book(database, BOOKED_DAY)
    found = apply(database, with_tierp(series=(AT_TWO,)))
    assert [kept.meeting for kept in found.meetings[0].meetings.kept_with_bookings] == [booked]
    starts = {m.day: m.start for m in plan(database)}
    assert starts.pop(BOOKED_DAY) == time(13)
    assert set(starts.values()) == {time(14)}
    again = apply(database, with_tierp(series=(AT_TWO,)))
    assert again.nothing
    assert len(again.meetings[0].meetings.kept_with_bookings) == 1


def test_a_team_with_booked_cases_is_not_removed(database: Database) -> None:
    apply(database)
    book(database, BOOKED_DAY)
    found = apply(database, replace(ORGANISATION, teams=ORGANISATION.teams[1:]))
    assert [c.path for c in found.merge.conflicts] == [("teams", "tierp")]
    with database.unit_of_work() as uow:
        assert uow.organisation.team("tierp") is not None


def test_a_team_without_bookings_goes_with_its_meetings(database: Database) -> None:
    apply(database)
    apply(database, replace(ORGANISATION, teams=ORGANISATION.teams[1:]))
    assert plan(database) == ()


def test_a_person_who_is_called_is_not_removed(database: Database) -> None:
    apply(database)
    book(database, BOOKED_DAY)
    without = replace(TIERP.parties[1], representatives=("p1",))
    members = (TIERP.parties[0], without, *TIERP.parties[2:])
    wanted = with_tierp(parties=members)
    teams = (wanted.teams[0], replace(wanted.teams[1], parties=wanted.teams[1].parties[:1]))
    people = tuple(person for person in wanted.people if person.id != "p2")
    found = apply(database, replace(wanted, people=people, teams=teams))
    assert [c.path for c in found.merge.conflicts] == [("people", "p2")]


def test_waiting_referrals_are_offered_what_became_free(database: Database) -> None:
    offered: list[tuple[str, int]] = []

    def fill(_uow: UnitOfWork, team: Team, meetings: Collection[str]) -> None:
        offered.append((team.id, len(meetings)))

    command = ApplyOrganisation(ORGANISATION)
    apply_organisation(command, database.unit_of_work, FixedClock(), meetings_of, fill)
    apply_organisation(command, database.unit_of_work, FixedClock(), meetings_of, fill)
    assert offered == [("tierp", 8), ("alvkarleby", 0)], "both are new, and then nothing changes"


def test_what_fails_on_the_way_leaves_nothing(database: Database) -> None:
    def fail(_uow: UnitOfWork, _team: Team, _meetings: Collection[str]) -> None:
        raise InterruptedError

    command = ApplyOrganisation(ORGANISATION)
    with pytest.raises(InterruptedError):
        apply_organisation(command, database.unit_of_work, FixedClock(), meetings_of, fail)
    with database.unit_of_work() as uow:
        assert isinstance(uow, SqlUnitOfWork)
        assert uow.organisation.load() is None


def test_it_is_told_in_plain_words(database: Database) -> None:
    first = apply_text(apply(database))
    assert "  + team tierp: Samverkansteam Tierp\n" in first
    assert "Möten i tierp: 8 nya, 0 ändrade, 0 tas bort.\n" in first
    assert apply_text(apply(database)) == "Inget att ändra: filen stämmer med det som gäller.\n"
    book(database, BOOKED_DAY)
    text = apply_text(apply(database, with_tierp(series=(AT_TWO,), place="Kommunhuset")), "en")
    assert "  ~ team tierp, place: Vårdcentralen Tierp, rum 4 → Kommunhuset\n" in text
    assert "2026-09-29 13:00: start would become 14:00" in text
    assert "place would become Kommunhuset" in text
