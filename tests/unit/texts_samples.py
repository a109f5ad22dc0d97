"""Open facts for the tests of the texts: one meeting in Tierp, and random ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from hypothesis import strategies as st

from schedules.domain.assignment import Reason
from schedules.domain.cases import PersonTakesPart, QuestionCategory, Urgency
from schedules.domain.facts import (
    Called,
    CaseFacts,
    Contact,
    MeetingFacts,
    OwnCall,
    PassedOverFacts,
)
from schedules.domain.plan import Answer, Role
from schedules.texts.phrases import ToTell

LANGUAGES = ("sv", "en")

MEETING = MeetingFacts(
    team="Samverkansteam Tierp",
    day=date(2026, 12, 1),
    start=time(13),
    end=time(15),
    place="Vårdcentralen Tierp, rum 4",
    link="https://video.example/tierp",
)
CASE = CaseFacts(
    reference="TIE-2026-014",
    meeting=MEETING,
    start=time(13),
    end=time(13, 30),
    parties=("Tierps kommun", "Försäkringskassan", "Vårdcentralen Tierp"),
    categories=(QuestionCategory.WORK_ABILITY, QuestionCategory.BENEFITS),
    urgency=Urgency.ORDINARY,
    person_takes_part=PersonTakesPart.IN_ROOM,
    referrer="Lisa Berg",
    coordinator=Contact("Maria Ek", "+46 293 00 00 00"),
)
LATER_CASE = replace(CASE, reference="TIE-2026-015", start=time(13, 30), end=time(14))
CALL = OwnCall(
    case=CASE,
    public_id="call-1",
    referral="referral-1",
    party="Försäkringskassan",
    roles=(Role.REPRESENTATIVE,),
    answer=Answer.NEEDS_ACTION,
    identity_known=False,
)
LATER_CALL = replace(CALL, case=LATER_CASE, public_id="call-2", referral="referral-2")
REFERRERS = replace(CALL, public_id="call-3", party=None, roles=(Role.REFERRER, Role.OWNER))
COORDINATORS = replace(CALL, public_id="call-4", party=None, roles=(Role.COORDINATOR,))
CALLED = (
    Called("Försäkringskassan", "Per Ström", (Role.REPRESENTATIVE,)),
    Called("Vårdcentralen Tierp", "Anna Lind", (Role.REPRESENTATIVE,)),
    Called(None, "Lisa Berg", (Role.REFERRER,)),
)
TO_TELL = (
    ToTell("Per Ström", "Försäkringskassan", knows=True),
    ToTell("Anna Lind", "Vårdcentralen Tierp", knows=False),
)
PASSED_OVER = (
    PassedOverFacts(date(2026, 11, 3), Reason.FULL),
    PassedOverFacts(date(2026, 11, 17), Reason.NO_REPRESENTATIVE, ("Försäkringskassan",)),
)

names = st.text(alphabet="aåÖ<>&{}'\" %", min_size=1, max_size=400).map(lambda text: f"N{text}")
days = st.dates(date(2026, 1, 1), date(2030, 12, 31))
contacts = st.builds(Contact, names, st.none() | names, st.none() | names)
meetings = st.builds(
    MeetingFacts, names, days, st.times(), st.times(), st.just("") | names, st.none() | names
)
cases = st.builds(
    CaseFacts,
    reference=names,
    meeting=meetings,
    start=st.times(),
    end=st.times(),
    parties=st.lists(names, max_size=12).map(tuple),
    categories=st.lists(st.sampled_from(QuestionCategory), unique=True).map(tuple),
    urgency=st.sampled_from(Urgency),
    person_takes_part=st.sampled_from(PersonTakesPart),
    referrer=names,
    coordinator=contacts,
)
role_sets = st.lists(st.sampled_from(Role), min_size=1, unique=True).map(tuple)
calls = st.builds(
    OwnCall,
    case=cases,
    public_id=st.uuids().map(str),
    referral=st.uuids().map(str),
    party=st.none() | names,
    roles=role_sets,
    answer=st.sampled_from(Answer),
    identity_known=st.booleans(),
)
passed_over = st.lists(
    st.builds(
        PassedOverFacts, days, st.sampled_from(Reason), st.lists(names, min_size=1, max_size=3).map(tuple)
    ),
    max_size=20,
).map(tuple)
called = st.lists(st.builds(Called, st.none() | names, names, role_sets), max_size=12).map(tuple)
to_tell = st.lists(st.builds(ToTell, names, st.none() | names, st.booleans()), max_size=12).map(tuple)
