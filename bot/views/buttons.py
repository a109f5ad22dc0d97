"""The buttons of forms and pages by their fixed names (DESIGN.md); the words are those of the messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schedules.domain.chat import Button, Confirm
from schedules.texts import buttons as shared
from schedules.texts.release import release
from schedules.texts.words import Words

ASKED = ("title", "text", "yes", "no")
"""The words of a question, in the order in which `Confirm` has them."""


def referral_new(value: str, words: Words) -> Button:
    """Raise a case."""
    return Button("referral_new", value, words("interface.button.referral_new"), shared.PRIMARY)


def answer_record(meeting: str, words: Words) -> Button:
    """Record an answer that came by phone."""
    return Button("answer_record", meeting, words("interface.button.answer_record"))


def meeting_cancel(meeting: str, words: Words) -> Button:
    """Preview the cancellation of a meeting."""
    return Button("meeting_cancel", meeting, words("interface.button.meeting_cancel"))


def comes_unless_declined(value: str, words: Words) -> Button:
    """Turn "I come unless I say otherwise" on (`yes`) or off (`no`)."""
    turn = "yes" if value == "yes" else "no"
    return Button("comes_unless_declined", value, words(f"interface.button.comes_unless_declined.{turn}"))


def absence_new(value: str, words: Words) -> Button:
    """Enter an absence."""
    return Button("absence_new", value, words("interface.button.absence_new"))


def absence_change(absence: str, words: Words) -> Button:
    """Change an absence."""
    return Button("absence_change", absence, words("interface.button.absence_change"))


def absence_take_back(absence: str, words: Words) -> Button:
    """Take an absence back, after a question."""
    asked = Confirm(*(words(f"absence_remove.{part}") for part in ASKED))
    label = words("interface.button.absence_take_back")
    return Button("absence_take_back", absence, label, shared.DANGER, asked)


def handover_take_back(handover: str, words: Words) -> Button:
    """Take a handover to come back, after a question; its value is the team's id and the handover's."""
    asked = Confirm(*(words(f"handover_remove.{part}") for part in ASKED))
    label = words("interface.button.handover_take_back")
    return Button("handover_take_back", handover, label, shared.DANGER, asked)


def handover_new(value: str, words: Words) -> Button:
    """Hand duties over to somebody else."""
    return Button("handover_new", value, words("interface.button.handover_new"))


def urgent_show(team: str, words: Words) -> Button:
    """See what is marked urgent, and why."""
    return Button("urgent_show", team, words("interface.button.urgent_show"))


def meeting_move(meeting: str, words: Words) -> Button:
    """Give a meeting another time, place or link."""
    return Button("meeting_move", meeting, words("interface.button.meeting_move"))


def team_extra(team: str, words: Words) -> Button:
    """Add an extra meeting."""
    return Button("team_extra", team, words("interface.button.team_extra"))


def team_single(team: str, words: Words) -> Button:
    """Give one case a time of its own."""
    return Button("team_single", team, words("interface.button.team_single"))


def team_close(team: str, words: Words) -> Button:
    """Close a period."""
    return Button("team_close", team, words("interface.button.team_close"))


def invitation_remind(invitation: str, words: Words) -> Button:
    """Remind somebody of their unanswered cases now."""
    return Button("invitation_remind", invitation, words("interface.button.invitation_remind"))


def identity_remind(booking: str, words: Words) -> Button:
    """Remind of telling whom a case concerns."""
    return Button("identity_remind", booking, words("interface.button.identity_remind"))


def needs_arranged(referral: str, words: Words) -> Button:
    """Note that what the person needs is arranged."""
    return Button("needs_arranged", referral, words("interface.button.needs_arranged"))


def person_asked(referral: str, words: Words) -> Button:
    """Record whether the person takes part."""
    return Button("person_asked", referral, words("interface.button.person_asked"))


def meeting_report(booking: str, words: Words) -> Button:
    """Report one case of a meeting that is over."""
    return Button("meeting_report", booking, words("interface.button.meeting_report"), shared.PRIMARY)


def consent_withdraw(referral: str, words: Words) -> Button:
    """The person takes the consent back; what that means is asked in a form of its own."""
    return Button("consent_withdraw", referral, words("interface.button.consent_withdraw"), shared.DANGER)


def report_amend(booking: str, words: Words) -> Button:
    """Change what was reported."""
    return Button("report_amend", booking, words("interface.button.report_amend"))


BY_NAME: Mapping[str, Callable[[str, Words], Button]] = {
    "referral_new": referral_new,
    "answer_record": answer_record,
    "urgent_show": urgent_show,
    "meeting_cancel": meeting_cancel,
    "comes_unless_declined": comes_unless_declined,
    "absence_new": absence_new,
    "absence_change": absence_change,
    "absence_take_back": absence_take_back,
    "handover_new": handover_new,
    "handover_take_back": handover_take_back,
    "meeting_move": meeting_move,
    "meeting_release": release,
    "team_extra": team_extra,
    "team_single": team_single,
    "team_close": team_close,
    "invitation_remind": invitation_remind,
    "identity_remind": identity_remind,
    "needs_arranged": needs_arranged,
    "person_asked": person_asked,
    "meeting_open": shared.open_meeting,
    "meeting_report": meeting_report,
    "report_amend": report_amend,
    "result_show": shared.result,
    "feedback_given": shared.feedback_given,
    "follow_up_open": shared.follow_up,
    "booking_confirm": shared.confirm,
    "booking_move": shared.move,
    "booking_send_back": shared.send_back,
    "booking_send_now": shared.send_now,
    "booking_withdraw": shared.withdraw,
    "case_change": shared.change,
    "case_show": shared.show,
    "consent_withdraw": consent_withdraw,
    "details_open": shared.details,
    "identity_known": shared.identity_known,
    "referral_mend": shared.mend,
}


def button(action: str, value: str, words: Words) -> Button:
    """The button `action` for the row `value`. Raises KeyError for a name that is none of the fixed ones."""
    return BY_NAME[action](value, words)
