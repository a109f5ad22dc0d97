"""What stands in the chat messages, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from schedules.domain.cases import PersonTakesPart, Urgency
from schedules.domain.chat import Button, ChatMessage
from schedules.domain.plan import Answer, DeclineReason, Role
from schedules.texts import agenda, card, decision, phrases, referrer, reminders
from schedules.texts.compose import cut
from schedules.texts.missing import NoRepresentative, declined
from schedules.texts.words import Words
from tests.unit.texts_samples import (
    CALL,
    CALLED,
    CASE,
    COORDINATORS,
    LANGUAGES,
    LATER_CALL,
    MEETING,
    PASSED_OVER,
    REFERRERS,
    TO_TELL,
)

DEADLINE = datetime(2026, 11, 20, 9, 15)  # noqa: DTZ001 - texts take local wall time


def words_of(message: ChatMessage | None) -> str:
    """All words of a message, a line each."""
    assert message is not None
    lines = [message.text, message.context or ""]
    for section in message.sections:
        lines += [section.title or "", *section.lines, section.link.url if section.link else ""]
    return "\n".join(lines)


def buttons_of(message: ChatMessage | None) -> list[Button]:
    assert message is not None
    return [button for section in message.sections for button in section.buttons]


def actions_of(message: ChatMessage | None) -> list[tuple[str, str]]:
    return [(button.action, button.value) for button in buttons_of(message)]


# --- the card -----------------------------------------------------------------------------------------


def test_a_representative_is_asked() -> None:
    message = card.own_card(MEETING, (CALL,), "sv")
    assert message.text == (
        "Försäkringskassan behövs på samverkansmöte tisdag 1 december kl. 13:00–13:30, ärende TIE-2026-014. "
        "Kan du vara med?"
    )
    told = words_of(message)
    assert "Lisa Berg kontaktar dig på ett säkert sätt om vem ärendet gäller." in told
    assert "Frågorna rör arbetsförmåga och ersättning." in told
    assert "Andra parter: Tierps kommun och Vårdcentralen Tierp." in told
    assert "Personen är med på plats." in told
    assert "https://video.example/tierp" in told
    assert [button.label for button in buttons_of(message)] == [
        "Jag kommer",
        "Jag kan inte",
        "Skicka ersättare",
        "Visa ärendet",
        "Jag vet vem det gäller",
    ]
    assert actions_of(message) == [
        ("invitation_accept", "call-1"),
        ("invitation_decline", "call-1"),
        ("invitation_deputise", "call-1"),
        ("case_show", "referral-1"),
        ("identity_known", "call-1"),
    ]


def test_the_same_in_english() -> None:
    message = card.own_card(MEETING, (CALL,), "en")
    assert message.text == (
        "Försäkringskassan is needed at the coordination meeting on Tuesday 1 December, 13:00–13:30, "
        "case TIE-2026-014. Can you take part?"
    )
    assert "Lisa Berg will contact you in a secure way" in words_of(message)
    assert buttons_of(message)[0].label == "I’m coming"


@pytest.mark.parametrize(
    ("answer", "said", "offered"),
    [
        (Answer.ACCEPTED, "Du har svarat att du kommer.", ["invitation_decline", "invitation_deputise"]),
        (Answer.DECLINED, "Du har svarat att du inte kan.", ["invitation_accept", "invitation_deputise"]),
        (
            Answer.TENTATIVE,
            "Du har svarat att du kanske kommer.",
            ["invitation_accept", "invitation_decline", "invitation_deputise"],
        ),
    ],
)
def test_an_answered_case_says_what_was_answered_and_offers_the_rest(
    answer: Answer, said: str, offered: list[str]
) -> None:
    message = card.own_card(MEETING, (replace(CALL, answer=answer),), "sv")
    assert said in words_of(message)
    assert [action for action, _ in actions_of(message) if action.startswith("invitation")] == offered


def test_a_known_identity_is_said_and_not_asked_for() -> None:
    message = card.own_card(MEETING, (replace(CALL, identity_known=True),), "sv")
    assert "Du vet vem ärendet gäller." in words_of(message)
    assert "kontaktar dig" not in words_of(message)
    assert "identity_known" not in dict(actions_of(message))


def test_several_cases_are_one_card_with_a_section_each() -> None:
    message = card.own_card(MEETING, (CALL, LATER_CALL), "sv", ended=("TIE-2026-013",), agenda_sent=True)
    assert message.text.endswith("i 2 av dina ärenden. Kan du vara med?")
    titles = [section.title for section in message.sections]
    assert titles == [
        "Samverkansmöte tisdag 1 december",
        "Ärende TIE-2026-014, kl. 13:00–13:30",
        "Ärende TIE-2026-015, kl. 13:30–14:00",
    ]
    assert words_of(message).count("Försäkringskassan behövs. Kan du vara med?") == 2
    assert "Ärende TIE-2026-013 gäller inte längre för dig." in words_of(message)
    assert "Det här är ett tillägg." in words_of(message)
    assert message.pointer == "Det finns ett nyare meddelande om mötet tisdag 1 december längre ner."


def test_the_referrer_is_not_asked_and_learns_whom_to_tell() -> None:
    message = card.own_card(MEETING, (REFERRERS,), "sv", telling={"referral-1": TO_TELL})
    told = words_of(message)
    assert "Kan du vara med?" not in told
    assert "Du behöver inte svara." in told
    assert "Kontakta Anna Lind (Vårdcentralen Tierp) på ett säkert sätt" in told
    assert "Per Ström (Försäkringskassan) vet vem det gäller." in told
    assert actions_of(message) == [("case_show", "referral-1")]


def test_merged_roles_are_one_section_and_the_referrer_is_not_told_by_herself() -> None:
    both = replace(CALL, roles=(Role.REPRESENTATIVE, Role.REFERRER, Role.COORDINATOR))
    message = card.own_card(MEETING, (both,), "sv")
    assert len(message.sections) == 2
    told = words_of(message)
    assert "Du har lyft ärendet. Du leder mötet." in told
    assert "kontaktar dig" not in told
    assert "Du behöver inte svara" not in told
    assert "identity_known" not in dict(actions_of(message))
    assert "invitation_accept" in dict(actions_of(message))
    assert message.context is None  # she is the coordinator; nobody else to ask


def test_the_owner_learns_who_raised_the_case_and_the_coordinator_leads() -> None:
    owner = replace(REFERRERS, roles=(Role.OWNER,))
    told = words_of(card.own_card(MEETING, (owner,), "sv"))
    assert "Du ansvarar för ärendet. Lisa Berg har lyft ärendet." in told
    assert "Du leder mötet. Du behöver inte svara." in words_of(card.own_card(MEETING, (COORDINATORS,), "sv"))


def test_a_person_not_yet_asked_is_the_referrers_task() -> None:
    unasked = replace(CASE, person_takes_part=PersonTakesPart.NOT_YET_ASKED, urgency=Urgency.URGENT)
    task = "Fråga personen om det passar att vara med på mötet."
    to_referrer = words_of(card.own_card(MEETING, (replace(REFERRERS, case=unasked),), "sv"))
    assert task in to_referrer
    assert "Ärendet är skyndsamt." in to_referrer
    assert task not in words_of(card.own_card(MEETING, (replace(CALL, case=unasked),), "sv"))


def test_silence_can_be_a_yes() -> None:
    quiet = card.own_card(MEETING, (replace(CALL, need_not_answer=True),), "sv")
    assert "Du behöver bara svara om du inte kan." in words_of(quiet)
    assert "bara svara" not in words_of(card.own_card(MEETING, (CALL,), "sv"))


def test_a_card_with_no_time_left_is_neutral_and_has_no_link() -> None:
    message = card.own_card(MEETING, (), "sv")
    assert message.text == "Du har inte längre någon tid på samverkansmötet tisdag 1 december."
    assert "https" not in words_of(message)
    assert not buttons_of(message)


# --- the coordinator ----------------------------------------------------------------------------------


def test_a_proposal_tells_what_is_needed_to_decide() -> None:
    message = decision.proposal(
        CASE,
        "sv",
        booking_id="booking-1",
        referral_id="referral-1",
        deadline=DEADLINE,
        later_than_goal=True,
        flags=("outside_target_group", "later_than_goal"),
        passed_over=PASSED_OVER,
        called=CALLED,
    )
    told = words_of(message)
    assert "Om du inte gör något bekräftas tiden av sig själv fredag 20 november kl. 09:15." in told
    assert told.count("Senare än målet.") == 1
    assert "Ärendet är utanför målgruppen." in told
    assert "Tisdag 3 november är fullt." in told
    assert "Per Ström (Försäkringskassan) och Anna Lind (Vårdcentralen Tierp)" in told
    assert "https" not in told  # nobody is called yet
    assert actions_of(message) == [
        ("booking_confirm", "booking-1"),
        ("booking_move", "booking-1"),
        ("booking_send_back", "booking-1"),
        ("case_show", "referral-1"),
    ]
    assert [b.label for b in buttons_of(message)][:3] == ["Bekräfta", "Välj annan tid", "Skicka tillbaka"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("how", decision.Decided)
def test_a_decided_proposal_says_how_and_offers_nothing(language: str, how: decision.Decided) -> None:
    message = decision.proposal_decided(how, CASE, language, decided_by="Maria Ek")
    assert "TIE-2026-014" in message.text
    assert "Maria Ek" in words_of(message)
    assert not buttons_of(message)


def test_each_way_of_deciding_reads_differently() -> None:
    told = {decision.proposal_decided(how, CASE, "sv").text for how in decision.Decided}
    assert len(told) == len(decision.Decided)


def test_waiting_is_told_to_both_and_says_what_happens_next() -> None:
    for_coordinator, for_referrer = (
        decision.waiting_for_slot(
            "TIE-2026-014",
            "Samverkansteam Tierp",
            "sv",
            referral_id="referral-1",
            passed_over=PASSED_OVER,
            to_coordinator=to_coordinator,
            flags=("outside_target_group",),
        )
        for to_coordinator in (True, False)
    )
    assert "extra möte" in words_of(for_coordinator)
    assert "utanför målgruppen" in words_of(for_coordinator)
    assert "Du får besked då" in words_of(for_referrer)
    assert "utanför målgruppen" not in words_of(for_referrer)
    assert "Varför passar inget möte?" in words_of(for_referrer)


def test_a_decline_offers_the_next_suitable_time() -> None:
    who = NoRepresentative("Per Ström", "Försäkringskassan", None)
    message = declined(CASE, who, "sv", invitation=None, booking_id="booking-1", referral_id="referral-1")
    assert message.text.startswith("Per Ström (Försäkringskassan) kan inte vara med tisdag 1 december")
    assert actions_of(message)[0] == ("booking_move", "booking-1")
    assert buttons_of(message)[0].label == "Flytta till nästa tid som passar"


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (DeclineReason.ABSENT, "Skäl: borta då."),
        (DeclineReason.NOT_OUR_CASE, "svarar att ärende TIE-2026-014 tisdag 1 december"),
    ],
)
def test_a_coordinator_reads_why_and_chooses_a_way(reason: DeclineReason, told: str) -> None:
    message = declined(
        CASE,
        NoRepresentative("Per Ström", "Försäkringskassan", reason),
        "sv",
        invitation="call-1",
        booking_id="booking-1",
        referral_id="referral-1",
        ways=("seat_without", "seat_move"),
    )
    assert told in words_of(message)
    assert actions_of(message)[:2] == [("seat_without", "call-1"), ("seat_move", "call-1")]


def test_two_who_are_asked_for_one_seat_read_whose_it_is() -> None:
    beside = card.own_card(MEETING, (replace(CALL, instead_of="Per Ström"),), "sv")
    holder = card.own_card(MEETING, (replace(CALL, also_asked="Per Ström"),), "sv")
    assert "Per Ström har inte svarat, så du är också tillfrågad." in words_of(beside)
    assert "Platsen är din om du svarar först." in words_of(holder)


def test_a_failed_delivery_names_whom_to_reach_instead() -> None:
    by_mail = decision.delivery_failed(MEETING, "Per Ström", "sv", by_mail=True, reference="TIE-2026-014")
    by_chat = decision.delivery_failed(MEETING, "Per Ström", "sv", by_mail=False)
    assert by_mail.text.startswith("Mejlet till Per Ström")
    assert "ärende TIE-2026-014" in words_of(by_mail)
    assert by_chat.text.startswith("Meddelandet i Slack till Per Ström")


# --- the referrer -------------------------------------------------------------------------------------


def test_the_running_minutes_can_be_used() -> None:
    message = referrer.minutes_running(
        CASE, "sv", booking_id="booking-1", referral_id="referral-1", calls_at=DEADLINE, called=CALLED
    )
    assert "Kallelserna skickas kl. 09:15." in message.text
    assert [action for action, _ in actions_of(message)] == [
        "booking_send_now",
        "booking_move",
        "booking_withdraw",
        "case_show",
    ]
    confirm = buttons_of(message)[2].confirm
    assert confirm is not None
    assert (confirm.title, confirm.no) == ("Ta tillbaka ärendet?", "Behåll tiden")


def test_a_returned_case_leads_to_the_form() -> None:
    message = referrer.sent_back("TIE-2026-014", "sv", referral_id="referral-1", coordinator=CASE.coordinator)
    (button,) = buttons_of(message)
    assert (button.action, button.value) == ("referral_mend", "referral-1")
    assert button.label == "Öppna och komplettera"
    assert "Maria Ek, +46 293 00 00 00" in words_of(message)


def test_missing_details_are_asked_for_twice_in_different_words() -> None:
    first = referrer.details_missing("TIE-2026-014", "sv", referral_id="referral-1")
    again = referrer.details_missing("TIE-2026-014", "sv", referral_id="referral-1", again_before=MEETING.day)
    waits = referrer.details_missing("TIE-2026-014", "sv", referral_id="referral-1", waits=True)
    assert actions_of(first) == actions_of(again) == [("details_open", "referral-1")]
    assert "fortfarande" in again.text
    assert "tisdag 1 december" in again.text
    assert "bokad" in first.text
    assert "bokad" not in waits.text


def test_accepted_and_withdrawn_are_told() -> None:
    assert "Alla partsamordnare" in referrer.all_accepted(CASE, "sv", called=CALLED).text
    assert "återtaget" in referrer.withdrawn(CASE, "sv").text


def test_whom_to_tell_ends_when_all_know() -> None:
    everyone = tuple(replace(one, knows=True) for one in TO_TELL)
    left, done = phrases.tell(TO_TELL, Words("sv")), phrases.tell(everyone, Words("sv"))
    assert "Kontakta Anna Lind (Vårdcentralen Tierp)" in " ".join(left)
    assert "Alla kallade partsamordnare vet" in " ".join(done)


# --- reminders and agenda -----------------------------------------------------------------------------


def test_only_unanswered_cases_are_reminded_of() -> None:
    answered = replace(LATER_CALL, answer=Answer.ACCEPTED)
    message = reminders.unanswered(MEETING, (CALL, answered, COORDINATORS), "sv")
    assert "TIE-2026-014" in words_of(message)
    assert "TIE-2026-015" not in words_of(message)
    second = reminders.unanswered(MEETING, (CALL, LATER_CALL), "sv", second=True)
    assert second is not None
    assert "2 ärenden väntar på ditt svar" in second.text
    assert reminders.unanswered(MEETING, (answered, COORDINATORS), "sv") is None


def test_unknown_identity_is_asked_of_both_sides() -> None:
    known = replace(CALL, identity_known=True)
    message = reminders.identity_unknown(MEETING, (CALL, replace(known, public_id="x")), "sv")
    assert actions_of(message) == [("identity_known", "call-1")]
    assert "Ring Lisa Berg i dag" in words_of(message)
    assert reminders.identity_unknown(MEETING, (known, REFERRERS), "sv") is None
    to_referrer = reminders.identity_untold(CASE, TO_TELL, "sv", referral_id="referral-1")
    assert "Kontakta Anna Lind (Vårdcentralen Tierp)" in words_of(to_referrer)
    assert reminders.identity_untold(CASE, TO_TELL[:1], "sv", referral_id="referral-1") is None


def test_the_day_before_and_the_morning_give_own_times_and_the_link() -> None:
    declined = replace(LATER_CALL, answer=Answer.DECLINED)
    before = reminders.day_before(MEETING, (CALL, declined), "sv")
    morning = reminders.morning(MEETING, (CALL, declined), "sv")
    assert before is not None
    assert morning is not None
    assert before.text == "På tisdag 1 december är det samverkansmöte. Du har en tid: kl. 13:00–13:30."
    assert "Du har inte svarat ännu." in words_of(before)
    assert morning.text == "Samverkansmöte i dag. Din tid är kl. 13:00–13:30."
    assert "https://video.example/tierp" in words_of(morning)
    assert reminders.day_before(MEETING, (declined,), "sv") is None
    assert reminders.morning(MEETING, (declined,), "sv") is None


def test_the_agenda_lists_own_cases_and_an_addition_says_so() -> None:
    message = agenda.own_agenda(MEETING, (CALL, LATER_CALL), "sv")
    assert message.text == "Din ärendelista till samverkansmöte tisdag 1 december: 2 ärenden."
    assert "Ärende TIE-2026-015, kl. 13:30–14:00" in words_of(message)
    assert agenda.addition(MEETING, (CALL,), "sv").text.startswith("Tillägg till din ärendelista")


def test_the_channel_gets_times_and_counts_only() -> None:
    message = agenda.channel_agenda(MEETING, 3, 1, "sv")
    assert message.text == (
        "Samverkansmöte tisdag 1 december kl. 13:00–15:00, Vårdcentralen Tierp, rum 4. "
        "3 tider är bokade, en är ledig."
    )
    assert "https" not in words_of(message)
    assert "Ingen tid är bokad, 4 är lediga." in words_of(agenda.channel_agenda(MEETING, 0, 4, "sv"))
    assert "4 times are taken, none is free." in words_of(agenda.channel_agenda(MEETING, 4, 0, "en"))


# --- limits -------------------------------------------------------------------------------------------


def test_eight_cases_fit_on_a_card_and_a_hundred_are_cut_with_a_word_about_it() -> None:
    eight = card.own_card(MEETING, [CALL] * 8, "sv")
    assert len(eight.sections) == 9
    hundred = card.own_card(MEETING, [CALL] * 100, "sv")
    assert len(hundred.sections) < 30
    assert "ärenden till får inte plats här" in words_of(hundred)


def test_cutting_counts_what_escaping_adds() -> None:
    assert cut("kort", 10) == "kort"
    assert cut("&" * 100, 51) == "&" * 10 + "…"
