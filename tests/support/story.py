"""One flow through the whole program, in steps: raised, confirmed, answered, moved, reminded, cancelled.

A step that was cut off by the end of the process is simply done again, as people do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any

import sqlalchemy as sa

from tests.support.attendee_calendars import Calendars, calendar_of
from tests.support.calendars import assert_calendars_are_right
from tests.support.fleet import Fleet
from tests.support.raised import direct, move, raise_case, text_of
from tests.support.rig import Rig

Step = Callable[[Rig], object]


def _settle(r: Rig) -> None:
    r.settle()


def _raise(r: Rig) -> None:
    raise_case(r, "maja", "tierp", ("fk", "af"))


def _confirm(r: Rig) -> None:
    r.actor("helena").click("booking_confirm", where="message")


def _accept_by_mail(r: Rig) -> None:
    address = r.person("nasrin").email or ""
    newest = r.local.workspace.mailbox.messages(address)[0]
    r.actor("nasrin").answer_mail(newest.id, "accept")


def _send_deputy(r: Rig) -> None:
    actor = r.actor("daniel")
    actor.click("invitation_deputise", where="message")
    assert actor.modal is not None
    actor.fill("deputy", "sofia")
    actor.submit()


def _raise_another(r: Rig) -> None:
    raise_case(r, "samuel", "tierp", ("fk",))


def _move(r: Rig) -> None:
    move(r, "helena")


def _cancel_meeting(r: Rig) -> None:
    helena = r.actor("helena")
    while helena.home is None:
        helena.open_home()
        helena._core.feed.wait_until(lambda: helena.home is not None, 2)
    helena.click("meeting_cancel", where="home")
    helena.submit()


def _withdraw(r: Rig) -> None:
    maja = r.actor("maja")
    maja.close(everything=True) if maja.modal else None
    maja.click("case_show", where="message")
    maja.click("booking_withdraw", where="modal")


STORY: tuple[Step, ...] = (
    _raise,
    _settle,
    _confirm,
    _settle,
    _accept_by_mail,
    _settle,
    _send_deputy,
    _settle,
    _raise_another,
    _settle,
    _move,
    _settle,
    lambda r: r.pass_time(days=3),
    _cancel_meeting,
    _settle,
    lambda r: r.pass_time(days=8),
    _withdraw,
    _settle,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What everybody has at the end; `repeated` mails came twice, byte for byte the same."""

    plan: tuple[tuple[Any, ...], ...]
    chat: dict[str, tuple[str, ...]]
    mails: dict[str, tuple[str, ...]]
    repeated: int


def play(r: Rig, steps: Sequence[Step] = STORY) -> None:
    """The story, or a part of it from its beginning."""
    for step in steps:
        step(r)


def outcome(r: Fleet) -> Outcome:
    """What came of it. An AssertionError says what is owed, came twice, or is wrong in a calendar."""
    assert r.count("SELECT count(*) FROM outbox WHERE status IN ('pending', 'claimed', 'failed')") == 0
    assert r.owed() == 0
    assert_calendars_are_right(r)
    people = [p for p in r.organisation.people if p.slack]
    return Outcome(_plan(r), {p.id: _chat(r, p.id) for p in people}, *_mails(r))


PLAN = """
    SELECT c.reference, b.status, m.day, s.start, b.sequence
    FROM booking b JOIN referral r ON b.referral = r.id JOIN case_record c ON r."case" = c.id
        JOIN meeting m ON b.meeting = m.id JOIN slot s ON b.slot = s.id
    ORDER BY 1, 2, 3, 4
"""


def _plan(r: Rig) -> tuple[tuple[Any, ...], ...]:
    with r.database._engine.connect() as connection:
        rows = connection.execute(sa.text(PLAN)).all()
    # One of the databases writes the microseconds of a time, the other does not.
    return tuple(tuple(str(one)[:12].removesuffix(".000") for one in row) for row in rows)


def _chat(r: Rig, who: str) -> tuple[str, ...]:
    messages = [m for m in direct(r, who) if "metadata" in m.body]
    ids = [m.body["metadata"]["event_payload"]["id"] for m in messages]
    assert len(ids) == len(set(ids)), "a message in chat came twice"
    # Two of the same instant, about different meetings, have no order of their own.
    return tuple(sorted(text_of(m) for m in messages))


def _mails(r: Fleet) -> tuple[dict[str, tuple[str, ...]], int]:
    calendars, found, by_id = Calendars(), dict[str, list[str]](), dict[str, bytes]()
    counted: Counter[str] = Counter()
    for _, recipient, raw in r.postbox.mails:
        calendars.receive(recipient, raw)
        known = str(message_from_bytes(raw, policy=policy.default)["Message-ID"])
        assert by_id.setdefault(known, raw) == raw, "a mail came again, but changed"
        counted[known] += 1
        if counted[known] == 1:
            found.setdefault(recipient, []).append(_described(raw))
    return {k: tuple(sorted(v)) for k, v in found.items()}, sum(counted.values()) - len(counted)


def _described(raw: bytes) -> str:
    mail = message_from_bytes(raw, policy=policy.default)
    part = calendar_of(raw)
    if part is None:
        return str(mail["Subject"])
    event = part[0].walk("VEVENT")[0]
    return f"{mail['Subject']} {part[1]} {event['SEQUENCE']} {event.decoded('DTSTART')}"
