"""The outbox worker: what is committed is delivered, and nothing holds up the others."""

from datetime import datetime, timedelta
from itertools import takewhile

import pytest
from structlog.testing import capture_logs

from schedules.delivery.outbox import DeliveryReport, deliver_due, pause_after
from schedules.ports import (
    Channel,
    OutboxRow,
    PermanentRefusal,
    SendFailed,
    ServerUnavailable,
    TemporaryRefusal,
    UnknownOutcome,
)
from tests.support.fake_outbox import START, FakeOutbox, ScriptedSender, a_row, failing, only_for


def deliver(
    outbox: FakeOutbox, sender: ScriptedSender, now: datetime = START, limit: int = 20
) -> DeliveryReport:
    return deliver_due(outbox, {Channel.MAIL: sender}, lambda: now, limit=limit)


def test_what_is_due_is_sent_once_with_its_reference() -> None:
    outbox = FakeOutbox(a_row("a1"), a_row("a2"))
    sender = ScriptedSender(outbox, lambda row: f'"{row.id}"')
    assert deliver(outbox, sender) == DeliveryReport(sent=2)
    assert deliver(outbox, sender) == DeliveryReport()
    assert (outbox.state("a1"), outbox.entries["a1"].ref) == ("sent", '"a1"')


def test_where_the_row_stands_is_the_last_thing_looked_at_before_the_call() -> None:
    outbox = FakeOutbox(a_row())
    deliver(outbox, ScriptedSender(outbox, lambda _: None))
    assert outbox.asked == ["standing", "call", "mark"]


def test_a_row_that_was_ready_when_the_one_before_was_marked_is_asked_again_only_if_that_took_long() -> None:
    """A commit that hangs, or a process that is frozen: somebody else may have the row by then."""
    outbox = FakeOutbox(a_row("a1"), a_row("a2"), a_row("a3"))
    times = iter([0.0, 0.9, 5.0, 6.1, 7.0])
    sender = ScriptedSender(outbox, lambda _: None)
    deliver_due(outbox, {Channel.MAIL: sender}, lambda: START, seconds=lambda: next(times))
    assert outbox.asked == ["standing", "call", "mark", "call", "mark", "standing", "call", "mark"]


def test_a_row_whose_lease_ran_out_is_left_alone() -> None:
    outbox = FakeOutbox(a_row("a1"), a_row("a2"))
    outbox.lost = {"a1"}
    sender = ScriptedSender(outbox, lambda _: None)
    assert deliver(outbox, sender) == DeliveryReport(sent=1, lost_lease=1)
    assert [row.id for row in sender.sent] == ["a2"]
    assert (outbox.state("a1"), outbox.entries["a1"].reason) == ("due", None)


def test_what_is_not_begun_when_it_stops_is_put_back() -> None:
    """For another process, now, and as it was: it counts as no failure."""
    outbox = FakeOutbox(a_row("a1"), a_row("a2"), a_row("a3"))
    sender = ScriptedSender(outbox, lambda _: None)
    report = deliver_due(outbox, {Channel.MAIL: sender}, lambda: START, stopping=lambda: bool(sender.sent))
    assert report == DeliveryReport(sent=1, put_back=2)
    assert deliver(outbox, sender) == DeliveryReport(sent=2)
    assert [row.id for row in sender.sent] == ["a1", "a2", "a3"]
    assert {row.failures for row in sender.sent} == {0}


def test_before_each_message_somebody_else_may_go_first() -> None:
    """Then it is looked where the row stands, and whether there is still time."""
    outbox = FakeOutbox(a_row("a1"), a_row("a2"), a_row("a3"), a_row("a4"))
    sender = ScriptedSender(outbox, lambda _: None)
    deliver_due(
        outbox,
        {Channel.MAIL: sender},
        lambda: START,
        before_each=lambda: outbox.asked.append("people first"),
        stopping=lambda: outbox.asked.count("people first") == 3,
    )
    first, last = ["people first", "standing", "call", "mark"], ["people first"]
    assert outbox.asked == [*first, "people first", "call", "mark", *last]  # nobody waits for the fourth
    assert [row.id for row in sender.sent] == ["a1", "a2"]


def test_what_has_become_pointless_is_not_sent() -> None:
    outbox = FakeOutbox(a_row("a1"), a_row("a2"))
    outbox.pointless = {"a1"}
    sender = ScriptedSender(outbox, lambda _: None)
    assert deliver(outbox, sender) == DeliveryReport(sent=1, superseded=1)
    assert (outbox.state("a1"), [row.id for row in sender.sent]) == ("superseded", ["a2"])


def test_one_broken_recipient_holds_up_nobody() -> None:
    outbox = FakeOutbox(*(a_row(f"a{n}") for n in range(5)))
    sender = ScriptedSender(outbox, only_for("person-a0", TemporaryRefusal(451)))
    assert deliver(outbox, sender) == DeliveryReport(sent=4, retried=1)
    assert outbox.entries["a0"].reason == "smtp_451"


def test_a_permanent_refusal_is_not_tried_again() -> None:
    outbox = FakeOutbox(a_row())
    assert deliver(outbox, ScriptedSender(outbox, failing(PermanentRefusal(550)))) == DeliveryReport(failed=1)
    assert (outbox.state("a1"), outbox.entries["a1"].reason) == ("failed", "smtp_550")


def test_a_row_is_tried_again_after_growing_pauses_and_given_up_after_two_days() -> None:
    outbox = FakeOutbox(a_row())
    sender = ScriptedSender(outbox, failing(ServerUnavailable("unreachable")))
    now, pauses = START, []
    while deliver(outbox, sender, now).retried:
        pauses.append(outbox.entries["a1"].not_before - now)
        assert (
            deliver(outbox, sender, outbox.entries["a1"].not_before - timedelta(seconds=1))
            == DeliveryReport()
        )
        now = outbox.entries["a1"].not_before
    assert pauses == sorted(pauses)
    assert (outbox.state("a1"), outbox.entries["a1"].reason) == ("failed", "smtp_unreachable")
    assert timedelta(days=2) <= now - START <= timedelta(days=2, hours=6)
    assert outbox.entries["a1"].row.attempts == len(pauses) + 1


def test_a_pause_that_the_other_side_asks_for_is_kept_and_counts_towards_no_end() -> None:
    outbox = FakeOutbox(a_row())
    sender = ScriptedSender(
        outbox, failing(SendFailed("slack_ratelimited", retry_after=timedelta(seconds=7)))
    )
    for attempt in range(100):
        now = START + attempt * timedelta(seconds=7)
        assert deliver(outbox, sender, now) == DeliveryReport(retried=1)
        assert outbox.entries["a1"].not_before == now + timedelta(seconds=7)
    assert outbox.entries["a1"].row.failures == 0


def test_an_unknown_outcome_is_remembered_through_later_attempts() -> None:
    outbox = FakeOutbox(a_row())
    deliver(outbox, ScriptedSender(outbox, failing(UnknownOutcome())))
    assert outbox.entries["a1"].row.outcome_unknown
    deliver(outbox, ScriptedSender(outbox, failing(TemporaryRefusal(451))), START + timedelta(hours=1))
    assert outbox.entries["a1"].row.outcome_unknown
    deliver(outbox, ScriptedSender(outbox, failing(PermanentRefusal(550))), START + timedelta(hours=2))
    assert (outbox.state("a1"), outbox.entries["a1"].row.outcome_unknown) == ("failed", True)


def test_a_known_failure_is_no_unknown_outcome() -> None:
    outbox = FakeOutbox(a_row())
    deliver(outbox, ScriptedSender(outbox, failing(TemporaryRefusal(451))))
    assert not outbox.entries["a1"].row.outcome_unknown


def test_a_fault_of_ours_holds_up_nobody_and_is_logged_without_its_words() -> None:
    outbox = FakeOutbox(a_row("a1"), a_row("a2"))

    def answer(row: OutboxRow) -> str | None:
        if row.id == "a1":
            raise KeyError("a protected word")
        return None

    with capture_logs() as logs:
        assert deliver(outbox, ScriptedSender(outbox, answer)) == DeliveryReport(sent=1, retried=1)
    assert (outbox.entries["a1"].reason, outbox.entries["a1"].row.outcome_unknown) == ("error_KeyError", True)
    assert [(log["event"], log["row"], log["error"]) for log in logs] == [("sender_broke", "a1", "KeyError")]
    assert "protected" not in str(logs)


def test_a_fault_of_the_outbox_itself_is_raised() -> None:
    class Broken(FakeOutbox):
        def mark_sent(
            self, row: OutboxRow, ref: str | None, at: datetime, following: OutboxRow | None = None
        ) -> bool:
            raise ConnectionError

    outbox = Broken(a_row())
    with pytest.raises(ConnectionError):
        deliver(outbox, ScriptedSender(outbox, lambda _: None))


def test_only_channels_with_a_sender_are_claimed_and_no_more_than_the_limit() -> None:
    outbox = FakeOutbox(a_row("c1", Channel.CHAT), a_row("a1"), a_row("a2"))
    assert deliver(outbox, ScriptedSender(outbox, lambda _: None), limit=1) == DeliveryReport(sent=1)
    assert [outbox.state(row_id) for row_id in ("c1", "a1", "a2")] == ["due", "sent", "due"]


def test_the_pauses_double_from_a_minute_to_six_hours_and_end_after_two_days() -> None:
    pauses = [p for p in takewhile(bool, map(pause_after, range(1, 100))) if p is not None]
    assert [pause.total_seconds() / 60 for pause in pauses[:10]] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]
    assert set(pauses[9:]) == {timedelta(hours=6)}
    assert sum(pauses, timedelta()) == timedelta(hours=50, minutes=31)
    assert pause_after(len(pauses) + 1) is None
