"""The reader in its own thread over a real IMAP server, and the answer buttons of the workspace's page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.mailroom import Mailroom
from schedules.delivery.imap import HANDLED, ImapMailbox, ImapUrl
from tests.support.dovecot import Account
from tests.support.raised import absent, call_parties, value
from tests.support.reply_mails import TEXT, ics, mail, reply
from tests.support.rig import Rig, rig

HTMX = {"hx-request": "true"}


@pytest.fixture
def r(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as found:
        yield found
        assert found.local.workspace.problems() == ()


def said(r: Rig) -> str:
    return str(value(r, "SELECT answer FROM invitation WHERE person = 'nasrin'"))


def test_an_answer_in_the_mailbox_is_read_as_it_comes_and_the_thread_ends(r: Rig, account: Account) -> None:
    call_parties(r)
    handled = threading.Event()
    program = r.local.program
    reader = ImapMailbox(ImapUrl.parse(account.url()))
    room = Mailroom(program.office, reader, "dovecot", program.metrics, handled.set)
    room.start()
    try:
        nasrin = r.person("nasrin").email
        uid = value(r, "SELECT uid FROM booking")
        attendee = f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{nasrin}"
        event = ics([f"UID:{uid}", "SEQUENCE:0", "DTSTAMP:20261123T090000Z", attendee])
        account.deliver(mail(TEXT, "Precedence: bulk"), reply(event, sender=nasrin))
        assert handled.wait(60)
    finally:
        room.stop()
    assert said(r) == "accepted"
    assert account.flags() == [frozenset(), frozenset({"\\Seen", HANDLED})]
    assert "mailroom" not in {thread.name for thread in threading.enumerate()}


def test_the_buttons_of_an_invitation_answer_by_mail(r: Rig) -> None:
    absent(r, "johan")
    call_parties(r)
    user = r.person("nasrin").slack[0]
    newest = r.local.workspace.mailbox.messages(r.person("nasrin").email or "")[0].id
    place = f"?as={user}&at=mail&mail={newest}"
    shown = httpx.get(f"{r.url}/{place}").text
    assert all(words in shown for words in ("Svara på kallelsen", "Kommer", "Kanske", "Kan inte"))
    answered = httpx.post(f"{r.url}/workspace/ui/mail/answer/decline{place}", headers=HTMX)
    assert "skickat med e-post" in answered.text
    r.settle()
    assert said(r) == "declined"


def test_somebody_elses_invitation_and_a_cancellation_have_no_buttons(r: Rig) -> None:
    call_parties(r)
    newest = r.local.workspace.mailbox.messages(r.person("nasrin").email or "")[0].id
    other = f"?as={r.person('maja').slack[0]}&at=mail&mail={newest}"
    assert httpx.post(f"{r.url}/workspace/ui/mail/answer/accept{other}", headers=HTMX).status_code == 204
    r.actor("maja").click("case_show")
    r.actor("maja").click("booking_withdraw")
    r.settle()
    cancelled = r.local.workspace.mailbox.messages(r.person("nasrin").email or "")[0].id
    page = httpx.get(f"{r.url}/?as={r.person('nasrin').slack[0]}&at=mail&mail={cancelled}").text
    assert "METHOD:CANCEL" in page
    assert "Svara på kallelsen" not in page
    assert value(r, "SELECT count(*) FROM incoming") == 0
