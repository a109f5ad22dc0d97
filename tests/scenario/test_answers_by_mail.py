"""Issue 3, section 4: answers that come by mail, through the stand-in's mailbox and by bytes of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.doctor import _findings
from bot.local import LocalMailbox
from bot.mailroom import Mailroom
from schedules.ports import MailboxUnavailable, MailKey
from schedules.texts.words import Words
from tests.support.calendars import assert_calendars_are_right, events
from tests.support.raised import (
    absent,
    call_parties,
    cards,
    column,
    direct,
    move,
    open_home,
    page,
    text_of,
    value,
)
from tests.support.reply_mails import TEXT, ics, mail, part, reply
from tests.support.rig import Rig, rig

CANNOT = "kan inte vara med"


@pytest.fixture
def r(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as found:
        yield found
        assert found.local.workspace.problems() == ()
        assert_calendars_are_right(found)


def answer(r: Rig, who: str, how: str, nth: int = 0) -> None:
    """Press an answer button at the person's nth newest mail."""
    mails = r.local.workspace.mailbox.messages(r.person(who).email or "")
    r.actor(who).answer_mail(mails[nth].id, how)


def arrive(r: Rig, raw: bytes) -> None:
    """A mail comes to our mailbox."""
    r.local.workspace.mailbox.deliver(ours(r), raw)


def ours(r: Rig) -> str:
    return r.office.mail_from.email


def said(r: Rig, who: str) -> str:
    return str(value(r, "SELECT answer FROM invitation WHERE person = :who ORDER BY live DESC", who=who))


def outcomes(r: Rig) -> list[str]:
    return [str(one) for one in column(r, "SELECT outcome FROM incoming ORDER BY outcome")]


def unread(r: Rig) -> int:
    return sum(not one.seen for one in r.local.workspace.mailbox.messages(ours(r)))


def event(
    r: Rig,
    address: str,
    *,
    partstat: str = "ACCEPTED",
    dtstamp: str = "20261123T090000Z",
    method: str = "REPLY",
    start: str | None = None,
) -> str:
    """A calendar answer to the case's first invitation, or with COUNTER a proposal."""
    uid = value(r, "SELECT uid FROM booking WHERE status = 'booked'")
    lines = [
        f"UID:{uid}",
        "SEQUENCE:0",
        f"DTSTAMP:{dtstamp}",
        f"ATTENDEE;PARTSTAT={partstat}:mailto:{address}",
    ]
    if start is not None:
        lines.append(f"DTSTART;TZID=Europe/Stockholm:{start}")
    return ics(lines, method)


def snapshot(r: Rig) -> tuple[Any, ...]:
    """What may not have changed: answers, messages owed or sent, the audit trail."""
    return (
        column(r, "SELECT answer FROM invitation ORDER BY id"),
        value(r, "SELECT count(*) FROM outbox"),
        value(r, "SELECT count(*) FROM audit"),
    )


# --- answers -----------------------------------------------------------------------------------------


def test_accepting_by_mail_updates_the_card_and_the_coordinators_page(r: Rig) -> None:
    call_parties(r)
    open_home(r, "helena")
    before = page(r, "helena")
    answer(r, "nasrin", "accept")
    r.settle()
    assert said(r, "nasrin") == "accepted"
    assert "Du har svarat att du kommer." in text_of(cards(r, "nasrin")[0])
    assert page(r, "helena") != before
    assert value(r, "SELECT answered_by FROM invitation WHERE person = 'nasrin'") == "nasrin"
    assert outcomes(r) == ["answered"]
    assert unread(r) == 0


def test_declining_by_mail_calls_the_next_representative(r: Rig) -> None:
    call_parties(r)
    answer(r, "nasrin", "decline")
    r.settle()
    assert value(r, "SELECT representative FROM seat WHERE party = 'fk'") == "johan"
    assert value(r, "SELECT reason FROM decline WHERE person = 'nasrin'") is None
    assert [method for method, _ in events(r.mails("nasrin"))] == ["REQUEST", "CANCEL"]
    assert outcomes(r) == ["answered"]


def test_declining_by_mail_when_nobody_is_left_tells_coordinator_and_referrer(r: Rig) -> None:
    absent(r, "johan")
    call_parties(r)
    answer(r, "nasrin", "decline")
    r.settle()
    assert said(r, "nasrin") == "declined"
    for who in ("helena", "maja"):
        assert f"Nasrin Ahmadi (Försäkringskassan) {CANNOT}" in direct(r, who)[-1].body["text"]


def test_perhaps_by_mail_is_recorded_and_can_be_changed(r: Rig) -> None:
    call_parties(r)
    answer(r, "nasrin", "tentative")
    r.settle()
    assert said(r, "nasrin") == "tentative"
    r.pass_time(minutes=1)
    answer(r, "nasrin", "accept")
    r.settle()
    assert said(r, "nasrin") == "accepted"


def test_a_delegate_who_represents_the_party_takes_the_seat(r: Rig) -> None:
    call_parties(r)
    nasrin, johan = (r.person(who).email or "" for who in ("nasrin", "johan"))
    calendar = event(r, nasrin, partstat=f'DELEGATED;DELEGATED-TO="mailto:{johan}"')
    arrive(r, reply(calendar, sender=nasrin))
    r.settle()
    assert outcomes(r) == ["deputised"]
    assert cards(r, "nasrin") == []
    assert len(cards(r, "johan")) == 1


def test_a_delegate_whom_we_do_not_know_is_a_decline(r: Rig) -> None:
    absent(r, "johan")
    call_parties(r)
    nasrin = r.person("nasrin").email or ""
    calendar = event(r, nasrin, partstat='DELEGATED;DELEGATED-TO="mailto:x@elsewhere.example"')
    arrive(r, reply(calendar, sender=nasrin))
    r.settle()
    assert said(r, "nasrin") == "declined"


def test_somebody_elses_answer_changes_nothing_and_stays_in_the_mailbox(r: Rig) -> None:
    call_parties(r)
    before = snapshot(r)
    nasrin = r.person("nasrin").email or ""
    arrive(r, reply(event(r, nasrin), sender="Helena <helena@elsewhere.example>"))
    r.settle()
    assert snapshot(r) == before
    assert outcomes(r) == ["left"]
    assert unread(r) == 1


def test_an_answer_to_the_old_time_changes_nothing_and_the_new_time_is_told(r: Rig) -> None:
    call_parties(r)
    old = r.local.workspace.mailbox.messages(r.person("nasrin").email or "")[0].id
    r.actor("maja").click("case_show")
    move(r, "maja")
    r.settle()
    (before,) = cards(r, "nasrin")
    r.actor("nasrin").answer_mail(old, "accept")
    r.settle()
    assert said(r, "nasrin") == "needs-action"
    assert outcomes(r) == ["stale"]
    (after,) = cards(r, "nasrin")
    assert after.ts != before.ts
    assert text_of(after) == text_of(before)


def test_an_older_answer_that_comes_late_does_not_undo_the_newer_one(r: Rig) -> None:
    absent(r, "johan")
    call_parties(r)
    nasrin = r.person("nasrin").email or ""
    arrive(r, reply(event(r, nasrin, partstat="DECLINED", dtstamp="20261123T100000Z"), sender=nasrin))
    r.settle()
    arrive(r, reply(event(r, nasrin, dtstamp="20261123T090000Z"), sender=nasrin))
    r.settle()
    assert said(r, "nasrin") == "declined"
    assert outcomes(r) == ["answered", "overtaken"]


@pytest.mark.parametrize("start", ["20261130T140000", "99991231T235900", None])
def test_another_time_proposed_is_told_to_the_coordinator(r: Rig, start: str | None) -> None:
    call_parties(r)
    nasrin = r.person("nasrin").email or ""
    arrive(r, reply(event(r, nasrin, method="COUNTER", start=start), sender=nasrin))
    r.settle()
    told = direct(r, "helena")[-1]
    assert "Nasrin Ahmadi (Försäkringskassan) föreslår en annan tid" in told.body["text"]
    assert ("måndag 30 november kl. 14" in text_of(told)) == (start == "20261130T140000")
    assert said(r, "nasrin") == "needs-action"
    r.actor("helena").click("booking_move", message=told)
    assert r.actor("helena").modal is not None


# --- once --------------------------------------------------------------------------------------------


def test_the_same_mail_twice_acts_once(r: Rig) -> None:
    absent(r, "johan")
    call_parties(r)
    nasrin = r.person("nasrin").email or ""
    raw = reply(event(r, nasrin, partstat="DECLINED"), sender=nasrin)
    arrive(r, raw)
    r.settle()
    r.actor("nasrin").click("invitation_accept")  # a change of mind, which a copy must not undo
    r.settle()
    before = snapshot(r)
    arrive(r, raw)
    r.settle()
    assert snapshot(r) == before
    assert unread(r) == 0


class CutBeforeMark(LocalMailbox):
    """The connection is lost just after the answer was committed."""

    def mark_handled(self, key: MailKey) -> None:
        raise MailboxUnavailable("lost")


def test_a_crash_between_commit_and_mark_acts_once(r: Rig) -> None:
    call_parties(r)
    answer(r, "nasrin", "decline")
    with pytest.raises(MailboxUnavailable):
        a_reader(r, CutBeforeMark(r.local.workspace, ours(r))).look()
    assert unread(r) == 1
    r.actor("nasrin").click("invitation_accept")
    before = snapshot(r)
    a_reader(r, LocalMailbox(r.local.workspace, ours(r))).look()
    assert unread(r) == 0
    assert snapshot(r) == before
    r.settle()


def a_reader(r: Rig, box: LocalMailbox) -> Mailroom:
    """A further reader of our mailbox, as another process would have one."""
    program = r.local.program
    return Mailroom(program.office, box, ours(r), program.metrics, lambda: None)


# --- what is no answer -------------------------------------------------------------------------------


def test_out_of_office_is_recorded_and_is_no_answer(r: Rig) -> None:
    call_parties(r)
    before = snapshot(r)
    body = part("Jag är ledig, hemlig text", "text/plain; charset=utf-8")
    arrive(r, mail(body, "Auto-Submitted: auto-replied", sender=r.person("nasrin").email))
    r.settle()
    assert snapshot(r) == before
    assert outcomes(r) == ["out_of_office"]
    assert unread(r) == 0


def bounce(original: str, recipient: str) -> bytes:
    """A mail server's report that a mail was given up (RFC 3464)."""
    status = (
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    )
    head = f"Message-ID: {original}\r\nSubject: Kallelse\r\n"
    mark = "=_bounce"
    parts = "".join(
        f"--{mark}\r\nContent-Type: {kind}\r\n\r\n{text}\r\n"
        for kind, text in (
            ("text/plain", "Undelivered"),
            ("message/delivery-status", status),
            ("text/rfc822-headers", head),
        )
    )
    body = f'Content-Type: multipart/report; report-type=delivery-status; boundary="{mark}"\r\n\r\n'
    return mail(f"{body}{parts}--{mark}--\r\n".encode(), sender="Mail <mailer-daemon@mx.example>")


def test_a_bounce_of_our_mail_marks_the_address_and_tells_the_coordinator(r: Rig) -> None:
    reference = call_parties(r)
    nasrin = r.person("nasrin").email or ""
    arrive(r, bounce(str(r.mails("nasrin")[0]["Message-ID"]), nasrin))
    r.settle()
    assert outcomes(r) == ["bounced"]
    assert column(r, "SELECT id FROM person WHERE mail_bounced_at IS NOT NULL") == ["nasrin"]
    told = text_of(direct(r, "helena")[-1])
    assert "Mejlet till Nasrin Ahmadi" in told
    assert reference in told


def marked(r: Rig) -> list[str]:
    """Whose address does not work."""
    return [str(one) for one in column(r, "SELECT id FROM person WHERE mail_bounced_at IS NOT NULL")]


def bounced(r: Rig, who: str = "nasrin") -> None:
    """The person's newest mail comes back."""
    arrive(r, bounce(str(r.mails(who)[-1]["Message-ID"]), r.person(who).email or ""))
    r.settle()
    assert marked(r) == [who]


AWAY = ("Auto-Submitted: auto-replied",)


@pytest.mark.parametrize("headers", [(), AWAY, ("Precedence: bulk",)])
def test_the_coordinators_page_shows_a_bad_address_until_a_mail_comes_from_it(
    r: Rig, headers: tuple[str, ...]
) -> None:
    call_parties(r)
    open_home(r, "helena")
    bounced(r)
    assert "Mejl till Nasrin Ahmadi kommer tillbaka" in page(r, "helena")
    arrive(r, mail(TEXT, *headers, sender="Johan <johan.oberg@elsewhere.example>"))
    r.settle()
    assert marked(r) == ["nasrin"]
    arrive(r, mail(TEXT + b" ", *headers, sender=(r.person("nasrin").email or "").upper()))
    r.settle()
    assert marked(r) == []
    assert "kommer tillbaka" not in page(r, "helena")


def test_an_answer_from_a_bad_address_clears_it_and_counts(r: Rig) -> None:
    call_parties(r)
    bounced(r)
    answer(r, "nasrin", "accept")
    r.settle()
    assert marked(r) == []
    assert said(r, "nasrin") == "accepted"


@pytest.mark.parametrize("original", ["<made-up@x.example>", "helena's"])
def test_a_made_up_bounce_changes_nothing(r: Rig, original: str) -> None:
    call_parties(r)
    before = snapshot(r)
    known = str(r.mails("helena")[0]["Message-ID"])
    arrive(r, bounce(known if original == "helena's" else original, r.person("nasrin").email or ""))
    r.settle()
    assert snapshot(r) == before
    assert column(r, "SELECT id FROM person WHERE mail_bounced_at IS NOT NULL") == []
    assert outcomes(r) == ["left"]


def test_what_is_nothing_of_ours_is_left_and_listed(r: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    call_parties(r)
    before = snapshot(r)
    arrive(r, mail(TEXT, "Precedence: bulk"))
    arrive(r, reply(ics()))
    arrive(r, reply("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEV"))
    for _ in range(2):
        r.settle()
    assert snapshot(r) == before
    assert outcomes(r) == ["left"] * 3
    assert unread(r) == 3
    _findings(r.local.program.settings, r.office, Words("sv"))
    said_by_doctor = capsys.readouterr().out
    assert "3 mejl i inkorgen är lämnade orörda" in said_by_doctor
    assert "svar på en kallelse som inte är vår: 1" in said_by_doctor
    assert re.search(r"23 november 2026 09:00, mejl nr \d+ i inkorgen: kanske ett svar", said_by_doctor)
    assert "hemlig" not in said_by_doctor


def test_after_a_restart_what_was_left_is_not_read_again(r: Rig) -> None:
    arrive(r, mail(TEXT, "Precedence: bulk"))
    r.settle()

    class Counting(LocalMailbox):
        read = 0

        def unseen(self, *given: Any, **named: Any) -> Any:
            found = super().unseen(*given, **named)
            self.read += len(found)
            return found

    box = Counting(r.local.workspace, ours(r))
    assert a_reader(r, box).look() == 0
    assert box.read == 0
