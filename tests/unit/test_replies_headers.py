"""Who wrote a mail: From, if it is one address and every mail program would read the same."""

import pytest

from schedules.delivery.replies import read_reply
from schedules.domain.incoming import Other, OutOfOffice, Reply
from tests.support.reply_mails import ANNA, MESSAGE_ID, TEXT, mail, reply


def sender(field: str | None, *headers: str) -> str | None:
    read = read_reply(reply(None, *headers, sender=field))
    assert isinstance(read, Reply)
    return read.sender


@pytest.mark.parametrize(
    "field",
    [
        ANNA,
        "ANNA@FK.example",
        f"Anna B. Berg <{ANNA}>",
        f'"Berg, Anna (eva@af.example)" <{ANNA}>',
        f"=?utf-8?q?=C3=85sa?= <{ANNA}>",
        f"Åsa <{ANNA}>",
        f"=?utf-8?q?=22=3Ceva=40af=2Eexample=3E=22?= <{ANNA}>",
        f"Anna\r\n <{ANNA}>",
    ],
)
def test_one_author(field: str) -> None:
    assert sender(field) == ANNA


@pytest.mark.parametrize(
    "field",
    [
        None,
        "",
        "Anna Berg",
        f"{ANNA}, eva@af.example",
        f"{ANNA} <eva@af.example>",
        f"Anna <{ANNA}> <eva@af.example>",
        f"{ANNA})eva@af.example",
        f"Berg, Anna <{ANNA}>",
        '"anna b"@fk.example',
        "<>",
        "\x00\x01@",
        "a" * 300 + "@fk.example",
    ],
)
def test_no_author_or_a_doubtful_one(field: str | None) -> None:
    assert sender(field) is None


def test_two_from_fields_are_none() -> None:
    assert sender(ANNA, "From: eva@af.example") is None


def test_sender_and_reply_to_are_not_the_author() -> None:
    """On behalf of: the secretary stands in Sender, the representative in From."""
    others = ("Sender: eva@af.example", "Reply-To: eva@af.example", "Return-Path: <eva@af.example>")
    assert sender(f"Anna <{ANNA}>", *others) == ANNA


@pytest.mark.parametrize("field", ["", "none", "<two words@x>", "<" + "x" * 999 + ">"])
def test_a_message_id_that_cannot_be_kept(field: str) -> None:
    raw = mail(TEXT).replace(MESSAGE_ID.encode(), field.encode())
    assert read_reply(raw) == Other(None)


def test_references_name_the_answered_mail() -> None:
    headers = ("Auto-Submitted: auto-replied", "References: <a@x.example> <b@x.example>")
    assert read_reply(mail(TEXT, *headers)) == OutOfOffice(ANNA, "<b@x.example>", MESSAGE_ID)
