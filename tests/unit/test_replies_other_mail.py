"""Bounces, automatic answers, and everything else that arrives in a mailbox: nothing raises."""

import random

import pytest

from schedules.delivery.mime import mail_bytes
from schedules.delivery.replies import read_reply
from schedules.domain.incoming import Bounce, IncomingMail, Other, OutOfOffice, Reply, Unreadable
from tests.support.mails import MESSAGE
from tests.support.reply_mails import ANNA, MESSAGE_ID, TEXT, calendar_part, ics, mail, multipart, part, reply

OURS = "<kallelse-7@kommun.example>"
ANSWERS_OURS = f"In-Reply-To: {OURS}"
OUT = OutOfOffice(ANNA, OURS, MESSAGE_ID)
ORIGINAL = part(
    f"Message-ID: {OURS}\r\nFrom: samverkan@kommun.example\r\nTo: Anna <{ANNA}>\r\n\r\nhemlig text\r\n",
    "message/rfc822",
)
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.kommun.example>"


def report(*fields: str, original: bytes = ORIGINAL, kind: str = "delivery-status") -> bytes:
    status = "Reporting-MTA: dns; mx.kommun.example\r\n\r\n" + "\r\n".join(fields) + "\r\n"
    parts = (TEXT, part(status, f"message/{kind}"), original)
    return mail(multipart(f"report; report-type={kind}", *parts), sender=DAEMON)


FAILED = (f"Final-Recipient: rfc822; {ANNA}", "Action: failed", "Status: 5.1.1")
BOUNCED = Bounce(ANNA, OURS, permanent=True, message_id=MESSAGE_ID)


# --- bounces -----------------------------------------------------------------------------------------


def test_a_bounce() -> None:
    assert read_reply(report(*FAILED)) == BOUNCED


def test_a_bounce_with_the_headers_of_our_mail_only() -> None:
    headers = part(f"Subject: x\r\nMessage-ID: {OURS}\r\n", "text/rfc822-headers")
    assert read_reply(report(*FAILED, original=headers)) == BOUNCED


def test_a_bounce_of_an_international_address_system() -> None:
    assert read_reply(report(*FAILED, kind="global-delivery-status")) == BOUNCED


def test_a_bounce_that_returns_nothing_of_our_mail() -> None:
    assert read_reply(report(*FAILED, original=TEXT)) == Bounce(ANNA, None, True, MESSAGE_ID)  # noqa: FBT003  a record's field


def test_the_address_that_we_wrote_to_goes_before_the_forwarded_one() -> None:
    fields = (
        f"Original-Recipient: RFC822;{ANNA.upper()}",
        "Final-Recipient: rfc822; <x@home.example>",
        *FAILED[1:],
    )
    assert read_reply(report(*fields)) == BOUNCED


def test_a_bounce_without_a_recipient_takes_it_from_our_mail() -> None:
    assert read_reply(report(*FAILED[1:])) == BOUNCED


def test_a_late_mail_is_no_permanent_failure() -> None:
    read = read_reply(report(FAILED[0], "Action: delayed (still trying)", "Status: 4.4.1"))
    assert read == Bounce(ANNA, OURS, permanent=False, message_id=MESSAGE_ID)


def test_a_mail_given_up_after_days_of_trying_is_permanent() -> None:
    assert read_reply(report(FAILED[0], "Action: failed", "Status: 4.4.7")) == BOUNCED


def test_of_several_recipients_the_failed_one_counts() -> None:
    arrived = ("Final-Recipient: rfc822; eva@af.example", "Action: relayed", "Status: 2.0.0", "")
    assert read_reply(report(*arrived, *FAILED)) == BOUNCED


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_that_a_mail_arrived_is_no_bounce(action: str) -> None:
    assert read_reply(report(FAILED[0], f"Action: {action}", "Status: 2.0.0")) == Other(MESSAGE_ID)


def test_a_read_receipt_is_no_bounce_and_no_absence() -> None:
    """RFC 8098; many are marked as automatic answers."""
    receipt = part(f"Final-Recipient: rfc822; {ANNA}\r\n", "message/disposition-notification")
    body = multipart("report; report-type=disposition-notification", TEXT, receipt)
    assert read_reply(mail(body, "Auto-Submitted: auto-replied", ANSWERS_OURS)) == Other(MESSAGE_ID)


def test_a_bounce_that_returns_our_whole_invitation_is_no_calendar_mail() -> None:
    ours = part(mail_bytes(MESSAGE), "message/rfc822")
    assert read_reply(report(*FAILED, original=ours)) == Bounce(
        ANNA, MESSAGE.message_id, permanent=True, message_id=MESSAGE_ID
    )


def test_the_older_form_of_exim() -> None:
    raw = mail(
        TEXT, f"X-Failed-Recipients: {ANNA}", "Auto-Submitted: auto-replied", ANSWERS_OURS, sender=DAEMON
    )
    assert read_reply(raw) == BOUNCED


@pytest.mark.parametrize(
    "raw", [report("Action:"), report("nothing"), mail(TEXT, "Auto-Submitted: auto-replied", sender=DAEMON)]
)
def test_a_bounce_in_no_known_form(raw: bytes) -> None:
    read = read_reply(raw)
    assert isinstance(read, Unreadable)
    assert read.reason == "bounce"


# --- automatic answers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        ("Auto-Submitted: auto-replied",),
        ("Auto-Submitted: Auto-Replied (vacation); owner-email=x",),
        ("Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All"),
        ("X-Autoreply: yes",),
        ("X-Autorespond: semester",),
        ("Precedence: auto_reply",),
        ("Precedence: bulk",),
        ("Precedence: junk",),
        ("Return-Path: <>",),
    ],
)
def test_out_of_office(headers: tuple[str, ...]) -> None:
    assert read_reply(mail(TEXT, *headers, ANSWERS_OURS)) == OUT


def test_out_of_office_that_quotes_our_invitation() -> None:
    body = multipart("mixed", TEXT, calendar_part(ics(method="REQUEST"), "REQUEST"))
    assert read_reply(mail(body, "Auto-Submitted: auto-replied", ANSWERS_OURS)) == OUT


def test_a_calendar_that_answers_by_itself_has_answered() -> None:
    assert isinstance(read_reply(reply(None, "Auto-Submitted: auto-replied", ANSWERS_OURS)), Reply)


@pytest.mark.parametrize(
    "headers",
    [
        (ANSWERS_OURS,),
        (ANSWERS_OURS, "Auto-Submitted: no"),
        (ANSWERS_OURS, "X-Autoreply: no"),
        (ANSWERS_OURS, "Precedence: list"),
        (ANSWERS_OURS, "X-Auto-Response-Suppress: DR, OOF"),
        ("Auto-Submitted: auto-generated",),
        ("Precedence: bulk",),
    ],
)
def test_what_a_person_wrote_and_what_answers_nothing(headers: tuple[str, ...]) -> None:
    assert read_reply(mail(TEXT, *headers)) == Other(MESSAGE_ID)


# --- the rest ----------------------------------------------------------------------------------------


def test_outlooks_own_format_is_named() -> None:
    attached = part(b"\x78\x9f\x3e\x22", 'application/ms-tnef; name="winmail.dat"', "base64")
    read = read_reply(mail(multipart("mixed", TEXT, attached)))
    assert isinstance(read, Unreadable)
    assert read.reason == "tnef"


def test_our_own_invitation_come_back() -> None:
    assert read_reply(mail_bytes(MESSAGE)) == Other(MESSAGE.message_id)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 100,
        b"\xff\xfe\x00",
        b"no headers at all",
        b"From: " + b"(" * 5000,
        b"Content-Type: multipart/mixed\r\n\r\n--x\r\n",
        b'Content-Type: text/calendar; method*0*=x; charset="\xff"\r\n\r\nBEGIN:VCALENDAR',
        b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: nonsense\r\n\r\n\xff",
        b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\n",
        b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(2000)),
    ],
)
def test_nothing_raises(raw: bytes) -> None:
    read = read_reply(raw)
    assert isinstance(read, (Other, Unreadable))


def _broken(raw: bytes, dice: random.Random) -> bytes:
    """Some bytes changed, some cut out."""
    broken = bytearray(raw)
    for _ in range(dice.randint(1, 12)):
        place = dice.randrange(len(broken))
        if dice.random() < 0.5:
            broken[place] = dice.randrange(256)
        else:
            del broken[place : place + dice.randint(1, 40)]
    return bytes(broken)


@pytest.mark.parametrize(
    "raw",
    [reply(), report(*FAILED), mail(calendar_part(ics(), encoding="8bit"))],
    ids=["reply", "bounce", "ics"],
)
def test_nothing_raises_on_damaged_mail(raw: bytes) -> None:
    """Nor is the last net needed: a mail damaged on the way is still a mail."""
    dice = random.Random(20261123)
    read: list[IncomingMail] = [read_reply(_broken(raw, dice)) for _ in range(300)]
    assert not [one for one in read if isinstance(one, Unreadable) and one.reason == "mail"]
