"""The two referral forms: round trips, every refusal, and broken or malicious state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.forms import referral_details as details_form
from bot.forms import referral_submit as submit_form
from bot.forms.errors import FieldErrors, errors_for_slack
from bot.forms.state import BrokenForm
from bot.views.referral_details import DetailsForm, referral_details
from bot.views.referral_submit import ReferralForm, referral_submit
from schedules.domain.cases import Gender, PersonTakesPart, QuestionCategory, Support, Urgency
from schedules.domain.commands import SaveDetails, SubmitReferral
from schedules.domain.facts import Contact
from schedules.texts.words import Words
from tests.unit.block_kit import inputs, submitted
from tests.unit.examples_views import (
    BOTH,
    COORDINATOR,
    FORM,
    MENDED,
    OUTCOME,
    OWN,
    PARTIES,
    PROTECTED,
    SV,
    TODAY,
)

QUESTION = "Vilket stöd behövs för att börja arbetsträna?"
TYPED: dict[str, Any] = {
    "protected_identity": "no",
    "parties": ["fk", "af"],
    "consent": ["given"],
    "consent_date": "2026-08-31",
    "question_categories": ["care", "other"],
    "question": f"  {QUESTION}\n",
    "person_takes_part": "not_yet_asked",
}
COMMAND = SubmitReferral(
    actor="p1",
    view_id="V1",
    team="tierp",
    parties=("fk", "af"),
    consent_date=date(2026, 8, 31),
    categories=(QuestionCategory.CARE, QuestionCategory.OTHER),
    question=QUESTION,
    person_takes_part=PersonTakesPart.NOT_YET_ASKED,
    urgency=Urgency.ORDINARY,
)


def submit(coordinator: Contact | None = COORDINATOR, /, **typed: Any) -> SubmitReferral | FieldErrors:
    view = submitted(referral_submit(FORM, SV), **{**TYPED, **typed})
    return submit_form.parse(view, "p1", TODAY, coordinator)


def codes(found: object) -> dict[str, str]:
    assert isinstance(found, FieldErrors)
    return {name: error.code for name, error in found.fields.items()}


def test_what_is_typed_becomes_the_command() -> None:
    assert submit() == COMMAND


def test_everything_typed_becomes_the_command() -> None:
    found = submit(
        urgency="urgent",
        urgency_reason=" Sjukpenningen upphör. ",
        not_before="2026-09-01",
        own_reference="SN 1",
        case_owner="U2",
    )
    assert found == replace(
        COMMAND,
        urgency=Urgency.URGENT,
        urgency_reason="Sjukpenningen upphör.",
        not_before=TODAY,
        own_reference="SN 1",
        case_owner="U2",
    )


def test_a_prefilled_form_gives_back_the_returned_referral() -> None:
    found = submit_form.parse(submitted(referral_submit(MENDED, SV)), "p1", TODAY, COORDINATOR)
    assert found == SubmitReferral(
        actor="p1",
        view_id="V1",
        team="tierp",
        parties=("fk", "vc"),
        consent_date=PROTECTED.consent.given_on,
        categories=(QuestionCategory.WORK_ABILITY, QuestionCategory.CARE),
        question=PROTECTED.question,
        person_takes_part=PersonTakesPart.ONLINE,
        urgency=Urgency.URGENT,
        urgency_reason=PROTECTED.urgency_reason,
        not_before=date(2026, 9, 10),
        own_reference=PROTECTED.own_reference,
        case_owner="U0002",
        mends="r-1",
    )


def test_a_reason_that_nothing_needs_is_not_kept() -> None:
    found = submit(urgency="ordinary", urgency_reason="Skrevs först.")
    assert isinstance(found, SubmitReferral)
    assert found.urgency_reason is None


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("team", None, "team_missing"),
        ("protected_identity", None, "choose"),
        ("protected_identity", "maybe", "choose"),
        ("parties", [], "no_other_party"),
        ("parties", ["elsewhere"], "no_other_party"),
        ("consent", [], "consent_missing"),
        ("consent", ["other"], "consent_missing"),
        ("consent_date", None, "consent_date_missing"),
        ("consent_date", "2026-09-02", "consent_date_future"),
        ("consent_date", "the first", "unreadable"),
        ("question_categories", [], "category_missing"),
        ("question_categories", ["care", "magic"], "category_missing"),
        ("question", None, "question_short"),
        ("question", "  123456789  ", "question_short"),
        ("question", "x" * 2001, "too_long"),
        ("person_takes_part", None, "choose"),
        ("person_takes_part", "perhaps", "choose"),
        ("urgency", None, "choose"),
        ("urgency", "very", "choose"),
        ("not_before", "2026-08-31", "not_before_past"),
        ("own_reference", "x" * 51, "too_long"),
    ],
)
def test_each_mistake_is_told_beside_its_field(field: str, typed: object, code: str) -> None:
    found = submit(**{field: typed})
    assert codes(found) == {field: code}
    assert isinstance(found, FieldErrors)
    for words in BOTH:
        told = errors_for_slack(found, words)
        assert list(told) == [field]
        assert words("refused.unknown") not in told.values()
        assert "{" not in told[field]


def test_a_consent_of_today_and_a_question_of_ten_characters_will_do() -> None:
    assert isinstance(submit(consent_date=TODAY.isoformat(), question="1234567890"), SubmitReferral)
    assert isinstance(submit(question="x" * 2000, own_reference="x" * 50), SubmitReferral)


@pytest.mark.parametrize(
    ("reason", "code"),
    [(None, "urgency_reason_missing"), ("  ", "urgency_reason_missing"), ("x" * 501, "too_long")],
)
def test_urgency_needs_a_reason_of_sensible_length(reason: str | None, code: str) -> None:
    assert codes(submit(urgency="urgent", urgency_reason=reason)) == {"urgency_reason": code}


def test_all_mistakes_are_told_at_once() -> None:
    found = submit(consent=[], question="kort", parties=[])
    assert codes(found) == {
        "parties": "no_other_party",
        "consent": "consent_missing",
        "question": "question_short",
    }


@pytest.mark.parametrize(
    ("coordinator", "said"),
    [
        (COORDINATOR, "Ring Maria Ek, +46 293 00 00 00."),
        (Contact("Maria Ek"), "Ring Maria Ek."),
        (None, "Ring teamets samordnare."),
    ],
)
def test_protected_identity_is_told_alone_with_whom_to_call(coordinator: Contact | None, said: str) -> None:
    found = submit(coordinator, protected_identity="yes", question="kort", consent=[])
    assert isinstance(found, FieldErrors)
    assert errors_for_slack(found, SV) == {
        "protected_identity": f"Lyft inte ärendet här. {said} Samtid har inte sparat något."
    }


def test_a_party_that_the_view_no_longer_offers_is_dropped() -> None:
    found = submit(parties=["other_team", "fk", "fk"])
    assert isinstance(found, SubmitReferral)
    assert found.parties == ("fk",)


def test_an_error_about_a_field_that_is_not_shown_goes_to_one_that_is() -> None:
    view = referral_submit(ReferralForm(FORM.teams, OWN), SV)
    typed = {name: value for name, value in TYPED.items() if name != "parties"}
    found = submit_form.parse(submitted(view, **typed), "p1", TODAY)
    assert codes(found) == {"team": "team_missing", "parties": "no_other_party"}
    assert isinstance(found, FieldErrors)
    told = errors_for_slack(found, SV, inputs(view))
    assert list(told) == ["team"]
    assert "Välj vilket team" in told["team"]
    assert "Välj minst en part till" in told["team"]


# --- referral_details --------------------------------------------------------------------------------


def save(**typed: Any) -> SaveDetails | FieldErrors:
    view = referral_details(OUTCOME, DetailsForm((OWN, *PARTIES), ask_raise_all_the_same=True), SV)
    return details_form.parse(submitted(view, **typed), "p1", TODAY)


NOTHING = SaveDetails("p1", "r-1", None, None, None, None, None, None, None)


def test_untouched_details_keep_the_time_and_say_nothing() -> None:
    assert save() == NOTHING


def test_known_details_come_back_as_they_were() -> None:
    view = referral_details(OUTCOME, DetailsForm.of((OWN, *PARTIES), PROTECTED), SV)
    assert details_form.parse(submitted(view), "p1", TODAY) == SaveDetails(
        "p1",
        "r-1",
        None,
        Gender.WOMAN,
        1985,
        date(2026, 6, 1),
        "Tolk",
        ("kommun", "fk"),
        Support.SICKNESS_BENEFIT,
    )


@pytest.mark.parametrize(
    ("typed", "slot"), [("booked", None), ("wait", "wait"), ("s-1", "s-1"), (None, None)]
)
def test_the_chosen_time(typed: str | None, slot: str | None) -> None:
    assert save(slot=typed) == replace(NOTHING, slot=slot)


def test_raising_all_the_same_is_a_tick() -> None:
    assert save(raise_all_the_same=["yes"]) == replace(NOTHING, raise_all_the_same=True)


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("gender", "none of it", "choose"),
        ("support", "gold", "choose"),
        ("birth_year", "1899", "birth_year"),
        ("birth_year", "2027", "birth_year"),
        ("birth_year", "85", "birth_year"),
        ("birth_year", "19850101", "birth_year"),
        ("birth_year", "١٩٨٥", "birth_year"),
        ("birth_year", "²²²²", "birth_year"),
        ("sick_leave_start", "2026-09-02", "sick_leave_start_future"),
        ("sick_leave_start", "igår", "unreadable"),
        ("needs", "x" * 501, "too_long"),
    ],
)
def test_each_mistake_in_details(field: str, typed: str, code: str) -> None:
    found = save(**{field: typed})
    assert codes(found) == {field: code}
    assert isinstance(found, FieldErrors)
    assert all(words("refused.unknown") not in errors_for_slack(found, words).values() for words in BOTH)


@pytest.mark.parametrize("year", ["1900", "2026"])
def test_the_outermost_birth_years(year: str) -> None:
    assert save(birth_year=year) == replace(NOTHING, birth_year=int(year))


# --- broken and malicious ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "view",
    [
        {},
        {"state": None},
        {"state": {}},
        {"state": {"values": []}},
        {"state": {"values": {}}},
        {"id": 7, "state": {"values": {}}},
        {"id": "V1", "state": {"values": {}}, "private_metadata": "{"},
        {"id": "V1", "state": {"values": {}}, "private_metadata": "[]"},
        {"id": "V1", "state": {"values": {}}, "private_metadata": 7},
        {"id": "V1", "state": {"values": {}}, "private_metadata": '{"mends": 7}'},
    ],
)
def test_what_is_no_view_is_a_broken_form(view: dict[str, Any]) -> None:
    with pytest.raises(BrokenForm):
        submit_form.parse(view, "p1", TODAY)


def test_details_without_their_referral_are_broken() -> None:
    with pytest.raises(BrokenForm):
        details_form.parse({"id": "V1", "state": {"values": {}}, "private_metadata": ""}, "p1", TODAY)


def test_a_submit_with_nothing_in_it_is_refused_field_by_field() -> None:
    found = submit_form.parse({"id": "V1", "state": {"values": {}}}, "p1", TODAY)
    assert {"team", "protected_identity", "parties", "consent", "question"} <= set(codes(found))


@pytest.mark.parametrize("junk", [7, [], "text", {"question": None}, {"question": []}, {"other": {}}])
def test_a_block_that_is_no_block_is_unreadable(junk: object) -> None:
    view = submitted(referral_submit(FORM, SV), **TYPED)
    view["state"]["values"]["question"] = junk
    assert codes(submit_form.parse(view, "p1", TODAY)) == {"question": "unreadable"}


def test_half_characters_and_nul_do_not_reach_the_store() -> None:
    found = submit(question="en fråga \ud800 med\x00 skräp")
    assert isinstance(found, SubmitReferral)
    assert found.question.encode()
    assert "\x00" not in found.question


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["value", "selected_option", "selected_options", "selected_date", "selected_user"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
fields = st.sampled_from(
    [*TYPED, "team", "urgency", "urgency_reason", "not_before", "own_reference", "case_owner"]
)


@settings(max_examples=150, deadline=None)
@given(field=fields, junk=json_values, whole=st.booleans())
def test_junk_is_never_a_traceback(field: str, junk: object, *, whole: bool) -> None:
    view = submitted(referral_submit(FORM, SV), **TYPED)
    view["state"]["values"][field] = junk if whole else {field: junk}
    found = submit_form.parse(view, "p1", TODAY, COORDINATOR)
    assert isinstance(found, SubmitReferral | FieldErrors)


@settings(max_examples=100, deadline=None)
@given(
    question=st.text(min_size=10, max_size=200).filter(
        lambda text: len(text.strip()) >= 10 and "\x00" not in text
    ),
    parties=st.lists(st.sampled_from([one.id for one in PARTIES]), min_size=1, unique=True),
    days=st.integers(0, 400),
    urgency=st.sampled_from(Urgency),
    words=st.sampled_from(BOTH),
)
def test_round_trip(question: str, parties: list[str], days: int, urgency: Urgency, words: Words) -> None:
    given_on = TODAY - timedelta(days=days)
    form = replace(FORM, chosen=tuple(parties), urgent=urgency is Urgency.URGENT, protected_identity=False)
    typed = {name: value for name, value in TYPED.items() if name != "parties"}
    view = submitted(
        referral_submit(form, words),
        **{**typed, "question": question, "consent_date": given_on.isoformat(), "urgency_reason": "Skäl"},
    )
    shown = tuple(one.id for one in PARTIES if one.id in parties)
    assert submit_form.parse(view, "p1", TODAY) == replace(
        COMMAND,
        question=question.strip(),
        parties=shown,
        consent_date=given_on,
        urgency=urgency,
        urgency_reason="Skäl" if urgency is Urgency.URGENT else None,
    )
