"""Reads the mailbox for answers, in a thread of its own: it waits for the server to tell of something new."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.metrics import Metrics
from schedules.delivery.replies import read_reply
from schedules.errors import CannotSave, LockTimeout
from schedules.ports import (
    IncomingOutcome,
    MailboxReader,
    MailboxUnavailable,
    MailKey,
    MailOrigin,
    StoredMail,
)
from schedules.services.office import Office
from schedules.services.receive_mail import receive

log = structlog.get_logger(__name__)

BATCH = 20
PAUSE = 60.0
"""Seconds between two looks where the server cannot tell, or after it could not be reached."""
IDLE = 10 * 60.0
"""Seconds of waiting for the server's word; what it forgot to tell is seen then."""
LOOK_BACK = timedelta(days=60)
"""An answer is to a meeting to come: older mails in a shared mailbox are none of our business."""
STOPS_WITHIN = 10.0


class Mailroom:
    """One mailbox and its reader. `account` names mailbox and folder, without a password.

    A mail is recorded in the transaction in which it acts, and marked in the mailbox after it: if we stop
    in between, it is seen again, found recorded, and marked.
    """

    def __init__(
        self, office: Office, reader: MailboxReader, account: str, metrics: Metrics, wake: Callable[[], None]
    ) -> None:
        self._office = office
        self._reader = reader
        self._account = account
        self._metrics = metrics
        self._wake = wake
        self._left: set[MailKey] | None = None
        self._failed: set[MailKey] = set()
        self._soon = False
        """Whether a mail is to be tried again without waiting for the next one."""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mailroom", daemon=True)

    def start(self) -> None:
        """Begin reading."""
        self._thread.start()

    def stop(self) -> None:
        """End the wait, finish the mail in hand and hang up."""
        self._stopping.set()
        self._reader.stop()
        if self._thread.is_alive():
            self._thread.join(STOPS_WITHIN)

    def look(self) -> int:
        """Handle every new mail; how many were handled now. Raises MailboxUnavailable."""
        handled, self._soon = 0, False
        # Each mail once a look: a busy team's waits for the next, and a mark may not have stayed.
        met: set[MailKey] = set()
        while not self._stopping.is_set():
            known = self._known_left() | self._failed | met
            mails = self._reader.unseen(BATCH, known, (self._office.now() - LOOK_BACK).date())
            met.update(mail.key for mail in mails)
            handled += sum(self._handle(mail) for mail in mails)
            if not mails:
                break
        if handled:
            self._wake()
        return handled

    def _handle(self, mail: StoredMail) -> int:
        origin = MailOrigin(self._account, mail.key, hashlib.sha256(mail.raw).hexdigest())
        try:
            outcome = receive(self._office, read_reply(mail.raw), origin)
        except (LockTimeout, CannotSave):
            self._soon = True
            return 0
        except Exception:
            # One mail that we cannot handle must not keep the others waiting; it is tried at the next start.
            self._metrics.ticks_failed.inc()
            log.exception("mail_not_handled")
            self._failed.add(mail.key)
            return 0
        if outcome is IncomingOutcome.LEFT:
            self._known_left().add(mail.key)
            return 0
        self._reader.mark_handled(mail.key)
        return 1

    def _known_left(self) -> set[MailKey]:
        if self._left is None:
            with self._office.unit_of_work() as uow:
                left = uow.incoming.left()
            self._left = {mail.origin.key for mail in left if mail.origin.account == self._account}
        return self._left

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
                told = self._reader.wait(PAUSE if self._soon else IDLE)
            except MailboxUnavailable as error:
                log.warning("mailbox_unavailable", step=error.step)
                told = False
            except Exception:
                self._metrics.ticks_failed.inc()
                log.exception("mailroom_failed")
                told = False
            if not told:
                self._stopping.wait(PAUSE)
        self._reader.close()
