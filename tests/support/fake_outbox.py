"""An outbox in memory: the port's contract without a database."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from schedules.ports import Channel, OutboxRow, SendFailed, Standing

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@dataclass
class Entry:
    row: OutboxRow
    state: str = "due"
    not_before: datetime = START
    reason: str | None = None
    ref: str | None = None


class FakeOutbox:
    """Rows by id; `pointless` and `lost` name rows that are superseded, or whose lease runs out."""

    def __init__(self, *rows: OutboxRow) -> None:
        self.entries = {row.id: Entry(row) for row in rows}
        self.pointless: set[str] = set()
        self.lost: set[str] = set()
        self.asked: list[str] = []  # what was asked, in order

    def state(self, row_id: str) -> str:
        return self.entries[row_id].state

    def claim(
        self, channels: Collection[Channel], due: datetime, limit: int, lease: timedelta
    ) -> list[OutboxRow]:
        ready = [
            entry
            for entry in self.entries.values()
            if entry.state == "due" and entry.not_before <= due and entry.row.channel in channels
        ]
        for entry in ready[:limit]:
            entry.row = replace(entry.row, attempts=entry.row.attempts + 1)
        return [entry.row for entry in ready[:limit]]

    def standing(self, row: OutboxRow, now: datetime) -> Standing:
        self.asked.append("standing")
        if row.id in self.pointless:
            self.entries[row.id].state = "superseded"
            return Standing.POINTLESS
        return Standing.LOST if row.id in self.lost else Standing.READY

    def mark_sent(
        self, row: OutboxRow, ref: str | None, at: datetime, following: OutboxRow | None = None
    ) -> bool:
        entry = self.entries[row.id]
        entry.state, entry.ref = "sent", ref
        self.asked.append("mark")
        return following is not None and following.id not in self.pointless | self.lost

    def mark_retry(
        self, row: OutboxRow, reason: str, not_before: datetime, *, counted: bool, outcome_unknown: bool
    ) -> None:
        entry = self.entries[row.id]
        failures = entry.row.failures + counted
        entry.row = replace(entry.row, failures=failures, outcome_unknown=outcome_unknown)
        entry.reason, entry.not_before = reason, not_before

    def mark_failed(self, row: OutboxRow, reason: str, at: datetime, *, outcome_unknown: bool) -> None:
        entry = self.entries[row.id]
        entry.row = replace(entry.row, outcome_unknown=outcome_unknown)
        entry.state, entry.reason = "failed", reason


class ScriptedSender:
    """Sends by a function of the row: it gives the reference or raises."""

    def __init__(self, outbox: FakeOutbox, answer: Callable[[OutboxRow], str | None]) -> None:
        self.outbox, self.answer = outbox, answer
        self.sent: list[OutboxRow] = []

    def send(self, row: OutboxRow) -> str | None:
        self.outbox.asked.append("call")
        ref = self.answer(row)
        self.sent.append(row)
        return ref


def failing(failure: Exception) -> Callable[[OutboxRow], str | None]:
    """Every call fails in this way."""

    def answer(row: OutboxRow) -> str | None:
        raise failure

    return answer


def only_for(recipient: str, failure: SendFailed) -> Callable[[OutboxRow], str | None]:
    """One broken recipient; the others get theirs."""

    def answer(row: OutboxRow) -> str | None:
        if row.recipient == recipient:
            raise failure
        return None

    return answer


def a_row(row_id: str = "a1", channel: Channel = Channel.MAIL, payload: str = "{}") -> OutboxRow:
    return OutboxRow(
        id=row_id,
        stream=f"{row_id}/mail/b1",
        position=1,
        channel=channel,
        kind="invitation",
        recipient=f"person-{row_id}",
        payload=payload,
        attempts=0,
    )
