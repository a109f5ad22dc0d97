"""`/samtid statistik`: said at once that the figures come; they follow as a direct message with charts."""

from __future__ import annotations

from slack_bolt import BoltContext, Respond

from bot.listeners.desk import Ack, Body, Desk, User
from schedules.errors import LockTimeout, NotAllowed, NotFound
from schedules.services.publish_report import Wanted, send_statistics, statistics

WANTED = "samtid_figures"
"""Where the name of the page stands between the ack and the work; nothing is there when it was refused."""


def announce(desk: Desk, user: User, name: str, ack: Ack, context: BoltContext) -> None:
    """Answer from the organisation alone: what comes, or why nothing does."""
    found = _found(desk, user, name)
    if isinstance(found, Wanted):
        context[WANTED] = name
        ack(response_type="ephemeral", text=user.words("report.coming", title=found.title))
    else:
        ack(response_type="ephemeral", text=found)


def send(desk: Desk, body: Body, context: BoltContext, respond: Respond) -> None:
    """Make the report that was announced; the outbox delivers it."""
    name = context.get(WANTED)
    user = desk.user(body) if name is not None else None
    if name is None or user is None:
        return
    found = _found(desk, user, name)
    if not isinstance(found, Wanted):
        return
    try:
        send_statistics(desk.office, user.person, found)
    except LockTimeout:
        respond(response_type="ephemeral", text=user.words("error.busy"))
        return
    desk.wake()


def _found(desk: Desk, user: User, name: str) -> Wanted | str:
    """The page, or in words why there is none."""
    try:
        return statistics(desk.office, user.person.id, name)
    except NotAllowed:
        return user.words("report.not_allowed")
    except NotFound:
        return user.words("report.unknown_page")
