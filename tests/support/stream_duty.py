"""Random commands about who is on duty: absences, handovers, another organisation file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.organisation import Applier
from schedules.domain.authority import Command
from schedules.services.absence import EnterAbsence, enter_absence, preview_absence, take_back_absence
from schedules.services.apply_organisation import ApplyOrganisation, apply_organisation
from schedules.services.hand_over import HandOver, hand_over, handover_choices, preview_handover
from schedules.services.open_meetings import open_meetings
from schedules.services.people_served import people_of
from schedules.services.take_back_handover import take_back_handover
from tests.support.stream import DEPUTY, Stream, picked


class DutyCommands(Stream):
    """What changes who sits and who leads."""

    def go_away(self, number: int, start: int, length: int) -> None:
        teams = self.organisation().teams
        seated = [m.representatives[0] for team in teams for m in team.parties]
        seated += [team.coordinator for team in teams]
        who = seated[number % len(seated)]
        first = self.office.today() + timedelta(days=start % 40)
        actor = who if length % 2 else self.leader(self.team(number).id, start)
        command = EnterAbsence(actor, who, first, first + timedelta(days=length % 20))
        self.attempt(Command.ENTER_ABSENCE, lambda: self._go_away(command))

    def _go_away(self, command: EnterAbsence) -> bool:
        shown = preview_absence(self.office, command)
        assert enter_absence(self.office, command, shown.fingerprint) == shown
        self.seen.update("deputy called" for line in shown.lines if line.deputy)
        self.seen.update("nobody free" for line in shown.lines if line.party and not line.deputy)
        self.seen.update("deputy leads" for line in shown.lines if line.leader)
        return True

    def come_back(self, number: int, shorter: int, *_: int) -> None:
        """Back altogether, or earlier than was said."""
        people = [person.id for person in self.it.organisation.people]
        with self.office.unit_of_work() as uow:
            absence = picked(uow.plan.absences_of(people, self.office.today()), number)
        if absence is None:
            return
        if shorter % 3:
            self.attempt("come back", lambda: take_back_absence(self.office, absence.person, absence.id))
            return
        last = absence.to_date - timedelta(days=shorter % 5)
        command = EnterAbsence(absence.person, absence.person, absence.from_date, last, absence.id)
        self.attempt("another absence", lambda: self._go_away(command))

    def hand_over(self, number: int, which: int, some: int) -> None:
        teams = self.organisation().teams
        who = picked(sorted({p for team in teams for p in people_of(team)}), number)
        assert who is not None
        actor = who if number % 3 else DEPUTY
        choices = handover_choices(self.office, actor, who)
        successor = picked(choices.successors, which)
        chosen = tuple(team for n, (team, _) in enumerate(choices.teams) if some >> n & 1 or len(teams) == 1)
        if successor is None or not chosen:
            return
        first = self.office.today() + timedelta(days=(0, 0, 3, 9, 20)[which % 5])
        command = HandOver(actor, who, successor[0], chosen, first)
        self.attempt(Command.HAND_OVER, lambda: self._hand_over(command))

    def _hand_over(self, command: HandOver) -> bool:
        shown = preview_handover(self.office, command)
        assert hand_over(self.office, command, shown.fingerprint) == shown
        at_once = command.from_date == self.office.today()
        with self.office.unit_of_work() as uow:
            left = [h for team in command.teams for h in uow.plan.handovers(team)]
        assert not [h for h in left if h.from_date <= self.office.today()]
        self.seen["handed over at once" if at_once else "handed over later"] += 1
        return True

    def keep_duties(self, number: int, *_: int) -> None:
        """A handover to come is taken back, unless another builds on it."""
        with self.office.unit_of_work() as uow:
            coming = [h for team in self.organisation().teams for h in uow.plan.handovers(team.id)]
        handover = picked(sorted(coming, key=lambda h: (h.from_date, h.id)), number)
        if handover is not None:
            actor = handover.person if number % 3 else DEPUTY
            self.attempt(
                "handover taken back",
                lambda: take_back_handover(self.office, actor, handover.team, handover.id),
            )

    def apply(self, number: int, *_: int) -> None:
        """A file that names the place anew; what was changed in the program stays as it is."""
        office = self.office
        teams = tuple(
            replace(team, place=f"Rum {number % 5}") if n == number % 2 else team
            for n, team in enumerate(self.file.teams)
        )
        self.file = replace(self.file, teams=teams)
        self.attempt(
            Command.APPLY_ORGANISATION,
            lambda: apply_organisation(
                ApplyOrganisation(self.file, DEPUTY),
                office.unit_of_work,
                office.clock,
                Applier(office)._term_meetings,
                lambda uow, team, freed: open_meetings(uow, office, team, freed),
            ),
        )
