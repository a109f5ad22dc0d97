"""An example organisation with two towns, and builders for plan and cases with short names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import uuid4
from zoneinfo import ZoneInfo

from schedules.domain.cases import (
    Consent,
    PersonTakesPart,
    Protected,
    QuestionCategory,
    Referral,
    ReferralStatus,
    Urgency,
)
from schedules.domain.organisation import (
    AnswerRule,
    Closure,
    Goals,
    MeetingSeries,
    Membership,
    Organisation,
    Party,
    PartyKind,
    Person,
    Retention,
    Rhythm,
    Rules,
    TargetGroup,
    Team,
)
from schedules.domain.plan import (
    Answer,
    Booking,
    BookingStatus,
    Invitation,
    Meeting,
    MeetingStatus,
    Role,
    Seat,
    Slot,
)
from schedules.ports import UnitOfWork

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
STOCKHOLM = ZoneInfo("Europe/Stockholm")

PARTIES = (
    Party("kommun", "Tierps kommun", PartyKind.MUNICIPALITY, slack_group="S0001"),
    Party("fk", "Försäkringskassan", PartyKind.SOCIAL_INSURANCE),
    Party("af", "Arbetsförmedlingen", PartyKind.EMPLOYMENT_SERVICE),
    Party("vc", "Vårdcentralen Tierp", PartyKind.HEALTH_CARE, organisation="Region Uppsala"),
)
PEOPLE = (
    Person("p1", "kommun", "Samordnare", "samordnare@kommun.example", ("U0001",), "+46 293 00 00 00", "sv"),
    Person("p2", "fk", "Partsamordnare", "pa@fk.example", ("U0002", "U0022")),
    Person("p3", "af", "Partsamordnare", "pa@af.example", language="en"),
    Person("p4", "vc", "Rehabkoordinator", slack=("U0004",)),
    Person("p5", "kommun", "Ersättare", "ersattare@kommun.example"),
)
TIERP = Team(
    id="tierp",
    name="Samverkansteam Tierp",
    reference_prefix="TIE",
    coordinator="p1",
    municipality="Tierp",
    channel="C0001",
    coordinator_deputies=("p5",),
    place="Vårdcentralen Tierp, rum 4",
    meeting_link="https://video.example/tierp",
    closures=(Closure(date(2026, 10, 26), date(2026, 10, 30), "höstlov"),),
    parties=(
        Membership("kommun", ("p1", "p5"), from_date=date(2026, 8, 1)),
        Membership("fk", ("p2",), until=date(2026, 12, 31)),
        Membership("af", ("p3",), Rhythm.ON_REQUEST),
        Membership("vc", ("p4",), Rhythm.EVERY_SECOND, first=date(2026, 9, 15)),
    ),
    series=(MeetingSeries(date(2026, 9, 1), time(13), 4, 30, date(2026, 12, 15), 2, 1, 3),),
    rules=Rules(lead_workdays=5, coordinator_confirms=False, answers=AnswerRule.ONLY_DECLINES, language="sv"),
    goals=Goals(60, 85, 35),
)
ALVKARLEBY = Team(
    id="alvkarleby",
    name="Samverkansteam Älvkarleby",
    reference_prefix="ALV",
    coordinator="p5",
    parties=(Membership("kommun", ("p5", "p1")), Membership("fk", ("p2",))),
)
ORGANISATION = Organisation(
    association="Samordningsförbundet Exempel",
    process_leaders=("p1",),
    administrators=("p1", "p5"),
    target_group=TargetGroup(16, 65),
    parties=PARTIES,
    people=PEOPLE,
    teams=(TIERP, ALVKARLEBY),
    retention=Retention("2026-7", 6, 24, 7),
)


def a_meeting(
    day: date = date(2026, 9, 15),
    team: str = "tierp",
    slots: int = 4,
    start: time = time(13),
    minutes: int = 30,
) -> Meeting:
    """A planned meeting of the team with that many slots."""
    meeting = f"{team}-{day}-{start:%H%M}"
    times = [datetime.combine(day, start) + timedelta(minutes=minutes * n) for n in range(slots + 1)]
    return Meeting(
        id=meeting,
        team=team,
        day=day,
        start=times[0].time(),
        end=times[-1].time(),
        starts_at=_utc(times[0]),
        ends_at=_utc(times[-1]),
        place="Vårdcentralen Tierp, rum 4",
        link=None,
        status=MeetingStatus.PLANNED,
        series_anchor=date(2026, 9, 1),
        series_weeks=2,
        occurrence=1,
        reserve_released_on=None,
        slots=tuple(
            Slot(f"{meeting}-{n}", meeting, n, a.time(), b.time(), _utc(a), _utc(b), reserved=n == slots - 1)
            for n, (a, b) in enumerate(pairwise(times))
        ),
    )


def a_referral(team: str = "tierp", **changes: object) -> Referral:
    """An active referral of a case of its own."""
    referral = Referral(
        id=uuid4().hex,
        case=uuid4().hex,
        reference="",
        team=team,
        referrer="p2",
        owner="p2",
        status=ReferralStatus.ACTIVE,
        parties=("fk", "kommun"),
        categories=(QuestionCategory.WORK_ABILITY, QuestionCategory.OTHER),
        person_takes_part=PersonTakesPart.NO,
        urgency=Urgency.ORDINARY,
        not_before=None,
        submitted_at=NOW,
    )
    return replace(referral, **changes)  # type: ignore[arg-type]  # the tests name fields of Referral


def protected(question: str = "Vad behövs för arbetsträning?", **changes: object) -> Protected:
    """Protected fields with a consent."""
    basis = Protected(question, Consent(("fk", "kommun"), date(2026, 8, 31), "p2"))
    return replace(basis, **changes)  # type: ignore[arg-type]  # the tests name fields of Protected


def a_booking(referral: Referral, slot: Slot, representatives: dict[str, str] | None = None) -> Booking:
    """A proposed booking of the slot; by default with p2 for Försäkringskassan and p1 for kommunen."""
    seats = {"fk": "p2", "kommun": "p1"} if representatives is None else representatives
    return Booking(
        id=uuid4().hex,
        referral=referral.id,
        team=referral.team,
        meeting=slot.meeting,
        slot=slot.id,
        status=BookingStatus.PROPOSED,
        uid=f"{uuid4().hex}@samtid.example",
        sequence=0,
        calls_at=NOW + timedelta(minutes=10),
        created_at=NOW,
        seats=tuple(Seat(party, person) for party, person in seats.items()),
    )


def an_invitation(booking: Booking, person: str = "p2", **changes: object) -> Invitation:
    """A live invitation to the booking, not answered."""
    invitation = Invitation(
        id=uuid4().hex,
        public_id=uuid4().hex,
        booking=booking.id,
        person=person,
        party="fk",
        roles=(Role.REPRESENTATIVE, Role.REFERRER),
        answer=Answer.NEEDS_ACTION,
        answered_at=None,
        answered_by=None,
        identity_known_at=None,
        last_sequence=None,
        called_at=NOW,
    )
    return replace(invitation, **changes)  # type: ignore[arg-type]  # the tests name fields of Invitation


def store_referral(unit: UnitOfWork, referral: Referral, secret: Protected | None = None) -> Referral:
    """Insert the case and the referral; the referral with its reference."""
    prefix = {"tierp": "TIE", "alvkarleby": "ALV"}.get(referral.team, "T")
    reference = unit.cases.next_reference(referral.team, prefix, 2026)
    unit.cases.add_case(referral.case, referral.team, reference, "fk", referral.owner, NOW)
    stored = replace(referral, reference=reference)
    unit.cases.add_referral(stored, secret or protected())
    return stored


def _utc(local: datetime) -> datetime:
    return local.replace(tzinfo=STOCKHOLM).astimezone(UTC)
