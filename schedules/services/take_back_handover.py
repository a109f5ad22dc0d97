"""A handover to come is taken back: whoever was to go stays, and gets back what had changed hands already."""

from __future__ import annotations

from collections.abc import Collection

from schedules.domain.authority import Command
from schedules.domain.duty import Handover, absence_on
from schedules.domain.organisation import Team
from schedules.errors import NotFound, Outdated
from schedules.ports import UnitOfWork
from schedules.services.authority import person, refused, team_of
from schedules.services.duty_changes import carry_out, come_back, live_calls, pass_on_answer, plan_duty
from schedules.services.hand_over import teams_open_to
from schedules.services.live_home import renew_home_of
from schedules.services.office import Office
from schedules.services.propose import people_freed
from schedules.services.tell_duty import tell_duty
from schedules.texts.duty import DutyCause


def take_back_handover(office: Office, actor: str, team_id: str, handover_id: str) -> Handover:
    """The person keeps what they do in the team; each person affected gets one message.

    The seats that the successor had got for days to come go back, or to whoever of the party is free.

    Raises:
        NotFound: it is taken back already, or its day has come.
        Outdated: the successor hands over in turn; that comes first.
        NotAllowed, LockTimeout.
    """

    def work(uow: UnitOfWork) -> Handover:
        team = team_of(uow, team_id)
        coming = uow.plan.handovers(team.id)
        handover = next((h for h in coming if h.id == handover_id), None)
        if handover is None:
            raise NotFound(handover=handover_id)
        if not _may_take_back(uow, actor, team, handover):
            raise refused(Command.HAND_OVER, actor, handover.person)
        if _builds_on(handover, coming):
            raise Outdated(handover=handover.id)
        acting = person(uow, actor)
        uow.plan.remove_handover(handover.id)
        uow.audit.record(acting.id, acting.party, "duty.take_back", handover.id, office.now())
        changes = plan_duty(uow, office, [team], handover.successor, handover.person)
        done = [(c, carry_out(uow, office, c, handover.successor, handover.cause)) for c in changes]
        who, successor = person(uow, handover.person).name, person(uow, handover.successor).name
        why = DutyCause(who, handover.from_date, successor=successor, taken_back=True)
        tell_duty(uow, office, why, handover.successor, done, but=actor)
        _open_again(uow, office, team, handover)
        people_freed(uow, office, team, here=True)
        renew_home_of(uow, (actor, handover.person, handover.successor), office.now())
        return handover

    return office.change_plan(team_id, work)


def _may_take_back(uow: UnitOfWork, actor: str, team: Team, handover: Handover) -> bool:
    """Whether the person may hand over those duties, and so may also leave them where they are."""
    return any(one.id == team.id for one in teams_open_to(uow, actor, handover.person))


def to_take_back(uow: UnitOfWork, actor: str, team: Team) -> frozenset[str]:
    """Ids of the team's handovers to come that the person may take back as things stand."""
    coming = uow.plan.handovers(team.id)
    allowed = (h for h in coming if not _builds_on(h, coming) and _may_take_back(uow, actor, team, h))
    return frozenset(h.id for h in allowed)


def _builds_on(handover: Handover, coming: Collection[Handover]) -> bool:
    """Whether the successor hands on what this one brings."""
    return any(h.person == handover.successor and h.from_date >= handover.from_date for h in coming)


def _open_again(uow: UnitOfWork, office: Office, team: Team, handover: Handover) -> None:
    """What the handover answered for is asked again; on a day of absence its no is the absence's."""
    absences = uow.plan.absences_of([handover.person], office.today())
    for called in live_calls(uow, office, [team]):
        away = absence_on(absences, called.meeting.day)
        if away is not None:
            pass_on_answer(uow, called, handover.cause, away.cause)
        else:
            come_back(uow, office, called, handover.person, handover.cause)
