"""The answers to `/samtid ärenden`, `möten` and `kontakter`, and how lists are turned to another page."""

from __future__ import annotations

from typing import Any

from slack_bolt import App, Respond
from slack_sdk import WebClient

from bot.listeners.desk import Body, Desk, User, at_once, later
from bot.listeners.doors import value_of
from bot.listeners.home import publish
from bot.views import plain
from bot.views.blocks import Block
from bot.views.paging import NEXT, PREVIOUS, turned, write_starts
from schedules.services.coming import coming_meetings
from schedules.services.contacts import contacts
from schedules.services.home import home_starts, turn_home
from schedules.services.own_cases import own_cases

CASES = frozenset({"ärenden", "arenden", "cases"})
MEETINGS = frozenset({"möten", "moten", "meetings"})
CONTACTS = frozenset({"kontakter", "contacts"})
WORDS = {
    **dict.fromkeys(CASES, "list.cases"),
    **dict.fromkeys(MEETINGS, "list.meetings"),
    **dict.fromkeys(CONTACTS, "list.contacts"),
}


def register(app: App, desk: Desk) -> None:
    """Listen for the ways to a list's other pages, on the Home tab and in answers to commands."""

    def turn(body: Body, client: WebClient, respond: Respond) -> None:
        user = desk.user(body)
        if user is None:
            return
        value = value_of(body)
        if body.get("view", {}).get("type") == "home":
            starts = turned(value, home_starts(desk.office, user.slack))
            turn_home(desk.office, user.slack, write_starts(starts))
            publish(desk, client, user.slack)
        elif (blocks := answer(desk, user, value.rpartition(":")[0], turned(value))) is not None:
            respond(text=user.words("help.title"), blocks=blocks, replace_original=True)

    for action in (PREVIOUS, NEXT):
        app.action(action)(ack=at_once, lazy=[later(turn)])


def answer(desk: Desk, user: User, name: str, starts: dict[str, int] | None = None) -> list[Block] | None:
    """The list of that name as its reader sees it; None for a name that is none."""
    office, reader, words = desk.office, user.person.id, user.words
    shown: dict[str, Any] = {
        "list.cases": lambda: plain.case_list(own_cases(office, reader), words, starts),
        "list.meetings": lambda: plain.meeting_list(coming_meetings(office, reader), words, starts),
        "list.contacts": lambda: plain.contact_list(contacts(office, reader), words, starts),
    }
    return shown[name]() if name in shown else None
