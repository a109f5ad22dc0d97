"""Reports between all that else happens: what follows them keeps the promises too."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from schedules.domain.figures.facts import Feedback, Outcome, TookPart
from schedules.domain.meeting_report import NotHeldReason, ReportCase, Result
from schedules.domain.organisation import Organisation
from schedules.services.amend_report import amend_report, open_amendment
from schedules.services.feedback import feedback_given, show_result
from schedules.services.meeting_page import meeting_page
from schedules.services.report_meeting import open_report, report_case
from tests.support.plan_rows import rows
from tests.support.random_office import open_office, organisations
from tests.support.stream import picked
from tests.support.stream_promises import Promises, Step

numbers = st.integers(0, 1_000)
USUAL = ("submit", "submit", "confirm", "confirm", "answer", "deliver", "time_passes", "report")
commands = st.tuples(
    st.sampled_from(USUAL) | st.sampled_from(("meeting_ends", "report", "report", "go_away")),
    numbers,
    numbers,
    numbers,
)
streams = st.lists(commands, min_size=30, max_size=45)


class MeetingDays(Promises):
    """The same office, whose coordinator reports what has been."""

    def meeting_ends(self, *_: int) -> None:
        """The time of the earliest booked case that is still to come is over."""
        ends = [b.ends_at for b in self.live() if b.status == "booked" and b.ends_at > self.it.clock.now()]
        if ends:
            self.it.clock.at = min(ends)
            self.settle()

    def report(self, number: int, outcome: int, who: int) -> None:
        office = self.it.office
        with office.unit_of_work() as uow:
            ended = [
                b for team in self.it.organisation.teams for b in uow.plan.unreported(team.id, office.now())
            ]
        booking = picked(ended, number)
        if booking is None:
            return
        shown = open_report(office, "c3", booking.id)
        wanted = tuple(Outcome)[outcome % 4]
        if wanted is Outcome.NEW_MEETING and not shown.may_come:
            wanted = Outcome.NO_FURTHER
        result = Result(
            wanted,
            present=tuple(party for party, _ in shown.called[who % 2 :]),
            took_part=tuple(TookPart)[who % 3],
            not_held=NotHeldReason.OTHER,
            next_parties=tuple(party for party, _ in shown.may_come),
        )
        command = ReportCase("c3", booking.id, result)
        done = report_case(office, command)
        before = self.everything()
        assert report_case(office, command).repeated
        assert self.everything() == before
        self.seen[wanted.value] += 1
        self.seen["booked anew"] += done.next is not None
        self.seen["waits anew"] += done.waits
        if result.held:
            self.look_back(booking.id, done.meeting, result, self.referrer(booking.referral))

    def look_back(self, booking: str, meeting: str, result: Result, referrer: str) -> None:
        """Who reads and ticks changes no plan; a changed report keeps what the first one has set going."""
        office, before = self.office, self.everything(but=("outbox",))
        everybody = tuple(party for party, _ in open_amendment(office, "c3", booking).called)
        amend_report(office, ReportCase("c3", booking, replace(result, present=everybody)))
        assert meeting_page(office, "c3", meeting).meeting == meeting
        assert show_result(office, referrer, booking).result.present == everybody
        if result.took_part is TookPart.NO:
            assert feedback_given(office, referrer, booking).feedback is Feedback.GIVEN
            self.seen["told"] += 1
        assert self.everything(but=("outbox",)) == before
        self.seen["changed"] += 1

    def invitations(self, *, live: bool | None) -> list[Any]:
        """Without those to times that were taken up, which nothing changes any more."""
        held = {row.id for row in rows(self.it.database, "SELECT id FROM booking WHERE status = 'fulfilled'")}
        return [row for row in super().invitations(live=live) if row.booking not in held]


def test_the_promises_hold_after_reports(sqlite_template: Path, tmp_path: Path) -> None:
    """Always the same examples, so that it can also fail unless everything happened at least once."""
    seen: Counter[str] = Counter()

    @settings(
        max_examples=12,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(organisations(), streams)
    def run(organisation: Organisation, stream: list[Step]) -> None:
        it = open_office(sqlite_template, tmp_path, organisation)
        try:
            MeetingDays(it, seen).run(stream)
        finally:
            it.database.close()

    run()
    wanted = {*(one.value for one in Outcome), "booked anew", "calendar entries", "told", "changed"}
    assert {name for name in wanted if not seen[name]} == set(), seen
