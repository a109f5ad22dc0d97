"""The line to the IMAP server breaks anywhere: no mail is read by half, none is lost, none acts twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.mailroom import Mailroom
from schedules.delivery.imap import HANDLED, ImapMailbox, ImapUrl
from schedules.ports import MailboxUnavailable
from tests.support.cutting_line import CuttingLine, cutting_line
from tests.support.dovecot import Account
from tests.support.raised import call_parties, column, value
from tests.support.reply_mails import TEXT, ics, mail, reply
from tests.support.rig import Rig, rig

pytestmark = pytest.mark.exhaustive  # `make faults`

MARKED = frozenset({"\\Seen", HANDLED})
EVERY = 97
"""Bytes between two cuts: within the greeting, the search, the mail and the marking."""


@pytest.fixture
def r(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as found:
        call_parties(found)
        yield found
        assert found.local.workspace.problems() == ()


@pytest.fixture
def line(account: Account) -> Iterator[CuttingLine]:
    with cutting_line(account.server.port) as found:
        yield found


def room(r: Rig, account: Account, line: CuttingLine) -> Mailroom:
    url = account.url().replace(f":{account.server.port}/", f":{line.port}/")
    program = r.local.program
    return Mailroom(program.office, ImapMailbox(ImapUrl.parse(url)), "cut", program.metrics, lambda: None)


def answer(r: Rig) -> bytes:
    """Nasrin's yes to the newest invitation."""
    uid = value(r, "SELECT uid FROM booking")
    nasrin = r.person("nasrin").email
    attendee = f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{nasrin}"
    event = ics([f"UID:{uid}", "SEQUENCE:0", "DTSTAMP:20261123T090000Z", attendee])
    return reply(event, sender=nasrin)


def look(reader: Mailroom) -> None:
    """Look once, as the reader's thread does: what cannot be reached is tried again later."""
    try:
        reader.look()
    except MailboxUnavailable:
        return


def length(r: Rig, account: Account, line: CuttingLine) -> int:
    """How many bytes the server says when nothing breaks."""
    reader = room(r, account, line)
    reader.look()
    reader._reader.close()
    return sum(line.carried)


def check_cut_at(r: Rig, account: Account, line: CuttingLine, at: int) -> None:
    """Two lines in a row are cut there; then they hold."""
    account.deliver(mail(TEXT, "Precedence: bulk"), answer(r))
    line.cuts = [at, at]
    reader = room(r, account, line)
    for _ in range(3):
        look(reader)
    reader._reader.close()
    assert account.flags()[-2:] == [frozenset(), MARKED]


@pytest.mark.parametrize("at", [150, 2500])
def test_the_line_is_cut_within_a_look(r: Rig, account: Account, line: CuttingLine, at: int) -> None:
    """While it logs in, and within the mail."""
    check_cut_at(r, account, line, at)
    assert line.cut == 2
    assert sorted(column(r, "SELECT outcome FROM incoming")) == ["answered", "left"]
    assert value(r, "SELECT answer FROM invitation WHERE person = 'nasrin'") == "accepted"


def test_the_line_is_cut_anywhere(r: Rig, account: Account, line: CuttingLine) -> None:
    account.deliver(mail(TEXT, "Precedence: bulk"), answer(r))
    whole = length(r, account, line)
    for at in range(1, whole, EVERY):
        check_cut_at(r, account, line, at)
    assert line.cut > 0
    assert value(r, "SELECT answer FROM invitation WHERE person = 'nasrin'") == "accepted"
