"""Every scenario is a recording: with SAMTID_TESTS_FUZZ what it has sent is sent again, broken in every way.

After a scenario each kind of payload that no scenario before has sent is altered at every place, and by
hypothesis: a clear error or a refusal, never a traceback, never a write. In the end each listener that the
program registers must have been heard of. Part of `make faults`.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import pytest
import sqlalchemy as sa
import structlog
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from slack_bolt import App
from structlog.testing import LogCapture

from bot.views.tools import MENU, PARTED
from bot.workspace.courier import Ack
from tests.support.rig import Rig

Payload = dict[str, Any]
Path = tuple[str | int, ...]
Kind = tuple[str, str]
"""What Bolt looks at: the sort of a listener and its id, as ("action", "case_show")."""

DELETE = object()
JUNK: tuple[Any, ...] = (
    DELETE, None, 0, -1, True, [], {}, "", "x", "x" * 5000, "\x00", "\ud800", "T0OTHER", ["x"], {"x": 1},
    [[]], "<!channel>", "{", "2026-13-45", "U0999",
)  # fmt: skip
EVERYWHERE: tuple[Any, ...] = (DELETE, None, {}, "x", ["x"])
"""What is put at every single place; all of `JUNK` comes at random ones."""
REFUSED = {"", "http_error 400", "http_error 401", "http_error 404"}
STRANGER = "U0999"
ANOTHER: set[Path] = {("view", "id"), ("view", "root_view_id")}
"""A form with another id is another form, and one more case is no mistake."""
EXAMPLES = 200
UNREACHED: dict[Kind, str] = {
    ("action", "person_letter"): "a link, which the browser opens",
    ("action", "pulse_partly"): "the same listener as the other two answers",
    ("options", "team"): "asked for where there are more than a hundred teams",
    ("view", "meeting_cancel"): "a cancelled meeting begins with its preview",
}
"""Listeners that no scenario needs to reach, and why."""
AMONG_MANY: set[Kind] = {("action", "page_next"), ("action", "page_previous")}
"""What is there only among hundreds of cases, in a program that several scenarios share."""
SORTS = ("action", "view", "view_closed", "command", "shortcut", "options", "event")

# --- payloads ----------------------------------------------------------------------------------------


def read(body: bytes) -> Payload:
    """What Slack sent, from its JSON or its form."""
    if body.startswith(b"{"):
        return dict(json.loads(body))
    form = {name: said[0] for name, said in parse_qs(body.decode()).items()}
    return dict(json.loads(form["payload"])) if "payload" in form else form


def kind_of(payload: Payload) -> Kind:
    """Which listener a payload is for."""
    if "command" in payload:
        return "command", str(payload["command"])
    if "event" in payload:
        return "event", str(payload["event"]["type"])
    sort = payload["type"]
    if sort == "block_actions":
        return "action", _pressed(payload["actions"][0])
    if sort in {"view_submission", "view_closed"}:
        return ("view" if sort == "view_submission" else sort), str(payload["view"]["callback_id"])
    if sort == "block_suggestion":
        return "options", str(payload["action_id"])
    return "shortcut", str(payload["callback_id"])


def _pressed(action: Mapping[str, Any]) -> str:
    """The button; also the one that an entry of a menu stands for."""
    if action["action_id"] == MENU:
        return str(action["selected_option"]["value"]).partition(PARTED)[0]
    return str(action["action_id"])


def send(r: Rig, payload: Payload) -> Ack:
    """As Slack delivers it."""
    courier = r.local.workspace.core.courier
    if "event" in payload:
        return courier.event(payload)
    if "command" in payload:
        whole = {name: str(said).encode("utf-8", "replace") for name, said in payload.items()}
        return courier.form({name: said.decode() for name, said in whole.items()})
    return courier.payload(payload)


def paths(found: Any, at: Path = ()) -> Iterator[Path]:
    """Every place of a payload."""
    if at:
        yield at
    children = (
        found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    )
    for name, child in children:
        yield from paths(child, (*at, name))


def altered(payload: Payload, at: Path, junk: Any) -> Payload:
    """The payload with junk at one place, or without it."""
    copy = deepcopy(payload)
    place: Any = copy
    for name in at[:-1]:
        place = place[name]
    if junk is DELETE:
        del place[at[-1]]
    else:
        place[at[-1]] = junk
    return copy


def dump(r: Rig) -> dict[str, list[str]]:
    """Every row of every table but the record of who looked.

    Nor the letters that show the present state once more: an old button does that (promise 4).
    """
    with r.database._engine.connect() as connection:
        found = {
            table.name: sorted(map(str, connection.execute(_rows(table))))
            for table in _tables(connection.engine)
        }
    found.pop("audit")
    return found


@cache
def _tables(engine: sa.Engine) -> list[sa.Table]:
    tables = sa.MetaData()
    tables.reflect(engine)
    return tables.sorted_tables


def _rows(table: sa.Table) -> sa.Select[Any]:
    every = sa.select(table)
    return every.where(table.c.kind.not_in(["home", "card"])) if table.name == "outbox" else every


# --- after each scenario -----------------------------------------------------------------------------


@dataclass
class Fuzz:
    """What has been recorded and fuzzed so far."""

    registered: set[Kind] = field(default_factory=set)
    done: dict[Kind, int] = field(default_factory=dict)
    acts_again: set[Kind] = field(default_factory=set)

    def listen(self) -> None:
        """Hear of every listener that a program registers from now on."""
        for sort in SORTS:
            setattr(App, sort, self._heard(sort, getattr(App, sort)))

    def _heard(self, sort: str, register: Callable[..., Any]) -> Callable[..., Any]:
        def listen(app: App, constraints: Any, *more: Any, **named: Any) -> Any:
            name = constraints["action_id"] if isinstance(constraints, Mapping) else constraints
            if sys._getframe(1).f_globals["__name__"].startswith("bot."):  # not the tests' own bot's
                self.registered.add((sort, str(name)))
            return register(app, constraints, *more, **named)

        return listen

    def after(self, r: Rig, recorded: Mapping[Kind, Payload]) -> None:
        """Fuzz what nobody has sent before."""
        log, before = LogCapture(), structlog.get_config()
        structlog.configure(processors=[log])
        try:
            for kind, payload in recorded.items():
                if kind not in self.done:
                    self.done[kind] = 0
                    self.done[kind] = self._fuzz(r, payload, log)
        finally:
            structlog.configure(**before)
            r.local.workspace.core.problems.clear()

    def _fuzz(self, r: Rig, payload: Payload, log: LogCapture) -> int:
        """How many payloads were sent."""
        sent = 0

        def unbroken(one: Payload) -> None:
            nonlocal sent
            sent += 1
            ack = send(r, one)
            assert ack.reason in REFUSED, (ack.reason, kind_of(payload))
            assert "Traceback" not in str(ack.body)
            assert not _broken(log), kind_of(payload)

        held = _settled(r)
        for stranger in strangers(payload):
            unbroken(stranger)
        assert _settled(r) == held, "somebody unknown has written"
        unbroken(payload)
        if _settled(r) != held:  # a press that does the same again, as a reminder
            self.acts_again.add(kind_of(payload))
            held = {}
        places = [path for path in paths(payload) if "blocks" not in path[:-1] and path not in ANOTHER]
        # What stands in a form's fields is somebody's own business: another value, or none, may be written.
        fields = [at for at in places if "state" in at]
        for at in (at for at in places if at not in fields):
            for junk in EVERYWHERE:
                unbroken(altered(payload, at, junk))
        assert not held or _settled(r) == held, "what is broken was written"
        for at in fields:
            for junk in EVERYWHERE:
                unbroken(altered(payload, at, junk))

        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(at=st.sampled_from(places), junk=st.sampled_from(range(len(JUNK))))
        def whatever(at: Path, junk: int) -> None:
            unbroken(altered(payload, at, JUNK[junk]))

        whatever()
        _settled(r)
        assert not _broken(log), kind_of(payload)
        return sent

    def missing(self) -> list[Kind]:
        """Listeners that no scenario has reached."""
        return sorted(self.registered - self.done.keys() - UNREACHED.keys())


def _broken(log: LogCapture) -> list[Any]:
    return [entry for entry in log.entries if entry["event"] == "listener_broke"]


def _settled(r: Rig) -> dict[str, list[str]]:
    """What is stored once all is over that listeners do after their ack: every thread for it is free."""
    runner: Any = r.local.program.bolt.listener_runner.lazy_listener_runner
    threads = runner.executor._max_workers
    together = threading.Barrier(threads)
    for one in [runner.executor.submit(together.wait, 60) for _ in range(threads)]:
        one.result()
    # A choice in a form of another name or moment is noted for a day, and is no write of the plan.
    return {name: rows for name, rows in dump(r).items() if name != "form_choice"}


def strangers(payload: Payload) -> Iterator[Payload]:
    """The same from somebody unknown, wherever it says who it is."""
    for at in (("user", "id"), ("user_id",), ("event", "user")):
        if at in set(paths(payload)):
            yield altered(payload, at, STRANGER)


_FUZZ = Fuzz()
if ACTIVE := "SAMTID_TESTS_FUZZ" in os.environ:
    _FUZZ.listen()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Record what a scenario sends, and fuzz it when the scenario has passed."""
    fixtures = getattr(item, "funcargs", {}) if ACTIVE else {}
    rigs = {name: one for name, one in fixtures.items() if isinstance(one, Rig)}
    recorded: dict[Kind, Payload] = {}

    def record(request: Any) -> None:
        payload = read(request.content)
        recorded[kind_of(payload)] = payload

    for r in rigs.values():
        r.local.workspace.core.courier._client.event_hooks = {"request": [record]}
    yield
    for name, r in rigs.items():
        r.local.workspace.core.courier._client.event_hooks = {}
        own = name in {"town", "r"}
        _FUZZ.after(r, recorded if own else {k: p for k, p in recorded.items() if k in AMONG_MANY})


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What was fuzzed, and what could not be."""
    if ACTIVE:
        terminalreporter.section("Fuzzed listeners")
        terminalreporter.line(f"{len(_FUZZ.done)} kinds, {sum(_FUZZ.done.values())} payloads")
        terminalreporter.line(f"The same again acts again: {sorted(_FUZZ.acts_again)}")
        terminalreporter.line(f"Never reached: {_FUZZ.missing()}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A listener that no scenario reaches is a failure."""
    if ACTIVE and _FUZZ.missing() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
