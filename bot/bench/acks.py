"""How long a caseworker waits: submissions of `referral_submit` by concurrent clients over signed HTTP."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from slack_sdk.signature import SignatureVerifier

from bot.bench.organisation import caseworker, team_id
from bot.bench.server import SIGNING_SECRET
from bot.views.blocks import Named
from bot.views.referral_submit import ReferralForm, referral_submit
from schedules.errors import SamtidError
from schedules.texts.words import Words

CLIENTS = 8
SIGNER = SignatureVerifier(SIGNING_SECRET)
Wanted = Callable[[dict[str, Any]], bool]


class Unanswered(SamtidError):
    """A submission was not answered as it should be."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One form, ready to be signed and posted."""

    body: str


def submissions(teams: int, count: int, today: date, round_name: str) -> list[Submission]:
    """`count` forms, spread over the teams."""
    return [Submission(_body(n % teams, f"V{round_name}{n}", today)) for n in range(count)]


def booked(shown: dict[str, Any]) -> bool:
    """Booked and committed: the answer is the form that shows the time."""
    return bool(shown.get("view", {}).get("callback_id") == "referral_details")


def acked(shown: dict[str, Any]) -> bool:
    """An ack without a word."""
    return not shown


def measure(port: int, forms: list[Submission], clients: int, as_wanted: Wanted = booked) -> list[float]:
    """Post them from that many connections, each the next as soon as one is answered; milliseconds each.

    Raises Unanswered for any other answer than is wanted: that would be no measurement.
    """
    shares = [forms[n::clients] for n in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        each = pool.map(lambda forms: _client(port, forms, as_wanted), shares)
        return [took for share in each for took in share]


def _client(port: int, forms: list[Submission], as_wanted: Wanted) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        return [_timed(lambda form=form: _post(connection, form, as_wanted)) for form in forms]  # type: ignore[misc]  # lambda's default
    finally:
        connection.close()


def _timed(work: Callable[[], None]) -> float:
    before = time.perf_counter()
    work()
    return (time.perf_counter() - before) * 1000


def _post(connection: http.client.HTTPConnection, form: Submission, as_wanted: Wanted) -> None:
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": SIGNER.generate_signature(timestamp=timestamp, body=form.body) or "",
    }
    connection.request("POST", "/slack/events", form.body.encode(), headers)
    response = connection.getresponse()
    answer = response.read()
    shown = json.loads(answer or b"{}")
    if response.status != http.client.OK or not as_wanted(shown):
        raise Unanswered(status=str(response.status), action=str(shown.get("response_action")))


def _body(team: int, view_id: str, today: date) -> str:
    user = caseworker(team)
    view = _form(team) | {"id": view_id, "state": {"values": _values(team, today)}}
    payload: dict[str, Any] = {
        "type": "view_submission",
        "team": {"id": "T0BENCH", "domain": "bench"},
        "user": {"id": user, "username": user, "name": user, "team_id": "T0BENCH"},
        "api_app_id": "A0BENCH",
        "token": "",
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": uuid4().hex,
        "view": view | {"team_id": "T0BENCH", "hash": uuid4().hex, "app_id": "A0BENCH"},
        "response_urls": [],
    }
    return urlencode({"payload": json.dumps(payload)})


def _form(team: int) -> dict[str, Any]:
    """The view as Slack sends it back, so that the request has its real size."""
    parties = (Named("fk", "FK"), Named("af", "AF"), Named(f"vc{team}", "VC"))
    own = Named(f"k{team}", "K")
    form = ReferralForm((Named(team_id(team), "Team"),), own, team_id(team), parties)
    return dict(referral_submit(form, Words("sv")))


def _values(team: int, today: date) -> dict[str, dict[str, Any]]:
    fields: dict[str, dict[str, Any]] = {
        "team": _one(team_id(team)),
        "protected_identity": _one("no"),
        "parties": _several("fk", f"vc{team}"),
        "consent": _several("given"),
        "consent_date": {"selected_date": today.isoformat()},
        "question_categories": _several("work_ability", "care"),
        "question": {"value": "Hur kan vi samordna stödet framåt, och vem gör vad?"},
        "person_takes_part": _one("in_room"),
        "urgency": _one("ordinary"),
    }
    return {name: {name: element} for name, element in fields.items()}


def _one(value: str) -> dict[str, Any]:
    return {"selected_option": {"value": value}}


def _several(*values: str) -> dict[str, Any]:
    return {"selected_options": [{"value": value} for value in values]}
