"""The two modals of raising a case: names, order, values, limits, words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.blocks import Named
from bot.views.referral_details import DetailsForm, referral_details
from bot.views.referral_submit import ReferralForm, consent_label, referral_submit, team_suggestions
from schedules.domain.cases import Gender, PersonTakesPart, QuestionCategory, ReferralStatus, Support, Urgency
from schedules.domain.facts import Contact
from schedules.texts.words import Words
from tests.unit.block_kit import block_of, check_view, element, inputs, texts, values_of
from tests.unit.examples_views import (
    BOTH,
    CASE,
    COORDINATOR,
    EN,
    FORM,
    MENDED,
    OUTCOME,
    OWN,
    PARTIES,
    PROTECTED,
    SV,
    TEAMS,
)

SUBMIT_FIELDS = [
    "team",
    "protected_identity",
    "parties",
    "consent",
    "consent_date",
    "question_categories",
    "question",
    "person_takes_part",
    "urgency",
    "urgency_reason",
    "not_before",
    "own_reference",
    "case_owner",
]
DETAILS_FIELDS = ["slot", "gender", "birth_year", "sick_leave_start", "needs", "known_to", "support"]
names = st.text(min_size=0, max_size=400)
ids = st.lists(st.from_regex(r"[a-z]{1,20}", fullmatch=True), unique=True, max_size=14)


@pytest.mark.parametrize("words", BOTH)
def test_submit_has_the_fixed_fields_in_order(words: Words) -> None:
    view = referral_submit(FORM, words)
    check_view(view)
    assert view["callback_id"] == "referral_submit"
    assert inputs(view) == SUBMIT_FIELDS
    assert all("hint" in block_of(view, name) for name in ("question", "parties", "consent"))


def test_submit_says_the_words_of_the_design() -> None:
    view = referral_submit(FORM, SV)
    assert view["title"]["text"] == "Lyft ett ärende"
    assert view["submit"]["text"] == "Lyft ärendet"
    assert view["close"]["text"] == "Avbryt"
    assert block_of(view, "parties")["label"]["text"] == "Vilka behöver vara med?"
    assert block_of(view, "question")["label"]["text"] == "Vad ska mötet ge svar på?"
    hint = block_of(view, "question")["hint"]["text"]
    assert hint == "Formulera frågan tillsammans med personen. Skriv inte namn eller personnummer."
    assert block_of(view, "consent")["hint"]["text"] == "Förvara originalet i er akt eller journal."


def test_options_are_the_values_of_the_domain() -> None:
    view = referral_submit(FORM, SV)
    assert values_of(view, "protected_identity") == ["no", "yes"]
    assert values_of(view, "consent") == ["given"]
    assert values_of(view, "parties") == ["fk", "af", "vc"]
    assert values_of(view, "question_categories") == [one.value for one in QuestionCategory]
    assert values_of(view, "person_takes_part") == [one.value for one in PersonTakesPart]
    assert values_of(view, "urgency") == [one.value for one in Urgency]


def test_what_changes_the_form_is_dispatched_at_once() -> None:
    view = referral_submit(FORM, SV)
    dispatched = [block["block_id"] for block in view["blocks"] if block.get("dispatch_action")]
    assert dispatched == ["team", "protected_identity", "parties", "urgency"]


def test_elements_are_those_of_the_contract() -> None:
    view = referral_submit(FORM, SV)
    kinds = {name: element(view, name)["type"] for name in SUBMIT_FIELDS}
    assert kinds == {
        "team": "static_select",
        "protected_identity": "radio_buttons",
        "parties": "checkboxes",
        "consent": "checkboxes",
        "consent_date": "datepicker",
        "question_categories": "multi_static_select",
        "question": "plain_text_input",
        "person_takes_part": "radio_buttons",
        "urgency": "radio_buttons",
        "urgency_reason": "plain_text_input",
        "not_before": "datepicker",
        "own_reference": "plain_text_input",
        "case_owner": "users_select",
    }
    assert element(view, "urgency")["initial_option"]["value"] == "ordinary"
    optional = [name for name in SUBMIT_FIELDS if block_of(view, name)["optional"]]
    assert optional == ["urgency_reason", "not_before", "own_reference", "case_owner"]


def test_one_team_is_shown_and_preselected() -> None:
    view = referral_submit(replace(FORM, teams=TEAMS[:1], team=None), SV)
    assert element(view, "team")["initial_option"]["value"] == "tierp"


def test_more_than_a_hundred_teams_are_searched_for() -> None:
    many = tuple(Named(f"t{n}", f"Team {n:03}") for n in range(101))
    view = referral_submit(replace(FORM, teams=many, team="t7"), SV)
    check_view(view)
    assert element(view, "team")["type"] == "external_select"
    assert "options" not in element(view, "team")
    assert element(view, "team")["initial_option"]["value"] == "t7"
    assert [one["value"] for one in team_suggestions(many, "TEAM 00")["options"]] == [
        f"t{n}" for n in range(10)
    ]
    assert len(team_suggestions(many, "")["options"]) == 100


def test_without_a_team_the_parties_wait() -> None:
    view = referral_submit(ReferralForm(TEAMS, OWN), SV)
    check_view(view)
    assert "parties" not in inputs(view)
    assert any("Välj team först" in text for text in texts(view))
    known = referral_submit(ReferralForm(TEAMS, OWN, "tierp"), SV)
    assert any("inga andra parter" in text for text in texts(known))


def test_more_than_ten_parties_become_a_multi_select() -> None:
    many = tuple(Named(f"p{n}", f"Part {n}") for n in range(11))
    view = referral_submit(replace(FORM, parties=many, chosen=("p3", "gone")), SV)
    check_view(view)
    assert element(view, "parties")["type"] == "multi_static_select"
    assert [one["value"] for one in element(view, "parties")["initial_options"]] == ["p3"]


def test_the_consent_names_the_chosen_the_own_and_the_coordinators_party() -> None:
    form = replace(FORM, chosen=("vc", "fk", "gone"), coordinator_party=Named("region", "Region Uppsala"))
    assert consent_label(form, SV) == (
        "Personen har skriftligt samtyckt till att Tierps kommun, Försäkringskassan, Vårdcentralen Tierp "
        "och Region Uppsala får ta del av uppgifter om ärendet."
    )
    assert block_of(referral_submit(form, SV), "consent")["label"]["text"] == consent_label(form, SV)
    assert consent_label(replace(form, coordinator_party=OWN), EN).count("Tierps kommun") == 1


@pytest.mark.parametrize(
    ("coordinator", "said"),
    [
        (COORDINATOR, "Ring Maria Ek, +46 293 00 00 00."),
        (Contact("Maria Ek"), "Ring Maria Ek."),
        (None, "Ring teamets samordnare."),
    ],
)
def test_protected_identity_says_whom_to_call(coordinator: Contact | None, said: str) -> None:
    view = referral_submit(replace(FORM, coordinator=coordinator, protected_identity=True), SV)
    at = [block.get("block_id") for block in view["blocks"]].index("protected_identity")
    stop = view["blocks"][at + 1]["text"]["text"]
    assert stop == f"Lyft inte ärendet här. {said} Samtid har inte sparat något."
    assert element(view, "protected_identity")["initial_option"]["value"] == "yes"
    calm = referral_submit(replace(FORM, coordinator=coordinator, protected_identity=False), SV)
    assert not any("Lyft inte" in text for text in texts(calm))


def test_an_urgent_case_needs_a_reason() -> None:
    assert block_of(referral_submit(replace(FORM, urgent=True), SV), "urgency_reason")["optional"] is False
    assert block_of(referral_submit(replace(MENDED, urgent=False), SV), "urgency_reason")["optional"] is True


def test_a_returned_referral_is_prefilled_under_its_reason() -> None:
    view = referral_submit(MENDED, SV)
    check_view(view)
    assert json.loads(view["private_metadata"]) == {"mends": "r-1"}
    assert view["blocks"][1]["text"] == {"type": "plain_text", "text": "Frågan behöver vara tydligare."}
    assert element(view, "question")["initial_value"] == PROTECTED.question
    assert element(view, "consent_date")["initial_date"] == "2026-08-20"
    assert element(view, "case_owner")["initial_user"] == "U0002"
    assert [one["value"] for one in element(view, "parties")["initial_options"]] == ["fk", "vc"]


def test_unticking_all_in_a_mended_form_leaves_none_ticked() -> None:
    view = referral_submit(replace(MENDED, chosen=()), SV)
    assert "initial_options" not in element(view, "parties")
    assert "de parter du väljer" in consent_label(replace(MENDED, chosen=()), SV)


def test_long_names_are_cut_to_what_slack_takes() -> None:
    long = "x" * 5000
    named = tuple(Named(one.id, long) for one in PARTIES)
    form = ReferralForm(
        (Named("tierp", long),), Named("kommun", long), "tierp", named, Contact(long, long), None, ("fk",)
    )
    check_view(referral_submit(replace(form, protected_identity=True), SV))
    check_view(referral_details(OUTCOME, DetailsForm(named, needs=long), SV))


@settings(max_examples=40, deadline=None)
@given(teams=ids, parties=ids, name=names, language=st.sampled_from(BOTH), chosen=st.booleans())
def test_submit_is_within_the_limits_for_any_names(
    teams: list[str], parties: list[str], name: str, language: Words, *, chosen: bool
) -> None:
    form = ReferralForm(
        tuple(Named(one, name) for one in ["team-1", *teams]),
        Named("own", name),
        "team-1",
        tuple(Named(one, name) for one in parties),
        Contact(name, name),
        Named("c", name),
        tuple(parties) if chosen else None,
        protected_identity=chosen,
    )
    check_view(referral_submit(form, language))


# --- referral_details --------------------------------------------------------------------------------

DETAILS = DetailsForm((OWN, *PARTIES))


@pytest.mark.parametrize("words", BOTH)
def test_details_has_the_fixed_fields_in_order(words: Words) -> None:
    view = referral_details(OUTCOME, DETAILS, words)
    check_view(view)
    assert view["callback_id"] == "referral_details"
    assert json.loads(view["private_metadata"]) == {"referral": "r-1"}
    assert inputs(view) == DETAILS_FIELDS
    assert all(block_of(view, name)["optional"] for name in DETAILS_FIELDS)


def test_details_offer_the_values_of_the_domain() -> None:
    view = referral_details(OUTCOME, DETAILS, SV)
    assert values_of(view, "slot") == ["booked", "s-0", "s-1", "wait"]
    assert element(view, "slot")["initial_option"]["value"] == "booked"
    assert values_of(view, "gender") == [one.value for one in Gender]
    assert values_of(view, "support") == [one.value for one in Support]
    assert values_of(view, "known_to") == ["kommun", "fk", "af", "vc"]


def test_details_tell_time_place_people_and_why_not_earlier() -> None:
    said = "\n".join(texts(referral_details(OUTCOME, DETAILS, SV)))
    for part in (
        "Tisdag 15 september kl. 13:30–14:00",
        "Vårdcentralen Tierp, rum 4",
        "Försäkringskassan: Per Ås",
        "Samordnaren, Maria Ek, bekräftar den innan kallelserna skickas.",
        "Tisdag 8 september är fullt.",
        "Tiden är kvar även om du stänger.",
    ):
        assert part in said
    assert "redan lyft" not in said
    assert "senare än målet" not in said


def test_details_tell_when_the_calls_leave() -> None:
    alone = replace(OUTCOME, awaits_coordinator=False, invite_delay_minutes=10)
    assert "skickas om 10 minuter" in "\n".join(texts(referral_details(alone, DETAILS, SV)))
    one = replace(alone, invite_delay_minutes=1)
    assert "skickas om en minut." in "\n".join(texts(referral_details(one, DETAILS, SV)))
    now = replace(alone, invite_delay_minutes=0)
    assert "Kallelserna skickas nu." in "\n".join(texts(referral_details(now, DETAILS, SV)))


def test_details_of_a_case_that_waits() -> None:
    waiting = replace(OUTCOME, case=None, status=ReferralStatus.WAITING, called=(), alternatives=())
    view = referral_details(waiting, DETAILS, SV)
    check_view(view)
    assert values_of(view, "slot") == ["wait"]
    assert any("Ärendet väntar" in text for text in texts(view))


def test_details_flag_what_is_late_or_repeated() -> None:
    said = "\n".join(texts(referral_details(replace(OUTCOME, repeated=True), DETAILS, SV)))
    assert "Ärendet är redan lyft; här är det." in said
    late = "\n".join(texts(referral_details(OUTCOME, replace(DETAILS, later_than_goal=True), SV)))
    assert "senare än målet" in late


def test_an_age_outside_the_target_group_is_asked_about() -> None:
    view = referral_details(OUTCOME, replace(DETAILS, ask_raise_all_the_same=True), SV)
    check_view(view)
    assert values_of(view, "raise_all_the_same") == ["yes"]
    assert "16–64 år" in block_of(view, "raise_all_the_same")["label"]["text"]
    assert [name for name in inputs(view) if name in DETAILS_FIELDS] == DETAILS_FIELDS


def test_names_cannot_call_the_channel() -> None:
    sly = replace(CASE, meeting=replace(CASE.meeting, place="<!channel> & co"))
    said = "\n".join(texts(referral_details(replace(OUTCOME, case=sly), DETAILS, SV)))
    assert "&lt;!channel&gt; &amp; co" in said
    assert "<!" not in said


@settings(max_examples=40, deadline=None)
@given(parties=ids, name=names, words=st.sampled_from(BOTH), year=st.integers(1900, 2026))
def test_details_are_within_the_limits_for_any_names(
    parties: list[str], name: str, words: Words, year: int
) -> None:
    meeting = replace(CASE.meeting, place=name, team=name)
    outcome = replace(
        OUTCOME,
        reference=name,
        team=name,
        case=replace(CASE, meeting=meeting),
        called=tuple(replace(OUTCOME.called[0], party=name, person=name) for _ in range(12)),
        passed_over=tuple(replace(OUTCOME.passed_over[0], day=date(2026, 9, day)) for day in range(1, 29)),
        repeated=True,
    )
    options = tuple(Named(one, name) for one in parties)
    known = DetailsForm.of(options, replace(PROTECTED, birth_year=year), ask_raise_all_the_same=True)
    check_view(referral_details(outcome, known, words))
