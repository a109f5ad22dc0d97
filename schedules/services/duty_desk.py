"""What the App Home shows of absences and handovers."""

from __future__ import annotations

from schedules.domain.duty import is_away
from schedules.domain.home import AbsenceLine, ComingHandover, DutyDesk
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking, Meeting
from schedules.ports import UnitOfWork
from schedules.services.absence import absences_to_show
from schedules.services.coordination import coordinator_at
from schedules.services.hand_over import may_hand_over
from schedules.services.office import Office
from schedules.services.take_back_handover import to_take_back


def duty_desk(uow: UnitOfWork, office: Office, actor: str) -> DutyDesk:
    """The absences that the person may change, what changes hands, and whom they stand in for today."""
    served = uow.organisation.teams_served_by(actor)
    return DutyDesk(
        absences=tuple(
            AbsenceLine(a.id, name, a.from_date, a.to_date, own=a.person == actor)
            for a, name in absences_to_show(uow, office, actor)
        ),
        handovers=tuple(line for team in served for line in _handovers(uow, team, actor)),
        leads_for=tuple(pair for team in served for pair in _stands_in(uow, office, team, actor)),
        may_enter=bool(served),
        may_hand_over=may_hand_over(uow, actor),
    )


def seats_without_anybody(uow: UnitOfWork, booking: Booking, meeting: Meeting) -> tuple[tuple[str, str], ...]:
    """(party, person), by name, of the booking's seats whose holder is away on the meeting's day."""
    holders = [seat.representative for seat in booking.seats]
    absences = uow.plan.absences(holders, meeting.day)
    gone = [seat for seat in booking.seats if is_away(seat.representative, meeting.day, absences)]
    parties = uow.organisation.parties([seat.party for seat in gone])
    people = uow.organisation.people([seat.representative for seat in gone])
    return tuple((parties[s.party].name, people[s.representative].name) for s in gone)


def _handovers(uow: UnitOfWork, team: Team, actor: str) -> list[ComingHandover]:
    coming = uow.plan.handovers(team.id)
    if not coming:
        return []
    mine = to_take_back(uow, actor, team)
    people = uow.organisation.people({p for h in coming for p in (h.person, h.successor)})
    return [
        ComingHandover(
            team.name,
            people[h.person].name,
            people[h.successor].name,
            h.from_date,
            f"{team.id} {h.id}" if h.id in mine else None,
        )
        for h in coming
    ]


def _stands_in(uow: UnitOfWork, office: Office, team: Team, actor: str) -> list[tuple[str, str]]:
    if actor == team.coordinator or coordinator_at(uow, team, office.today()) != actor:
        return []
    away = uow.organisation.people([team.coordinator])
    return [(person.name, team.name) for person in away.values()]
