"""`samtid erase` as a process of its own beside the running program, and what becomes of the messages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.organisation import Applier
from schedules.domain.figures.facts import Outcome, TookPart
from schedules.domain.meeting_report import ReportCase, Result
from schedules.domain.organisation import Retention
from schedules.ports import Channel
from schedules.services.report_meeting import report_case
from tests.support.meeting_days import after_meeting
from tests.support.raised import booking_of, call_parties, value
from tests.support.rig import KEY, Rig, rig
from tests.support.samtid_process import samtid

DECISION = "2027/17"


def erase(r: Rig, folder: Path, *arguments: str) -> tuple[int, str, str]:
    where = {"SAMTID_DATABASE_URL": r.address, "SAMTID_SECRET_KEYS": KEY}
    done = samtid("erase", *arguments, folder=folder, **where)
    return done.returncode, done.stdout, done.stderr.strip()


def seen(r: Rig, word: str) -> list[str]:
    """Whose messages from the bot say the word, each once a message."""
    found = []
    for person in r.organisation.people:
        for user in person.slack:
            messages = r.actor(person.id).messages() if user else []
            found += [person.id for one in messages if word in json.dumps(one.body, ensure_ascii=False)]
    return found


def decide(r: Rig) -> None:
    Applier(r.office).apply(replace(r.organisation, retention=Retention(DECISION)))


def report_both(r: Rig, *references: str) -> None:
    after_meeting(r, references[0])
    for reference in references:
        result = Result(Outcome.PLAN_AGREED, ("fk",), TookPart.IN_ROOM, agreed="kanarieplan")
        report_case(r.office, ReportCase("helena", booking_of(r, reference), result))
    r.settle()


def test_a_case_is_erased_by_command_and_its_messages_go(tmp_path: Path) -> None:
    with rig(tmp_path) as r:
        first, second = call_parties(r), call_parties(r)
        no_decision = erase(r, tmp_path, first, "--decision", DECISION, "--yes")
        nothing = "Nothing is erased: the organisation file names no decision (retention.decision)."
        assert no_decision == (2, "", nothing)
        decide(r)
        code, out, running = erase(r, tmp_path, first, "--decision", DECISION, "--yes")
        assert (code, out) == (2, "")
        assert running.startswith(f"{first} is under way")
        report_both(r, first, second)
        together = [who for who in seen(r, first) if who in seen(r, second)]
        assert {"maja", "nasrin", "helena"} <= set(seen(r, first))
        assert together
        others = len(seen(r, second))
        code, out, complaint = erase(r, tmp_path, first, "--decision", "1", "--yes")
        assert (code, out, complaint.count("\n")) == (2, "", 0)
        assert "1 is not the number" in complaint
        code, out, complaint = erase(r, tmp_path, first, "--decision", DECISION)
        assert (code, complaint) == (2, "Nothing has been erased: without a terminal, --yes is needed.")
        assert f"{first} with its key" in out
        code, out, complaint = erase(r, tmp_path, first, "--decision", DECISION, "--yes")
        assert (code, complaint) == (0, "")
        assert out.splitlines()[-2:] == [
            f"{first} has been erased.",
            "The messages in Slack are deleted when Samtid runs.",
        ]
        r.settle()
        assert seen(r, first) == []
        assert len(seen(r, second)) == others
        code, _, complaint = erase(r, tmp_path, first, "--decision", DECISION, "--yes")
        assert code == 2
        assert re.fullmatch(rf"{first} was erased on \d+ \w+ \d{{4}} by decision {DECISION}\.", complaint)
        code, _, complaint = erase(r, tmp_path, "TIE-2026-999", "--decision", DECISION, "--yes")
        assert (code, complaint) == (2, "There is no case with the reference TIE-2026-999.")
        # The other one goes by itself, at night, once its months have passed.
        r.clock.at = datetime(2029, 12, 20, 2, 0, tzinfo=UTC)
        r.local.program.jobs.erase()
        r.local.program.jobs.deliver(Channel.CHAT)
        assert seen(r, second) == []
        assert value(r, "SELECT count(*) FROM case_record") == 0
        assert value(r, "SELECT count(*) FROM outbox WHERE status = 'failed'") == 0
        assert r.local.workspace.problems() == ()
