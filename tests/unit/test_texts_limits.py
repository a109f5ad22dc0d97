"""Whatever the facts are, every message can be sent: no exception, and within the limits of chat."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedules.domain.chat import Button, ChatMessage, Section
from schedules.domain.facts import CaseFacts
from schedules.domain.plan import DeclineReason, Role
from schedules.texts import agenda, card, decision, mail, meeting_day, missing, opinions, referrer, reminders
from schedules.texts.follow_up import FollowUpFacts, follow_up_card
from schedules.texts.page import Page, Part, as_html
from schedules.texts.words import Words
from tests.unit import texts_samples as some

AT = datetime(2026, 11, 20, 9, 15)  # noqa: DTZ001 - texts take local wall time
Draw = st.DataObject


def _escaped(text: str) -> int:
    return len(html.escape(text, quote=False))


def _fits_button(button: Button) -> None:
    assert 0 < _escaped(button.label) <= 75
    assert 0 < len(button.value) <= 2000
    if button.confirm is not None:
        assert len(button.confirm.title) <= 100
        assert len(button.confirm.text) <= 300
        assert max(len(button.confirm.yes), len(button.confirm.no)) <= 30


def _fits_section(section: Section) -> None:
    assert section.title or section.lines
    link = f"<{section.link.url}|{section.link.label}>\n" if section.link else ""
    assert _escaped("\n".join([f"*{section.title or ''}*", *section.lines, link])) <= 3000
    actions = [button.action for button in section.buttons]
    assert len(actions) == len(set(actions))
    for button in section.buttons:
        _fits_button(button)


def assert_fits(message: ChatMessage) -> None:
    """The limits of TRAPS.md, counted as cautiously as a renderer could spend them."""
    blocks = sum(1 + bool(s.link) + bool(s.buttons) for s in message.sections) + bool(message.context)
    assert 0 < blocks <= 50
    assert message.text.strip()
    for section in message.sections:
        _fits_section(section)


def _card(draw: Draw, language: str) -> ChatMessage:
    calls = draw.draw(st.lists(some.calls, max_size=6))
    told = {call.referral: draw.draw(some.to_tell) for call in calls[:1]}
    return card.own_card(
        draw.draw(some.meetings),
        calls * draw.draw(st.sampled_from([1, 9])),
        language,
        telling=told,
        ended=draw.draw(st.lists(some.names, max_size=9)),
        agenda_sent=draw.draw(st.booleans()),
    )


def _proposal(draw: Draw, language: str) -> ChatMessage:
    return decision.proposal(
        draw.draw(some.cases),
        language,
        booking_id="b",
        referral_id="r",
        deadline=draw.draw(st.sampled_from([None, AT])),
        flags=draw.draw(st.lists(st.sampled_from([*decision.FLAGS, "unheard_of"]))),
        passed_over=draw.draw(some.passed_over),
        called=draw.draw(some.called),
    )


def _decided(draw: Draw, language: str) -> ChatMessage:
    how = draw.draw(st.sampled_from(decision.Decided))
    return decision.proposal_decided(how, draw.draw(some.cases), language, decided_by=draw.draw(some.names))


def _waiting(draw: Draw, language: str) -> ChatMessage:
    reference, team = draw.draw(some.names), draw.draw(some.names)
    return decision.waiting_for_slot(
        reference,
        team,
        language,
        referral_id="r",
        passed_over=draw.draw(some.passed_over),
        to_coordinator=draw.draw(st.booleans()),
    )


def _declined(draw: Draw, language: str) -> ChatMessage:
    case, name = draw.draw(some.cases), draw.draw(some.names)
    reason = draw.draw(st.sampled_from([None, *DeclineReason]))
    return missing.declined(
        case,
        missing.NoRepresentative(name, name, reason),
        language,
        invitation=draw.draw(st.sampled_from([None, "i"])),
        booking_id="b",
        referral_id="r",
        ways=("seat_move", "seat_without", "seat_contact"),
    )


def _contact_asked(draw: Draw, language: str) -> ChatMessage:
    case, name = draw.draw(some.cases), draw.draw(some.names)
    return missing.contact_asked(case, missing.NoRepresentative(name, name, None), language)


def _held_without(draw: Draw, language: str) -> ChatMessage:
    case, name, called = draw.draw(some.cases), draw.draw(some.names), draw.draw(some.called)
    return missing.held_without(case, name, language, called=called)


def _asked_again(draw: Draw, language: str) -> ChatMessage:
    case, name = draw.draw(some.cases), draw.draw(some.names)
    return missing.asked_again(case, name, language, public_id="i", referral_id="r")


def _failed(draw: Draw, language: str) -> ChatMessage:
    meeting, name = draw.draw(some.meetings), draw.draw(some.names)
    return decision.delivery_failed(meeting, name, language, by_mail=draw.draw(st.booleans()), reference=name)


def _minutes(draw: Draw, language: str) -> ChatMessage:
    return referrer.minutes_running(
        draw.draw(some.cases),
        language,
        booking_id="b",
        referral_id="r",
        calls_at=AT,
        called=draw.draw(some.called),
        passed_over=draw.draw(some.passed_over),
    )


def _short(draw: Draw, language: str) -> ChatMessage:
    case = draw.draw(some.cases)
    to_tell, called = draw.draw(some.to_tell), draw.draw(some.called)
    makers: list[Callable[[], ChatMessage]] = [
        lambda: referrer.sent_back(case.reference, language, referral_id="r", coordinator=case.coordinator),
        lambda: referrer.all_accepted(case, language, called=called),
        lambda: referrer.details_missing(case.reference, language, referral_id="r"),
        lambda: referrer.withdrawn(case, language),
        lambda: agenda.channel_agenda(case.meeting, len(called), len(to_tell), language),
    ]
    return draw.draw(st.sampled_from(makers))()


def _meeting_day(draw: Draw, language: str) -> ChatMessage:
    case, owed = draw.draw(some.cases), draw.draw(st.booleans())
    if draw.draw(st.booleans()):
        return meeting_day.report_due(case.meeting, "m", draw.draw(st.integers(1, 9)), language)
    if draw.draw(st.booleans()):
        calls = draw.draw(st.lists(some.calls, max_size=30))
        return opinions.card_after(
            case.meeting, calls, language, opinions.pulse_section("m", Words(language))
        )
    if draw.draw(st.booleans()):
        told = FollowUpFacts("r", case.reference, case.meeting.team, case.meeting.day, instead=owed)
        return follow_up_card(replace(told, by_mail=case.coordinator) if owed else told, language)
    return meeting_day.result_there(case, "b", language, feedback_owed=owed)


def _reminder(draw: Draw, language: str) -> ChatMessage | None:
    meeting, calls = draw.draw(some.meetings), draw.draw(st.lists(some.calls, max_size=6))
    makers: list[Callable[[], ChatMessage | None]] = [
        lambda: reminders.unanswered(meeting, calls, language),
        lambda: reminders.unanswered(meeting, calls * 9, language, second=True),
        lambda: reminders.identity_unknown(meeting, calls, language),
        lambda: reminders.day_before(meeting, calls, language),
        lambda: reminders.morning(meeting, calls, language),
        lambda: agenda.own_agenda(meeting, calls, language),
        lambda: agenda.addition(meeting, calls * 9, language),
    ]
    return draw.draw(st.sampled_from(makers))()


MAKERS = [
    _card,
    _proposal,
    _decided,
    _waiting,
    _declined,
    _contact_asked,
    _held_without,
    _asked_again,
    _failed,
    _minutes,
    _short,
    _meeting_day,
    _reminder,
]


@pytest.mark.parametrize("language", some.LANGUAGES)
@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__.strip("_"))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(draw=st.data())
def test_every_message_can_be_sent(
    make: Callable[[Draw, str], ChatMessage | None], language: str, draw: Draw
) -> None:
    message = make(draw, language)
    if message is None:
        return
    assert_fits(message)
    words = mail.notice_mail(message, language)
    assert words.subject
    assert "\n" not in words.subject


@pytest.mark.parametrize("language", some.LANGUAGES)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=some.cases, name=some.names, roles=some.role_sets, kind=st.sampled_from(mail.MailKind))
def test_every_invitation_can_be_sent(
    language: str, case: CaseFacts, name: str, roles: tuple[Role, ...], kind: mail.MailKind
) -> None:
    words = mail.invitation_mail(case, name, roles, name, kind, language)
    assert len(words.subject) <= 150
    assert words.summary
    assert name in words.text
    assert html.escape(case.meeting.team) in words.html.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")


def test_a_part_with_nothing_in_it_leaves_no_trace() -> None:
    bare = as_html(Page("sv", "Titel", (Part(),)))
    assert "<p" not in bare
    assert "<table" not in bare


@pytest.mark.parametrize("language", some.LANGUAGES)
def test_a_case_with_far_too_much_in_it_is_cut_and_can_still_be_sent(language: str) -> None:
    parties = tuple(f"Förvaltningen för vård & omsorg <{number}>" for number in range(200))
    call = replace(some.CALL, case=replace(some.CASE, parties=parties))
    message = card.own_card(some.MEETING, (call,), language)
    assert_fits(message)
    assert message.sections[1].lines[-1].endswith("…")
    assert message.sections[1].buttons
