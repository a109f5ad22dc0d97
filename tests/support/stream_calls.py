"""Random commands about calls: answers by button, by mail and by link, deputies, and what follows a no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from schedules.domain.authority import Command
from schedules.domain.incoming import Bounce, Counter, IncomingMail, Other, OutOfOffice, Reply, ReplyStatus
from schedules.domain.plan import Answer, DeclineReason
from schedules.errors import Outdated
from schedules.ports import IncomingOutcome, MailKey, MailOrigin
from schedules.services import answer_by_link
from schedules.services.answer_invitation import answer_invitation, deputies_for, deputise, know_identity
from schedules.services.ask_party import ask_again, ask_contact
from schedules.services.counter_offer import refuse_counter
from schedules.services.decline import decline
from schedules.services.home import invitations_to_record, set_comes_unless_declined
from schedules.services.missing_party import (
    hold_without,
    move_to_next_time,
    preview_next_time,
)
from schedules.services.receive_mail import receive
from schedules.services.remind_now import remind_answer
from tests.support.attendee_calendars import Entry
from tests.support.plan_rows import rows
from tests.support.stream import Stream, picked

REASONS = (None, DeclineReason.NOT_OUR_CASE, *DeclineReason)
STATUSES = (
    ReplyStatus.ACCEPTED,
    ReplyStatus.ACCEPTED,
    ReplyStatus.DECLINED,
    ReplyStatus.TENTATIVE,
    ReplyStatus.DELEGATED,
    ReplyStatus.DELEGATED,
)
GONE = {IncomingOutcome.ENDED, IncomingOutcome.STALE}


class CallCommands(Stream):
    """What those called do, by any door, and the coordinator for them."""

    def answer(self, number: int, which: int, by: int) -> None:
        found = picked(self.invitations(live=None), number)
        if found is None:
            return
        actor = found.person if by % 4 else self.leader(found.team, by // 4)
        if which % 2 == 0:
            self._decline(found, actor, which // 2)
        else:
            name = Command.ANSWER if actor == found.person else "answer by phone"
            self.attempt(
                name, lambda: answer_invitation(self.office, actor, found.public_id, Answer.ACCEPTED)
            )
        self.attempt(Command.KNOW_IDENTITY, lambda: know_identity(self.office, found.person, found.public_id))

    def _decline(self, found: Any, actor: str, which: int) -> None:
        """Say no for one of the reasons; where nobody is left, the coordinator does one thing or another."""
        reason = REASONS[which % len(REASONS)]
        self.attempt("decline", lambda: decline(self.office, actor, found.public_id, reason))
        self.settle_seat(found, which // 5)

    def settle_a_seat(self, number: int, way: int, *_: int) -> None:
        """A seat whose holder has said no, some time later."""
        with self.office.unit_of_work() as uow:
            said_no = [
                found
                for found in self.invitations(live=True)
                for i in uow.plan.invitations(found.booking)
                if i.person == found.person and i.answer is Answer.DECLINED and i.must_answer
            ]
        found = picked(said_no, number)
        if found is not None:
            for one in (1, 2, way):  # whoever is asked may still be held without, or moved
                self.settle_seat(found, one)

    def settle_seat(self, found: Any, way: int) -> None:
        """One of the coordinator's ways."""
        leader = self.leader(found.team, way // 4)
        ways: tuple[Callable[[], object], ...] = (
            partial(hold_without, self.office, leader, found.public_id),
            partial(ask_contact, self.office, leader, found.public_id),
            partial(ask_again, self.office, leader, found.public_id),
            partial(self._next_time, leader, found.public_id),
        )
        names = ("hold_without", "ask_contact", "ask_again", "next time")
        if self.attempt(names[way % 4], ways[way % 4]) is not None:
            self.seen[Command.SETTLE_SEAT] += 1

    def _next_time(self, leader: str, public_id: str) -> object:
        shown = preview_next_time(self.office, leader, public_id)
        if shown.time is None:
            raise Outdated
        return move_to_next_time(self.office, leader, public_id, shown.time.slot)

    def by_link(self, number: int, which: int, *_: int) -> None:
        found = picked(self.invitations(live=None), number)
        if found is None:
            return
        before = self.everything()
        page = answer_by_link.open_link(self.office, found.public_id)
        assert self.everything() == before
        deputy = picked(page.deputies, which) if which % 3 else None
        reason = tuple(DeclineReason)[which % 4]
        if which % 2:
            self.attempt("accept by link", lambda: answer_by_link.accept(self.office, found.public_id))
        else:
            self.attempt(
                "decline by link",
                lambda: answer_by_link.decline(
                    self.office, found.public_id, reason, deputy.id if deputy else None
                ),
            )
        self.attempt("known by link", lambda: answer_by_link.know_identity(self.office, found.public_id))

    def deputise(self, number: int, which: int, *_: int) -> None:
        found = picked(self.invitations(live=True), number)
        if found is None:
            return
        offered = self.attempt("deputies", lambda: deputies_for(self.office, found.person, found.public_id))
        deputy = picked(offered[1], which) if offered else None
        if deputy is not None:
            self.attempt(
                Command.DEPUTISE, lambda: deputise(self.office, found.person, found.public_id, deputy.id)
            )

    def remind(self, number: int, by: int, *_: int) -> None:
        """The coordinator looks at whose answers are to be recorded, and reminds one of them."""
        found = picked(self.invitations(live=True), number)
        if found is None:
            return
        leader = self.leader(found.team, by)
        self.attempt(Command.REMIND_ANSWER, lambda: remind_answer(self.office, leader, found.public_id))
        booking = next((b for b in self.live() if b.id == found.booking), None)
        if booking is not None:
            self.attempt(
                Command.RECORD_ANSWERS,
                lambda: invitations_to_record(self.office, leader, self._meeting_of(booking.id)),
            )

    def _meeting_of(self, booking: str) -> str:
        with self.office.unit_of_work() as uow:
            found = uow.plan.booking(booking)
        assert found is not None
        return found.meeting

    def comes_unless(self, number: int, comes: int, *_: int) -> None:
        people = [person.id for person in self.it.organisation.people]
        who = people[number % len(people)]
        self.attempt(
            "comes unless", lambda: set_comes_unless_declined(self.office, who, comes=comes % 2 == 0)
        )

    # --- by mail -------------------------------------------------------------------------------------

    def by_mail(self, number: int, which: int, _: int) -> None:
        """An attendee's calendar program answers what stands in that calendar."""
        found = self._entry(number)
        if found is None:
            return
        (address, uid), entry = found
        status = STATUSES[which % len(STATUSES)]
        own = [p for p in self.it.organisation.people if p.email and p.email != address]
        delegate = picked([p.email for p in own if address.startswith(p.party)], which // len(STATUSES))
        mail = Reply(
            uid=uid,
            attendee=address,
            sequence=entry.sequence,
            partstat=status,
            dtstamp=self.office.now(),
            sender=address,
            message_id=f"<{self.number()}@a.example>",
            delegate=delegate if status is ReplyStatus.DELEGATED else None,
        )
        entry.partstat = status.value
        outcome = self._receive(mail)
        self._heeded(outcome, address, uid, entry)

    def counter(self, number: int, hours: int, refuse: int) -> None:
        """An attendee proposes another time; the coordinator holds on to the one that stands, or not."""
        found = self._entry(number)
        if found is None:
            return
        (address, uid), entry = found
        assert entry.span is not None
        mail = self._counter_of(address, uid, entry, entry.span[0] + timedelta(hours=hours % 48 - 24))
        digest = f"{self.number():064x}"
        outcome = self._receive(mail, digest)
        self._heeded(outcome, address, uid, entry)
        if outcome is not IncomingOutcome.TIME_PROPOSED or not refuse % 2:
            return
        with self.office.unit_of_work() as uow:
            booking = uow.plan.booking_by_uid(uid)
            assert booking is not None
            invitation = uow.plan.invitation_of(booking.id, address)
        assert invitation is not None
        proposal = f"{invitation.public_id}:{digest[:16]}"
        leader = self.leader(booking.team, refuse // 2)
        self.attempt(Command.REFUSE_TIME, lambda: refuse_counter(self.office, leader, proposal))

    def _counter_of(self, address: str, uid: str, entry: Entry, start: datetime) -> Counter:
        return Counter(
            uid=uid,
            attendee=address,
            sequence=entry.sequence,
            partstat=ReplyStatus.TENTATIVE,
            start=start,
            end=None,
            dtstamp=self.office.now(),
            sender=address,
            message_id=f"<{self.number()}@a.example>",
        )

    def other_mail(self, number: int, which: int, *_: int) -> None:
        """A bounce, an automatic answer, somebody else's reply, or nothing of ours: no time changes."""
        found = self._entry(number)
        if found is None:
            return
        (address, uid), entry = found
        made = f"<{self.number()}@a.example>"
        letters = self._sent_to(address)
        forged = Reply(uid, address, entry.sequence, ReplyStatus.DECLINED, None, "x@x.example", made)
        mails: tuple[IncomingMail, ...] = (
            Bounce(address, picked(letters, number), permanent=which % 2 == 0, message_id=made),
            OutOfOffice(address, picked(letters, number), made),
            replace(forged, dtstamp=self.office.now()),
            Other(made, address),
        )
        before = self.everything(but={"outbox"})
        for mail in mails:
            self._receive(mail)
        assert self.everything(but={"outbox"}) == before

    def _sent_to(self, address: str) -> list[str]:
        found = rows(self.it.database, "SELECT recipient, message_id FROM outbox WHERE channel = 'mail'")
        return [row.message_id for row in found if row.recipient.lower() == address and row.message_id]

    def _entry(self, number: int) -> tuple[tuple[str, str], Entry] | None:
        """What stands in some attendee's calendar."""
        entries = self.it.postman.calendars.entries
        return picked([(key, e) for key, e in entries.items() if e.span is not None], number)

    def _receive(self, mail: IncomingMail, digest: str | None = None) -> IncomingOutcome:
        number = self.number()
        origin = MailOrigin("inbox", MailKey("1", str(number)), digest or f"{number:064x}")
        outcome = self.attempt(f"mail {type(mail).__name__}", lambda: receive(self.office, mail, origin))
        assert outcome is not None
        self.seen[f"mail {outcome}"] += 1
        return outcome

    def _heeded(self, outcome: IncomingOutcome, address: str, uid: str, entry: Entry) -> None:
        """What the outcome may be; a stream that is delivered at once knows more."""
