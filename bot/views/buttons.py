"""The buttons of forms and pages by their fixed names (DESIGN.md); the words are those of the messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schedules.domain.chat import Button
from schedules.texts import buttons as shared
from schedules.texts.release import release
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


BY_NAME: Mapping[str, Callable[[str, Words], Button]] = {
    "referral_new": referral_new,
    "answer_record": answer_record,
    "meeting_cancel": meeting_cancel,
    "meeting_move": meeting_move,
    "meeting_release": release,
    "team_extra": team_extra,
    "team_single": team_single,
    "team_close": team_close,
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
