"""A representative cannot come: the party's next one is called at once, else the coordinator decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schedules.domain.organisation import Person
from schedules.domain.plan import Answer, DeclineReason, Invitation, Seat
from schedules.errors import Refused
from schedules.ports import UnitOfWork
from schedules.services.authority import coordinates
from schedules.services.away import away_on
from schedules.services.called import Called
from schedules.services.cards import renew_card, renew_cards_of
from schedules.services.coordination import coordinator_at
from schedules.services.deputies import free_deputies, is_free, pass_seat, record_no, reseat
from schedules.services.facts import case_facts
from schedules.services.invited import Invited, seat_of, team_of_invitation, to_answer
from schedules.services.keep_facts import call_kept
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office
from schedules.services.ways_without_party import ways_without
from schedules.texts.missing import NoRepresentative, declined


def decline(
    office: Office, actor: str, public_id: str, reason: DeclineReason | None, deputy: str | None = None
) -> Invited:
    """Say no to a call: the invited person (`actor`, a person id), or the coordinator for them.

    Args:
        office: the office.
        actor: who says it.
        public_id: the invitation's current public id.
        reason: why; None if it was not asked for.
        deputy: who comes instead (person id), where the representative knows.

    Raises:
        Refused: `deputy` is not a free representative of the party.
        NotFound, NotAllowed.
        Outdated: the time has changed, or the call or the meeting has ended.
    """

    def work(uow: UnitOfWork) -> Invited:
        invited, acting = to_answer(uow, office, actor, public_id)
        return decline_call(uow, office, invited, acting, reason, deputy)

    return office.change_plan(team_of_invitation(office, public_id), work)


def decline_call(
    uow: UnitOfWork,
    office: Office,
    invited: Invited,
    acting: Person,
    reason: DeclineReason | None,
    deputy: str | None = None,
) -> Invited:
    """What a no changes, however it came. The same answer again changes nothing.

    Under the team's lock; that the call is live, and `acting` may answer it, has been seen to. Raises
    Refused as `decline`.
    """
    if invited.invitation.answer is Answer.DECLINED:
        return invited
    free = free_deputies(uow, office, invited) if invited.invitation.must_answer else ()
    if deputy is not None and deputy not in {p.id for p in free}:
        raise Refused({"deputy": "deputy_not_free"})
    after = _record(uow, office, invited, acting, reason, deputy)
    if not after.invitation.must_answer:
        _renew(uow, office, after.called, after.invitation.person)
    elif reason is DeclineReason.NOT_OUR_CASE:
        _not_our_case(uow, office, after)
    else:
        _call_next(uow, office, after, [deputy] if deputy else [p.id for p in free], reason)
    return after


def comes_no_longer(uow: UnitOfWork, office: Office, invited: Invited) -> None:
    """Whoever sits for the party is away by now, or serves no more: the same as after their no.

    Where it is an absence it stands as who said so, and the answer is open again when that is taken back.
    """
    invitation, day = invited.invitation, invited.called.meeting.day
    away = away_on(uow, [invitation.person], day).get(invitation.person)
    if away is not None:
        invitation = replace(invitation, answered_at=office.now(), answered_by=away.cause)
        uow.plan.save_invitation(invitation)
    free = free_deputies(uow, office, invited)
    _call_next(uow, office, replace(invited, invitation=invitation), [p.id for p in free], None)


def _record(
    uow: UnitOfWork,
    office: Office,
    invited: Invited,
    acting: Person,
    reason: DeclineReason | None,
    deputy: str | None,
) -> Invited:
    invitation, now = invited.invitation, office.now()
    answered = replace(invitation, answer=Answer.DECLINED, answered_at=now, answered_by=acting.id)
    uow.plan.save_invitation(answered)
    uow.audit.record(acting.id, acting.party, "invitation.declined", invitation.id, now)
    if invitation.must_answer:
        record_no(uow, office, invited, reason, deputy)
        call_kept(uow, office, invited.called)
    return replace(invited, invitation=answered)


def _call_next(
    uow: UnitOfWork,
    office: Office,
    said_no: Invited,
    candidates: Sequence[str],
    reason: DeclineReason | None,
) -> None:
    """The seat passes at once; after a stand-in's no, another one is asked as well."""
    called, seat = said_no.called, seat_of(said_no)
    asked = candidates[0] if candidates else None
    if seat.stand_in == said_no.invitation.person:
        reseat(uow, office, called, replace(seat, stand_in=asked))
    elif seat.stand_in in candidates and seat.stand_in is not None:
        pass_seat(uow, office, called, seat.party, seat.stand_in)
        renew_card(uow, office, called.meeting, seat.stand_in, notify=True)
    elif asked is not None:
        pass_seat(uow, office, called, seat.party, asked)
    else:
        _nobody_left(uow, office, said_no, reason)


def _nobody_left(uow: UnitOfWork, office: Office, said_no: Invited, reason: DeclineReason | None) -> None:
    """The seat stays as it is until the coordinator has decided, and the one who said no may still come."""
    called = said_no.called
    seat = seat_of(said_no)
    if seat.stand_in is not None:
        called = reseat(uow, office, called, replace(seat, stand_in=None))
    _renew(uow, office, called, said_no.invitation.person)
    _tell_declined(uow, office, called, said_no.invitation, reason)


def _not_our_case(uow: UnitOfWork, office: Office, said_no: Invited) -> None:
    """Said for the party as a whole: no deputy is called, and the seat is the speaker's until it is decided.

    A silent colleague of theirs, or one who was asked as well, is let go.
    """
    called, seat, speaker = said_no.called, seat_of(said_no), said_no.invitation.person
    if seat.representative != speaker and not is_free(uow, called, speaker):
        reseat(uow, office, called, replace(seat, stand_in=None))
        return
    if seat.stand_in is not None:
        called = reseat(uow, office, called, Seat(seat.party, speaker))
    _renew(uow, office, called, speaker)
    _tell_declined(uow, office, called, said_no.invitation, DeclineReason.NOT_OUR_CASE)


def _renew(uow: UnitOfWork, office: Office, called: Called, person: str) -> None:
    renew_cards_of(uow, office, called.booking.id, called.meeting.id, person)


def _tell_declined(
    uow: UnitOfWork, office: Office, called: Called, invitation: Invitation, reason: DeclineReason | None
) -> None:
    """The coordinator, who is to decide, and the referrer."""
    party = uow.organisation.parties([invitation.party or ""]).get(invitation.party or "")
    decliner = uow.organisation.people([invitation.person]).get(invitation.person)
    case = case_facts(uow, called.team, called.referral, called.booking)
    affected = dict.fromkeys((coordinator_at(uow, called.team, office.today()), called.referral.referrer))
    for who in uow.organisation.people(affected).values():
        message = declined(
            case,
            NoRepresentative(decliner.name if decliner else "", party.name if party else "", reason),
            language_of(who, called.team, office),
            invitation=invitation.public_id if coordinates(called.team, who.id) else None,
            booking_id=called.booking.id,
            referral_id=called.referral.id,
            ways=ways_without(uow, called, invitation, reason),
        )
        topic = f"declined:{called.booking.id}:{called.booking.sequence}:{invitation.id}"
        about = About(called.booking.id, called.meeting.id, expires_at=called.meeting.starts_at)
        tell(uow, office, who, message, topic, about)
