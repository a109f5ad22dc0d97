"""The ticks: hand due work to the services and due rows to the senders. Nothing is remembered here.

The database says what is due and who has claimed it, so ticks may run in any number of processes
(TRAPS.md: one interval job per process over due rows, memory job store, nothing dropped when late).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.metrics import Metrics
from schedules.delivery.outbox import DeliveryReport, deliver_due
from schedules.ports import Channel, Outbox, Sender
from schedules.services.erase_case import Scrub, erase_due
from schedules.services.office import Office
from schedules.services.report_failures import report_failures
from schedules.services.run_due import run_due

if TYPE_CHECKING:
    from bot.mailroom import Mailroom  # loaded only where there is a mailbox

log = structlog.get_logger(__name__)

TICK = 1.0
ERASE_EVERY = timedelta(minutes=1)
GROUPS_EVERY = timedelta(minutes=15)
FAILURES_EVERY = timedelta(hours=1)
REMEMBER_EVERY = timedelta(minutes=1)
"""After a change of the plan its terms are read again, rather than by whoever submits the next form."""
BATCH = 20
BUSY_BATCH = 3
"""Messages at a time while people wait for their forms without a pause: they leave, but do not crowd."""
COURTESY = 1.0 / (1 + BUSY_BATCH)
"""Seconds that a look for messages, and each message, lets people at their forms go first."""


class Jobs:
    """The background work of one process. `sync_groups` refreshes who belongs to the user groups.

    `mailroom` reads the answers that come by mail, if there is a mailbox. `scrub` clears the database's
    files of what was erased; without it nothing is erased.
    """

    mailroom: Mailroom | None = None
    scrub: Scrub | None = None

    def __init__(
        self,
        office: Office,
        outbox: Outbox,
        senders: Mapping[Channel, Sender],
        metrics: Metrics,
        sync_groups: Callable[[], None] | None,
    ) -> None:
        self._office = office
        self._outbox = outbox
        self._senders = senders
        self._metrics = metrics
        self._sync_groups = sync_groups
        self._stopping = threading.Event()
        self._woken = {channel: threading.Event() for channel in senders}
        self._delivering = {channel: threading.Event() for channel in senders}
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone="UTC",
        )

    def start(self) -> None:
        """Begin ticking."""
        add = self._scheduler.add_job
        add(self.due, "interval", seconds=TICK, id="due")
        if self.scrub is not None:
            add(self.erase, "interval", seconds=ERASE_EVERY.total_seconds(), id="erase")
        seconds = REMEMBER_EVERY.total_seconds()
        add(self._guarded, "interval", seconds=seconds, id="terms", args=[self._office.remember_terms])
        for channel in self._senders:
            add(self.deliver, "interval", seconds=TICK, id=channel.value, args=[channel])
        # What failed just before a process stopped, this one or another, has not been told.
        self._now_and_every(FAILURES_EVERY, lambda: report_failures(self._office), "failures")
        if self._sync_groups is not None:
            self._now_and_every(GROUPS_EVERY, self._sync_groups, "groups")
        self._scheduler.start()
        if self.mailroom is not None:
            self.mailroom.start()

    def wake(self) -> None:
        """Deliver now rather than at the next tick."""
        if not self._scheduler.running or self._stopping.is_set():
            return
        for channel in self._senders:
            self._woken[channel].set()
            # A delivery under way looks once more by itself; a second one would only be refused.
            if not self._delivering[channel].is_set():
                self._scheduler.modify_job(channel.value, next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """Finish what is in hand and stop."""
        self._stopping.set()
        if self.mailroom is not None:
            self.mailroom.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def due(self) -> None:
        """Do what is due."""
        self._guarded(self._due)

    def erase(self) -> None:
        """Erase what is old enough, if there is a decision to."""
        self._guarded(self._erase)

    def deliver(self, channel: Channel) -> None:
        """Send what is due on one channel until nothing is left."""
        if channel not in self._senders:
            return
        self._delivering[channel].set()
        try:
            self._guarded(lambda: self._deliver(channel))
        finally:
            self._delivering[channel].clear()

    def _due(self) -> None:
        report = run_due(self._office, stopping=self._stopping.is_set)
        self._metrics.due.inc(report.closed)
        for failure in report.failures:
            log.warning("due_left", error=failure)
        if report.closed:
            self.wake()

    def _erase(self) -> None:
        if self.scrub is not None and erase_due(self._office, self.scrub):
            self.wake()

    def _deliver(self, channel: Channel) -> None:
        sender = {channel: self._senders[channel]}
        while not self._stopping.is_set():
            calm = self._people_first()
            self._woken[channel].clear()
            report = deliver_due(
                self._outbox,
                sender,
                self._office.now,
                limit=BATCH if calm else BUSY_BATCH,
                before_each=self._people_first,
                stopping=self._stopping.is_set,
            )
            self._count(channel, report)
            if report.failed:
                report_failures(self._office)
            if not (report.sent or report.superseded or self._woken[channel].is_set()):
                return

    def _people_first(self) -> bool:
        """Wait until nobody is at a form, not for long; whether it came to that."""
        return self._metrics.open_requests.wait_for_rest(COURTESY)

    def _count(self, channel: Channel, report: DeliveryReport) -> None:
        for result in ("sent", "retried", "failed", "superseded", "lost_lease"):
            number = getattr(report, result)
            if number:
                self._metrics.outbox.labels(channel.value, result).inc(number)
        if report.failed or report.retried:
            log.warning("not_delivered", channel=channel.value, failed=report.failed, later=report.retried)

    def _now_and_every(self, pause: timedelta, work: Callable[[], object], name: str) -> None:
        seconds, now = pause.total_seconds(), datetime.now(UTC)
        self._scheduler.add_job(
            self._guarded, "interval", seconds=seconds, id=name, args=[work], next_run_time=now
        )

    def _guarded(self, work: Callable[[], object]) -> None:
        """A tick that fails is tried again at the next one; its error is logged without its words."""
        try:
            work()
        except Exception:
            self._metrics.ticks_failed.inc()
            log.exception("tick_failed")
