"""The mailbox against a real server: read without a trace, marked when handled, waited for, lost, found."""

import datetime as dt
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from schedules.delivery.imap import HANDLED, ImapMailbox, ImapUrl
from schedules.delivery.replies import read_reply
from schedules.domain.incoming import Reply
from schedules.ports import MailboxReader, MailboxUnavailable, MailKey
from tests.support.dovecot import NO_IDLE, Account, Dovecot, run_dovecot, trusting
from tests.support.reply_mails import TEXT, mail, reply

NEWSLETTER = mail(TEXT, "Precedence: bulk")
NOBODY: frozenset[str] = frozenset()
HANDLED_FLAGS = frozenset({"\\Seen", HANDLED})


@pytest.fixture
def mailbox(account: Account) -> Iterator[ImapMailbox]:
    mailbox = a_mailbox(account.url())
    yield mailbox
    mailbox.close()


def a_mailbox(url: str) -> ImapMailbox:
    return ImapMailbox(ImapUrl.parse(url), timeout=dt.timedelta(seconds=10))


def raws(mailbox: MailboxReader, limit: int = 10) -> list[bytes]:
    return [one.raw for one in mailbox.unseen(limit)]


def test_an_empty_mailbox(mailbox: ImapMailbox) -> None:
    assert mailbox.unseen(10) == []


def test_a_mail_is_read_to_the_byte(account: Account, mailbox: ImapMailbox) -> None:
    account.deliver(reply())
    (stored,) = mailbox.unseen(10)
    assert stored.raw == reply()
    assert stored.key.validity.isdecimal()
    assert isinstance(read_reply(stored.raw), Reply)


def test_reading_leaves_it_unread(account: Account, mailbox: ImapMailbox) -> None:
    account.deliver(reply(), NEWSLETTER)
    assert raws(mailbox) == raws(mailbox) == [reply(), NEWSLETTER]
    assert account.flags() == [NOBODY, NOBODY]


def test_what_was_handled_is_marked_and_not_read_again(account: Account, mailbox: ImapMailbox) -> None:
    account.deliver(reply(), NEWSLETTER)
    mailbox.mark_handled(mailbox.unseen(1)[0].key)
    assert account.flags() == [HANDLED_FLAGS, NOBODY]
    assert raws(mailbox) == [NEWSLETTER]


def test_marking_twice_changes_nothing(account: Account, mailbox: ImapMailbox) -> None:
    account.deliver(reply())
    (stored,) = mailbox.unseen(1)
    mailbox.mark_handled(stored.key)
    mailbox.mark_handled(stored.key)
    assert account.flags() == [HANDLED_FLAGS]


def test_an_answer_that_a_person_has_opened_is_still_an_answer(
    account: Account, mailbox: ImapMailbox
) -> None:
    account.deliver(reply(), flags="(\\Seen)")
    assert raws(mailbox) == [reply()]


def test_marking_deletes_nothing_that_a_person_marked_as_deleted(
    account: Account, mailbox: ImapMailbox
) -> None:
    account.deliver(NEWSLETTER, flags="(\\Deleted)")
    account.deliver(reply())
    (stored,) = mailbox.unseen(10)
    mailbox.mark_handled(stored.key)
    assert account.flags() == [frozenset({"\\Deleted"}), HANDLED_FLAGS]


def test_what_was_left_untouched_does_not_stand_in_the_way(account: Account, mailbox: ImapMailbox) -> None:
    account.deliver(NEWSLETTER, NEWSLETTER, reply())
    left = [one.key for one in mailbox.unseen(2)]
    assert [one.raw for one in mailbox.unseen(2, left)] == [reply()]


def test_the_oldest_come_first(account: Account, mailbox: ImapMailbox) -> None:
    mails = [mail(TEXT, f"X-Number: {number}") for number in range(12)]
    account.deliver(*mails)
    assert raws(mailbox, 11) == mails[:11]


def test_mails_from_before_a_day_are_left_out(account: Account, mailbox: ImapMailbox) -> None:
    account.deliver(reply())
    today = dt.datetime.now(dt.UTC).date()
    assert len(mailbox.unseen(10, since=today - dt.timedelta(days=1))) == 1
    assert mailbox.unseen(10, since=today + dt.timedelta(days=2)) == []


def test_of_a_very_long_mail_the_beginning(account: Account, mailbox: ImapMailbox) -> None:
    account.deliver(reply() + b"x" * 3_000_000)
    (stored,) = mailbox.unseen(1)
    assert len(stored.raw) == 2 * 1024 * 1024


def test_a_mail_that_is_gone_is_no_error(account: Account, mailbox: ImapMailbox) -> None:
    account.deliver(reply())
    (stored,) = mailbox.unseen(1)
    account.do("STORE", "1", "+FLAGS", "(\\Deleted)")
    account.do("EXPUNGE", "1")
    mailbox.mark_handled(stored.key)
    assert mailbox.unseen(1) == []


def test_a_key_of_a_folder_that_was_made_anew_marks_nothing(account: Account, mailbox: ImapMailbox) -> None:
    account.deliver(reply())
    (stored,) = mailbox.unseen(1)
    mailbox.mark_handled(MailKey(stored.key.validity + "0", stored.key.uid))
    assert account.flags() == [NOBODY]


def test_a_server_that_keeps_no_marks_of_ours(account: Account, mailbox: ImapMailbox) -> None:
    account.deliver(NEWSLETTER, flags="(\\Seen)")
    account.deliver(reply())
    mailbox.unseen(1)
    mailbox._keeps_marks = False  # dovecot always does
    (stored,) = mailbox.unseen(10)
    mailbox.mark_handled(stored.key)
    assert account.flags() == [frozenset({"\\Seen"}), frozenset({"\\Seen"})]
    assert mailbox.unseen(10) == []


def test_another_folder_with_a_swedish_name(account: Account) -> None:
    account.create('"Svar p&AOU- kallelser"')  # modified UTF-7 (RFC 3501 5.1.3)
    account.deliver(reply(), folder='"Svar p&AOU- kallelser"')
    mailbox = a_mailbox(account.url("Svar%20p%C3%A5%20kallelser"))
    assert raws(mailbox) == [reply()]
    mailbox.close()


def test_over_tls(dovecot: Dovecot, account: Account) -> None:
    account.deliver(reply())
    url = ImapUrl.parse(
        account.url().replace("imap:", "imaps:").replace(str(dovecot.port), str(dovecot.tls_port))
    )
    mailbox = ImapMailbox(url, tls=trusting(dovecot))
    assert raws(mailbox) == [reply()]
    waiting = Waiting(mailbox)
    account.await_idle()
    account.deliver(NEWSLETTER)
    assert waiting.ended() is True
    assert raws(mailbox) == [reply(), NEWSLETTER]
    mailbox.close()


# --- refused -----------------------------------------------------------------------------------------


def step(work: Callable[[], object]) -> str:
    with pytest.raises(MailboxUnavailable) as failure:
        work()
    assert failure.value.__context__ is None
    return failure.value.step


def test_a_wrong_password(account: Account) -> None:
    mailbox = a_mailbox(account.url(password="wrong"))
    assert step(lambda: mailbox.unseen(1)) == "login"


def test_no_such_folder(account: Account) -> None:
    assert step(lambda: a_mailbox(account.url("Nowhere")).unseen(1)) == "folder"


def test_no_server(account: Account) -> None:
    url = account.url().replace(f":{account.server.port}", ":1")
    mailbox = a_mailbox(url)
    assert {step(lambda: mailbox.unseen(1)), step(lambda: mailbox.wait(1))} == {"unreachable"}


def test_a_certificate_that_nobody_trusts(dovecot: Dovecot, account: Account) -> None:
    url = account.url().replace("imap:", "imaps:").replace(str(dovecot.port), str(dovecot.tls_port))
    assert step(lambda: a_mailbox(url).unseen(1)) == "unreachable"


# --- lost --------------------------------------------------------------------------------------------


def test_a_connection_that_was_cut_is_made_again(account: Account, mailbox: ImapMailbox) -> None:
    account.deliver(reply())
    (stored,) = mailbox.unseen(1)
    account.kick()
    assert raws(mailbox) == [reply()]
    account.kick()
    mailbox.mark_handled(stored.key)
    assert account.flags() == [HANDLED_FLAGS]


def test_closing_and_asking_again(account: Account, mailbox: ImapMailbox) -> None:
    mailbox.close()
    mailbox.unseen(1)
    mailbox.close()
    mailbox.close()
    account.deliver(reply())
    assert raws(mailbox) == [reply()]


def test_closing_a_connection_that_was_cut(account: Account, mailbox: ImapMailbox) -> None:
    mailbox.unseen(1)
    account.kick()
    mailbox.close()


# --- waiting -----------------------------------------------------------------------------------------


class Waiting:
    """A thread that waits for an hour, if it may."""

    def __init__(self, mailbox: ImapMailbox) -> None:
        self.result: bool | None = None
        self._mailbox = mailbox
        self._thread = threading.Thread(target=self._wait)
        self._thread.start()

    def _wait(self) -> None:
        self.result = self._mailbox.wait(3600)

    def ended(self) -> bool | None:
        self._thread.join(20)
        assert not self._thread.is_alive()
        return self.result


def test_waiting_ends_when_a_mail_comes(account: Account, mailbox: ImapMailbox) -> None:
    mailbox.unseen(1)
    waiting = Waiting(mailbox)
    account.await_idle()
    account.deliver(reply())
    assert waiting.ended() is True
    assert raws(mailbox) == [reply()]


def test_a_mail_that_came_before_the_wait_is_not_missed(account: Account, mailbox: ImapMailbox) -> None:
    """The server tells of it in the answer to another command, and IDLE not again."""
    account.deliver(NEWSLETTER)
    (stored,) = mailbox.unseen(1)
    account.deliver(reply())
    mailbox.mark_handled(stored.key)
    waiting = Waiting(mailbox)
    assert waiting.ended() is True
    assert raws(mailbox) == [reply()]


def test_a_mail_that_comes_with_the_servers_go_ahead_is_not_missed() -> None:
    """Both are read from the line at once, and what waits in our reader moves nobody who watches the line."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as pool:
        served = pool.submit(tell_at_once, listening)
        mailbox = a_mailbox(f"imap://user:word@127.0.0.1:{listening.getsockname()[1]}/INBOX")
        assert mailbox.unseen(1) == []
        waiting = Waiting(mailbox)
        try:
            assert waiting.ended() is True
        finally:
            mailbox.stop()
            mailbox.close()
        assert served.result(5)


def tell_at_once(listening: socket.socket) -> bool:
    """A server that tells of a mail in one breath with its go-ahead for IDLE."""
    told = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n",
        b"SELECT": b"* 0 EXISTS\r\n* OK [UIDVALIDITY 1] here\r\n* OK [PERMANENTFLAGS (\\*)] all\r\n",
        b"UID": b"* SEARCH\r\n",
        b"IDLE": b"+ idling\r\n* 1 EXISTS\r\n",
    }
    talk, _ = listening.accept()
    with talk, talk.makefile("rb") as lines:
        talk.sendall(b"* OK here\r\n")
        for line in lines:
            tag, command = line.split()[:2]
            talk.sendall(told.get(command.upper(), b""))
            if command.upper() == b"IDLE":
                lines.readline()
            talk.sendall(tag + b" OK done\r\n")
    return True


def test_a_new_connection_asks_to_be_looked_at(mailbox: ImapMailbox) -> None:
    assert mailbox.wait(3600) is True


def test_the_mailbox_works_after_a_wait_in_vain(account: Account, mailbox: ImapMailbox) -> None:
    mailbox.unseen(1)
    assert mailbox.wait(0.01) is True
    account.deliver(reply())
    assert raws(mailbox) == [reply()]


def test_a_connection_that_is_cut_during_the_wait(account: Account, mailbox: ImapMailbox) -> None:
    mailbox.unseen(1)
    waiting = Waiting(mailbox)
    account.await_idle()
    account.kick()
    assert waiting.ended() is False
    account.deliver(reply())
    assert raws(mailbox) == [reply()]


def test_a_line_that_goes_dead_during_the_wait(account: Account, mailbox: ImapMailbox) -> None:
    """Without the server's goodbye."""
    mailbox.unseen(1)
    assert mailbox._box is not None
    sock = mailbox._box.client.socket()
    waiting = Waiting(mailbox)
    account.await_idle()
    sock.shutdown(2)
    assert waiting.ended() is False


def test_stop_ends_the_wait(account: Account, mailbox: ImapMailbox) -> None:
    mailbox.unseen(1)
    waiting = Waiting(mailbox)
    account.await_idle()
    mailbox.stop()
    waiting.ended()
    assert mailbox.wait(3600) is False


def test_a_server_without_idle_is_polled() -> None:
    for server in run_dovecot(NO_IDLE):
        account = server.mailbox()
        mailbox = a_mailbox(account.url())
        assert mailbox.wait(3600) is False
        account.deliver(reply())
        assert raws(mailbox) == [reply()]
        mailbox.close()
