"""The case modal, the App Home, and the answers to commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views import plain
from bot.views.buttons import BY_NAME
from bot.views.case import case_modal
from bot.views.home import home
from schedules.domain.case_page import CalledPerson, CasePage
from schedules.domain.cases import QuestionCategory, ReferralStatus, Urgency
from schedules.domain.facts import OwnCall
from schedules.domain.home import (
    CallState,
    CaseLink,
    CoordinatorDesk,
    DeclinedCall,
    FailedDelivery,
    HomePage,
    MeetingLine,
    OwnCase,
    PartyContacts,
    Proposal,
    Reach,
    SilentCall,
    Task,
    TaskKind,
    TeamContacts,
    TeamOverview,
    UntoldCase,
    WaitingReferral,
    When,
)
from schedules.domain.organisation import Rhythm
from schedules.domain.plan import Answer, Role
from schedules.texts.words import Words
from tests.unit.block_kit import Block, check_blocks, check_view, texts
from tests.unit.examples_views import BOTH, CASE, COORDINATOR, EN, MEETING, PROTECTED, REFERRAL, SV, TODAY

NAMES = {"kommun": "Tierps kommun", "fk": "Försäkringskassan", "vc": "Vårdcentralen Tierp"}
CALLED = (
    CalledPerson(
        "Försäkringskassan", "Per Ås", (Role.REPRESENTATIVE,), Answer.ACCEPTED, identity_known=False
    ),
    CalledPerson(None, "Anna Berg", (Role.REFERRER,), Answer.NEEDS_ACTION, identity_known=True),
)
PAGE = CasePage(
    REFERRAL,
    PROTECTED,
    "Samverkansteam Tierp",
    "Anna Berg",
    "Ola Lind",
    CASE,
    CALLED,
    NAMES,
    (("booking_confirm", "b-1"), ("booking_send_back", "b-1")),
)
WHEN = When(date(2026, 9, 15), time(13, 30), time(14))
PROPOSAL = Proposal(
    "b-1",
    "r-1",
    "TIE-2026-014",
    "Samverkansteam Tierp",
    WHEN,
    "Anna Berg",
    ("Tierps kommun", "Försäkringskassan"),
    (QuestionCategory.CARE,),
    Urgency.URGENT,
    ("later_than_goal",),
    (date(2026, 9, 2), time(9)),
)
DECLINED = DeclinedCall(
    "b-2",
    "r-2",
    "TIE-2026-015",
    WHEN,
    "Försäkringskassan",
    "Per Ås",
    "i-2",
    ways=("seat_move", "seat_without"),
)
WAITING = WaitingReferral(
    "r-3", "TIE-2026-016", "Samverkansteam Tierp", ("Tierps kommun",), date(2026, 9, 1), Urgency.ORDINARY
)
FAILED = FailedDelivery("Eva Ek", "mail", "TIE-2026-014", "r-1", "+46 293 00 00 00")
CALLS = (
    CallState("TIE-2026-014", "Försäkringskassan", "Per Ås", Answer.ACCEPTED, identity_known=True),
    CallState("TIE-2026-015", "Försäkringskassan", "Per Ås", Answer.ACCEPTED, identity_known=False),
    CallState("TIE-2026-014", "Vårdcentralen", "Eva Ek", Answer.NEEDS_ACTION, identity_known=False),
    CallState("TIE-2026-014", None, "Anna Berg", Answer.NEEDS_ACTION, identity_known=True, must_answer=False),
)
LINE = MeetingLine("m-1", MEETING, 2, 4, CALLS)
LINK = CaseLink("r-4", "TIE-2026-017", "b-4")
SILENT = SilentCall(
    "m-1",
    "Samverkansteam Tierp",
    TODAY,
    "i-4",
    "Eva Ek",
    "Vårdcentralen",
    (LINK,),
    reminded=True,
    deputy="Bo Ek",
)
UNTOLD = UntoldCase(LINK, WHEN, ("Per Ås, Försäkringskassan",), "Anna Berg")
TASK = Task(TaskKind.NEEDS, LINK, "Anna Berg", WHEN)
DESK = CoordinatorDesk(
    (PROPOSAL,), (DECLINED,), (SILENT,), (UNTOLD,), (TASK,), (WAITING,), (FAILED,), (LINE,)
)
CALL = OwnCall(
    CASE, "i-1", "r-1", "Försäkringskassan", (Role.REPRESENTATIVE,), Answer.NEEDS_ACTION, identity_known=False
)
OWN_CASE = OwnCase(
    "r-1",
    "TIE-2026-014",
    "Samverkansteam Tierp",
    ReferralStatus.ACTIVE,
    WHEN,
    "b-1",
    accepted=1,
    asked=3,
    missing=("gender", "support"),
)


PER = Reach("Per Ås", "08-465 004 09", "per@fk.example", "U0009")
BO = Reach("Bo Ek", email="bo@fk.example", bounced=True)
CONTACTS = TeamContacts(
    "Samverkansteam Tierp",
    Reach("Maria Ek", "+46 293 00 00 00", "maria@kommun.example"),
    (Reach("Amir Haddad"),),
    (PartyContacts("Försäkringskassan", Rhythm.EVERY_SECOND, (PER, BO)),),
)


def said(found: object) -> str:
    return "\n".join(texts(found))


def pressed(blocks: list[Block]) -> list[tuple[str, str]]:
    return [
        (element["action_id"], element["value"])
        for block in blocks
        for element in [*block.get("elements", []), block.get("accessory", {})]
        if element.get("type") == "button"
    ]


# --- the case ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", BOTH)
def test_the_case_shows_every_protected_field(words: Words) -> None:
    view = case_modal(PAGE, words)
    check_view(view)
    assert view["callback_id"] == "case_view"
    assert "submit" not in view
    shown = said(view)
    for part in (
        PROTECTED.question,
        PROTECTED.urgency_reason,
        PROTECTED.own_reference,
        PROTECTED.needs,
        PROTECTED.return_reason,
        "1985",
        "Försäkringskassan",
        "TIE-2026-014",
        "Vårdcentralen Tierp, rum 4",
        words("gender.woman"),
        words("support.sickness_benefit"),
        words("answer.accepted"),
        words("case_view.does_not_know"),
    ):
        assert part is not None
        assert part in shown
    assert pressed(view["blocks"]) == [("booking_confirm", "b-1"), ("booking_send_back", "b-1")]


def test_what_people_wrote_is_no_markup_in_the_case() -> None:
    sly = "<!channel> hej"
    protected = replace(PROTECTED, question=sly, needs=sly, own_reference=sly)
    for block in case_modal(replace(PAGE, protected=protected), SV)["blocks"]:
        text = block.get("text", {})
        assert "<!" not in text.get("text", "") or text["type"] == "plain_text"


def test_a_case_that_waits_shows_no_time() -> None:
    view = case_modal(replace(PAGE, facts=None, called=(), buttons=()), SV)
    check_view(view)
    assert "Tid:" not in said(view)


@settings(max_examples=30, deadline=None)
@given(text=st.text(min_size=1, max_size=3000), words=st.sampled_from(BOTH))
def test_the_case_is_within_the_limits(text: str, words: Words) -> None:
    page = replace(
        PAGE,
        referral=replace(REFERRAL, reference=text),
        protected=replace(PROTECTED, question=text, needs=text, own_reference=text, return_reason=text),
        team=text,
        referrer=text,
        owner=text,
        called=tuple(replace(CALLED[0], person=text, party=text) for _ in range(20)),
        parties=dict.fromkeys(NAMES, text),
        buttons=tuple((name, "v") for name in BY_NAME),
    )
    check_view(case_modal(page, words))


# --- the App Home ------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", BOTH)
def test_the_coordinators_page(words: Words) -> None:
    view = home(HomePage("Maria Ek", words.language, may_raise=True, coordinator=DESK), words)
    check_view(view)
    assert pressed(view["blocks"]) == [
        ("referral_new", "new"),
        ("booking_confirm", "b-1"),
        ("booking_move", "b-1"),
        ("booking_send_back", "b-1"),
        ("case_show", "r-1"),
        ("seat_move", "i-2"),
        ("seat_without", "i-2"),
        ("case_show", "r-2"),
        ("case_show", "r-3"),
        ("booking_withdraw", "r-3"),
        ("case_show", "r-1"),
        ("invitation_remind", "i-4"),
        ("answer_record", "m-1"),
        ("identity_remind", "b-4"),
        ("case_show", "r-4"),
        ("needs_arranged", "r-4"),
        ("answer_record", "m-1"),
        ("meeting_cancel", "m-1"),
    ]


def test_the_coordinator_reads_who_has_answered_and_who_knows() -> None:
    shown = said(home(HomePage("Maria Ek", "sv", may_raise=True, coordinator=DESK), SV))
    for part in (
        "Kommer: Per Ås, Försäkringskassan (TIE-2026-014, TIE-2026-015)",
        "Har inte svarat: Eva Ek, Vårdcentralen (TIE-2026-014)",
        "Svar saknas för TIE-2026-017.",
        "Vet inte än: Per Ås, Försäkringskassan",
        "Anna Berg berättar, på ett säkert sätt.",
        "TIE-2026-017: behov att ordna",
        "2 av 4 tider är bokade.",
        "Per Ås, Försäkringskassan, kan inte komma.",
        "Har fått två påminnelser.",
        "Bo Ek är också tillfrågad.",
        "Mejlet till Eva Ek kom inte fram.",
        "Telefon: +46 293 00 00 00",
        "Senare än målet.",
        "bekräftas tiden av sig själv onsdag 2 september kl. 09:00",
    ):
        assert part in shown
    assert "Anna Berg (" not in shown  # who need not answer is not waited for


def test_a_coordinator_without_work_is_told_so() -> None:
    shown = said(home(HomePage("Maria Ek", "sv", may_raise=False, coordinator=CoordinatorDesk()), SV))
    assert "Inget väntar på ditt beslut." in shown


def test_a_representative_can_answer() -> None:
    view = home(HomePage("Per Ås", "sv", may_raise=False, calls=(CALL,)), SV)
    check_view(view)
    assert pressed(view["blocks"]) == [
        ("invitation_accept", "i-1"),
        ("invitation_decline", "i-1"),
        ("invitation_deputise", "i-1"),
        ("case_show", "r-1"),
        ("identity_known", "i-1"),
    ]
    assert "Anna Berg kontaktar dig på ett säkert sätt om vem ärendet gäller." in said(view)


def test_who_knows_is_not_asked_again_and_who_is_only_told_is_not_asked() -> None:
    knows = home(HomePage("Per Ås", "sv", may_raise=False, calls=(replace(CALL, identity_known=True),)), SV)
    assert "identity_known" not in dict(pressed(knows["blocks"]))
    told = home(HomePage("Anna", "sv", may_raise=False, calls=(replace(CALL, party=None),)), SV)
    assert pressed(told["blocks"]) == [("case_show", "r-1")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ["details_open", "case_show", "booking_withdraw"]),
        ({"missing": ()}, ["case_show", "booking_withdraw"]),
        (
            {"status": ReferralStatus.RETURNED, "booking": None},
            ["referral_mend", "case_show", "booking_withdraw"],
        ),
        ({"status": ReferralStatus.REVOKED}, ["case_show"]),
        (
            {"can_send_now": True, "missing": ()},
            ["booking_send_now", "booking_move", "case_show", "booking_withdraw"],
        ),
    ],
)
def test_a_caseworkers_buttons(change: dict[str, object], expected: list[str]) -> None:
    case = replace(OWN_CASE, **change)  # type: ignore[arg-type]  # the names stand in the table above
    view = home(HomePage("Anna", "sv", may_raise=False, cases=(case,)), SV)
    check_view(view)
    assert [action for action, _ in pressed(view["blocks"])] == expected


def test_taking_back_is_asked_about() -> None:
    view = home(HomePage("Anna", "sv", may_raise=False, cases=(OWN_CASE,)), SV)
    withdraw = next(
        element
        for block in view["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == "booking_withdraw"
    )
    assert withdraw["confirm"]["text"]["text"]
    assert "Saknas: kön och försörjning" in said(view)
    assert "1 av 3 har svarat att de kommer." in said(view)


def test_everyone_chooses_a_language() -> None:
    top = home(HomePage("Anna", "en", may_raise=False), EN)["blocks"][1]["elements"]
    assert [one["action_id"] for one in top] == ["language"]
    assert [one["value"] for one in top[0]["options"]] == ["sv", "en"]
    assert top[0]["initial_option"]["value"] == "en"
    may = home(HomePage("Anna", "en", may_raise=True), EN)["blocks"][1]["elements"]
    assert [one["action_id"] for one in may] == ["referral_new", "language"]


@settings(max_examples=40, deadline=None)
@given(n=st.integers(0, 90), name=st.text(max_size=900), words=st.sampled_from(BOTH))
def test_the_page_never_passes_a_hundred_blocks(n: int, name: str, words: Words) -> None:
    meeting = replace(LINE, facts=replace(MEETING, team=name, place=name), calls=CALLS * 5)
    desk = CoordinatorDesk(
        (replace(PROPOSAL, team=name, referrer=name, parties=(name,) * 9),) * n,
        (replace(DECLINED, person=name, party=name),) * n,
        (
            replace(
                SILENT,
                team=name,
                person=name,
                cases=tuple(CaseLink(f"r-{at}", name, f"b-{at}") for at in range(9)),
            ),
        )
        * n,
        (replace(UNTOLD, people=(name,) * 9),) * n,
        (replace(TASK, referrer=name),) * n,
        (replace(WAITING, team=name),) * n,
        (replace(FAILED, person=name, reference=None),) * n,
        (meeting,) * n,
    )
    page = HomePage(
        name,
        words.language,
        may_raise=True,
        represents=True,
        coordinator=desk,
        calls=(CALL,) * n,
        cases=(OWN_CASE,) * n,
        overview=(TeamOverview(name, name, n, n, (LINE,) * 3),) * n,
    )
    check_view(home(page, words, {"home.cases": n // 2, "home.silent": n * 2, "home.meetings": 3}))


def test_what_is_left_out_is_counted_and_no_part_starves() -> None:
    page = HomePage(
        "Maria",
        "sv",
        may_raise=True,
        coordinator=replace(DESK, proposals=(PROPOSAL,) * 90),
        cases=(OWN_CASE,) * 90,
    )
    view = home(page, SV)
    shown = [action for action, _ in pressed(view["blocks"])]
    confirms, withdraws = shown.count("booking_confirm"), shown.count("booking_withdraw")
    assert confirms > 10
    assert withdraws > 10
    assert f"Tider att bekräfta (1–{confirms} av 90)" in said(view)
    assert f"Dina ärenden (1–{withdraws - 1} av 90)" in said(view)
    assert ("page_next", f"home.proposals:{confirms}") in pressed(view["blocks"])
    later = home(page, SV, {"home.cases": 90 - 5})
    assert "Dina ärenden (86–90 av 90)" in said(later)
    assert f"Tider att bekräfta (1–{confirms}" in said(later)


# --- small answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", BOTH)
def test_small_answers_are_within_the_limits(words: Words) -> None:
    for view in (
        plain.refusal((COORDINATOR,), words),
        plain.refusal((), words),
        plain.error(words),
        plain.outdated(words),
        plain.not_allowed(words),
    ):
        check_view(view)
    check_blocks(plain.help_blocks(words), 50)
    check_blocks(plain.case_list((OWN_CASE,) * 60, words), 50)
    check_blocks(plain.meeting_list((LINE,) * 60, words), 50)
    check_blocks(plain.contact_list((CONTACTS,) * 60, words), 50)
    for empty in (plain.case_list((), words), plain.meeting_list((), words), plain.contact_list((), words)):
        check_blocks(empty, 50)


def test_a_refusal_says_whom_to_ask() -> None:
    assert "Kontakta Maria Ek, +46 293 00 00 00, maria@kommun.example" in plain.refusal_text(
        (COORDINATOR,), SV
    )
    assert plain.error_text(SV) == "Det gick inte just nu. Inget har sparats. Försök igen."


def test_help_names_every_command() -> None:
    shown = said(plain.help_blocks(SV))
    for command in ("lyft", "ärenden", "möten", "kontakter", "hjälp"):
        assert f"/samtid {command}" in shown
    shown = said(plain.help_blocks(EN))
    for command in ("refer", "cases", "meetings", "contacts", "help"):
        assert f"/samtid {command}" in shown


def test_the_meeting_list_names_no_case_and_no_link() -> None:
    shown = said(plain.meeting_list((LINE,), SV))
    assert "TIE-" not in shown
    assert "https://" not in shown
    assert "2 av 4" in shown


def test_contacts_are_told_by_party() -> None:
    shown = said(plain.contact_list((CONTACTS,), SV))
    assert "*Försäkringskassan*\nMed på vartannat möte. Kallas i den här ordningen:\n1. Per Ås" in shown
    assert "<@U0009>, <tel:08-46500409|08-465 004 09>, <mailto:per@fk.example|per@fk.example>" in shown
    assert "2. Bo Ek, <mailto:bo@fk.example|bo@fk.example>. Mejlen till adressen kommer inte fram." in shown
    assert "Ersättare för samordnaren: Amir Haddad, inga kontaktuppgifter" in shown


def test_nothing_in_the_contact_list_is_markup_that_alerts() -> None:
    sly = Reach("<!channel> & <@U1>", "<!here>", "a|b>c@x.example", "U1> <!channel")
    contacts = TeamContacts("<!channel>", sly, (sly,), (PartyContacts("<!here>", Rhythm.EVERY, (sly,)),))
    shown = said(plain.contact_list((contacts,), SV))
    assert "<!" not in shown
    assert "<@" not in shown
    assert "c@x.example>" not in shown.replace("%3Ec@x.example|", "").replace("&gt;c@x.example>", "")
