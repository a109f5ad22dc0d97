"""The page behind an invitation's link: what it shows, and what it may do in the invited person's name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from schedules.domain.facts import Contact, OwnCall
from schedules.domain.organisation import Person
from schedules.domain.plan import Answer, BookingStatus, DeclineReason, Invitation
from schedules.errors import Outdated
from schedules.ports import AuditStore, UnitOfWork
from schedules.services import answer_invitation as answers
from schedules.services import decline as declines
from schedules.services.answer_invitation import Invited, find_invited, free_deputies
from schedules.services.authority import person
from schedules.services.called import load_called
from schedules.services.coordination import coordinator_now
from schedules.services.facts import case_facts, contact, own_call
from schedules.services.letters import language_of
from schedules.services.office import Office


class LinkState(StrEnum):
    """Whether the link may still act; only `open` ones do."""

    OPEN = "open"
    MOVED = "moved"
    ENDED = "ended"
    OVER = "over"  # the meeting has begun


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What the page says. `call` is the present time of the case, None where the reader is not called.

    `deputies` are the party's other representatives who are free, for somebody who is asked to answer.
    """

    state: LinkState
    language: str
    team: str
    coordinator: Contact
    answer: Answer
    call: OwnCall | None = None
    deputies: tuple[Person, ...] = ()


def open_link(office: Office, public_id: str) -> LinkPage:
    """The page as it stands; nothing is changed. Raises NotFound."""
    with office.unit_of_work() as uow:
        invited = find_invited(uow, public_id)
        state = _state(uow, office, invited, public_id)
        called, invitation = invited.called, invited.invitation
        reader = person(uow, invitation.person)
        coordinator = coordinator_now(uow, office, called.team)
        asked = state is LinkState.OPEN and invitation.must_answer
        return LinkPage(
            state=state,
            language=language_of(reader, called.team, office),
            team=called.team.name,
            coordinator=contact(coordinator),
            answer=invitation.answer,
            call=None if state is LinkState.OVER else _present_call(uow, office, invited),
            deputies=free_deputies(uow, office, invited) if asked else (),
        )


def accept(office: Office, public_id: str) -> None:
    """The invited person comes. Raises NotFound, Outdated, LockTimeout."""
    actor = _holder(office, public_id)
    answers.answer_invitation(by_link(office, actor), actor, public_id, Answer.ACCEPTED)


def decline(office: Office, public_id: str, reason: DeclineReason, deputy: str | None) -> None:
    """The invited person cannot come. Raises as `accept`, and Refused for a deputy who is not free."""
    actor = _holder(office, public_id)
    declines.decline(by_link(office, actor), actor, public_id, reason, deputy)


def know_identity(office: Office, public_id: str) -> None:
    """The invited person knows whom it concerns. Raises as `accept`."""
    actor = _holder(office, public_id)
    answers.know_identity(by_link(office, actor), actor, public_id)


def by_link(office: Office, actor: str) -> Office:
    """The same office, where what `actor` decides is on record as done by link."""

    @contextmanager
    def unit_of_work() -> Iterator[UnitOfWork]:
        with office.unit_of_work() as uow:
            uow.audit = _ByLink(uow.audit, actor)
            yield uow

    return replace(office, unit_of_work=unit_of_work)


@dataclass(frozen=True, slots=True)
class _ByLink:
    """Implements `AuditStore` over another: whoever had the link acted in the person's name."""

    audit: AuditStore
    actor: str

    def record(self, actor: str, party: str | None, action: str, subject: str, at: datetime) -> None:
        """Add one line; the person's own say that the link was used."""
        how = f"{action}.by_link" if actor == self.actor else action
        self.audit.record(actor, party, how, subject, at)


def _holder(office: Office, public_id: str) -> str:
    """Whose link it is, until the meeting begins."""
    with office.unit_of_work() as uow:
        invited = find_invited(uow, public_id)
    if invited.called.meeting.starts_at <= office.now():
        raise Outdated(invitation=invited.invitation.id)
    return invited.invitation.person


def _state(uow: UnitOfWork, office: Office, invited: Invited, public_id: str) -> LinkState:
    if not _booked(invited):
        return LinkState.ENDED
    if invited.called.meeting.starts_at <= office.now():
        return LinkState.OVER
    return LinkState.OPEN if uow.plan.is_current(public_id) else LinkState.MOVED


def _booked(invited: Invited) -> bool:
    return invited.invitation.live and invited.called.booking.status is BookingStatus.BOOKED


def _present_call(uow: UnitOfWork, office: Office, invited: Invited) -> OwnCall | None:
    """The reader's call as it stands, also where the case has come to another booking since."""
    now = invited if _booked(invited) else _later(uow, invited)
    if now is None or now.called.meeting.starts_at <= office.now():
        return None
    called = now.called
    case = case_facts(uow, called.team, called.referral, called.booking, called.meeting)
    return own_call(uow, case, called.referral.id, now.invitation)


def _later(uow: UnitOfWork, invited: Invited) -> Invited | None:
    booking = uow.plan.live_booking(invited.called.referral.id)
    if booking is None or booking.status is not BookingStatus.BOOKED:
        return None
    own: Invitation | None = next(
        (i for i in uow.plan.invitations(booking.id) if i.person == invited.invitation.person), None
    )
    return Invited(own, load_called(uow, booking.id)) if own else None
