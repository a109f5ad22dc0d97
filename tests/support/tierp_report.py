"""A report's figures by name, for comparing with a count by hand."""

from __future__ import annotations

from schedules.domain.figures.page import Published
from tests.support.tierp_tally import Figures


def said(made: Published) -> Figures:
    """What the report says; None is hidden."""
    report, found = made.report, Figures()
    for line in report.lines:
        for who in ("women", "men", "total"):
            found[f"{line.row.id} {who}"] = line.count(who)
    for one in report.waiting:
        found[f"waiting {one.who} median"] = one.median_days
        found[f"waiting {one.who} 90th"] = one.ninetieth_days
        found[f"waiting {one.who} within"] = one.within_goal_percent
    found["evenness"] = report.evenness
    meetings = report.meetings
    for name in ("planned", "held", "cancelled", "moved", "released"):
        found[f"meetings {name}"] = getattr(meetings, name)
    found["slots offered"] = meetings.slots_offered
    for party in report.parties:
        found[f"{party.party} called"] = party.called
        found[f"{party.party} came"] = party.came
        found[f"{party.party} attendance"] = party.attendance
        found[f"{party.party} answered"] = party.answer_percent
        found[f"{party.party} days to answer"] = party.answer_days
    found["goal persons"] = report.goals.two_organisations
    found["goal attendance"] = report.goals.attendance_percent
    found["goal days"] = report.goals.first_contact_days
    return found
