"""A real IMAP server: dovecot in a temporary folder, on free ports of 127.0.0.1, one for the session.

Every test has its own user, and with it its own mailbox. Any user name is taken, with one password.
"""

from __future__ import annotations

import datetime as dt
import getpass
import grp
import imaplib
import ipaddress
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.programs import require_program

PASSWORD = "h:m/l@g? å"

_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
mail_location = maildir:~/Maildir
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
{users}
passdb {{
  driver = static
  args = password={{plain.b64}}{password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
}}
verbose_proctitle = yes
auth_failure_delay = 0
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
"""
# A server that cannot tell of new mail by itself.
NO_IDLE = "imap_capability = IMAP4rev1"


@dataclass(frozen=True)
class Dovecot:
    """A running server."""

    folder: Path
    port: int
    tls_port: int

    def mailbox(self) -> Account:
        """A new user with an empty mailbox."""
        return Account(self, f"user-{uuid4().hex[:12]}")

    @property
    def certificate(self) -> str:
        return str(self.folder / "cert.pem")

    def command(self, *words: str) -> str:
        """What `doveadm` prints."""
        line = [require_program("doveadm"), "-c", str(self.folder / "dovecot.conf"), *words]
        return subprocess.run(line, check=False, capture_output=True, text=True, timeout=10).stdout


@dataclass(frozen=True)
class Account:
    """One user's mailbox, with a connection of its own for each look: the user's mail program."""

    server: Dovecot
    user: str

    def url(self, folder: str = "", password: str = PASSWORD) -> str:
        return f"imap://{self.user}:{quote(password, safe='')}@127.0.0.1:{self.server.port}/{folder}"

    def deliver(self, *mails: bytes, flags: str = "", folder: str = "INBOX") -> None:
        with self._connected() as client:
            for mail in mails:
                status, _ = client.append(folder, flags, dt.datetime.now(dt.UTC), mail)
                assert status == "OK"

    def do(self, *command: str, folder: str = "INBOX") -> list[bytes]:
        """Select the folder and do a UID command there; its untagged answers."""
        with self._connected() as client:
            client.select(folder)
            status, data = client.uid(*command)
            assert status == "OK", data
            return [one for one in data if isinstance(one, bytes)]

    def create(self, folder: str) -> None:
        with self._connected() as client:
            assert client.create(folder)[0] == "OK"

    def flags(self, folder: str = "INBOX") -> list[frozenset[str]]:
        """Each mail's flags, in order."""
        found = [
            re.search(rb"FLAGS \(([^)]*)\)", one) for one in self.do("FETCH", "1:*", "(FLAGS)", folder=folder)
        ]
        return [frozenset(one[1].decode().split()) - {"\\Recent"} for one in found if one is not None]

    def await_idle(self) -> None:
        """Until a connection of the user's is in IDLE, at most ten seconds; the server's processes say so."""
        pause, title = threading.Event(), re.compile(rf"imap\0?.*{self.user}.* IDLE".encode())
        for _ in range(200):
            if any(title.search(line) for line in _command_lines()):
                return
            pause.wait(0.05)
        pytest.fail("nobody waits")

    def kick(self) -> None:
        """Cut the user's connections, as a server does that restarts."""
        self.server.command("kick", self.user)

    def _connected(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.server.port, timeout=10)
        client.authenticate("PLAIN", lambda _: f"\0{self.user}\0{PASSWORD}".encode())
        return client


def _command_lines() -> Iterator[bytes]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # ended meanwhile
            yield path.read_bytes()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    yield from run_dovecot()


@pytest.fixture
def account(dovecot: Dovecot) -> Account:
    return dovecot.mailbox()


def run_dovecot(*more: str) -> Iterator[Dovecot]:
    """The server with more lines of configuration; ended with its folder when the iterator is."""
    program = require_program("dovecot")
    # Not pytest's folder: others must be able to enter it, and socket paths are at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="samtid-imap-"))
    server = Dovecot(folder, *_free_ports(2))
    _write_config(server, more)
    process = subprocess.Popen([program, "-F", "-c", str(folder / "dovecot.conf")])
    try:
        _await_greeting(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _write_config(server: Dovecot, more: Sequence[str]) -> None:
    folder = server.folder
    folder.chmod(0o755)
    (folder / "home").mkdir()
    uid, gid = os.getuid(), os.getgid()
    if uid == 0:  # mail is refused to root: nobody has it
        uid = gid = 65534
        os.chown(folder / "home", uid, gid)
        users, chroot = "default_login_user = dovenull", ""
    else:
        users, chroot = _users_without_root(), "chroot ="
    values = {"password": _base64(PASSWORD), "uid": uid, "gid": gid, "users": users, "chroot": chroot}
    config = _CONFIG.format(folder=folder, port=server.port, tls_port=server.tls_port, **values)
    (folder / "dovecot.conf").write_text("\n".join([config, *more, ""]), encoding="utf-8")
    _write_certificate(folder)


def _users_without_root() -> str:
    me, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    users = f"default_login_user = {me}\ndefault_internal_user = {me}\ndefault_internal_group = {group}"
    return users + "\nservice stats {\n  chroot =\n}"


def _base64(text: str) -> str:
    import base64

    return base64.b64encode(text.encode()).decode()


def _free_ports(count: int) -> list[int]:
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in taken]
    for one in taken:
        one.close()
    return ports


def _await_greeting(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    """Until it greets, at most ten seconds."""
    pause = threading.Event()
    for _ in range(200):
        assert process.poll() is None, (server.folder / "log").read_text(encoding="utf-8")
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
                assert line.recv(4) == b"* OK"
                return
        except ConnectionError:
            pause.wait(0.05)
    pytest.fail("dovecot did not start")


def _write_certificate(folder: Path) -> None:
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "imap")]),
    )
    now = dt.datetime.now(dt.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    certificate = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def trusting(server: Dovecot) -> ssl.SSLContext:
    """A TLS context that trusts the server's certificate."""
    return ssl.create_default_context(cafile=server.certificate)
