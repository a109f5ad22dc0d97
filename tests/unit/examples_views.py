"""Examples that the tests of views and forms share."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from bot.views.blocks import Named
from bot.views.referral_submit import Prefill, ReferralForm
from schedules.domain.assignment import Reason
from schedules.domain.cases import (
    Consent,
    Gender,
    PersonTakesPart,
    Protected,
    QuestionCategory,
    Referral,
    ReferralStatus,
    Support,
    Urgency,
)
from schedules.domain.facts import (
    Called,
    CaseFacts,
    Contact,
    MeetingFacts,
    PassedOverFacts,
    ReferralOutcome,
    TimeOffer,
)
from schedules.domain.plan import Role
from schedules.texts.words import Words

TODAY = date(2026, 9, 1)
SV, EN = Words("sv"), Words("en")
BOTH = (SV, EN)
COORDINATOR = Contact("Maria Ek", "+46 293 00 00 00", "maria@kommun.example")
OWN = Named("kommun", "Tierps kommun")
PARTIES = (
    Named("fk", "Försäkringskassan"),
    Named("af", "Arbetsförmedlingen"),
    Named("vc", "Vårdcentralen Tierp"),
)
TEAMS = (Named("tierp", "Samverkansteam Tierp"), Named("alvkarleby", "Samverkansteam Älvkarleby"))

REFERRAL = Referral(
    id="r-1",
    case="c-1",
    reference="TIE-2026-014",
    team="tierp",
    referrer="p1",
    owner="p2",
    status=ReferralStatus.RETURNED,
    parties=("kommun", "fk", "vc"),
    categories=(QuestionCategory.WORK_ABILITY, QuestionCategory.CARE),
    person_takes_part=PersonTakesPart.ONLINE,
    urgency=Urgency.URGENT,
    not_before=date(2026, 9, 10),
    submitted_at=datetime(2026, 8, 28, 9, tzinfo=UTC),
)
PROTECTED = Protected(
    question="Vilket stöd behövs för att börja arbetsträna?",
    consent=Consent(("kommun", "fk", "vc"), date(2026, 8, 20), "p1"),
    urgency_reason="Sjukpenningen upphör snart.",
    own_reference="SN 2026/123",
    gender=Gender.WOMAN,
    birth_year=1985,
    sick_leave_start=date(2026, 6, 1),
    needs="Tolk",
    known_to=("kommun", "fk"),
    support=Support.SICKNESS_BENEFIT,
    return_reason="Frågan behöver vara tydligare.",
)
MEETING = MeetingFacts(
    "Samverkansteam Tierp",
    date(2026, 9, 15),
    time(13),
    time(15),
    "Vårdcentralen Tierp, rum 4",
    "https://video.example/tierp?a=1&b=2",
)
CASE = CaseFacts(
    reference="TIE-2026-014",
    meeting=MEETING,
    start=time(13, 30),
    end=time(14),
    parties=("Tierps kommun", "Försäkringskassan"),
    categories=(QuestionCategory.WORK_ABILITY,),
    urgency=Urgency.ORDINARY,
    person_takes_part=PersonTakesPart.IN_ROOM,
    referrer="Anna Berg",
    coordinator=COORDINATOR,
)
OFFERS = tuple(TimeOffer(f"s-{n}", date(2026, 9, 29), time(13, n), time(13, n + 30)) for n in range(3))
OUTCOME = ReferralOutcome(
    referral="r-1",
    reference="TIE-2026-014",
    team="Samverkansteam Tierp",
    status=ReferralStatus.ACTIVE,
    case=CASE,
    called=(
        Called("Försäkringskassan", "Per Ås", (Role.REPRESENTATIVE,)),
        Called(None, "Anna Berg", (Role.REFERRER, Role.OWNER)),
    ),
    passed_over=(PassedOverFacts(date(2026, 9, 8), Reason.FULL),),
    alternatives=OFFERS,
    awaits_coordinator=True,
    invite_delay_minutes=None,
    booking="b-1",
)
FORM = ReferralForm(TEAMS, OWN, "tierp", PARTIES, COORDINATOR, OWN)
MENDED = ReferralForm(
    TEAMS, OWN, "tierp", PARTIES, COORDINATOR, OWN, prefill=Prefill(REFERRAL, PROTECTED, "U0002")
)
