"""SAMTID_SMTP_URL: read whole or refused in words that never show the password."""

import pytest

from schedules.delivery.smtp import BadSmtpUrl, SmtpUrl
from schedules.errors import SamtidError


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("smtp://mail.example", SmtpUrl("plain", "mail.example", 25)),
        ("smtp://127.0.0.1:1025/", SmtpUrl("plain", "127.0.0.1", 1025)),
        ("smtp://[::1]:1025", SmtpUrl("plain", "::1", 1025)),
        ("smtps://mail.example", SmtpUrl("tls", "mail.example", 465)),
        ("smtp+starttls://mail.example", SmtpUrl("starttls", "mail.example", 587)),
        (
            "smtp+starttls://samtid%40kommun.example:p%3A%2F%40%25@mail.example:2525",
            SmtpUrl("starttls", "mail.example", 2525, "samtid@kommun.example", "p:/@%"),
        ),
        ("smtp://samtid:secret@localhost", SmtpUrl("plain", "localhost", 25, "samtid", "secret")),
    ],
)
def test_an_address_is_read(url: str, read: SmtpUrl) -> None:
    assert SmtpUrl.parse(url) == read


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://:25",
        "smtp://mail.example:port",
        "smtp://mail.example:70000",
        "smtp://mail.example/path",
        "smtp://mail.example?x=1",
        "smtp://[::1",
        "smtps://samtid@mail.example",
        "smtps://:secret@mail.example",
        "smtps://samtid:hemligt%C3%B6@mail.example",
        "smtp://samtid:secret@mail.example",
    ],
)
def test_anything_else_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(BadSmtpUrl) as refusal:
        SmtpUrl.parse(url)
    assert isinstance(refusal.value, SamtidError)
    assert isinstance(refusal.value, ValueError)
    assert "secret" not in str(refusal.value)
    assert refusal.value.__context__ is None


def test_the_password_shows_in_no_repr() -> None:
    assert "secret" not in repr(SmtpUrl.parse("smtps://samtid:secret@mail.example"))
