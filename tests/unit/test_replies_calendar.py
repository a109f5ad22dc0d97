"""Calendar answers as the programs of others write them: each quirk in a message written for it."""

from datetime import UTC, datetime

import pytest

from schedules.delivery.replies import read_reply
from schedules.domain.incoming import (
    Counter,
    IncomingMail,
    Other,
    Reply,
    ReplyStatus,
    Unreadable,
    UnreadableReason,
)
from tests.support.reply_mails import (
    ANNA,
    ATTENDEE,
    EVENT,
    MESSAGE_ID,
    TEXT,
    UID,
    calendar_part,
    ics,
    mail,
    multipart,
    part,
    reply,
    without,
)

ACCEPTED = Reply(
    uid=UID,
    attendee=ANNA,
    sequence=2,
    partstat=ReplyStatus.ACCEPTED,
    dtstamp=datetime(2026, 11, 24, 8, 15, tzinfo=UTC),
    sender=ANNA,
    message_id=MESSAGE_ID,
)

STOCKHOLM = (
    "BEGIN:VTIMEZONE",
    "TZID:Customized Time Zone",
    "BEGIN:STANDARD",
    "DTSTART:16010101T030000",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def the_reply(raw: bytes) -> Reply:
    read = read_reply(raw)
    assert isinstance(read, Reply), read
    return read


def event_with(attendee: str, *lines: str) -> tuple[str, ...]:
    return (*without("ATTENDEE"), attendee, *lines)


def reason(read: IncomingMail) -> UnreadableReason:
    assert isinstance(read, Unreadable), read
    return read.reason


# --- where the calendar is, and how it is packed -----------------------------------------------------


def test_an_ordinary_answer() -> None:
    assert read_reply(reply()) == ACCEPTED


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_every_transfer_encoding(encoding: str) -> None:
    assert read_reply(mail(calendar_part(ics(), encoding=encoding))) == ACCEPTED


def test_the_mail_is_nothing_but_the_calendar() -> None:
    assert read_reply(mail(calendar_part(ics()))) == ACCEPTED


@pytest.mark.parametrize(
    "content_type",
    [
        'application/ics; name="invite.ics"',
        'application/octet-stream; name="invite.ics"',
        'APPLICATION/OCTET-STREAM; NAME="SVAR.ICS"',
        "application/ics",
        'Text/Calendar; Name="svar.ics"; Charset=UTF-8',
    ],
)
def test_the_calendar_comes_only_as_an_attachment(content_type: str) -> None:
    attached = part(ics(), content_type, "base64", "Content-Disposition: attachment")
    assert read_reply(mail(multipart("mixed", TEXT, attached))) == ACCEPTED


def test_an_attachment_named_only_by_its_disposition() -> None:
    attached = part(
        ics(), "application/octet-stream", "base64", 'Content-Disposition: attachment; filename="a.ics"'
    )
    assert read_reply(mail(multipart("mixed", TEXT, attached))) == ACCEPTED


def test_the_calendar_part_is_nested_deeply() -> None:
    inner = multipart("alternative", TEXT, calendar_part(ics()))
    assert read_reply(mail(multipart("mixed", multipart("related", inner), TEXT))) == ACCEPTED


def test_the_attachment_answers_where_the_part_is_broken() -> None:
    broken = calendar_part(ics()[:120])
    whole = part(ics(), 'application/ics; name="invite.ics"', "base64")
    assert read_reply(mail(multipart("mixed", broken, whole))) == ACCEPTED


def test_a_forwarded_answer_is_not_the_forwarders() -> None:
    forwarded = part(reply(), "message/rfc822")
    assert read_reply(mail(multipart("mixed", TEXT, forwarded))) == Other(MESSAGE_ID)


# --- METHOD ------------------------------------------------------------------------------------------


def test_the_method_stands_only_in_the_mime_parameter() -> None:
    assert read_reply(mail(calendar_part(ics(method=None), method="reply"))) == ACCEPTED


def test_the_method_stands_only_in_the_calendar() -> None:
    assert read_reply(mail(calendar_part(ics(), method=None))) == ACCEPTED


def test_the_calendar_goes_before_a_mime_parameter_that_says_otherwise() -> None:
    assert read_reply(mail(calendar_part(ics(), method="REQUEST"))) == ACCEPTED


def test_no_method_anywhere_is_no_answer() -> None:
    assert reason(read_reply(mail(calendar_part(ics(method=None), method=None)))) == "no_method"


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH", "REFRESH", "DECLINECOUNTER"])
def test_other_methods_are_nothing_of_ours(method: str) -> None:
    assert read_reply(reply(ics(method=method))) == Other(MESSAGE_ID)


# --- bytes -------------------------------------------------------------------------------------------


def test_bare_lf() -> None:
    assert read_reply(mail(calendar_part(ics().replace("\r\n", "\n")))) == ACCEPTED


def test_bare_cr() -> None:
    assert read_reply(mail(calendar_part(ics().replace("\r\n", "\r")))) == ACCEPTED


def test_the_whole_mail_in_bare_lf() -> None:
    assert read_reply(reply().replace(b"\r\n", b"\n")) == ACCEPTED


def test_a_byte_order_mark() -> None:
    assert read_reply(mail(calendar_part("\ufeff" + ics()))) == ACCEPTED


def test_utf_16_with_its_mark() -> None:
    attached = part(ics().encode("utf-16"), "text/calendar; charset=utf-16; method=REPLY", "base64")
    assert read_reply(mail(attached)) == ACCEPTED


@pytest.mark.parametrize("charset", ["iso-8859-1", "no-such-charset"])
def test_latin_1_and_a_charset_that_does_not_exist(charset: str) -> None:
    text = ics(event_with(ATTENDEE.replace("Anna Berg", "Åsa Öberg"))).encode("latin-1")
    attached = part(text, f"text/calendar; charset={charset}; method=REPLY", "base64")
    assert read_reply(mail(attached)) == ACCEPTED


def test_a_folded_attendee() -> None:
    folded = ATTENDEE[:30] + "\r\n " + ATTENDEE[30:]
    assert read_reply(reply(ics(event_with(folded)))) == ACCEPTED


@pytest.mark.parametrize("length", [0, 3, 60, 150, 300, len(ics()) - 20])
def test_truncated(length: int) -> None:
    assert reason(read_reply(mail(calendar_part(ics()[:length])))) == "calendar"


@pytest.mark.parametrize(
    "junk", ["hej", "\x00\xff\x00", "END:VCALENDAR", "BEGIN:VEVENT\nEND:VEVENT\n", "=" * 999]
)
def test_junk(junk: str) -> None:
    assert reason(read_reply(mail(calendar_part(junk)))) == "calendar"


def test_base64_that_is_none() -> None:
    broken = (
        b"Content-Type: text/calendar; method=REPLY\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\xff=\r\n"
    )
    assert reason(read_reply(mail(broken))) == "calendar"


def test_a_calendar_of_megabytes_is_not_taken_apart() -> None:
    huge = ics(event_with(ATTENDEE, *["COMMENT:" + "x" * 900] * 300))
    assert reason(read_reply(mail(calendar_part(huge)))) == "too_large"


def test_lines_that_are_none_do_not_hide_the_answer() -> None:
    assert read_reply(reply(ics((*EVENT, "this is not a property", "X-É:1", ";;;")))) == ACCEPTED


# --- the attendee ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attendee",
    [
        "ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:Anna@FK.Example",
        "ATTENDEE;PARTSTAT=ACCEPTED:anna@fk.example",
        "attendee;partstat=accepted:mailto:anna@fk.example",
        'ATTENDEE;PARTSTAT="ACCEPTED";CN="Berg, Anna; FK":mailto:anna@fk.example',
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:%61nna@fk.example",
        "ATTENDEE;PARTSTAT=ACCEPTED;EMAIL=anna@fk.example:urn:uuid:6f7c",
        "ATTENDEE;PARTSTAT=ACCEPTED;X-RESPONSE-COMMENT=hemligt:mailto:anna@fk.example",
    ],
)
def test_the_address_in_all_its_spellings(attendee: str) -> None:
    assert read_reply(reply(ics(event_with(attendee)))) == ACCEPTED


def test_a_reply_without_an_organizer() -> None:
    """outlook.com omits it."""
    assert read_reply(reply(ics(without("ORGANIZER")))) == ACCEPTED


def test_of_several_attendees_the_sender_answers() -> None:
    lines = event_with("ATTENDEE;PARTSTAT=DECLINED:mailto:eva@af.example", ATTENDEE.replace("anna", "ANNA"))
    assert read_reply(reply(ics(lines))) == ACCEPTED


@pytest.mark.parametrize("sender", ["bo@region.example", None])
def test_several_attendees_and_a_stranger_as_sender(sender: str | None) -> None:
    lines = event_with(ATTENDEE, "ATTENDEE;PARTSTAT=DECLINED:mailto:eva@af.example")
    assert reason(read_reply(reply(ics(lines), sender=sender))) == "several_attendees"


def test_the_sender_stands_there_twice_with_two_answers() -> None:
    lines = event_with(ATTENDEE, ATTENDEE.replace("ACCEPTED", "DECLINED"))
    assert reason(read_reply(reply(ics(lines)))) == "several_attendees"


@pytest.mark.parametrize("attendee", ["X-NO:1", "ATTENDEE;PARTSTAT=ACCEPTED:invalid:nomail", "ATTENDEE:"])
def test_no_attendee_with_an_address(attendee: str) -> None:
    assert reason(read_reply(reply(ics(event_with(attendee))))) == "no_attendee"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (";PARTSTAT=DECLINED", ReplyStatus.DECLINED),
        (";PARTSTAT=TENTATIVE", ReplyStatus.TENTATIVE),
        (";PARTSTAT=NEEDS-ACTION", ReplyStatus.NEEDS_ACTION),
        (";PARTSTAT=X-KANSKE", ReplyStatus.NEEDS_ACTION),
        ("", ReplyStatus.NEEDS_ACTION),
    ],
)
def test_the_status(written: str, read: ReplyStatus) -> None:
    answer = the_reply(reply(ics(event_with(f"ATTENDEE{written}:mailto:{ANNA}"))))
    assert answer.partstat is read


@pytest.mark.parametrize(
    ("written", "delegate"),
    [
        (';DELEGATED-TO="MAILTO:Eva@FK.example"', "eva@fk.example"),
        (';DELEGATED-TO="mailto:eva@fk.example","mailto:bo@fk.example"', "eva@fk.example"),
        ("", None),
    ],
)
def test_delegated(written: str, delegate: str | None) -> None:
    answer = the_reply(reply(ics(event_with(f"ATTENDEE;PARTSTAT=DELEGATED{written}:mailto:{ANNA}"))))
    assert (answer.partstat, answer.delegate) == (ReplyStatus.DELEGATED, delegate)


# --- which event, which version ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "sequence"),
    [
        (("SEQUENCE:0",), 0),
        ((), None),
        (("SEQUENCE:x",), None),
        (("SEQUENCE:-1",), None),
        (("SEQUENCE:" + "9" * 5000,), None),
        (("SEQUENCE:3", "SEQUENCE:1"), 1),
    ],
)
def test_the_sequence(lines: tuple[str, ...], sequence: int | None) -> None:
    assert the_reply(reply(ics((*without("SEQUENCE"), *lines)))).sequence == sequence


@pytest.mark.parametrize(
    "line", ["DTSTAMP:i dag", "DTSTAMP:20261124T081500", "DTSTAMP:99991399T000000Z", "X-NO:1"]
)
def test_a_dtstamp_that_is_no_instant(line: str) -> None:
    assert the_reply(reply(ics((*without("DTSTAMP"), line)))).dtstamp is None


@pytest.mark.parametrize(
    "line", ["DTSTART:i morgon", "DTSTART;TZID=:", "DTSTART;VALUE=DATE:20261201", "X-NO:1"]
)
def test_a_broken_dtstart_does_not_spoil_an_answer(line: str) -> None:
    assert read_reply(reply(ics((*without("DTSTART"), line)))) == ACCEPTED


@pytest.mark.parametrize("line", ["X-NO:1", "UID:", "UID:two words", "UID:åäö", "UID:" + "x" * 300])
def test_no_uid_that_could_be_ours(line: str) -> None:
    assert reason(read_reply(reply(ics((*without("UID"), line))))) == "no_uid"


def test_no_event() -> None:
    text = ics().replace("VEVENT", "VTODO")
    assert reason(read_reply(reply(text))) == "no_event"


def test_events_of_two_meetings() -> None:
    second = ("END:VEVENT", "BEGIN:VEVENT", "UID:b2@samtid.kommun.example", ATTENDEE)
    assert reason(read_reply(reply(ics((*EVENT, *second))))) == "several_events"


def test_an_exception_to_a_series_does_not_hide_the_event() -> None:
    first = ("RECURRENCE-ID:20261201T120000Z", *EVENT[:2], ATTENDEE.replace("ACCEPTED", "DECLINED"))
    assert read_reply(reply(ics((*first, "END:VEVENT", "BEGIN:VEVENT", *EVENT)))) == ACCEPTED


def test_an_alarm_inside_the_event_is_passed_over() -> None:
    alarm = ("BEGIN:VALARM", "UID:alarm", "ATTENDEE:mailto:eva@af.example", "END:VALARM")
    assert read_reply(reply(ics((*alarm, *EVENT)))) == ACCEPTED


# --- another time proposed ---------------------------------------------------------------------------


def the_counter(*times: str, before: tuple[str, ...] = ()) -> Counter:
    lines = (*without("DTSTART", "DTEND"), *times)
    read = read_reply(mail(calendar_part(ics(lines, "COUNTER", before), "COUNTER")))
    assert isinstance(read, Counter), read
    return read


NINE, TEN = datetime(2026, 12, 3, 8, tzinfo=UTC), datetime(2026, 12, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "zone",
    [
        ";TZID=Europe/Stockholm",
        ";TZID=W. Europe Standard Time",
        ';TZID="W. Europe Standard Time"',
        ";TZID=/freeassociation.sourceforge.net/Europe/Stockholm",
        ";TZID=/citadel.org/20210210_1/Europe/Stockholm",
    ],
)
def test_a_proposed_time_in_a_zone_that_we_know_without_vtimezone(zone: str) -> None:
    counter = the_counter(f"DTSTART{zone}:20261203T090000", f"DTEND{zone}:20261203T100000")
    assert (counter.start, counter.end) == (NINE, TEN)


def test_a_proposed_time_in_utc() -> None:
    counter = the_counter("DTSTART:20261203T080000Z", "DURATION:PT1H")
    assert (counter.start, counter.end) == (NINE, TEN)


@pytest.mark.parametrize("before", [(), STOCKHOLM])
def test_an_invented_zone_is_local_time(before: tuple[str, ...]) -> None:
    zone = ";TZID=Customized Time Zone"
    counter = the_counter(f"DTSTART{zone}:20261203T090000", "DTEND:20261203T100000", before=before)
    assert (counter.start, counter.end) == (datetime(2026, 12, 3, 9), datetime(2026, 12, 3, 10))  # noqa: DTZ001  wall time


@pytest.mark.parametrize(
    "line",
    [
        "DTSTART;VALUE=DATE:20261203",
        "DTSTART:på torsdag",
        "DTSTART;TZID=../../etc/passwd:x",
        "DTSTART;TZID=Europe/Stockholm:00010101T000000",
        "X-NO:1",
    ],
)
def test_a_proposal_whose_time_cannot_be_read(line: str) -> None:
    counter = the_counter(line, "DTEND:20261203T100000Z", "DURATION:P1")
    assert (counter.start, counter.end, counter.uid) == (None, None, UID)


@pytest.mark.parametrize("zone", ["../../etc/passwd", "Europe", "x" * 5000, "/"])
def test_a_zone_that_is_no_zone_is_local_time(zone: str) -> None:
    assert the_counter(f"DTSTART;TZID={zone}:20261203T090000").start == datetime(2026, 12, 3, 9)  # noqa: DTZ001  wall time


def test_a_proposal_carries_who_when_and_which_version() -> None:
    counter = the_counter("DTSTART:20261203T080000Z", "DTEND:20261203T090000Z")
    assert (counter.attendee, counter.sender, counter.sequence) == (ANNA, ANNA, 2)
    assert (counter.partstat, counter.dtstamp) == (ReplyStatus.ACCEPTED, ACCEPTED.dtstamp)


# --- never any words ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["REPLY", "COUNTER"])
def test_no_word_of_the_mail_is_carried(method: str) -> None:
    assert "emlig" not in repr(read_reply(reply(ics(method=method))))
