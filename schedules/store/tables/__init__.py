"""The schema. Tables are declared with SQLModel; statements go over `Table` objects (no ORM session)."""

from schedules.store.tables.base import ASSOCIATION, METADATA, table_of
from schedules.store.tables.cases import CaseRow, CounterRow, ReferralRow
from schedules.store.tables.facts import (
    FactCallRow,
    FactCaseRow,
    FactFollowUpRow,
    FactLinkRow,
    FactMeetingRow,
    FactOutcomeRow,
    FactReferralRow,
    ReportClosedRow,
    ReportShownRow,
)
from schedules.store.tables.follow_ups import FollowUpRow
from schedules.store.tables.opinions import OpinionAskedRow, OpinionCountRow, SurveyRow
from schedules.store.tables.organisation import (
    AbsenceRow,
    AssociationRow,
    ClosureRow,
    DeputyCoordinatorRow,
    HandoverRow,
    IdentityRow,
    MembershipRow,
    PartyRow,
    PersonRow,
    RepresentativeRow,
    SeriesRow,
    TeamRow,
)
from schedules.store.tables.outcomes import CaseReportRow, ErasedReportRow
from schedules.store.tables.plan import (
    BookingRow,
    BusyRow,
    DeclineRow,
    InvitationRow,
    MeetingRow,
    PublicIdRow,
    SeatRow,
    SlotRow,
)
from schedules.store.tables.records import (
    AuditRow,
    DueRow,
    FormChoiceRow,
    IncomingRow,
    SecretRow,
    SettingRow,
)
from schedules.store.tables.sending import LetterRow

ABSENCE = table_of(AbsenceRow)
ASSOCIATIONS = table_of(AssociationRow)
AUDIT = table_of(AuditRow)
BOOKING = table_of(BookingRow)
BUSY = table_of(BusyRow)
CASE = table_of(CaseRow)
CASE_REPORT = table_of(CaseReportRow)
CLOSURE = table_of(ClosureRow)
COUNTER = table_of(CounterRow)
DECLINE = table_of(DeclineRow)
DEPUTY_COORDINATOR = table_of(DeputyCoordinatorRow)
DUE = table_of(DueRow)
ERASED_REPORT = table_of(ErasedReportRow)
FACT_CALL = table_of(FactCallRow)
FACT_CASE = table_of(FactCaseRow)
FACT_FOLLOW_UP = table_of(FactFollowUpRow)
FACT_LINK = table_of(FactLinkRow)
FACT_MEETING = table_of(FactMeetingRow)
FACT_OUTCOME = table_of(FactOutcomeRow)
FACT_REFERRAL = table_of(FactReferralRow)
FOLLOW_UP = table_of(FollowUpRow)
FORM_CHOICE = table_of(FormChoiceRow)
HANDOVER = table_of(HandoverRow)
IDENTITY = table_of(IdentityRow)
INCOMING = table_of(IncomingRow)
INVITATION = table_of(InvitationRow)
LETTER = table_of(LetterRow)
MEETING = table_of(MeetingRow)
MEMBERSHIP = table_of(MembershipRow)
OPINION_ASKED = table_of(OpinionAskedRow)
OPINION_COUNT = table_of(OpinionCountRow)
PARTY = table_of(PartyRow)
PERSON = table_of(PersonRow)
PUBLIC_ID = table_of(PublicIdRow)
REFERRAL = table_of(ReferralRow)
REPORT_CLOSED = table_of(ReportClosedRow)
REPORT_SHOWN = table_of(ReportShownRow)
REPRESENTATIVE = table_of(RepresentativeRow)
SEAT = table_of(SeatRow)
SECRET = table_of(SecretRow)
SERIES = table_of(SeriesRow)
SETTING = table_of(SettingRow)
SLOT = table_of(SlotRow)
SURVEY = table_of(SurveyRow)
TEAM = table_of(TeamRow)

__all__ = [
    "ABSENCE",
    "ASSOCIATION",
    "ASSOCIATIONS",
    "AUDIT",
    "BOOKING",
    "BUSY",
    "CASE",
    "CASE_REPORT",
    "CLOSURE",
    "COUNTER",
    "DECLINE",
    "DEPUTY_COORDINATOR",
    "DUE",
    "ERASED_REPORT",
    "FACT_CALL",
    "FACT_CASE",
    "FACT_FOLLOW_UP",
    "FACT_LINK",
    "FACT_MEETING",
    "FACT_OUTCOME",
    "FACT_REFERRAL",
    "FOLLOW_UP",
    "FORM_CHOICE",
    "HANDOVER",
    "IDENTITY",
    "INCOMING",
    "INVITATION",
    "LETTER",
    "MEETING",
    "MEMBERSHIP",
    "METADATA",
    "OPINION_ASKED",
    "OPINION_COUNT",
    "PARTY",
    "PERSON",
    "PUBLIC_ID",
    "REFERRAL",
    "REPORT_CLOSED",
    "REPORT_SHOWN",
    "REPRESENTATIVE",
    "SEAT",
    "SECRET",
    "SERIES",
    "SETTING",
    "SLOT",
    "SURVEY",
    "TEAM",
]
