"""The buttons of forms and pages by their fixed names (DESIGN.md); the words are those of the messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schedules.domain.chat import Button
from schedules.texts import buttons as shared
from schedules.texts.words import Words


def referral_new(value: str, words: Words) -> Button:
    """Raise a case."""
    return Button("referral_new", value, words("interface.button.referral_new"), shared.PRIMARY)


def answer_record(meeting: str, words: Words) -> Button:
    """Record an answer that came by phone."""
    return Button("answer_record", meeting, words("interface.button.answer_record"))


def meeting_cancel(meeting: str, words: Words) -> Button:
    """Preview the cancellation of a meeting."""
    return Button("meeting_cancel", meeting, words("interface.button.meeting_cancel"))


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


BY_NAME: Mapping[str, Callable[[str, Words], Button]] = {
    "referral_new": referral_new,
    "answer_record": answer_record,
    "meeting_cancel": meeting_cancel,
    "invitation_remind": invitation_remind,
    "identity_remind": identity_remind,
    "needs_arranged": needs_arranged,
    "person_asked": person_asked,
    "booking_confirm": shared.confirm,
    "booking_move": shared.move,
    "booking_send_back": shared.send_back,
    "booking_send_now": shared.send_now,
    "booking_withdraw": shared.withdraw,
    "case_show": shared.show,
    "details_open": shared.details,
    "identity_known": shared.identity_known,
    "referral_mend": shared.mend,
}


def button(action: str, value: str, words: Words) -> Button:
    """The button `action` for the row `value`. Raises KeyError for a name that is none of the fixed ones."""
    return BY_NAME[action](value, words)
