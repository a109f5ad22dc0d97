"""All that is held on a case as a document in words, to hand to the person who asks for it (GDPR art. 15).

Protected fields are in it: never for a message, a mail or a log.
"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from schedules.domain.case_file import AuditLine, BookingFile, CaseFile, ReferralFile, SentMessage
from schedules.domain.cases import Protected
from schedules.domain.meeting_report import Result
from schedules.domain.plan import Decline, Invitation
from schedules.texts import terms
from schedules.texts.page import Page, Part, Row
from schedules.texts.record import Telling, sealed_since
from schedules.texts.words import Words

Rows = list[tuple[str, str | None]]


def case_document(file: CaseFile, words: Words, zone: ZoneInfo) -> Page:
    """All that is held on a case, as a document to hand to the person."""
    telling = Telling(file.names, words, zone)
    return Page(
        language=words.language,
        title=words("record.title", reference=file.record.reference),
        parts=(
            _head(file, telling),
            _case(file, telling),
            *(part for one in file.referrals for part in _referral(one, telling)),
            *_follow_up(file, telling),
            Part(
                words("record.messages.title"),
                (words("record.messages.told"),),
                tuple(_message(one, telling) for one in file.messages),
            ),
            Part(words("record.audit.title"), (), tuple(_line(one, telling) for one in file.audit)),
        ),
        footer=(words("record.nowhere_else"), words("record.figures")),
    )


def _head(file: CaseFile, telling: Telling) -> Part:
    sealed = sealed_since(file.record, telling.words, telling.zone)
    made = telling.words("record.made", when=telling.when(file.made_at))
    return Part(lines=(made, *((sealed,) if sealed else ())))


def _case(file: CaseFile, telling: Telling) -> Part:
    record = file.record
    rows: Rows = [
        ("record.case.reference", record.reference),
        ("record.case.team", file.team),
        ("record.case.party", telling.party(record.party)),
        ("record.case.owner", telling.person(record.owner)),
        ("record.case.created", telling.when(record.created_at)),
    ]
    return Part(telling.words("record.case.title"), rows=_rows(rows, telling.words))


def _follow_up(file: CaseFile, telling: Telling) -> Iterator[Part]:
    """Whether the case was followed up, and what was said then."""
    if file.follow_up is None:
        return
    words, said = telling.words, file.followed_up
    rows: Rows = [("record.follow_up.status", words(f"record.follow_up.{file.follow_up.status.value}"))]
    if said is not None:
        rows += [
            ("record.follow_up.support", words(f"support.{said.after.value}")),
            (
                "record.follow_up.by_caseworker",
                words(f"follow_up_form.readiness_caseworker.{said.by_caseworker.value}"),
            ),
            ("record.follow_up.by_person", words(f"follow_up_form.readiness_person.{said.by_person.value}")),
        ]
    yield Part(words("record.follow_up.title"), rows=_rows(rows, words))


def _rows(rows: Rows, words: Words) -> tuple[Row, ...]:
    """The rows that have something to say, by their labels' keys."""
    return tuple(Row(words(key).rstrip(":"), text) for key, text in rows if text)


# --- one time that the case was raised -----------------------------------------------------------------


def _referral(one: ReferralFile, telling: Telling) -> Iterator[Part]:
    words, referral = telling.words, one.referral
    rows: Rows = [
        ("case_view.status", words(f"status.{referral.status.value}")),
        ("case_view.referrer", telling.person(referral.referrer)),
        ("case_view.owner", telling.person(referral.owner)),
        ("case_view.parties", telling.parties(referral.parties)),
        ("case_view.categories", terms.opening(terms.categories(referral.categories, words))),
        ("case_view.urgency", words(f"urgency.{referral.urgency.value}")),
        ("case_view.takes_part", words(f"takes_part.{referral.person_takes_part.value}")),
        ("case_view.not_before", words.day_and_year(referral.not_before) if referral.not_before else None),
    ]
    yield Part(
        words("record.referral.title", when=telling.when(referral.submitted_at)),
        rows=_rows(rows, words),
    )
    if one.protected is None:
        yield Part(words("record.protected.title"), (words("record.protected.erased"),))
    else:
        yield _protected(one.protected, telling)
    for booking in one.bookings:
        yield from _booking(booking, telling)


def _protected(held: Protected, telling: Telling) -> Part:
    words, consent, start = telling.words, held.consent, held.sick_leave_start
    agreed: Rows = [
        ("record.consent.parties", telling.parties(consent.parties)),
        ("record.consent.given", words.day_and_year(consent.given_on)),
        ("record.consent.obtained_by", telling.person(consent.obtained_by)),
        (
            "record.consent.withdrawn",
            words.day_and_year(consent.withdrawn_on) if consent.withdrawn_on else None,
        ),
    ]
    rows: Rows = [
        ("case_view.question", held.question),
        ("case_view.urgency_reason", held.urgency_reason),
        ("case_view.needs", held.needs),
        ("case_view.return_reason", held.return_reason),
        ("case_view.own_reference", held.own_reference),
        ("case_view.gender", words(f"gender.{held.gender.value}") if held.gender else None),
        ("case_view.birth_year", str(held.birth_year) if held.birth_year else None),
        ("case_view.sick_leave_start", words.day_and_year(start) if start else None),
        ("case_view.known_to", telling.parties(held.known_to)),
        ("case_view.support", words(f"support.{held.support.value}") if held.support else None),
    ]
    consented = _rows(agreed, words)
    return Part(words("record.protected.title"), rows=(*_rows(rows, words), *consented))


# --- one time at a meeting -----------------------------------------------------------------------------


def _booking(one: BookingFile, telling: Telling) -> Iterator[Part]:
    words, slot = telling.words, one.meeting.slot(one.booking.slot)
    seats = [f"{telling.person(s.representative)} ({telling.party(s.party)})" for s in one.booking.seats]
    rows: Rows = [
        ("record.booking.status", words(f"record.booking.state.{one.booking.status.value}")),
        ("record.booking.booked", telling.when(one.booking.created_at)),
        ("record.booking.place", one.meeting.place or None),
        ("record.booking.seats", words.all_of(seats) if seats else None),
    ]
    span = words.span(slot.start, slot.end)
    title = words("record.booking.title", day=words.day_and_year(one.meeting.day), span=span)
    calls = [
        *(_call(call, telling) for call in one.calls),
        *(_decline(decline, telling) for decline in one.declines),
    ]
    yield Part(title, rows=(*_rows(rows, words), *calls))
    if one.report is not None:
        yield Part(words("record.result.title"), rows=tuple(_result(one, telling)))


def _call(call: Invitation, telling: Telling) -> Row:
    words = telling.words
    who = f"{telling.person(call.person)} ({telling.party(call.party)})" if call.party else None
    told = [words("record.call.called", when=telling.when(call.called_at))]
    if call.must_answer:
        answer = words(f"answer.{call.answer.value}")
        if call.answered_at and call.answered_by:
            by, when = telling.person(call.answered_by), telling.when(call.answered_at)
            answer = words("record.call.answered", answer=answer, who=by, when=when)
        told.append(answer)
    if call.identity_known_at:
        told.append(words("record.call.knows", when=telling.when(call.identity_known_at)))
    if not call.live:
        told.append(words("record.call.ended"))
    roles = terms.roles(call.roles, words)
    label = words("record.call.label", who=who or telling.person(call.person), roles=terms.inside(roles))
    return Row(label, ". ".join(one.rstrip(".") for one in told) + ".")


def _decline(decline: Decline, telling: Telling) -> Row:
    words = telling.words
    label = words("record.decline.label", who=telling.person(decline.person))
    why = (
        words(f"decline_reason.{decline.reason.value}")
        if decline.reason
        else words("record.decline.no_reason")
    )
    return Row(label, words("record.decline.said", when=telling.when(decline.declined_at), why=why))


def _result(one: BookingFile, telling: Telling) -> Iterator[Row]:
    words, report, result = telling.words, one.report, one.result
    if report is None:
        return
    by = f"{telling.person(report.reported_by)}, {telling.when(report.reported_at)}"
    yield from _rows([("record.result.reported", by)], words)
    if result is not None:
        yield from _came_of_it(result, telling)
    if report.feedback_by and report.feedback_at:
        told = f"{telling.person(report.feedback_by)}, {telling.when(report.feedback_at)}"
        yield from _rows([("record.result.feedback", told)], words)


def _came_of_it(result: Result, telling: Telling) -> Iterator[Row]:
    words, start = telling.words, result.next_from
    decisions = [words(f"meeting_report.decisions.{decision.value}") for decision in result.decisions]
    not_held = words(f"meeting_report.not_held.{result.not_held.value}") if result.not_held else None
    took_part = words(f"meeting_report.took_part.{result.took_part.value}") if result.took_part else None
    rows: Rows = [
        ("result_view.outcome", words(f"meeting_report.outcome.{result.outcome.value}")),
        ("result_view.not_held", not_held),
        ("result_view.present", telling.parties(result.present)),
        ("result_view.took_part", took_part),
        ("result_view.decisions", "; ".join(decisions)),
        ("result_view.missed", telling.parties(result.missed)),
        ("result_view.agreed", result.agreed),
        ("record.result.next_parties", telling.parties(result.next_parties)),
        ("record.result.next_from", words.day_and_year(start) if start else None),
    ]
    yield from _rows(rows, words)


# --- what was written, and who saw or did what ---------------------------------------------------------


def _message(one: SentMessage, telling: Telling) -> Row:
    words = telling.words
    # A card with a booking is about that one case; the others gather the reader's cases of a meeting.
    own = f"record.message.booking_{one.kind}" if one.booking else f"record.message.{one.kind}"
    key = own if words.has(own) else f"record.message.{one.kind}"
    kind = words(key) if words.has(key) else one.kind
    to = telling.names.reached.get(one.recipient, one.recipient)
    told = words(f"record.channel.{one.channel}", who=to, what=kind)
    return Row(telling.when(one.written_at), told if one.sent_at else words("record.unsent", what=told))


def _line(line: AuditLine, telling: Telling) -> Row:
    who = telling.person(line.actor)
    if line.party:
        who = f"{who} ({telling.party(line.party)})"
    return Row(telling.when(line.at), f"{who}: {terms.inside(telling.action(line.action))}")
