"""The outbox worker: claim what is due, and send each row at most once a claim (promise 3)."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import zip_longest
from time import monotonic

import structlog

from schedules.ports import Channel, Outbox, OutboxRow, Sender, SendFailed, Standing

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)
_LAST_RETRY = 16  # 1, 2, 4 ... 256 minutes and 7 times 6 hours: given up after 50.5 hours


FRESH = 1.0
"""Seconds of real time for which it is known that a row may be sent; leases are hundreds of times as long."""


class _Result(StrEnum):
    SENT = "sent"
    RETRIED = "retried"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    LOST_LEASE = "lost_lease"
    PUT_BACK = "put_back"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How many rows of one run ended how."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    superseded: int = 0
    lost_lease: int = 0
    put_back: int = 0


def pause_after(attempt: int) -> timedelta | None:
    """The pause after the `attempt`-th failure (1 the first): 1 min, doubling to 6 h; None: give up."""
    if attempt > _LAST_RETRY:
        return None
    return min(_FIRST_PAUSE * (1 << (attempt - 1)), _LONGEST_PAUSE)


def deliver_due(
    outbox: Outbox,
    senders: Mapping[Channel, Sender],
    clock: Callable[[], datetime],
    *,
    limit: int = 20,
    lease: timedelta = timedelta(minutes=10),
    backoff: Callable[[int], timedelta | None] = pause_after,
    before_each: Callable[[], object] = lambda: None,
    stopping: Callable[[], bool] = lambda: False,
    seconds: Callable[[], float] = monotonic,
) -> DeliveryReport:
    """Send what is due on the channels that have a sender, at most `limit` rows.

    `before_each` row it may wait for something more urgent. Once it is `stopping`, what is not begun is put
    back at once, for whoever claims it next.

    `clock` gives UTC by the movable clock, `seconds` counts real time. `lease` should cover `limit` slow
    calls; a row whose lease has run out before its turn is left to whoever claims it next. Errors of the
    outbox itself are raised: with no database there is nothing to be done.
    """
    rows = outbox.claim(senders.keys(), clock(), limit, lease)
    run = _Run(outbox, clock, backoff, seconds)
    results: Counter[_Result] = Counter()
    for row, following in zip_longest(rows, rows[1:]):
        if not stopping():
            before_each()
        if stopping():
            results[_give_back(outbox, clock(), row)] += 1
        else:
            results[run.deliver(senders[row.channel], row, following)] += 1
    return DeliveryReport(**{result.value: count for result, count in results.items()})


@dataclass(slots=True)
class _Run:
    """The rows of one claim, one after the other."""

    outbox: Outbox
    clock: Callable[[], datetime]
    backoff: Callable[[int], timedelta | None]
    seconds: Callable[[], float]
    _ready: str | None = None
    _asked: float = 0.0

    def deliver(self, sender: Sender, row: OutboxRow, following: OutboxRow | None) -> _Result:
        """Send the row if it still may be sent: asked directly before the call."""
        if not self._was_ready(row):
            standing = self.outbox.standing(row, self.clock())  # nothing may come between this and the call
            if standing is not Standing.READY:
                return _Result.SUPERSEDED if standing is Standing.POINTLESS else _Result.LOST_LEASE
        try:
            ref = sender.send(row)
        except SendFailed as failure:
            return _put_back(self.outbox, self.clock(), self.backoff, row, failure)
        except Exception as error:  # noqa: BLE001  a fault in one message must not hold up all behind it
            return _put_back(self.outbox, self.clock(), self.backoff, row, _unexpected(row, error))
        self._asked = self.seconds()
        ready = self.outbox.mark_sent(row, ref, self.clock(), following)
        self._ready = following.id if ready and following else None
        return _Result.SENT

    def _was_ready(self, row: OutboxRow) -> bool:
        """Whether the transaction that marked the one before has just found that this row may be sent.

        Nothing but its commit has come since; a commit that hung, or a process that was frozen, makes what it
        found old, and the row is asked again.
        """
        return self._ready == row.id and self.seconds() - self._asked < FRESH


def _give_back(outbox: Outbox, now: datetime, row: OutboxRow) -> _Result:
    """Leave a row as it was before it was claimed."""
    outbox.mark_retry(row, "stopping", now, counted=False, outcome_unknown=row.outcome_unknown)
    return _Result.PUT_BACK


def _put_back(
    outbox: Outbox,
    now: datetime,
    backoff: Callable[[int], timedelta | None],
    row: OutboxRow,
    failure: SendFailed,
) -> _Result:
    """Plan the next attempt, or give up; a pause that the other side asked for counts towards no end."""
    unknown = row.outcome_unknown or failure.outcome_unknown
    counted = failure.retry_after is None
    pause = backoff(row.failures + 1) if failure.retry_after is None else failure.retry_after
    if failure.permanent or pause is None:
        outbox.mark_failed(row, failure.reason, now, outcome_unknown=unknown)
        return _Result.FAILED
    outbox.mark_retry(row, failure.reason, now + pause, counted=counted, outcome_unknown=unknown)
    return _Result.RETRIED


def _unexpected(row: OutboxRow, error: Exception) -> SendFailed:
    """A fault of ours: logged by type and place only, since an error's text may quote the message."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else "unknown"
    kind = type(error).__name__
    structlog.get_logger().error("sender_broke", row=row.id, kind=row.kind, error=kind, place=place)
    return SendFailed(f"error_{kind}", outcome_unknown=True)
