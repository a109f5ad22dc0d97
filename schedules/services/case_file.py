"""Who saw or did what with a case, and all that is held on it: for whoever runs the command line.

The person has a right to see what is held, also once the case is blocked (GDPR art. 15); taking it out is on
record like any look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schedules.domain.case_file import (
    AuditLine,
    BookingFile,
    CaseFile,
    Names,
    ReferralFile,
    SentMessage,
    Trail,
)
from schedules.domain.cases import CaseRecord, Referral
from schedules.domain.plan import Booking
from schedules.errors import NotFound
from schedules.ports import UnitOfWork
from schedules.services.authority import team_of
from schedules.services.facts import meeting_of
from schedules.services.office import Office

EXPORT = "case.export"
AUDIT = "case.audit"


def audit_trail(office: Office, reference: str, actor: str) -> Trail:
    """Who saw or did what with the case of that running reference; the look itself is the next line.

    Raises NotFound.
    """
    with office.unit_of_work() as uow:
        record = _record(uow, reference)
        found = _gather(uow, record)
        trail = Trail(record, team_of(uow, record.team).name, found.audit, found.names(uow))
        uow.audit.record(actor, None, AUDIT, record.id, office.now())
        uow.commit()
        return trail


def export_case(office: Office, reference: str, actor: str) -> CaseFile:
    """All that is held on the case, this export in its audit trail. Protected. Raises NotFound."""
    with office.unit_of_work() as uow:
        record = _record(uow, reference)
        uow.audit.record(actor, None, EXPORT, record.id, office.now())
        found = _gather(uow, record)
        file = CaseFile(
            record=record,
            team=team_of(uow, record.team).name,
            made_at=office.now(),
            referrals=found.referrals,
            messages=found.messages,
            audit=found.audit,
            names=found.names(uow),
            follow_up=uow.follow_ups.of_case(record.id),
            followed_up=uow.facts.follow_up(record.id),
        )
        uow.commit()
        return file


def _record(uow: UnitOfWork, reference: str) -> CaseRecord:
    found = uow.cases.by_reference(reference.strip().upper())
    if not found:
        raise NotFound(reference=reference)
    return found[0]


@dataclass(frozen=True, slots=True)
class _Gathered:
    record: CaseRecord
    referrals: tuple[ReferralFile, ...]
    messages: tuple[SentMessage, ...]
    audit: tuple[AuditLine, ...]

    @property
    def bookings(self) -> list[BookingFile]:
        return [one for referral in self.referrals for one in referral.bookings]

    def names(self, uow: UnitOfWork) -> Names:
        """The names of everybody and every party that stands in it."""
        people = uow.organisation.people(set(self._people()))
        parties = {
            self.record.party,
            *(party for one in self.referrals for party in _parties(one)),
            *(line.party for line in self.audit if line.party),
        }
        reached: dict[str, str] = {}
        for person in people.values():
            reached |= dict.fromkeys(person.slack, person.name)
            reached |= {person.email: person.name} if person.email else {}
        named = uow.organisation.parties(parties)
        return Names(
            {one.id: one.name for one in people.values()},
            {one.id: one.name for one in named.values()},
            reached,
        )

    def _people(self) -> Iterable[str]:
        yield self.record.owner
        yield from (line.actor for line in self.audit)
        for one in self.referrals:
            yield from (one.referral.referrer, one.referral.owner)
            if one.protected is not None:
                yield one.protected.consent.obtained_by
        for booking in self.bookings:
            yield from (seat.representative for seat in booking.booking.seats)
            yield from (seat.stand_in for seat in booking.booking.seats if seat.stand_in)
            for call in booking.calls:
                yield from (call.person, call.answered_by or call.person)
            yield from (decline.person for decline in booking.declines)
            if booking.report is not None:
                yield from (booking.report.reported_by, booking.report.feedback_by or self.record.owner)


def _parties(one: ReferralFile) -> Iterable[str]:
    yield from one.referral.parties
    if one.protected is not None:
        yield from one.protected.consent.parties
        yield from one.protected.known_to or ()
    for booking in one.bookings:
        yield from (call.party for call in booking.calls if call.party)
        yield from (decline.party for decline in booking.declines)
        if booking.result is not None:
            yield from (*booking.result.present, *booking.result.missed, *booking.result.next_parties)


def _gather(uow: UnitOfWork, record: CaseRecord) -> _Gathered:
    referrals = tuple(_referral(uow, record, one) for one in uow.cases.of_case(record.id))
    bookings = [one for referral in referrals for one in referral.bookings]
    messages = uow.case_files.messages([b.booking.id for b in bookings], [r.referral.id for r in referrals])
    cards = _cards(uow, bookings)
    subjects = [record.id, *(r.referral.id for r in referrals)]
    for one in bookings:
        subjects += [one.booking.id, *(call.id for call in one.calls)]
    about_meetings = _about_meetings(uow, bookings, messages)
    audit = sorted((*uow.case_files.audit(subjects), *about_meetings), key=lambda line: line.at)
    written = sorted((*messages, *cards), key=lambda one: one.written_at)
    return _Gathered(record, referrals, tuple(written), tuple(audit))


def _referral(uow: UnitOfWork, record: CaseRecord, referral: Referral) -> ReferralFile:
    bookings = tuple(_booking(uow, record, one) for one in uow.plan.bookings_of(referral.id))
    protected = None if record.erased else uow.cases.protected(referral.id)
    return ReferralFile(referral, protected, bookings)


def _booking(uow: UnitOfWork, record: CaseRecord, booking: Booking) -> BookingFile:
    report = uow.outcomes.of_booking(booking.id)
    return BookingFile(
        booking=booking,
        meeting=meeting_of(uow, booking.meeting),
        calls=uow.case_files.calls(booking.id),
        declines=uow.plan.declines(booking.id),
        report=report,
        result=None if report is None or record.erased else uow.outcomes.result(booking.id),
    )


def _cards(uow: UnitOfWork, bookings: Sequence[BookingFile]) -> list[SentMessage]:
    """The cards of everybody called, from their call on: they list the case among the reader's own."""
    cards: dict[SentMessage, None] = {}
    for one in bookings:
        called = {call.person: call.called_at for call in one.calls}
        for person in uow.organisation.people(called).values():
            found = uow.case_files.cards([one.meeting.id], person.slack, called[person.id])
            cards |= dict.fromkeys(found)
    return list(cards)


def _about_meetings(
    uow: UnitOfWork, bookings: Sequence[BookingFile], messages: Sequence[SentMessage]
) -> list[AuditLine]:
    """What was decided about a meeting at which the case had its time: the messages know the earlier ones."""
    lines: dict[AuditLine, None] = {}
    for one in bookings:
        meetings = {
            one.meeting.id,
            *(m.meeting for m in messages if m.booking == one.booking.id and m.meeting),
        }
        found = uow.case_files.audit(meetings)
        lines |= dict.fromkeys(line for line in found if line.at >= one.booking.created_at)
    return list(lines)
