"""The catalogue loader, the words for values, and why not earlier."""

from __future__ import annotations

from datetime import date, time, timedelta
from enum import StrEnum

import pytest

from schedules.domain.assignment import Reason
from schedules.domain.cases import (
    Gender,
    PersonTakesPart,
    QuestionCategory,
    ReferralStatus,
    Support,
    Urgency,
)
from schedules.domain.facts import PassedOverFacts
from schedules.domain.plan import Answer, Role
from schedules.texts import terms
from schedules.texts.reasons import SENTENCES, why_not_earlier
from schedules.texts.words import Words
from tests.unit.texts_samples import LANGUAGES, PASSED_OVER

TUESDAY = date(2026, 12, 1)


def _fortnights(count: int, reason: Reason, *parties: str) -> list[PassedOverFacts]:
    return [PassedOverFacts(TUESDAY + timedelta(weeks=2 * i), reason, parties) for i in range(count)]


def test_an_unknown_language_speaks_swedish() -> None:
    assert Words("fi")("button.accept") == Words(None)("button.accept") == "Jag kommer"


def test_a_missing_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        Words("sv")("no.such.key")
    with pytest.raises(KeyError):
        Words("sv").count("no.such.key", 2)


def test_dates_times_and_lists_are_local() -> None:
    sv, en = Words("sv"), Words("en")
    assert (sv.day(TUESDAY), en.day(TUESDAY)) == ("tisdag 1 december", "Tuesday 1 December")
    assert sv.span(time(9), time(9, 30)) == en.span(time(9), time(9, 30)) == "09:00–09:30"
    assert (sv.all_of(("A", "B", "C")), en.either(("A", "B"))) == ("A, B och C", "A or B")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_has_words(language: str) -> None:
    words = Words(language)
    told: list[tuple[str, type[StrEnum]]] = [
        ("category", QuestionCategory),
        ("urgency", Urgency),
        ("takes_part", PersonTakesPart),
        ("role", Role),
        ("answer", Answer),
        ("status", ReferralStatus),
        ("gender", Gender),
        ("support", Support),
    ]
    for name, values in told:
        for value in values:
            assert getattr(terms, name)(value, words)[0].isupper()


def test_terms_fit_within_a_sentence() -> None:
    words = Words("sv")
    assert terms.categories((QuestionCategory.CARE, QuestionCategory.BENEFITS), words) == (
        "vård och behandling och ersättning"
    )
    assert terms.roles((Role.REFERRER, Role.OWNER), words) == "Lyfte ärendet och ansvarig handläggare"


def test_why_not_earlier_is_told_meeting_by_meeting() -> None:
    assert why_not_earlier(PASSED_OVER, Words("sv")) == (
        "Tisdag 3 november är fullt.",
        "Tisdag 17 november kan Försäkringskassan inte delta.",
    )
    assert why_not_earlier(PASSED_OVER, Words("en")) == (
        "Tuesday 3 November is full.",
        "Tuesday 17 November: Försäkringskassan cannot take part.",
    )


def test_the_same_reason_in_a_row_is_one_sentence() -> None:
    sv = Words("sv")
    assert why_not_earlier(_fortnights(2, Reason.FULL), sv) == (
        "Tisdag 1 december och tisdag 15 december är det fullt.",
    )
    assert why_not_earlier(_fortnights(5, Reason.NO_REPRESENTATIVE, "AF"), sv) == (
        "Från tisdag 1 december till tisdag 26 januari (5 möten) kan AF inte delta.",
    )


def test_the_same_reason_with_other_parties_is_another_sentence() -> None:
    passed = [
        *_fortnights(1, Reason.NO_REPRESENTATIVE, "AF"),
        *_fortnights(1, Reason.NO_REPRESENTATIVE, "FK"),
    ]
    assert len(why_not_earlier(passed, Words("sv"))) == 2


def test_many_changing_reasons_end_in_a_number() -> None:
    passed = _fortnights(1, Reason.FULL) * 1 + _fortnights(1, Reason.CLOSED)
    told = why_not_earlier(passed * 10, Words("sv"))
    assert len(told) == SENTENCES
    assert told[-1] == f"{20 - (SENTENCES - 1)} möten till passade inte."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_that_name_the_day(language: str, reason: Reason) -> None:
    words = Words(language)
    (told,) = why_not_earlier(_fortnights(1, reason, "Arbetsförmedlingen"), words)
    assert words.day(TUESDAY).lower() in told.lower()
    about_parties = {Reason.PARTY_NOT_AT_MEETING, Reason.NO_REPRESENTATIVE}
    assert ("Arbetsförmedlingen" in told) is (reason in about_parties)
