"""What Slack would never send: broken, altered or somebody else's. A refusal, and never a write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import LogCapture

from bot.workspace.courier import Ack
from tests.support.databases import own_database
from tests.support.fuzzing import (
    ANOTHER,
    DELETE,
    JUNK,
    REFUSED,
    Payload,
    altered,
    dump,
    kind_of,
    paths,
    read,
    send,
)
from tests.support.raised import column
from tests.support.rig import Rig, rig
from tests.support.story import STORY, play

pytestmark = pytest.mark.exhaustive  # `make faults`
BUTTONS = (
    "booking_confirm", "booking_send_now", "booking_withdraw", "booking_move", "booking_send_back",
    "case_show", "invitation_accept", "invitation_decline", "invitation_deputise", "identity_known",
    "answer_record", "meeting_cancel", "referral_mend",
)  # fmt: skip
OUTSIDERS = ("U0999", "yusuf")
"""Somebody unknown, and the coordinator of another team."""


@dataclass
class Line:
    """The program in the middle of a story, and the last payload of each kind that it was sent."""

    r: Rig
    payloads: tuple[Payload, ...]
    log: LogCapture

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # noqa: FBT001  as hypothesis calls it
        """Hypothesis would write down all that is in it."""
        printer.text("line")

    def refused(self, payload: Payload) -> Ack:
        """Send what must change nothing and break nothing."""
        before = dump(self.r)
        ack = self.unbroken(payload)
        assert dump(self.r) == before
        return ack

    def unbroken(self, payload: Payload) -> Ack:
        """Send what must break nothing."""
        self.log.entries.clear()
        ack = send(self.r, payload)
        assert ack.reason in REFUSED
        assert "Traceback" not in str(ack.body)
        assert [entry for entry in self.log.entries if entry["event"] == "listener_broke"] == []
        return ack


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def line(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The story up to where both cases are called, with everything that Slack delivered on the way."""
    log = LogCapture()
    bodies: list[bytes] = []
    with ExitStack() as stack:
        url = None
        if request.param == "postgresql":
            url = stack.enter_context(own_database(request.getfixturevalue("postgresql_server"), ""))
        r = stack.enter_context(rig(tmp_path_factory.mktemp("line"), url=url))
        line = r.local.workspace.core.courier._client
        line.event_hooks = {"request": [lambda request: bodies.append(request.content)]}
        play(r, STORY[:-2])
        r.actor("helena").open_home()
        r.settle()
        line.event_hooks = {}
        kinds = {kind_of(payload): payload for payload in map(read, bodies)}
        structlog.configure(processors=[log])
        try:
            yield Line(r, tuple(kinds.values()), log)
        finally:
            structlog.reset_defaults()


FUZZ = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
ANY = st.tuples(st.integers(0, 1000), st.integers(0, 1000), st.sampled_from(range(len(JUNK))))
"""Which payload, which place in it, and what stands there."""


def _fuzz(line: Line, drawn: tuple[int, int, int]) -> None:
    payload = line.payloads[drawn[0] % len(line.payloads)]
    places = [path for path in paths(payload) if path not in ANOTHER]
    line.refused(altered(payload, places[drawn[1] % len(places)], JUNK[drawn[2]]))


@pytest.mark.parametrize("urls", [{"response_url": "https://x.example"}, [{"response_url": ""}, {}]])
def test_addresses_for_answers_that_bolt_cannot_read(line: Line, urls: Any) -> None:
    """It takes the first of a list, and logs by a logger that it has not got yet if there are several."""
    form = next(payload for payload in line.payloads if payload.get("type") == "view_submission")
    line.refused({**form, "response_urls": urls})


@pytest.mark.parametrize("junk", ["\ud800", "\x00"])
def test_text_that_no_database_holds(line: Line, junk: str) -> None:
    """As the value of every button, in every metadata, and as what a field of a form has chosen."""
    metadata = json.dumps(dict.fromkeys(("booking", "referral", "case", "mends", "team", "person"), junk))
    for payload in line.payloads:
        for action in payload.get("actions", ()):
            line.refused({**payload, "actions": [{**action, "value": junk}]})
        if payload.get("type") == "view_submission":
            line.refused({**payload, "view": {**payload["view"], "private_metadata": metadata}})
            for path in paths(payload["view"]["state"]["values"]):
                if path[-1] in {"value", "selected_user"}:
                    line.refused(altered(payload, ("view", "state", "values", *path), junk))


@pytest.mark.parametrize("junk", [DELETE, None, {}, "x", ["x"]])
def test_every_place_of_every_payload(line: Line, junk: Any) -> None:
    """But for what the blocks hold, which nobody reads."""
    before = dump(line.r)
    for payload in line.payloads:
        for path in paths(payload):
            if "blocks" not in path[:-1] and path not in ANOTHER:
                line.unbroken(altered(payload, path, junk))
    assert dump(line.r) == before


@settings(FUZZ, max_examples=60)
@given(drawn=ANY)
def test_whatever_stands_at_some_place_of_a_payload(line: Line, drawn: tuple[int, int, int]) -> None:
    _fuzz(line, drawn)


@settings(FUZZ, max_examples=5000)
@given(drawn=ANY)
def test_whatever_stands_at_any_place_of_a_payload(line: Line, drawn: tuple[int, int, int]) -> None:
    _fuzz(line, drawn)


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("button", BUTTONS)
def test_buttons_of_what_is_somebody_elses(line: Line, who: str, button: str) -> None:
    r = line.r
    user = r.actor(who).user_id
    payload = next(p for p in line.payloads if p.get("container", {}).get("type") == "message")
    ids = [
        *column(r, "SELECT id FROM booking"),
        *column(r, "SELECT public_id FROM invitation_public_id"),
        *column(r, "SELECT DISTINCT meeting FROM booking"),
        *column(r, "SELECT id FROM referral"),
    ]
    for value in [*ids, "unknown"]:
        action = payload["actions"][0] | {"action_id": button, "value": value}
        line.refused(payload | {"user": payload["user"] | {"id": user}, "actions": [action]})


@pytest.mark.parametrize("who", OUTSIDERS)
def test_forms_of_what_is_somebody_elses(line: Line, who: str) -> None:
    """The same fields from somebody else, in a form of their own, as if the ids had been copied."""
    user = line.r.actor(who).user_id
    forms = [p for p in line.payloads if p.get("type") == "view_submission"]
    assert len(forms) >= 3
    for payload in forms:
        view = payload["view"] | {"id": f"V{who}"}
        line.refused(payload | {"user": payload["user"] | {"id": user}, "view": view})


@pytest.mark.parametrize(
    "metadata", ["{", "[]", "null", '{"booking": 1}', '{"booking": "x"}', "{}", "x" * 3001]
)
def test_private_metadata_altered(line: Line, metadata: str) -> None:
    for payload in line.payloads:
        if payload.get("type") == "view_submission":
            view = payload["view"] | {"private_metadata": metadata}
            line.refused(payload | {"view": view})


@pytest.mark.parametrize(
    "kind", ["block_actions", "view_submission", "view_closed", "shortcut", "event_callback"]
)
def test_unknown_actions_views_and_events(line: Line, kind: str) -> None:
    payload = next(p for p in line.payloads if p.get("type") == "block_actions")
    action = payload["actions"][0] | {"action_id": "unknown"}
    unknown = payload | {"type": kind, "actions": [action], "callback_id": "unknown"}
    ack = line.refused(unknown | {"view": {"id": "V1", "type": "modal", "callback_id": "unknown"}})
    assert ack.reason == "http_error 404"


def test_a_request_sent_again_within_its_time_does_nothing_more(line: Line) -> None:
    """Slack's signature holds for five minutes: whoever copies a request can send it again, to no effect."""
    for payload in line.payloads:
        line.refused(payload)
