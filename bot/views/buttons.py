"""The buttons of forms and pages by their fixed names (DESIGN.md), with words from the catalogue. Pure."""

from __future__ import annotations

from schedules.domain.chat import Button, Confirm
from schedules.texts.words import Words

PRIMARY = frozenset({"booking_confirm", "invitation_accept", "referral_new"})
DANGER = frozenset({"booking_withdraw"})


def button(action: str, value: str, words: Words) -> Button:
    """The button `action` for the row `value`; asks first where the catalogue has a question for it."""
    return Button(action, value, words(f"action.{action}"), _style(action), _question(action, words))


def _style(action: str) -> str | None:
    if action in PRIMARY:
        return "primary"
    return "danger" if action in DANGER else None


def _question(action: str, words: Words) -> Confirm | None:
    key = f"action.{action}.confirm"
    if not words.has(f"{key}.title"):
        return None
    return Confirm(words(f"{key}.title"), words(f"{key}.text"), words(f"{key}.yes"), words(f"{key}.no"))
