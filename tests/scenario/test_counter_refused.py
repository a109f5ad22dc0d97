"""Issue 3, section 4: another time proposed by mail is refused with DECLINECOUNTER, or chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.workspace.messages import Message
from schedules.errors import NotAllowed, NotFound, Outdated
from schedules.services.counter_offer import refuse_counter
from tests.support.attendee_calendars import calendar_of, span_of
from tests.support.calendars import assert_calendars_are_right
from tests.support.raised import call_parties, choose_time, column, direct, modal, move, value
from tests.support.reply_mails import ics, reply
from tests.support.rig import Rig, rig


@pytest.fixture
def r(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as found:
        call_parties(found)
        yield found
        assert found.local.workspace.problems() == ()
        assert_calendars_are_right(found)


def propose(r: Rig, who: str = "nasrin", hour: str = "14") -> Message:
    """The person's calendar proposes another time; what the coordinator is told."""
    address = r.person(who).email
    lines = [
        f"UID:{value(r, 'SELECT uid FROM booking')}",
        f"SEQUENCE:{value(r, 'SELECT sequence FROM booking')}",
        "DTSTAMP:20261123T090000Z",
        f"ATTENDEE;PARTSTAT=TENTATIVE:mailto:{address}",
        f"DTSTART;TZID=Europe/Stockholm:20261130T{hour}0000",
    ]
    raw = reply(ics(lines, "COUNTER"), sender=address)
    r.local.workspace.mailbox.deliver(r.office.mail_from.email, raw)
    r.settle()
    return direct(r, "helena")[-1]


def refusals(r: Rig, who: str = "nasrin") -> list[Any]:
    """The events of the DECLINECOUNTERs that the person got."""
    parts = [calendar_of(mail.as_bytes()) for mail in r.mails(who)]
    return [next(iter(c.walk("VEVENT"))) for c, method in filter(None, parts) if method == "DECLINECOUNTER"]


def test_the_time_is_kept_and_whoever_proposed_another_is_told(r: Rig) -> None:
    told = propose(r)
    r.actor("helena").click("counter_refuse", message=told)
    assert "Tiden står fast" in modal(r, "helena")
    r.settle()
    (event,) = refusals(r)
    invited = calendar_of(r.mails("nasrin")[0].as_bytes())
    assert invited is not None
    (request,) = invited[0].walk("VEVENT")
    assert str(event["UID"]) == str(request["UID"])
    assert str(event["SEQUENCE"]) == str(request["SEQUENCE"])
    assert span_of(event) == span_of(request)
    assert str(event["ORGANIZER"]) == str(request["ORGANIZER"])
    assert "STATUS" not in event
    assert "PARTSTAT" not in event["ATTENDEE"].params
    newest = r.mails("nasrin")[-1]
    assert str(newest["Subject"]).startswith("Tiden står fast: ")
    body = newest.get_body(("plain",))
    assert body is not None
    assert "Du föreslog en annan tid. Den passade inte" in str(body.get_content())
    assert "/svar/" in str(body.get_content())
    assert column(r, "SELECT actor FROM audit WHERE action = 'counter.refuse'") == ["helena"]


def test_pressing_twice_refuses_once_and_another_proposal_again(r: Rig) -> None:
    first = propose(r)
    for _ in range(2):
        r.actor("helena").click("counter_refuse", message=first)
        r.actor("helena").close(everything=True)
    r.settle()
    assert len(refusals(r)) == 1
    second = propose(r, hour="15")
    r.actor("helena").click("counter_refuse", message=second)
    r.settle()
    assert len(refusals(r)) == 2


def test_another_time_can_be_chosen_instead(r: Rig) -> None:
    told = propose(r)
    r.actor("helena").click("booking_move", message=told)
    choose_time(r, "helena")
    r.settle()
    assert refusals(r) == []
    # The proposal belongs to the time before: there is nothing left to refuse.
    r.actor("helena").click("counter_refuse", message=told)
    assert "Tiden står fast" not in modal(r, "helena")
    r.settle()
    assert refusals(r) == []


def test_only_the_coordinator_refuses(r: Rig) -> None:
    told = propose(r)
    blocks = told.body["blocks"]
    buttons = [one for block in blocks for one in block.get("elements", [])]
    proposal = next(one["value"] for one in buttons if one["action_id"] == "counter_refuse")
    for actor in ("nasrin", "maja"):
        with pytest.raises(NotAllowed):
            refuse_counter(r.office, actor, proposal)
    for wrong in ("", "x:y", proposal.partition(":")[0]):
        with pytest.raises(NotFound):
            refuse_counter(r.office, "helena", wrong)
    r.actor("maja").click("case_show")
    move(r, "maja")
    with pytest.raises(Outdated):
        refuse_counter(r.office, "helena", proposal)
    r.settle()
    assert refusals(r) == []
