"""Who may do what: one table. What is not in it is refused (docs/authority.md says it in words)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Capacity(StrEnum):
    """In what capacity somebody acts; it follows from what the command is about. One may have several."""

    CASEWORKER = "caseworker"  # raised or owns the case; before there is one: works for a party of the team
    REPRESENTATIVE = "representative"  # is called to the case, in person; serves the teams it is about
    COORDINATOR = "coordinator"  # of the case's or meeting's team, or a deputy
    PROCESS_LEADER = "process_leader"  # of the association
    ADMINISTRATOR = "administrator"  # of the association


class Command(StrEnum):
    """What can be done. The values stand in the audit trail."""

    RAISE_CASE = "referral.submit"
    MEND_CASE = "referral.mend"
    FILL_IN_DETAILS = "referral.details"
    SHOW_CASE = "case.show"
    CONFIRM_TIME = "booking.confirm"
    SEND_NOW = "booking.send_now"
    MOVE_BOOKING = "booking.move"
    WITHDRAW_CASE = "referral.withdraw"
    SEND_BACK = "booking.send_back"
    ANSWER = "invitation.answer"
    DEPUTISE = "invitation.deputise"
    KNOW_IDENTITY = "invitation.identity_known"
    RECORD_ANSWERS = "meeting.record_answers"
    CANCEL_MEETING = "meeting.cancel"
    REMIND_ANSWER = "invitation.remind"
    REMIND_IDENTITY = "booking.remind_identity"
    ARRANGE_NEEDS = "referral.needs_arranged"
    RECORD_TAKING_PART = "referral.person_asked"
    CHANGE_CASE = "case.change"
    SHOW_LETTER = "letter.show"
    SHOW_URGENT = "case.show_urgency"
    SETTLE_SEAT = "seat.settle"
    REFUSE_TIME = "counter.refuse"
    MOVE_MEETING = "meeting.move"
    RELEASE_MEETING = "meeting.release"
    ADD_MEETING = "meeting.add"
    CLOSE_PERIOD = "team.close"
    SWITCH_POSTS = "team.free_times_posts"
    ENTER_ABSENCE = "absence.enter"
    HAND_OVER = "duty.hand_over"
    SHOW_MEETING = "meeting.show"
    REPORT_MEETING = "meeting.report"
    AMEND_REPORT = "meeting.amend_report"
    SHOW_RESULT = "result.show"
    GIVE_FEEDBACK = "feedback.given"
    SHOW_FIGURES = "report.show"
    OVERSEE = "association.oversee"
    APPLY_ORGANISATION = "organisation.apply"


CASEWORKER = frozenset({Capacity.CASEWORKER})
CALLED = frozenset({Capacity.REPRESENTATIVE})
COORDINATOR = frozenset({Capacity.COORDINATOR})
CASE = CASEWORKER | COORDINATOR
LEADING = frozenset({Capacity.PROCESS_LEADER, Capacity.ADMINISTRATOR})

MAY: Mapping[Command, frozenset[Capacity]] = {
    Command.RAISE_CASE: CASEWORKER,
    Command.MEND_CASE: CASEWORKER,
    Command.FILL_IN_DETAILS: CASE,
    Command.SHOW_CASE: CASE | CALLED,
    Command.CONFIRM_TIME: COORDINATOR,
    Command.SEND_NOW: CASE,
    Command.MOVE_BOOKING: CASE,
    Command.WITHDRAW_CASE: CASE,
    Command.SEND_BACK: COORDINATOR,
    Command.ANSWER: CALLED | COORDINATOR,
    Command.DEPUTISE: CALLED | COORDINATOR,
    Command.KNOW_IDENTITY: CALLED,
    Command.RECORD_ANSWERS: COORDINATOR,
    Command.CANCEL_MEETING: COORDINATOR,
    Command.REMIND_ANSWER: COORDINATOR,
    Command.REMIND_IDENTITY: CASE,
    Command.ARRANGE_NEEDS: CASE,
    Command.RECORD_TAKING_PART: CASE,
    Command.CHANGE_CASE: CASE,
    Command.SHOW_LETTER: CASE,
    Command.SHOW_URGENT: COORDINATOR,
    Command.SETTLE_SEAT: COORDINATOR,
    Command.REFUSE_TIME: COORDINATOR,
    Command.MOVE_MEETING: COORDINATOR,
    Command.RELEASE_MEETING: COORDINATOR,
    Command.ADD_MEETING: COORDINATOR,
    Command.CLOSE_PERIOD: COORDINATOR,
    Command.SWITCH_POSTS: COORDINATOR,
    Command.ENTER_ABSENCE: CALLED | COORDINATOR,
    Command.HAND_OVER: CALLED | COORDINATOR | LEADING,
    Command.SHOW_MEETING: COORDINATOR,
    Command.REPORT_MEETING: COORDINATOR,
    Command.AMEND_REPORT: COORDINATOR,
    Command.SHOW_RESULT: CASE | CALLED,
    Command.GIVE_FEEDBACK: CASE,
    Command.SHOW_FIGURES: COORDINATOR | LEADING,
    Command.OVERSEE: LEADING,
    Command.APPLY_ORGANISATION: frozenset({Capacity.ADMINISTRATOR}),
}


def in_order(capacities: frozenset[Capacity]) -> tuple[Capacity, ...]:
    """The capacities in the order of the table's columns."""
    return tuple(one for one in Capacity if one in capacities)
