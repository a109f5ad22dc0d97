"""What the services need from outside: stores, senders, clocks and libraries come in through here."""

from schedules.ports.case_file import CaseFiles
from schedules.ports.cases import CaseStore, OutcomeStore
from schedules.ports.delivery import (
    MailTransport,
    Outbox,
    OutboxRow,
    PermanentRefusal,
    Sender,
    SendFailed,
    ServerUnavailable,
    Standing,
    TemporaryRefusal,
    UnknownOutcome,
)
from schedules.ports.due import Due, DueKind, DueOutcome, DueStore
from schedules.ports.erasure import ErasedCase, ErasureStore, HeldCase, StreamLetter
from schedules.ports.follow_ups import FollowUpStore
from schedules.ports.incoming import Incoming, IncomingOutcome, IncomingStore, MailOrigin
from schedules.ports.letters import Channel, FailedLetter, Letter, OutboxWriter
from schedules.ports.mailbox import MailboxReader, MailboxUnavailable, MailKey, StoredMail
from schedules.ports.opinions import OpinionStore
from schedules.ports.organisation import FormChoiceStore, OrganisationStore, PageStore, SettingStore
from schedules.ports.plan import PlanStore
from schedules.ports.record import AuditStore, Figures
from schedules.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from schedules.ports.world import Clock, ClosedDays, Finding, TextCheck

__all__ = [
    "AuditStore",
    "CaseFiles",
    "CaseStore",
    "Channel",
    "Clock",
    "ClosedDays",
    "Due",
    "DueKind",
    "DueOutcome",
    "DueStore",
    "ErasedCase",
    "ErasureStore",
    "FailedLetter",
    "Figures",
    "Finding",
    "FollowUpStore",
    "FormChoiceStore",
    "HeldCase",
    "Incoming",
    "IncomingOutcome",
    "IncomingStore",
    "Letter",
    "MailKey",
    "MailOrigin",
    "MailTransport",
    "MailboxReader",
    "MailboxUnavailable",
    "OpinionStore",
    "OrganisationStore",
    "Outbox",
    "OutboxRow",
    "OutboxWriter",
    "OutcomeStore",
    "PageStore",
    "PermanentRefusal",
    "PlanStore",
    "SendFailed",
    "Sender",
    "ServerUnavailable",
    "SettingStore",
    "Standing",
    "StoredMail",
    "StreamLetter",
    "TemporaryRefusal",
    "TextCheck",
    "UnitOfWork",
    "UnitOfWorkFactory",
    "UnknownOutcome",
]
