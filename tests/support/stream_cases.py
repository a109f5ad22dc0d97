"""Random commands about cases and their bookings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from schedules.domain.assignment import Assignment, Wish
from schedules.domain.authority import Command
from schedules.domain.cases import Gender, PersonTakesPart, QuestionCategory, Referral, Support, Urgency
from schedules.domain.change_case import ChangeCase
from schedules.domain.commands import SaveDetails, SubmitReferral
from schedules.domain.facts import ReferralOutcome
from schedules.errors import CaseSealed
from schedules.services.block_case import block_case
from schedules.services.change_case import MoveNeeded, change_case
from schedules.services.change_form import open_change
from schedules.services.decide_booking import (
    confirm_booking,
    move_booking,
    other_times,
    send_back,
    withdraw_referral,
)
from schedules.services.home import home_page
from schedules.services.links import LetterLink
from schedules.services.person_letter import open_letter
from schedules.services.propose import LAPSED
from schedules.services.remind_now import remind_whom
from schedules.services.save_details import WAIT, save_details
from schedules.services.show_case import show_case
from schedules.services.submit_referral import submit_referral
from schedules.services.tasks import needs_arranged, person_asked
from schedules.services.urgent_cases import show_urgent
from tests.support.plan_rows import rows, world_of
from tests.support.random_office import TODAY, workdays_later
from tests.support.reference_assignment import expected
from tests.support.stream import DEPUTY, Stream, picked

TAKING_PART = tuple(PersonTakesPart)


class CaseCommands(Stream):
    """What caseworkers do, and coordinators with their cases."""

    def submit(self, team: int, actor: int, mask: int) -> None:
        self._submit(team, actor, mask, mask // 4, team // 2, actor // 3, None)

    def mend(self, number: int, mask: int, urgent: int) -> None:
        returned = picked(self.referrals("returned"), number)
        if returned is not None:
            teams = [team.id for team in self.it.organisation.teams]
            self._submit(teams.index(returned.team), 0, mask, urgent, 0, 0, returned)

    def _submit(
        self, team: int, actor: int, mask: int, urgent: int, wait: int, owner: int, mended: Referral | None
    ) -> None:
        chosen = self.it.organisation.teams[team % len(self.it.organisation.teams)]
        parties = [m.party for m in chosen.parties]
        own = parties[actor % len(parties)]
        who = mended.referrer if mended is not None else f"{own}{actor % 4}"
        others = [p for p in parties if p != who[0]]
        asked = tuple(p for n, p in enumerate(others) if mask >> n & 1) or tuple(others[:1])
        command = SubmitReferral(
            actor=who,
            view_id=f"V{self.number()}",
            team=chosen.id,
            parties=asked,
            consent_date=TODAY,
            categories=(QuestionCategory.CARE,),
            question="Hur kan stödet samordnas framåt?",
            person_takes_part=TAKING_PART[mask % 4],
            urgency=Urgency.URGENT if urgent % 4 == 0 else Urgency.ORDINARY,
            urgency_reason="Det brådskar" if urgent % 4 == 0 else None,
            not_before=self.office.today() + timedelta(days=wait % 30) if wait % 5 == 0 else None,
            case_owner=f"U{own.upper()}{owner % 4}" if owner % 3 == 0 else None,
            mends=mended.id if mended is not None else None,
        )
        self._raise_case(command)

    def _raise_case(self, command: SubmitReferral) -> None:
        """Promise 2: the first suitable slot, who sits in it, and why no earlier one."""
        wanted = self._expected(command)
        passable = not self._lapsed_waits(command.team)
        name = Command.MEND_CASE if command.mends else Command.RAISE_CASE
        outcome = self.attempt(name, lambda: submit_referral(self.office, command))
        if outcome is not None:
            self.submitted[outcome.referral] = command
            if passable:
                self._compare(outcome, wanted)

    def _lapsed_waits(self, team: str) -> bool:
        """A case whose time lapsed waits beside free times, and no newcomer passes it: it is booked first."""
        waiting = [one for one in self.referrals("waiting") if one.team == team]
        return any(flag.startswith(LAPSED) for one in waiting for flag in one.flags)

    def _expected(self, command: SubmitReferral) -> Assignment:
        office = self.office
        world = world_of(office, self.it.database)
        team = world.teams[command.team]
        lead = (
            team.rules.urgent_lead_workdays if command.urgency is Urgency.URGENT else team.rules.lead_workdays
        )
        earliest = workdays_later(office.today(), max(lead, team.rules.urgent_lead_workdays), office)
        parties = (command.actor[0], *command.parties)
        return expected(
            world, team, Wish(parties, command.urgency, earliest, command.not_before), office.today()
        )

    def _compare(self, outcome: ReferralOutcome, wanted: Assignment) -> None:
        names = {party.id: party.name for party in self.it.organisation.parties}
        told = [(passed.day, passed.reason, passed.parties) for passed in outcome.passed_over]
        assert told == [
            (p.day, p.reason, tuple(names[party] for party in p.parties)) for p in wanted.passed_over
        ]
        self.seen.update(passed.reason for passed in wanted.passed_over)
        booked = [b for b in self.live() if b.referral == outcome.referral]
        if wanted.choice is None:
            assert (booked, outcome.status) == ([], "waiting")
            self.seen["waiting"] += 1
        else:
            assert [(b.slot, b.seats) for b in booked] == [
                (wanted.choice.slot, wanted.choice.representatives)
            ]

    def submit_again(self, number: int, *_: int) -> None:
        """The same form once more, edited: nothing changes."""
        referral = picked(list(self.submitted), number)
        if referral is None:
            return
        before = self.everything()
        again = submit_referral(self.office, self.submitted[referral])
        assert (again.referral, again.repeated) == (referral, True)
        assert self.everything() == before

    def confirm(self, number: int, by: int, *_: int) -> None:
        booking = picked([b for b in self.live() if b.status == "proposed" or by % 7 == 0], number)
        if booking is None:
            return
        (team,) = (t for t in self.organisation().teams if t.id == booking.team)
        confirms = team.rules.coordinator_confirms
        name = Command.CONFIRM_TIME if confirms else Command.SEND_NOW
        actor = self.referrer(booking.referral) if by % 2 else self.leader(booking.team, by // 2)
        self.attempt(name, lambda: confirm_booking(self.office, actor, booking.id))

    def move(self, number: int, which: int, by: int) -> None:
        booking = picked(self.live(), number)
        if booking is None:
            return
        actor = self.referrer(booking.referral) if by % 2 else DEPUTY
        found = self.attempt("other times", lambda: other_times(self.office, actor, booking.id))
        slot = picked(found[1], which) if found else None
        if slot is not None:
            self.attempt(
                Command.MOVE_BOOKING, lambda: move_booking(self.office, actor, booking.id, slot.slot)
            )
            (moved,) = (b for b in self.live() if b.id == booking.id)
            assert moved.slot == slot.slot

    def withdraw(self, number: int, *_: int) -> None:
        referral = picked(self.referrals("active", "waiting", "returned"), number)
        if referral is not None:
            self.attempt(
                Command.WITHDRAW_CASE, lambda: withdraw_referral(self.office, referral.referrer, referral.id)
            )

    def block(self, number: int, by: int, *_: int) -> None:
        """The consent is withdrawn: nothing is due for the case any more, and nobody sees it."""
        referral = picked(self.referrals("active", "waiting", "returned"), number)
        if referral is None:
            return
        actor = (referral.referrer, referral.owner, DEPUTY)[by % 3]
        blocked = self.attempt(Command.BLOCK_CASE, lambda: block_case(self.office, actor, referral.id))
        if blocked is None:  # whoever has handed the team over may not
            return
        due = rows(self.it.database, "SELECT subject FROM due WHERE outcome = 'open'")
        assert referral.id not in {row.subject for row in due}
        with pytest.raises(CaseSealed):
            show_case(self.office, referral.referrer, referral.id)

    def send_back(self, number: int, by: int, *_: int) -> None:
        booking = picked(self.live(), number)
        if booking is not None:
            actor = self.leader(booking.team, by)
            self.attempt(
                Command.SEND_BACK, lambda: send_back(self.office, actor, booking.id, "Skriv en fråga")
            )

    def details(self, number: int, choice: int, *_: int) -> None:
        """The second form: another time, waiting, or just the details."""
        referral = picked(self.referrals("active", "waiting"), number)
        if referral is None:
            return
        booking = next((b for b in self.live() if b.referral == referral.id), None)
        slot = WAIT if choice % 3 == 0 else None
        if booking is not None and choice % 3 == 1:
            offers = self.attempt(
                "other times", lambda: other_times(self.office, referral.referrer, booking.id)
            )
            offer = picked(offers[1], choice) if offers else None
            slot = offer.slot if offer else None
        command = SaveDetails(
            referral.referrer, referral.id, slot, Gender.WOMAN, 1990, TODAY, None, (), Support.NONE
        )
        name = "wait" if slot == WAIT else Command.FILL_IN_DETAILS
        self.attempt(name, lambda: save_details(self.office, command))

    def change(self, number: int, mask: int, which: int) -> None:
        """Other parties, another urgency; what moves it is confirmed as previewed, or left."""
        statuses = ("active",) if number % 4 else ("active", "waiting")
        referral = picked(self.referrals(*statuses), number)
        if referral is None:
            return
        actor = referral.referrer if which % 2 else DEPUTY
        shown = self.attempt("open change", lambda: open_change(self.office, actor, referral.id))
        if shown is None:
            return
        everybody = which % 4 == 0  # which moves the case more often than a few do
        asked = tuple(p for n, (p, _) in enumerate(shown.parties) if everybody or mask >> n & 1)
        command = ChangeCase(
            actor=actor,
            referral=referral.id,
            seen=shown.seen,
            parties=asked,
            consent_date=TODAY,
            categories=(QuestionCategory.BENEFITS,) if which % 3 else referral.categories,
            question="Hur kan stödet samordnas framåt?",
            person_takes_part=TAKING_PART[mask % 4],
            urgency=Urgency.URGENT if which % 5 == 0 else Urgency.ORDINARY,
        )
        try:
            self.attempt(Command.CHANGE_CASE, lambda: change_case(self.office, command))
        except MoveNeeded as needed:
            self.seen["change moves"] += 1
            planned = replace(command, plan=needed.preview.fingerprint)
            self.attempt("change moved", lambda: change_case(self.office, planned))

    def widen(self, number: int, mask: int, which: int) -> None:
        """Everybody is asked for: few times suit, so the case often has to move."""
        self.change(number, mask, which - which % 4)

    def see_to(self, number: int, what: int, *_: int) -> None:
        """What a case needs before its meeting: noted as done; a reminder of whom it concerns."""
        referral = picked(self.referrals("active", "waiting"), number)
        if referral is None:
            return
        actor, answer = referral.referrer, TAKING_PART[what % 4]
        booking = next((b for b in self.live() if b.referral == referral.id), None)
        self.attempt(Command.ARRANGE_NEEDS, lambda: needs_arranged(self.office, actor, referral.id))
        self.attempt(
            Command.RECORD_TAKING_PART, lambda: person_asked(self.office, actor, referral.id, answer)
        )
        if booking is not None:
            self.attempt(Command.REMIND_IDENTITY, lambda: remind_whom(self.office, actor, booking.id))

    def look(self, number: int, by: int, *_: int) -> None:
        """Whoever looks changes nothing but the audit trail."""
        referral = picked(self.referrals("active", "waiting", "returned"), number)
        if referral is None:
            return
        before = self.everything()
        actor = (referral.referrer, DEPUTY)[by % 2]
        self.attempt(Command.SHOW_CASE, lambda: show_case(self.office, actor, referral.id))
        link = LetterLink(referral.id, actor)
        self.attempt(Command.SHOW_LETTER, lambda: open_letter(self.office, link))
        self.attempt(Command.SHOW_URGENT, lambda: show_urgent(self.office, actor, referral.team))
        overview = home_page(self.office, DEPUTY).overview
        assert overview is not None
        self.seen[Command.OVERSEE] += 1
        assert self.everything() == before
