"""An absence or a handover: one message to each person affected, listing their changes."""

from __future__ import annotations

from collections.abc import Sequence

from schedules.domain.organisation import Team
from schedules.domain.plan import BookingStatus
from schedules.ports import UnitOfWork
from schedules.services.called import Called
from schedules.services.cards import own_calls
from schedules.services.coordination import coordinator_at
from schedules.services.duty_changes import DutyChange
from schedules.services.facts import case_facts
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office, new_id
from schedules.texts.duty import DutyCause, DutyLine, duty_changed

Done = tuple[DutyChange, Called]
"""A change, and the booking as it is afterwards."""


def tell_duty(
    uow: UnitOfWork, office: Office, cause: DutyCause, person: str, done: Sequence[Done], but: str
) -> None:
    """Tell each person affected once; `person` is who goes, `but` knows already that they do.

    Who is asked beside somebody silent, or no longer, has their card.

    A booking that nobody is called to yet concerns the coordinator only, and only if nobody takes the seat.
    """
    lines: dict[str, list[DutyLine]] = {}
    team_of: dict[str, Team] = {}
    for change, called in done:
        for who in _affected(uow, office, change, person):
            line = _line(uow, office, change, called, person, who)
            if who != but or line.uncovered is not None:
                lines.setdefault(who, []).append(line)
                team_of.setdefault(who, called.team)
    topic = f"duty:{new_id()}"
    for reader in uow.organisation.people(lines).values():
        message = duty_changed(cause, lines[reader.id], language_of(reader, team_of[reader.id], office))
        tell(uow, office, reader, message, topic, About())


def _affected(uow: UnitOfWork, office: Office, change: DutyChange, person: str) -> list[str]:
    called = change.called
    acting = [coordinator_at(uow, called.team, office.today())] if change.uncovered else []
    if called.booking.status is not BookingStatus.BOOKED:
        return acting
    seat = [person, change.deputy] if change.party is not None else []
    told = [*seat, change.leader, change.former, *acting]
    if change.party is not None and change.deputy is not None:
        told.append(called.referral.referrer)
    return list(dict.fromkeys(who for who in told if who is not None))


def _line(
    uow: UnitOfWork, office: Office, change: DutyChange, called: Called, person: str, who: str
) -> DutyLine:
    party = uow.organisation.parties([change.party]).get(change.party) if change.party else None
    names = uow.organisation.people([p for p in (person, change.deputy, change.leader) if p])
    deputy = names[change.deputy].name if change.deputy in names else None
    calls = own_calls(uow, called.team, who, called.meeting.id)
    acts = change.uncovered and who == coordinator_at(uow, called.team, office.today())
    tells = deputy is not None and who == called.referral.referrer and who not in {person, change.deputy}
    return DutyLine(
        case=case_facts(uow, called.team, called.referral, called.booking),
        booking=called.booking.id,
        referral=called.referral.id,
        call=next((c for c in calls if c.referral == called.referral.id), None),
        takes_seat=party.name if party and who == change.deputy else None,
        leads=who == change.leader,
        lost_seat=change.party is not None and who == person,
        deputy=deputy,
        leader=names[change.leader].name if who == change.former and change.leader in names else None,
        instead=(deputy, names[person].name) if tells and deputy and person in names else None,
        uncovered=party.name if party and acts else None,
    )
