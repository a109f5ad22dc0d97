"""A report as JSON: keys of the code, no words of any language; null is suppressed or nothing to tell."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from schedules.domain.figures.measures import FEWEST
from schedules.domain.figures.page import Published
from schedules.domain.figures.report import Line
from schedules.domain.opinions import Opinions


def json_bytes(published: Published) -> bytes:
    """The report, indented, UTF-8; months are YYYY-MM."""
    return (json.dumps(as_data(published), ensure_ascii=False, indent=2) + "\n").encode()


def as_data(published: Published) -> dict[str, Any]:
    """The report as plain data."""
    report = published.report
    return {
        "association": published.association,
        "page": {"kind": published.page.kind.value, "of": published.page.of, "title": published.title},
        "from": str(report.period.since),
        "to": str(report.period.until),
        "suppressed_below": FEWEST,
        "counts": [_count(line) for line in report.lines],
        "evenness_percent": report.evenness,
        "waiting": {one.who: {k: v for k, v in asdict(one).items() if k != "who"} for one in report.waiting},
        "meetings": {**asdict(report.meetings), "slots_used": report.slots_used},
        "parties": [{**asdict(one), "attendance_percent": one.attendance} for one in report.parties],
        "goals": asdict(report.goals),
        **_climate(published.opinions),
        "party_names": dict(published.names),
    }


def _climate(opinions: Opinions) -> dict[str, Any]:
    surveys = [
        {"year": one.year, "answers": one.answers, "means": {q.id: mean for q, mean in one.means}}
        for one in opinions.surveys
    ]
    pulses = [
        {
            "from": str(one.term.since),
            "to": str(one.term.until),
            "answers": one.answers,
            "percent": dict(one.percent),
        }
        for one in opinions.pulses
    ]
    return {"climate_surveys": surveys, "meeting_pulses": pulses}


def _count(line: Line) -> dict[str, Any]:
    return {
        "row": line.row.table,
        "of": line.row.of or None,
        "within": line.row.within,
        "women": line.women,
        "men": line.men,
        "total": line.total,
    }
