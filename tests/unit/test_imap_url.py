"""SAMTID_IMAP_URL: read whole or refused in words that never show the password."""

import pytest

from schedules.delivery.imap import BadImapUrl, ImapUrl
from schedules.errors import SamtidError


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("imaps://samtid:secret@mail.example", ImapUrl("tls", "mail.example", 993, "samtid", "secret")),
        ("imap://samtid:secret@127.0.0.1/", ImapUrl("plain", "127.0.0.1", 143, "samtid", "secret")),
        ("imap://samtid:secret@[::1]:1143", ImapUrl("plain", "::1", 1143, "samtid", "secret")),
        (
            "imaps://samtid%40kommun.example:p%3A%2F%40%25@mail.example:1993/INBOX/M%C3%B6ten",
            ImapUrl("tls", "mail.example", 1993, "samtid@kommun.example", "p:/@%", "INBOX/Möten"),
        ),
    ],
)
def test_an_address_is_read(url: str, read: ImapUrl) -> None:
    assert ImapUrl.parse(url) == read


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example",
        "http://samtid:secret@mail.example",
        "imaps://mail.example",
        "imaps://samtid@mail.example",
        "imaps://:secret@mail.example",
        "imaps://samtid:secret@",
        "imaps://samtid:secret@mail.example:port",
        "imaps://samtid:secret@mail.example?x=1",
        "imaps://samtid:secret@mail.example#x",
        "imaps://samtid:secret@[::1",
        "imaps://samtid:secret%0D%0Ax@mail.example",
        "imaps://samtid:secret@mail.example/INBOX%0D%0A",
        "imap://samtid:secret@mail.example",
    ],
)
def test_anything_else_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(BadImapUrl) as refusal:
        ImapUrl.parse(url)
    assert isinstance(refusal.value, SamtidError)
    assert isinstance(refusal.value, ValueError)
    assert "secret" not in str(refusal.value)
    assert refusal.value.__context__ is None


def test_the_password_shows_in_no_repr() -> None:
    assert "secret" not in repr(ImapUrl.parse("imaps://samtid:secret@mail.example"))
