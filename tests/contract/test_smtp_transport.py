"""The SMTP transport against a real server: what is accepted, refused, lost, and over which connection."""

import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from schedules.delivery.mime import mail_bytes
from schedules.delivery.smtp import SmtpTransport, SmtpUrl
from schedules.ports import PermanentRefusal, SendFailed, ServerUnavailable, TemporaryRefusal, UnknownOutcome
from tests.support.mails import MESSAGE
from tests.support.smtp_server import DROP, PASSWORD, USER, Postbox, smtp_server

SENDER, RECIPIENT = "samverkan@kommun.example", "fk@myndighet.example"
RAW = mail_bytes(MESSAGE)
SECRET_WORDS = "5.1.1 <fk@myndighet.example>: unknown, says secret.example"


@pytest.fixture(params=[False, True], ids=["each command answered", "pipelining"])
def server(request: pytest.FixtureRequest) -> Iterator[Postbox]:
    """One that takes commands one by one, and one that takes several at once."""
    with smtp_server(keeps=Postbox(pipelining=request.param)) as postbox:
        yield postbox


@pytest.fixture
def transport(server: Postbox) -> Iterator[SmtpTransport]:
    transport = a_transport(f"smtp://127.0.0.1:{server.port}")
    yield transport
    transport.close()


def a_transport(url: str, tls: ssl.SSLContext | None = None) -> SmtpTransport:
    return SmtpTransport(SmtpUrl.parse(url), timeout=dt.timedelta(seconds=5), tls=tls, hello="localhost")


def test_a_mail_arrives_as_it_was_built(server: Postbox, transport: SmtpTransport) -> None:
    transport.send(SENDER, RECIPIENT, RAW)
    assert server.mails == [(SENDER, RECIPIENT, RAW)]


def test_lines_that_begin_with_a_dot_arrive(server: Postbox, transport: SmtpTransport) -> None:
    raw = b"Subject: a\r\n\r\n.\r\n..b\r\n"
    transport.send(SENDER, RECIPIENT, raw)
    assert server.mails[0][2] == raw


HELLO = ("ehlo", b"250-here\r\n250 PIPELINING\r\n")
BYE = ("quit", b"221 bye\r\n")
BODY = [line.decode() for line in RAW.split(b"\r\n")[:-1]]


def asked(recipient: str) -> list[str]:
    """What goes ahead of a mail."""
    return [f"mail from:<{SENDER}>", f"rcpt to:<{recipient}>", "data"]


def test_a_mails_envelope_goes_in_one_trip_where_the_server_can_take_it() -> None:
    """The server says nothing to MAIL until it has heard DATA."""
    with scripted(HELLO, ("data", b"250 ok\r\n250 ok\r\n354 go on\r\n"), (".", b"250 ok\r\n"), BYE) as heard:
        heard.transport.send(SENDER, RECIPIENT, RAW)
    assert heard.lines == ["ehlo localhost", *asked(RECIPIENT), *BODY, ".", "quit"]


def test_what_is_for_nobody_is_ended_without_a_word_of_it_and_the_next_goes_on() -> None:
    """A server may say "go on" to DATA although it has refused the recipient (RFC 2920 3.1)."""
    nobody = ("data", b"250 ok\r\n550 unknown\r\n354 go on\r\n")
    somebody = ("data", b"250 ok\r\n250 ok\r\n354 go on\r\n")
    turns = (
        HELLO,
        nobody,
        (".", b"554 for nobody\r\n"),
        ("rset", b"250 ok\r\n"),
        somebody,
        (".", b"250 ok\r\n"),
    )
    with scripted(*turns, BYE) as heard:
        with pytest.raises(PermanentRefusal) as refusal:
            heard.transport.send(SENDER, "gone@kommun.example", RAW)
        assert refusal.value.reason == "smtp_550"
        heard.transport.send(SENDER, RECIPIENT, RAW)
    first = [*asked("gone@kommun.example"), ".", "rset"]
    assert heard.lines == ["ehlo localhost", *first, *asked(RECIPIENT), *BODY, ".", "quit"]


@dataclass
class Scripted:
    """A transport to a server that plays a script, and what that server heard."""

    transport: SmtpTransport
    lines: list[str]


@contextmanager
def scripted(*turns: tuple[str, bytes]) -> Iterator[Scripted]:
    """A server for one connection: each turn is how the line begins that it waits for, and its reply."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as pool:
        heard = Scripted(a_transport(f"smtp://127.0.0.1:{listening.getsockname()[1]}"), [])
        played = pool.submit(play, listening, turns, heard.lines)
        yield heard
        heard.transport.close()
        played.result(5)


def play(listening: socket.socket, turns: Iterable[tuple[str, bytes]], heard: list[str]) -> None:
    """Say the server's part."""
    talk, _ = listening.accept()
    with talk, talk.makefile("rb") as lines:
        talk.settimeout(5)
        talk.sendall(b"220 here\r\n")
        for begins, reply in turns:
            for line in lines:
                heard.append(line.decode().removesuffix("\r\n"))
                if heard[-1].startswith(begins):
                    break
            talk.sendall(reply)


def test_ten_mails_go_over_one_connection(server: Postbox, transport: SmtpTransport) -> None:
    for _ in range(10):
        transport.send(SENDER, RECIPIENT, RAW)
    assert (len(server.mails), server.connections) == (10, 1)


@pytest.mark.parametrize(("code", "error"), [(550, PermanentRefusal), (451, TemporaryRefusal)])
@pytest.mark.parametrize("step", [RECIPIENT, "DATA"])
def test_a_refusal_gives_its_code_and_the_connection_stays_good(
    server: Postbox, transport: SmtpTransport, step: str, code: int, error: type[SendFailed]
) -> None:
    server.tell(step, f"{code} {SECRET_WORDS}")
    with pytest.raises(error) as refusal:
        transport.send(SENDER, RECIPIENT, RAW)
    assert refusal.value.reason == f"smtp_{code}"
    assert refusal.value.permanent == (code == 550)
    assert not refusal.value.outcome_unknown
    transport.send(SENDER, "another@kommun.example", RAW)
    assert ([mail[1] for mail in server.mails], server.connections) == (["another@kommun.example"], 1)


@pytest.mark.parametrize("step", ["MAIL", RECIPIENT, "DATA"])
@pytest.mark.parametrize("answer", [f"550 {SECRET_WORDS}", f"421 {SECRET_WORDS}", DROP])
def test_no_error_carries_the_servers_words(
    server: Postbox, transport: SmtpTransport, step: str, answer: str
) -> None:
    server.tell(step, answer, answer)
    with pytest.raises(SendFailed) as failure:
        transport.send(SENDER, RECIPIENT, RAW)
    said = f"{failure.value} {failure.value.ids} {vars(failure.value)}"
    assert "example" not in said
    assert failure.value.__context__ is None  # else a traceback would show smtplib's error, words and all


def test_a_connection_lost_after_data_was_begun_is_an_unknown_outcome(
    server: Postbox, transport: SmtpTransport
) -> None:
    server.tell("DATA", DROP)
    with pytest.raises(UnknownOutcome) as failure:
        transport.send(SENDER, RECIPIENT, RAW)
    assert failure.value.outcome_unknown
    assert not failure.value.permanent
    transport.send(SENDER, RECIPIENT, RAW)
    assert (len(server.mails), server.connections) == (1, 2)


def test_a_connection_lost_before_data_has_sent_nothing(server: Postbox, transport: SmtpTransport) -> None:
    server.tell(RECIPIENT, DROP)
    with pytest.raises(TemporaryRefusal) as failure:
        transport.send(SENDER, RECIPIENT, RAW)
    assert not failure.value.outcome_unknown


def test_a_server_that_closes_politely_is_a_temporary_refusal(
    server: Postbox, transport: SmtpTransport
) -> None:
    server.tell(RECIPIENT, "421 closing")
    with pytest.raises(TemporaryRefusal):
        transport.send(SENDER, RECIPIENT, RAW)
    transport.send(SENDER, RECIPIENT, RAW)
    assert server.connections == 2


def test_a_connection_dropped_while_idle_is_made_anew_unnoticed(
    server: Postbox, transport: SmtpTransport
) -> None:
    transport.send(SENDER, RECIPIENT, RAW)
    server.drop_all()
    transport.send(SENDER, RECIPIENT, RAW)
    assert (len(server.mails), server.connections) == (2, 2)


def test_our_own_address_refused_is_nobodys_permanent_refusal(
    server: Postbox, transport: SmtpTransport
) -> None:
    server.tell("MAIL", "550 not from here")
    with pytest.raises(ServerUnavailable) as failure:
        transport.send(SENDER, RECIPIENT, RAW)
    assert (failure.value.reason, failure.value.permanent) == ("smtp_sender_550", False)


def test_no_server_at_all_is_unavailable() -> None:
    with smtp_server() as gone:
        port = gone.port
    with pytest.raises(ServerUnavailable) as failure:
        a_transport(f"smtp://127.0.0.1:{port}").send(SENDER, RECIPIENT, RAW)
    assert failure.value.reason == "smtp_unreachable"


def test_the_password_is_sent_percent_decoded(server: Postbox) -> None:
    transport = a_transport(f"smtp://{USER}:h%3Am%2Fl%40g%3F@127.0.0.1:{server.port}")
    transport.send(SENDER, RECIPIENT, RAW)
    transport.close()
    assert PASSWORD == "h:m/l@g?"
    assert server.servers[0].session.authenticated


def test_a_wrong_password_gives_up_no_mail(server: Postbox) -> None:
    """The recipient is not to blame: when the password has been mended, everything still goes out."""
    with pytest.raises(ServerUnavailable) as failure:
        a_transport(f"smtp://{USER}:wrong@127.0.0.1:{server.port}").send(SENDER, RECIPIENT, RAW)
    assert (failure.value.reason, failure.value.permanent) == ("smtp_login", False)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's context with its own certificate for 127.0.0.1, and a client's that trusts just it."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    write_certificate(key, cert)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    return server, ssl.create_default_context(cafile=str(cert))


def write_certificate(key_file: Path, cert_file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    cert = builder.sign(key, hashes.SHA256())
    pem, private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(pem, private, serialization.NoEncryption()))
    cert_file.write_bytes(cert.public_bytes(pem))


def test_starttls_encrypts_before_the_login(certificates: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    ours, theirs = certificates
    with smtp_server(tls_context=ours, require_starttls=True, auth_require_tls=True) as postbox:
        url = f"smtp+starttls://{USER}:h%3Am%2Fl%40g%3F@127.0.0.1:{postbox.port}"
        transport = a_transport(url, theirs)
        transport.send(SENDER, RECIPIENT, RAW)
        transport.close()
        assert len(postbox.mails) == 1


def test_tls_from_the_first_byte(certificates: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    ours, theirs = certificates
    with smtp_server(ours) as postbox:
        transport = a_transport(f"smtps://127.0.0.1:{postbox.port}", theirs)
        transport.send(SENDER, RECIPIENT, RAW)
        transport.close()
        assert len(postbox.mails) == 1


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_certificate_that_nobody_trusts_is_refused(
    scheme: str, certificates: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    ours, _ = certificates
    options: dict[str, Any] = {"tls": ours} if scheme == "smtps" else {"tls_context": ours}
    with smtp_server(**options) as postbox, pytest.raises(ServerUnavailable):
        a_transport(f"{scheme}://127.0.0.1:{postbox.port}").send(SENDER, RECIPIENT, RAW)
    assert postbox.mails == []


def test_starttls_is_never_left_out_silently(server: Postbox) -> None:
    with pytest.raises(ServerUnavailable):
        a_transport(f"smtp+starttls://127.0.0.1:{server.port}").send(SENDER, RECIPIENT, RAW)
    assert server.mails == []
