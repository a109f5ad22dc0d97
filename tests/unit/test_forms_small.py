"""The small forms and the words of refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.forms import small
from bot.forms.errors import FieldError, FieldErrors, errors_for_slack
from bot.forms.small import ChosenDeputy, ChosenTime, Declined, RecordedAnswer, SentBack
from bot.forms.state import BrokenForm
from bot.views.blocks import Named
from bot.views.choose_time import choose_time
from bot.views.decline import decline
from bot.views.deputise import deputise
from bot.views.record_answer import record_answer
from bot.views.send_back import send_back
from schedules.domain.facts import TimeOffer
from schedules.domain.plan import Answer, DeclineReason
from schedules.errors import Refused
from schedules.texts.words import Words
from tests.unit.block_kit import block_of, check_view, inputs, submitted, values_of
from tests.unit.examples_views import BOTH, CASE, EN, OFFERS, SV, TODAY

PEOPLE = (Named("p7", "Per Ås"), Named("p8", "Eva Ek"))


@pytest.mark.parametrize("words", BOTH)
def test_another_time(words: Words) -> None:
    view = choose_time("b-1", "TIE-2026-014", CASE, OFFERS, words)
    check_view(view)
    assert (view["callback_id"], inputs(view)) == ("booking_move", ["slot"])
    assert values_of(view, "slot") == ["s-0", "s-1", "s-2"]
    found = small.choose_time(submitted(view, slot="s-2"), "p1")
    assert found == ChosenTime("p1", "b-1", "s-2")


def test_at_most_ten_times_are_offered() -> None:
    many = [TimeOffer(f"s{n}", TODAY, CASE.start, CASE.end) for n in range(12)]
    view = choose_time("b-1", "TIE-2026-014", None, many, SV)
    check_view(view)
    assert len(values_of(view, "slot")) == 10


@pytest.mark.parametrize("words", BOTH)
def test_sending_back(words: Words) -> None:
    view = send_back("b-1", "TIE-2026-014", words)
    check_view(view)
    assert (view["callback_id"], inputs(view)) == ("booking_send_back", ["reason"])
    found = small.send_back(submitted(view, reason=" Skriv frågan tydligare. "), "p1")
    assert found == SentBack("p1", "b-1", "Skriv frågan tydligare.")


def test_the_reason_is_asked_for_without_names() -> None:
    hint = block_of(send_back("b-1", "TIE-2026-014", SV), "reason")["hint"]["text"]
    assert "Skriv inte namn eller personnummer." in hint


@pytest.mark.parametrize(("reason", "code"), [(None, "reason_missing"), ("x" * 1001, "too_long")])
def test_sending_back_needs_a_reason(reason: str | None, code: str) -> None:
    found = small.send_back(submitted(send_back("b-1", "T-1", SV), reason=reason), "p1")
    assert found == FieldErrors({"reason": FieldError(code, found.fields["reason"].values)})  # type: ignore[union-attr]  # the comparison fails for the other kind


@pytest.mark.parametrize("words", BOTH)
def test_a_deputy(words: Words) -> None:
    view = deputise("i-1", "TIE-2026-014", PEOPLE, words)
    check_view(view)
    assert (view["callback_id"], inputs(view)) == ("invitation_deputise", ["deputy"])
    found = small.deputise(submitted(view, deputy="p8"), "p1")
    assert found == ChosenDeputy("p1", "i-1", "p8")


@pytest.mark.parametrize("words", BOTH)
@pytest.mark.parametrize("deputies", [PEOPLE, ()])
def test_a_no(words: Words, deputies: tuple[Named, ...]) -> None:
    view = decline("i-1", "TIE-2026-014", deputies, words)
    check_view(view)
    assert (view["callback_id"], inputs(view)) == (
        "invitation_decline",
        ["reason", "deputy"] if deputies else ["reason"],
    )
    assert values_of(view, "reason") == ["absent", "not_our_case", "wrong_person", "other"]
    found = small.decline(submitted(view, reason="absent"), "p1")
    assert found == Declined("p1", "i-1", DeclineReason.ABSENT, None)


def test_a_no_with_a_deputy_and_one_for_a_case_that_is_not_theirs() -> None:
    view = decline("i-1", "TIE-2026-014", PEOPLE, SV)
    found = small.decline(submitted(view, reason="other", deputy="p8"), "p1")
    assert found == Declined("p1", "i-1", DeclineReason.OTHER, "p8")
    refused = small.decline(submitted(view, reason="not_our_case", deputy="p8"), "p1")
    assert refused == FieldErrors({"deputy": FieldError("deputy_not_needed")})


@pytest.mark.parametrize("words", BOTH)
def test_recording_an_answer(words: Words) -> None:
    view = record_answer("m-1", PEOPLE, words)
    check_view(view)
    assert (view["callback_id"], inputs(view)) == ("record_answer", ["invitation", "answer"])
    assert values_of(view, "answer") == ["accepted", "declined", "tentative"]
    found = small.record_answer(submitted(view, invitation="p7", answer="declined"), "p1")
    assert found == RecordedAnswer("p1", "p7", Answer.DECLINED)


@pytest.mark.parametrize("words", BOTH)
def test_with_nothing_to_choose_there_is_nothing_to_submit(words: Words) -> None:
    for view in (
        choose_time("b-1", "T-1", CASE, (), words),
        deputise("i-1", "T-1", (), words),
        record_answer("m-1", (), words),
    ):
        check_view(view)
        assert "submit" not in view


@pytest.mark.parametrize(
    ("parse", "metadata", "fields"),
    [
        (small.choose_time, '{"booking": "b"}', ["slot"]),
        (small.decline, '{"invitation": "i"}', ["reason"]),
        (small.deputise, '{"invitation": "i"}', ["deputy"]),
        (small.record_answer, "", ["invitation"]),
        (small.send_back, '{"booking": "b"}', ["reason"]),
    ],
)
def test_empty_and_broken_small_forms(
    parse: Callable[[Mapping[str, Any], str], object], metadata: str, fields: list[str]
) -> None:
    empty = parse({"id": "V1", "private_metadata": metadata, "state": {"values": {}}}, "p1")
    assert isinstance(empty, FieldErrors)
    assert list(empty.fields) == fields
    junk = {"values": {fields[0]: 7}}
    broken = parse({"id": "V1", "private_metadata": metadata, "state": junk}, "p1")
    assert isinstance(broken, FieldErrors)
    assert broken.fields[fields[0]].code == "unreadable"
    with pytest.raises(BrokenForm):
        parse({"id": "V1"}, "p1")


def test_an_unknown_answer_is_refused() -> None:
    found = small.record_answer(
        submitted(record_answer("m-1", PEOPLE, SV), invitation="p7", answer="needs-action"), "p1"
    )
    assert found == FieldErrors({"answer": FieldError("choose")})


def test_an_unset_answer_is_refused() -> None:
    found = small.record_answer(submitted(record_answer("m-1", PEOPLE, SV), invitation="p7"), "p1")
    assert found == FieldErrors({"answer": FieldError("choose")})


# --- the words of refusals ---------------------------------------------------------------------------


def test_a_services_refusal_is_told_with_its_facts() -> None:
    refused = Refused({"own_reference": "own_reference_active"}, reference="TIE-2026-014", status="waiting")
    assert errors_for_slack(refused, SV) == {
        "own_reference": "Ärende TIE-2026-014 med samma egna beteckning är redan lyft i teamet. "
        "Läge: Väntar på tid. Du hittar det i fliken Hem i Samtid eller med /samtid ärenden."
    }


@pytest.mark.parametrize("words", BOTH)
@pytest.mark.parametrize(
    "code",
    [
        "identity_number",
        "phone_number",
        "email_address",
        "not_your_team",
        "party_not_in_team",
        "owner_unknown",
        "consent_outside",
        "slot_taken",
        "slot_unknown",
        "deputy_unknown",
        "outside_target_group",
        "no_other_party",
        "too_long",
    ],
)
def test_every_code_of_the_services_has_words(code: str, words: Words) -> None:
    told = errors_for_slack(Refused({"question": code}), words)["question"]
    assert told != words("refused.unknown")
    assert "{" not in told


def test_too_long_knows_the_fields_limit() -> None:
    assert "2000" in errors_for_slack(Refused({"question": "too_long"}), SV)["question"]


@pytest.mark.parametrize("code", ["no_such_code", "own_reference_active", "birth_year"])
def test_an_unknown_code_or_a_missing_fact_still_says_what_to_do(code: str) -> None:
    assert errors_for_slack(Refused({"question": code}), EN) == {"question": EN("refused.unknown")}
