"""Issue 3, section 4: a message is handled once, also over a crash and two processes; on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.app import make_office, open_database
from bot.local import LocalMailbox
from bot.mailroom import Mailroom
from schedules.ports import MailboxUnavailable, MailKey
from schedules.store.database import Database
from tests.support.raised import call_parties, column, direct, value
from tests.support.reply_mails import calendar_part as answer_part
from tests.support.reply_mails import ics, mail, multipart
from tests.support.rig import Rig, rig


@dataclass
class Two:
    """A running program, and a second process' worth of it: its own connections and its own memory."""

    r: Rig
    other: Database

    def reader(self, box: LocalMailbox, *, second: bool = False) -> Mailroom:
        """A reader of our mailbox."""
        program = self.r.local.program
        settings, clock = program.settings, self.r.clock
        office = make_office(settings, self.other, clock) if second else self.r.office
        return Mailroom(office, box, self.ours, program.metrics, lambda: None)

    @property
    def ours(self) -> str:
        return self.r.office.mail_from.email

    def arrive(self, method: str = "COUNTER", partstat: str = "ACCEPTED") -> None:
        """Nasrin's calendar answers the call."""
        address = self.r.person("nasrin").email
        lines = [
            f"UID:{value(self.r, 'SELECT uid FROM booking')}",
            "SEQUENCE:0",
            "DTSTAMP:20261123T090000Z",
            f"ATTENDEE;PARTSTAT={partstat}:mailto:{address}",
            "DTSTART;TZID=Europe/Stockholm:20261130T140000",
        ]
        body = multipart("mixed", answer_part(ics(lines, method), method))
        self.r.local.workspace.mailbox.deliver(self.ours, mail(body, sender=address))

    def proposals(self) -> int:
        """How often the coordinator was told."""
        self.r.settle()
        return sum("föreslår en annan tid" in one.body["text"] for one in direct(self.r, "helena"))


@pytest.fixture
def two(tmp_path: Path, empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    monkeypatch.chdir(tmp_path)  # without an SQLite file, the stand-in keeps its own under var/
    with rig(tmp_path, url=empty_database_url) as r:
        call_parties(r)
        other = open_database(r.local.program.settings)
        yield Two(r, other)
        other.close()
        assert r.local.workspace.problems() == ()


class CutBeforeMark(LocalMailbox):
    """The process dies just after the answer was committed."""

    def mark_handled(self, key: MailKey) -> None:
        raise MailboxUnavailable("lost")


def test_two_processes_at_once_act_once(two: Two) -> None:
    two.arrive()
    ready = threading.Barrier(2)

    class Together(LocalMailbox):
        def unseen(self, *given: Any, **named: Any) -> Any:
            found = super().unseen(*given, **named)
            if found:
                ready.wait(10)
            return found

    boxes = [Together(two.r.local.workspace, two.ours) for _ in range(2)]
    readers = [two.reader(box, second=bool(n)) for n, box in enumerate(boxes)]
    threads = [threading.Thread(target=one.look) for one in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert two.proposals() == 1
    assert column(two.r, "SELECT outcome FROM incoming") == ["time_proposed"]


def test_after_a_crash_another_process_marks_it_and_acts_no_more(two: Two) -> None:
    two.arrive()
    with pytest.raises(MailboxUnavailable):
        two.reader(CutBeforeMark(two.r.local.workspace, two.ours)).look()
    two.reader(LocalMailbox(two.r.local.workspace, two.ours), second=True).look()
    assert two.proposals() == 1
    assert all(one.seen for one in two.r.local.workspace.mailbox.messages(two.ours))


def test_a_change_of_mind_is_not_undone_by_a_copy_in_another_process(two: Two) -> None:
    two.arrive("REPLY", "TENTATIVE")
    two.reader(LocalMailbox(two.r.local.workspace, two.ours)).look()
    two.r.actor("nasrin").click("invitation_accept")
    two.arrive("REPLY", "TENTATIVE")
    two.reader(LocalMailbox(two.r.local.workspace, two.ours), second=True).look()
    two.r.settle()
    assert column(two.r, "SELECT answer FROM invitation WHERE person = 'nasrin'") == ["accepted"]
