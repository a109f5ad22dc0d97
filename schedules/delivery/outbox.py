"""The outbox worker: claim what is due, and send each row at most once a claim (promise 3)."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from schedules.ports import Channel, Outbox, OutboxRow, Sender, SendFailed, Standing

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)
_LAST_RETRY = 16  # 1, 2, 4 ... 256 minutes and 7 times 6 hours: given up after 50.5 hours


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
    stopping: Callable[[], bool] = lambda: False,
) -> DeliveryReport:
    """Send what is due on the channels that have a sender, at most `limit` rows.

    Once it is `stopping`, what is not begun is put back at once, for whoever claims it next.

    `clock` gives UTC by the movable clock. `lease` should cover `limit` slow calls; a row whose lease has
    run out before its turn is left to whoever claims it next. Errors of the outbox itself are raised: with
    no database there is nothing to be done.
    """
    rows = outbox.claim(senders.keys(), clock(), limit, lease)
    results = Counter(
        _give_back(outbox, clock(), row)
        if stopping()
        else _deliver(outbox, senders[row.channel], clock, backoff, row)
        for row in rows
    )
    return DeliveryReport(**{result.value: count for result, count in results.items()})


def _deliver(
    outbox: Outbox,
    sender: Sender,
    clock: Callable[[], datetime],
    backoff: Callable[[int], timedelta | None],
    row: OutboxRow,
) -> _Result:
    standing = outbox.standing(row, clock())  # nothing may come between this and the call
    if standing is not Standing.READY:
        return _Result.SUPERSEDED if standing is Standing.POINTLESS else _Result.LOST_LEASE
    try:
        ref = sender.send(row)
    except SendFailed as failure:
        return _put_back(outbox, clock(), backoff, row, failure)
    except Exception as error:  # noqa: BLE001  a fault in one message must not hold up all behind it
        return _put_back(outbox, clock(), backoff, row, _unexpected(row, error))
    outbox.mark_sent(row, ref, clock())
    return _Result.SENT


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
