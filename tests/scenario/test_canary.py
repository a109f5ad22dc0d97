"""Nothing protected leaves (promise 5): distinctive words, seen in the forms, found nowhere else.

The whole story runs over signed HTTP; then everything that left or was stored in plain is searched.
"""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.logs import configure_logging
from bot.workspace import Actor
from schedules.ports import Channel
from schedules.services.case_file import audit_trail, export_case
from tests.support.raised import absent, decline
from tests.support.rig import Rig, rig

QUESTION, MENDED = "kvastflamingo i fråga", "mosskronbarr i fråga"
WORDS = {
    "question": f"Hur får {QUESTION} rätt stöd framåt?",
    "urgency_reason": "granitsnigel brådskar",
    "own_reference": "DNR-vildpersika",
    "needs": "tolk i klockfrukt",
}
AGREED = "törnskata ordnar intyget"
CHANGED = "frostvinge brådskar än mer"
RETURN_REASON = "tydliggör pilgrimsmåsen"
BIRTH_YEAR = "1973"
SICK_SINCE = date(2026, 3, 19)
CANARIES = (
    "kvastflamingo", "mosskronbarr", "granitsnigel", "vildpersika", "klockfrukt", "pilgrimsm",
    "frostvinge", "rnskata ordnar",
    "2026-03-19", "20260319", "19 mars", "19 March", "March 19", "19/3", "19.3.2026",
)  # fmt: skip


def found_in(text: str) -> set[str]:
    """The canaries in a text; they are plain ASCII, so that no escape hides them."""
    folded = text.casefold()
    return {canary for canary in CANARIES if canary.casefold() in folded}


class Lines(logging.Handler):
    """Every log line at DEBUG, with its arguments and its traceback, as a careless setup would write it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name} {record.msg} {record.args} {logging.Formatter().format(record)}")


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The program's own way of logging, and a handler that hides nothing; ours at DEBUG."""
    root, kept = logging.getLogger(), (logging.getLogger().handlers[:], logging.getLogger().level)
    configure_logging()
    handler = Lines()
    root.addHandler(handler)
    for name in ("bot", "schedules"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield handler
    root.handlers[:], level = kept
    root.setLevel(level)
    for name in ("bot", "schedules"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def fill(actor: Actor, values: dict[str, Any]) -> None:
    for field, value in values.items():
        actor.fill(field, value)


def raise_case(actor: Actor, own_reference: str = WORDS["own_reference"]) -> None:
    actor.command("/samtid", "lyft")
    fill(
        actor,
        {
            "team": "tierp",
            "protected_identity": "no",
            "parties": ["fk", "af"],
            "consent": ["given"],
            "consent_date": "2026-11-20",
            "question_categories": ["work_ability"],
            "question": WORDS["question"],
            "person_takes_part": "in_room",
            "urgency": "urgent",
            "own_reference": own_reference,
        },
    )
    actor.fill("urgency_reason", WORDS["urgency_reason"])
    actor.submit()
    assert not actor.errors


def fill_details(actor: Actor) -> None:
    fill(
        actor,
        {
            "gender": "woman",
            "birth_year": BIRTH_YEAR,
            "sick_leave_start": SICK_SINCE.isoformat(),
            "needs": WORDS["needs"],
            "known_to": ["fk"],
            "support": "sickness_benefit",
        },
    )
    actor.submit()


def shown(actor: Actor) -> str:
    assert actor.modal is not None
    return json.dumps(actor.modal.body, ensure_ascii=False) + json.dumps(actor.values, ensure_ascii=False)


def look(actor: Actor) -> str:
    """What "Visa ärendet" shows; closed again."""
    actor.click("case_show", where="message")
    text = shown(actor)
    actor.close(everything=True)
    return text


def play(r: Rig) -> None:
    """The whole story; what the forms must show is asserted on the way."""
    maja, helena = r.actor("maja"), r.actor("helena")
    raise_case(maja)
    fill_details(maja)
    if maja.modal is not None:
        maja.close(everything=True)
    r.settle()
    assert {"kvastflamingo", "granitsnigel", "klockfrukt", "vildpersika", "19 mars"} <= found_in(look(helena))
    helena.click("booking_send_back", where="message")
    helena.fill("reason", RETURN_REASON)
    helena.submit()
    r.settle()
    mend(maja)
    r.settle()
    helena.click("booking_confirm", where="message")
    r.settle()
    for person in ("nasrin", "daniel"):
        assert {"mosskronbarr", "klockfrukt"} <= found_in(look(r.actor(person)))
    change(r, maja)
    look_at_urgent(r, helena)
    r.actor("nasrin").click("invitation_accept", where="message")
    r.actor("nasrin").click("identity_known", where="message")
    absent(r, "sofia")  # nobody is left, so that the coordinator is asked
    decline(r, "daniel")
    r.settle()
    move(r, helena)
    fail_deliveries(r)
    r.pass_time(days=20)  # reminders, agenda, the day before, the morning
    report(r, helena)
    maja.command("/samtid", "ärenden")
    r.settle()


def report(r: Rig, helena: Actor) -> None:
    """The time is over: what was agreed is written in the report, and read again on record."""
    r.pass_time(days=25)
    helena.click("meeting_open", where="message")
    helena.click("meeting_report", where="modal")
    helena.until(lambda: "outcome" in helena.values)
    before = helena.modal.body["hash"] if helena.modal else None
    helena.fill("outcome", "new_meeting")
    helena.until(lambda: helena.modal is not None and helena.modal.body["hash"] != before)
    fill(helena, {"took_part": "no", "decisions": ["support_missing"], "agreed": AGREED})
    helena.submit()
    assert not helena.errors
    helena.close(everything=True)
    helena.open_home()
    r.settle()
    maja = r.actor("maja")
    maja.click("result_show", where="message")
    assert "rnskata ordnar" in found_in(shown(maja))
    maja.click("feedback_given", where="modal")
    maja.close(everything=True)
    r.settle()


def mend(maja: Actor) -> None:
    """The returned form comes back prefilled with what was written, and with the reason."""
    maja.click("referral_mend", where="message")
    assert {"kvastflamingo", "granitsnigel", "vildpersika", "pilgrimsm"} <= found_in(shown(maja))
    maja.fill("consent", ["given"])
    maja.fill("question", f"Hur får {MENDED} rätt stöd framåt?")
    maja.submit()
    assert not maja.errors
    maja.close(everything=True)


def change(r: Rig, maja: Actor) -> None:
    """The form is prefilled with what is protected; the new words stay in it and in the case."""
    maja.click("case_show", where="message")
    maja.click("case_change", where="modal")
    assert {"mosskronbarr", "granitsnigel"} <= found_in(shown(maja))
    fill(maja, {"question": f"Hur får {MENDED} bättre stöd framåt?", "urgency_reason": CHANGED})
    maja.submit()
    assert "frostvinge" not in shown(maja)
    maja.close(everything=True)
    r.settle()


def look_at_urgent(r: Rig, helena: Actor) -> None:
    helena.open_home()
    helena.until(lambda: helena.home is not None and "urgent_show" in str(helena.home.blocks))
    helena.click("urgent_show", where="home")
    assert "frostvinge" in found_in(shown(helena))
    helena.close(everything=True)


def move(r: Rig, helena: Actor) -> None:
    for way in ("seat_contact", "seat_move"):
        helena.click(way, where="message")
        assert helena.modal is not None
        helena.submit()
    r.settle()


def fail_deliveries(r: Rig) -> None:
    """Rows that are no messages: the senders refuse them for good, and the coordinator hears of it."""
    with r.database._engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE outbox SET status = 'failed', reason = 'smtp_550' WHERE kind = 'request'")
        )
    for channel in Channel:
        r.local.program.jobs.deliver(channel)
    r.settle()


def break_a_listener(r: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault while the protected fields are in hand: the error's own words quote them."""

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError(WORDS["question"])

    with monkeypatch.context() as patch:
        patch.setattr("bot.listeners.decisions.case_modal", broken)
        r.actor("nasrin").click("case_show", where="message")
    samuel = r.actor("samuel")
    with monkeypatch.context() as patch:
        patch.setattr("schedules.store.cases.SqlCaseStore.add_referral", broken)
        raise_case(samuel, "DNR-vildpersika-2")
        assert samuel.modal is not None
        assert samuel.modal.body["callback_id"] == "referral_submit", "it is not taken for a success"
        samuel.close()


def block(r: Rig, maja: Actor) -> None:
    """The consent is withdrawn from the case's page; what is held is taken out, and stays where it is put."""
    assert {"mosskronbarr", "klockfrukt"} <= found_in(shown(maja))
    maja.click("consent_withdraw", where="modal")
    assert found_in(shown(maja)) == set()
    maja.submit()
    r.settle()
    maja.click("case_show", where="message")
    assert found_in(shown(maja)) == set()
    maja.close(everything=True)
    held = export_case(r.office, "TIE-2026-001", "command line")
    assert {"mosskronbarr", "frostvinge", "rnskata ordnar", "vildpersika"} <= found_in(repr(held))
    assert found_in(repr(audit_trail(r.office, "TIE-2026-001", "command line"))) == set()


def everything_said(r: Rig) -> list[str]:
    """The rows of the stand-in's own file: conversations with metadata, ephemerals, and mails decoded."""
    book = r.local.workspace.core.messages
    texts = [json.dumps(m.body, ensure_ascii=False) for u in users(r) for m in r.actor(u).messages()]
    channels = [team.channel for team in r.organisation.teams if team.channel]
    texts += [json.dumps(m.body, ensure_ascii=False) for c in channels for m in book.history(c, users(r)[0])]
    homes = [r.actor(user).home for user in users(r)]
    texts += [json.dumps(home.body, ensure_ascii=False) for home in homes if home is not None]
    for person in r.organisation.people:
        for mail in r.local.workspace.mailbox.messages(person.email or ""):
            texts += [mail.raw.decode("ascii"), *decoded(mail.raw)]
    return texts


def users(r: Rig) -> list[str]:
    return [p.slack[0] for p in r.organisation.people if p.slack]


def decoded(raw: bytes) -> Iterator[str]:
    """Each part's content, unfolded as a calendar program would, and the headers."""
    mail = message_from_bytes(raw, policy=policy.default)
    yield "\n".join(f"{name}: {value}" for name, value in mail.items())
    for part in mail.walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield re.sub(r"\r?\n[ \t]", "", payload.decode(errors="replace"))


def stored(r: Rig) -> Iterator[tuple[str, str]]:
    """Every value of every table as text, and what a base64 text or a blob would hide."""
    with r.database._engine.connect() as connection:
        for table in sa.inspect(connection).get_table_names():
            for row in connection.execute(sa.text(f'SELECT * FROM "{table}"')).mappings():
                for column, value in row.items():
                    raw = bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
                    yield f"{table}.{column}", raw.decode("utf-8", errors="replace")
                    if re.fullmatch(rb"[A-Za-z0-9+/_=-]{16,}", raw) and len(raw) % 4 == 0:
                        yield f"{table}.{column}", base64.urlsafe_b64decode(raw).decode(errors="replace")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_canary_gets_out(
    kind: str,
    tmp_path: Path,
    lines: Lines,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    url = request.getfixturevalue("postgresql_empty_url") if kind == "postgresql" else None
    with rig(tmp_path, url=url) as r:
        play(r)
        break_a_listener(r, monkeypatch)
        r.actor("maja").click("case_show", where="message")
        block(r, r.actor("maja"))
        said = everything_said(r)
        values = list(stored(r))
        files = b"".join(path.read_bytes() for path in tmp_path.glob("samtid.db*"))
        problems = r.local.workspace.problems()
    assert {(problem.where, problem.text) for problem in problems} == {
        ("case_show", "http_error 500"),
        ("view_submission", "http_error 500"),
    }
    assert len(said) > 40
    assert {place for place, _ in values if "protected" in place or "data" in place}
    assert [text for text in said if found_in(text)] == []
    assert [place for place, text in values if found_in(text)] == []
    assert found_in(files.decode("latin-1")) == set()
    assert found_in(files.decode("utf-8", errors="ignore")) == set()
    assert sum("listener_broke" in line for line in lines.lines) == 2
    assert [line for line in lines.lines if found_in(line)] == []
    out, err = capfd.readouterr()
    assert found_in(out + err) == set()
