"""The answer page's words and fields. Pure; open facts only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schedules.domain.cases import Urgency
from schedules.domain.facts import Contact, OwnCall
from schedules.domain.plan import DeclineReason, Role
from schedules.services.answer_by_link import LinkPage, LinkState
from schedules.texts import terms
from schedules.texts.words import Words

Row = tuple[str, str, str | None]
"""A label, its value, and where it leads, if anywhere."""


def answer_view(
    page: LinkPage, words: Words, wrong: str | None = None, form: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What the template shows. `wrong` names what is to be mended, `form` is what was sent."""
    asked = page.state is LinkState.OPEN and page.call is not None and Role.REPRESENTATIVE in page.call.roles
    return {
        "title": _title(page, words),
        "lines": _lines(page, words),
        "facts": _facts(page, words),
        "error": words(f"answer_page.error.{wrong}") if wrong else None,
        "error_title": words("answer_page.error.title"),
        "wrong": wrong,
        "come": _come(page, words) if asked else None,
        "cannot": _cannot(page, words, form or {}) if asked else None,
        "known": _known(page.call, words) if asked and page.call else None,
        "contact": contact_view(page.coordinator, words),
        "own": words("answer_page.own") if page.state is LinkState.OPEN else None,
    }


def contact_view(coordinator: Contact, words: Words) -> dict[str, Any]:
    """Whom to call, as addresses that a telephone can follow."""
    ways = []
    if coordinator.phone:
        ways.append((coordinator.phone, f"tel:{''.join(c for c in coordinator.phone if c in '+0123456789')}"))
    if coordinator.email:
        ways.append((coordinator.email, f"mailto:{coordinator.email}"))
    return {"title": words("page.contact"), "name": coordinator.name, "ways": ways}


def _title(page: LinkPage, words: Words) -> str:
    if page.state is LinkState.OPEN and page.call is not None:
        return words("answer_page.title")
    return words(f"answer_page.{page.state.value}.title")


def _lines(page: LinkPage, words: Words) -> list[str]:
    if page.state is LinkState.OPEN and page.call is not None:
        asked = Role.REPRESENTATIVE in page.call.roles
        return [words(f"answer_page.answer.{page.answer.value}" if asked else "answer_page.told")]
    lines = [words(f"answer_page.{page.state.value}.text")]
    if page.state is LinkState.ENDED:
        # Who has declined has ended the own call, and is told so in other words.
        said = words("answer_page.answer.declined") if page.answer.value == "declined" else ""
        later = words("answer_page.ended.later") if page.call else ""
        lines = [line for line in (said, *lines, later) if line]
    return lines


def _facts(page: LinkPage, words: Words) -> list[Row]:
    if page.call is None:
        return []
    case = page.call.case
    when = words(
        "mail.when",
        day=terms.opening(words.day(case.meeting.day)),
        year=case.meeting.day.year,
        span=words.span(case.start, case.end),
    )
    rows: list[Row] = [
        (words("mail.row.when"), when, None),
        (words("mail.row.team"), case.meeting.team, None),
        (words("mail.row.place"), case.meeting.place, None),
        (words("mail.row.case"), case.reference, None),
    ]
    if page.state is LinkState.OPEN:
        rows += _open_facts(page.call, words)
    return [row for row in rows if row[1]]


def _open_facts(call: OwnCall, words: Words) -> list[Row]:
    case = call.case
    urgent = terms.urgency(case.urgency, words) if case.urgency is Urgency.URGENT else ""
    return [
        (words("mail.row.link"), case.meeting.link or "", case.meeting.link),
        (words("mail.row.parties"), words.all_of(case.parties), None),
        (words("mail.row.categories"), terms.opening(terms.categories(case.categories, words)), None),
        (words("mail.row.person"), terms.takes_part(case.person_takes_part, words), None),
        (words("mail.row.urgency"), urgent, None),
    ]


def _come(page: LinkPage, words: Words) -> dict[str, str] | None:
    if page.answer.value == "accepted":
        return None
    return {"title": words("answer_page.come.title"), "button": words("answer_page.come.button")}


def _cannot(page: LinkPage, words: Words, form: Mapping[str, str]) -> dict[str, Any] | None:
    if page.answer.value == "declined":
        return None
    people = [(person.id, person.name) for person in page.deputies]
    return {
        "title": words("answer_page.cannot.title"),
        "legend": words("answer_page.cannot.legend"),
        "reasons": [(one.value, words(f"answer_page.reason.{one.value}")) for one in DeclineReason],
        "reason": form.get("reason"),
        "deputy_label": words("answer_page.deputy.label"),
        "deputy_none": words("answer_page.deputy.none"),
        "deputies": people,
        "deputy": form.get("deputy"),
        "button": words("answer_page.cannot.button"),
    }


def _known(call: OwnCall, words: Words) -> dict[str, Any]:
    known = call.identity_known
    return {
        "title": words("answer_page.known.title"),
        "text": words("answer_page.known.done")
        if known
        else words("answer_page.known.text", referrer=call.case.referrer),
        "button": None if known else words("answer_page.known.button"),
    }
