"""What the services need from outside: stores, senders, clocks and libraries come in through here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from schedules.domain.cases import Protected, Referral, ReferralStatus
from schedules.domain.duty import Absence, Handover
from schedules.domain.figures.disclosure import Shown
from schedules.domain.figures.facts import Fact, Facts
from schedules.domain.figures.page import Page
from schedules.domain.meeting_report import CaseReport, Result
from schedules.domain.organisation import Organisation, Party, Person, Team
from schedules.domain.plan import Booking, Decline, Invitation, Meeting
from schedules.errors import SamtidError

# --- the world ---------------------------------------------------------------------------------------


class Clock(Protocol):
    """What time it is for decisions; may be moved in the local workspace. Leases never use it."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        ...


class ClosedDays(Protocol):
    """Public and de-facto holidays of Sweden."""

    def is_holiday(self, day: date) -> bool:
        """Whether `day` is a public or de-facto holiday (weekends are not its business)."""
        ...


class Finding(StrEnum):
    """What a free text must not hold."""

    IDENTITY_NUMBER = "identity_number"
    PHONE_NUMBER = "phone_number"
    EMAIL_ADDRESS = "email_address"


class TextCheck(Protocol):
    """Searches a free text before it is stored (promise 5)."""

    def findings(self, text: str) -> tuple[Finding, ...]:
        """What was found, in order of gravity, without the found text itself."""
        ...


# --- the store ---------------------------------------------------------------------------------------


class OrganisationStore(Protocol):
    """The organisation as it stands in the database. Read in single look-ups on the hot path."""

    def load(self) -> Organisation | None:
        """All of it, or None before the first apply."""
        ...

    def save(self, organisation: Organisation) -> None:
        """Make the tables say this; what is no longer there is retired, not deleted."""
        ...

    def applied_file(self) -> Organisation | None:
        """The organisation of the file applied last (the base of the three-way comparison)."""
        ...

    def save_applied_file(self, organisation: Organisation) -> None:
        """Remember the file applied last."""
        ...

    def team(self, team: str) -> Team | None:
        """An active team with memberships, closures, series, rules and goals."""
        ...

    def teams_of(self, party: str) -> tuple[Team, ...]:
        """The active teams a party is a member of, by name."""
        ...

    def teams_led_by(self, person: str) -> tuple[Team, ...]:
        """The active teams whose coordinator or deputy the person is, by name."""
        ...

    def teams_served_by(self, person: str) -> tuple[Team, ...]:
        """The active teams that the person represents a party in, leads, or is to take over in, by name."""
        ...

    def parties(self, ids: Collection[str]) -> dict[str, Party]:
        """The parties with those ids."""
        ...

    def people(self, ids: Collection[str]) -> dict[str, Person]:
        """The people with those ids."""
        ...

    def person_by_slack(self, user: str) -> Person | None:
        """The person with that Slack user id, from the file or from a party's user group."""
        ...

    def person_by_address(self, address: str) -> Person | None:
        """The person with that mail address or Slack user id."""
        ...

    def slack_groups(self) -> dict[str, str]:
        """Slack user group id to party id."""
        ...

    def save_group_members(self, party: str, members: Sequence[Person]) -> None:
        """Replace who belongs to the party by its user group; people of the file are never touched."""
        ...

    def set_language(self, person: str, language: str) -> None:
        """Store the person's own choice of language, which goes before the file's."""
        ...

    def set_comes_unless_declined(self, person: str, *, comes: bool) -> None:
        """Store the person's own setting "I come unless I say otherwise", which no file touches."""
        ...

    def mark_bounced(self, person: str, at: datetime | None) -> None:
        """Record that mail to the person's present address does not arrive, or (None) that it does again."""
        ...

    def bounced(self, ids: Collection[str]) -> dict[str, datetime]:
        """Those of the people to whose present address mail does not arrive, and since when (UTC)."""
        ...

    def association(self) -> Organisation | None:
        """The association's own settings; parties, people and teams left empty."""
        ...


class PlanStore(Protocol):
    """Meetings, bookings, invitations. Constraints decide (promise 1)."""

    def meetings(self, team: str, since: date) -> tuple[Meeting, ...]:
        """The team's meetings from that local date on, with slots, ordered by start."""
        ...

    def meeting(self, meeting: str) -> Meeting | None:
        """One meeting with its slots."""
        ...

    def taken_slots(self, team: str, since: date) -> frozenset[str]:
        """The slots from that date on that hold a live booking."""
        ...

    def busy(
        self, people: Collection[str], start: datetime, end: datetime, except_booking: str | None = None
    ) -> dict[str, list[tuple[datetime, datetime]]]:
        """Live bookings' UTC intervals per person that touch [start, end)."""
        ...

    def absences(self, people: Collection[str], since: date) -> dict[str, list[tuple[date, date]]]:
        """Absences per person that end on or after `since`; both days included."""
        ...

    def add_absence(self, person: str, from_date: date, to_date: date) -> None:
        """Record that the person is away, both days included."""
        ...

    def absences_of(self, people: Collection[str], since: date) -> tuple[Absence, ...]:
        """The people's absences that end on or after `since`, by first day."""
        ...

    def absence(self, absence: str) -> Absence | None:
        """One absence."""
        ...

    def save_absence(self, absence: Absence) -> None:
        """Insert or update."""
        ...

    def remove_absence(self, absence: str) -> None:
        """The person is there after all."""
        ...

    def handovers(self, team: str) -> tuple[Handover, ...]:
        """The team's handovers that the organisation does not say yet, by day."""
        ...

    def add_handover(self, handover: Handover) -> None:
        """Record who takes over from whom."""
        ...

    def remove_handover(self, handover: str) -> None:
        """Forget it: the organisation says it now."""
        ...

    def save_meeting(self, meeting: Meeting) -> None:
        """Insert the meeting and its slots, or update what changed."""
        ...

    def remove_meeting(self, meeting: str) -> None:
        """Delete a meeting that never held a booking."""
        ...

    def meetings_with_live_bookings(self, team: str) -> frozenset[str]:
        """Ids of the team's meetings that hold a live booking."""
        ...

    def meetings_ever_booked(self, team: str) -> frozenset[str]:
        """Ids of the team's meetings that a booking, live or ended, refers to."""
        ...

    def mark_agenda_sent(self, meeting: str, at: datetime) -> None:
        """Record that the agenda left; later additions go as "Tillägg"."""
        ...

    def booking(self, booking: str) -> Booking | None:
        """One booking with its seats."""
        ...

    def booking_by_uid(self, uid: str) -> Booking | None:
        """The booking with that calendar identity, live or ended."""
        ...

    def live_booking(self, referral: str) -> Booking | None:
        """The referral's live booking."""
        ...

    def live_bookings(self, meeting: str) -> tuple[Booking, ...]:
        """The meeting's live bookings with seats, by slot position."""
        ...

    def unreported(self, team: str, now: datetime) -> tuple[Booking, ...]:
        """The team's booked times that have ended and are not reported, oldest first."""
        ...

    def add_booking(self, booking: Booking, start: datetime, end: datetime) -> None:
        """Insert booking, seats and the busy grid of its representatives for [start, end).

        Raises:
            SlotTaken: the slot or a representative's time is held by another live booking, or the referral
                has one. The transaction is spent then: begin again with a new unit of work.
        """
        ...

    def save_booking(self, booking: Booking, start: datetime, end: datetime) -> None:
        """Update a booking: slot, seats, status, sequence; the busy grid follows. Raises SlotTaken."""
        ...

    def invitations(self, booking: str) -> tuple[Invitation, ...]:
        """The booking's live invitations, by when they were made."""
        ...

    def invitation(self, public_id: str) -> Invitation | None:
        """The invitation that this public id, current or renewed since, leads to."""
        ...

    def invitation_of(self, booking: str, address: str) -> Invitation | None:
        """The call to the person with that mail address: the live one, else the latest that has ended."""
        ...

    def is_current(self, public_id: str) -> bool:
        """Whether the public id is an invitation's current one."""
        ...

    def invitations_of(self, person: str, meeting: str) -> tuple[Invitation, ...]:
        """The person's live invitations to bookings of one meeting, by slot position."""
        ...

    def coming_meetings_of(self, person: str, since: datetime) -> tuple[str, ...]:
        """Ids of the meetings from then on at which the person has a live invitation, by start."""
        ...

    def save_invitation(self, invitation: Invitation) -> None:
        """Insert or update; an earlier public id keeps leading here."""
        ...

    def declines(self, booking: str) -> tuple[Decline, ...]:
        """Every no to a call of the booking, those before it moved included, oldest first."""
        ...

    def save_decline(self, decline: Decline) -> None:
        """Insert or update."""
        ...

    def remove_declines(self, invitation: str) -> None:
        """Forget the no of somebody who comes after all."""
        ...


class CaseStore(Protocol):
    """Cases and referrals; protected fields encrypted with the case's own key."""

    def next_reference(self, team: str, prefix: str, year: int) -> str:
        """The team's next running reference, for instance TIE-2026-014. Under the team's lock."""
        ...

    def add_case(self, case: str, team: str, reference: str, party: str, owner: str, at: datetime) -> None:
        """Insert a case with a new data key."""
        ...

    def set_owner(self, case: str, owner: str) -> None:
        """Hand the case to another person."""
        ...

    def add_referral(self, referral: Referral, protected: Protected) -> None:
        """Insert a referral; its own reference is found again by HMAC.

        Raises:
            Outdated: the form's view made a referral already, or the own reference is active in the team.
        """
        ...

    def save_referral(self, referral: Referral) -> None:
        """Update the open fields."""
        ...

    def save_protected(self, referral: str, protected: Protected) -> None:
        """Replace the protected fields."""
        ...

    def referral(self, referral: str) -> Referral | None:
        """One referral, open fields."""
        ...

    def protected(self, referral: str) -> Protected:
        """The protected fields, decrypted; KeyError if unknown. The caller audits the look first."""
        ...

    def by_view(self, view_id: str) -> Referral | None:
        """The referral that a form with this view id made."""
        ...

    def by_own_reference(self, team: str, own_reference: str) -> Referral | None:
        """The active, waiting or returned referral of the team with that own reference."""
        ...

    def waiting(self, team: str) -> tuple[Referral, ...]:
        """Waiting referrals: urgent first, then by goal date, then by submission."""
        ...

    def of_person(self, person: str, statuses: Collection[ReferralStatus]) -> tuple[Referral, ...]:
        """Referrals the person referred or owns, newest first."""
        ...

    def of_team(self, team: str, statuses: Collection[ReferralStatus]) -> tuple[Referral, ...]:
        """The team's referrals, oldest first."""
        ...


class OutcomeStore(Protocol):
    """What was reported of the cases' times; results encrypted with the case's own key."""

    def add(self, report: CaseReport, result: Result) -> None:
        """Insert the report of a booking; KeyError if the case is unknown or erased.

        Raises:
            Outdated: the booking is reported already.
        """
        ...

    def of_booking(self, booking: str) -> CaseReport | None:
        """The booking's report."""
        ...

    def of_meeting(self, meeting: str) -> tuple[CaseReport, ...]:
        """The meeting's reports, in the order in which they were made."""
        ...

    def of_referral(self, referral: str) -> tuple[CaseReport, ...]:
        """The referral's reports, in the order in which they were made."""
        ...

    def owed_feedback(self, team: str) -> tuple[CaseReport, ...]:
        """The team's reports whose person is still to be told, oldest first."""
        ...

    def owed_feedback_by(self, person: str) -> tuple[CaseReport, ...]:
        """The same for the cases that the person raised or owns."""
        ...

    def result(self, booking: str) -> Result:
        """What was reported, decrypted; KeyError if unknown or erased. The caller audits the look first."""
        ...

    def give_feedback(self, booking: str, by: str, at: datetime) -> None:
        """Record who told the person, and when."""
        ...


class SettingStore(Protocol):
    """Small settings kept in the database, such as how far the workspace's clock has been moved."""

    def get(self, key: str) -> str | None:
        """The setting's value, or None."""
        ...

    def set(self, key: str, value: str) -> None:
        """Store the value."""
        ...


# --- what is owed ------------------------------------------------------------------------------------


class DueKind(StrEnum):
    """What a tick does when its time has come."""

    CALL = "call"  # a proposed booking confirms itself
    UNANSWERED_FIRST = "unanswered_first"
    UNANSWERED_SECOND = "unanswered_second"
    IDENTITY = "identity"
    DETAILS = "details"
    LAPSE = "lapse"  # a held time that nobody has confirmed goes to others
    AGENDA = "agenda"
    DAY_BEFORE = "day_before"
    MORNING = "morning"
    COORDINATOR = "coordinator"  # somebody else coordinates from today: the open proposals go there
    REPORT = "report"  # a meeting that is not reported: the coordinator is reminded
    HANDOVER = "handover"  # the organisation is to say what was handed over
    FREE_TIMES = "free_times"  # the channel is told of a meeting's free times
    TERM_OPENS = "term_opens"  # and of a new term's; the subject is its first meeting
    WAITING = "waiting"  # times may have become free: a meeting's reserve is released, a person is freed


class DueOutcome(StrEnum):
    """How a due row ended."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Due:
    """A thing to do at `at` (aware UTC). One row per (kind, subject, round), whoever writes it."""

    id: str
    kind: DueKind
    subject: str
    team: str
    at: datetime
    round: int = 0


class DueStore(Protocol):
    """Due rows: what apscheduler's ticks look for."""

    def plan(self, due: Due) -> None:
        """Insert; the same (kind, subject, round) again replaces `at` while the row is open."""
        ...

    def open_until(self, now: datetime, limit: int) -> tuple[Due, ...]:
        """Open rows whose time has come, oldest first."""
        ...

    def is_open(self, due: str) -> bool:
        """Whether the row is still to be done; read within the deciding transaction."""
        ...

    def close(self, due: str, outcome: DueOutcome, at: datetime, note: str = "") -> None:
        """Record how it ended."""
        ...

    def drop_for(self, subject: str, kinds: Collection[DueKind], at: datetime, note: str) -> None:
        """Drop the open rows of those kinds for one subject."""
        ...

    def next_at(self) -> tuple[datetime, DueKind] | None:
        """The earliest open row, or None."""
        ...


class Channel(StrEnum):
    """How a message travels."""

    MAIL = "mail"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Letter:
    """An outbox row to be written. `replaces` supersedes rows of the stream, of those kinds, not yet sent.

    `meeting` and `booking` tie it to what makes it pointless; `referral` names the case of a letter that has
    neither. `not_before` (aware UTC) holds it back.
    `needs_sent` names a kind: if no row of that kind can have left in this stream, this one is skipped
    (a CANCEL without its REQUEST, a pointer without its card).
    """

    stream: str
    channel: Channel
    kind: str
    recipient: str
    payload: str
    not_before: datetime
    booking: str | None = None
    meeting: str | None = None
    replaces: tuple[str, ...] = ()
    needs_sent: tuple[str, ...] = ()
    expires_at: datetime | None = None
    message_id: str | None = None
    referral: str | None = None


@dataclass(frozen=True, slots=True)
class FailedLetter:
    """A row that did not arrive. `recipient` is an address or a Slack id: never shown, only looked up."""

    id: str
    channel: Channel
    recipient: str
    booking: str | None
    meeting: str | None
    referral: str | None = None


class OutboxWriter(Protocol):
    """Writes rows in the deciding transaction (promise 3)."""

    def add(self, letter: Letter, at: datetime) -> str | None:
        """Append to the stream; the row's id, or None if it was skipped as pointless."""
        ...

    def has(self, stream: str) -> bool:
        """Whether the stream has any row."""
        ...

    def failed(self, teams: Collection[str]) -> tuple[FailedLetter, ...]:
        """What could not be delivered about the teams' meetings and waiting cases, newest first."""
        ...

    def mail(self, message_id: str) -> FailedLetter | None:
        """The mail of ours with that Message-ID (angle brackets included), if it may have left."""
        ...


class IncomingOutcome(StrEnum):
    """What became of a mail in our mailbox."""

    ANSWERED = "answered"
    DEPUTISED = "deputised"
    TIME_PROPOSED = "time_proposed"
    UNCHANGED = "unchanged"
    OVERTAKEN = "overtaken"
    STALE = "stale"
    ENDED = "ended"
    BOUNCED = "bounced"
    DELAYED = "delayed"
    OUT_OF_OFFICE = "out_of_office"
    REPEATED = "repeated"  # the same bytes under another number; never stored
    LEFT = "left"  # untouched in the mailbox, listed by `samtid doctor`


@dataclass(frozen=True, slots=True)
class MailOrigin:
    """Where a mail lies: `account` names the mailbox and folder; `digest` is SHA-256 of its bytes, in hex."""

    account: str
    key: MailKey
    digest: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail that was looked at. `kind` is a code for what it is, or why it was left.

    `dtstamp` and `handled_at` are aware UTC; `sequence` is the one that was answered.
    """

    origin: MailOrigin
    kind: str
    outcome: IncomingOutcome
    handled_at: datetime
    event_uid: str | None = None
    attendee: str | None = None
    sequence: int | None = None
    dtstamp: datetime | None = None


class IncomingStore(Protocol):
    """What came into our mailbox: each mail is handled once, whoever reads it and however often."""

    def first_time(self, mail: Incoming) -> bool:
        """Insert, unless this mail, or one with the same bytes that was not left, is there."""
        ...

    def outcome(self, account: str, key: MailKey) -> IncomingOutcome | None:
        """What became of the mail with that number."""
        ...

    def newest_reply(self, event_uid: str, attendee: str, sequence: int) -> datetime | None:
        """DTSTAMP of the latest reply from that address that was heeded at that SEQUENCE or later."""
        ...

    def left(self) -> tuple[Incoming, ...]:
        """What was left untouched, newest first."""
        ...


class AuditStore(Protocol):
    """Who did or saw what (promise 6)."""

    def record(self, actor: str, party: str | None, action: str, subject: str, at: datetime) -> None:
        """Add one line; `subject` is an id of ours, never a word about a person."""
        ...


class Figures(Protocol):
    """De-identified facts for the figures, and what reports have shown of them (docs/figures.md)."""

    def write(self, fact: Fact) -> None:
        """Insert the fact, or replace what was written with the same id.

        On the way in, `id`, `case` and `meeting` are ids of ours; what is stored under them is a random id.
        """
        ...

    def forget(self, ids: Collection[str]) -> None:
        """Cut the way from these ids of ours to their facts; the facts stay, so no figure changes."""
        ...

    def read(self, page: Page) -> Facts:
        """All facts of a team, a municipality or the association, as it was when they were written."""
        ...

    def shown(self, page: str) -> frozenset[Shown]:
        """Which counts the page's reports have shown so far."""
        ...

    def remember(self, page: str, shown: Iterable[Shown]) -> None:
        """Record which counts the page has shown; what was shown earlier stays on record."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Leaving the block without `commit()` rolls back."""

    organisation: OrganisationStore
    plan: PlanStore
    cases: CaseStore
    outcomes: OutcomeStore
    due: DueStore
    outbox: OutboxWriter
    incoming: IncomingStore
    audit: AuditStore
    facts: Figures
    settings: SettingStore

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def lock_teams(self, teams: Collection[str]) -> None:
        """Lock the teams' rows in id order before reading the plan. Raises LockTimeout after 1.5 s."""
        ...

    def commit(self) -> None:
        """Make it all so."""
        ...


UnitOfWorkFactory = Callable[[], AbstractContextManager[UnitOfWork]]


# --- delivery: rows are written in the deciding transaction and delivered after it ------------------


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A claimed row: one message to one recipient, and what is known of earlier attempts.

    `id` is a uuid in hex and travels with a chat message as metadata. `stream` is (recipient, channel,
    booking); a row is claimed only when all with a lower `position` in its stream are final. `attempts`
    counts claims, this one included, and tells two claims of the same row apart. `failures` counts the
    earlier attempts that failed and count towards the end. `outcome_unknown`: an earlier attempt may have
    left, either because it said so or because its lease ran out without a word. `previous_ref` is the
    delivery reference (JSON) of the latest sent row of the stream: the message that chat updates.
    """

    id: str
    stream: str
    position: int
    channel: Channel
    kind: str
    recipient: str
    payload: str
    attempts: int
    failures: int = 0
    outcome_unknown: bool = False
    previous_ref: str | None = None


class Outbox(Protocol):
    """The rows that are due; each call is its own short transaction.

    `due`, `at` and `not_before` are UTC by the movable clock; leases use the database's real time.
    """

    def claim(
        self, channels: Collection[Channel], due: datetime, limit: int, lease: timedelta
    ) -> list[OutboxRow]:
        """At most `limit` rows that are due and whose stream is ready, nobody else's for `lease`."""
        ...

    def holds_lease(self, row: OutboxRow) -> bool:
        """Whether this claim still stands: asked directly before the call."""
        ...

    def superseded(self, row: OutboxRow, now: datetime) -> bool:
        """Whether the message has become pointless by `now`: replaced, or past its `expires_at`.

        What has expired is recorded as final.
        With the lease run out it marks nothing and is False: `holds_lease`, asked next, then says so.
        """
        ...

    def mark_sent(self, row: OutboxRow, ref: str | None, at: datetime) -> None:
        """Sent (final). Holds also when the lease ran out during the call: what has left has left."""
        ...

    def mark_retry(
        self, row: OutboxRow, reason: str, not_before: datetime, *, counted: bool, outcome_unknown: bool
    ) -> None:
        """Not sent, to be tried again from `not_before`; adds to `failures` when `counted`.

        Does nothing when the lease has run out: the row is somebody else's by then.
        """
        ...

    def mark_failed(self, row: OutboxRow, reason: str, at: datetime, *, outcome_unknown: bool) -> None:
        """Given up (final, shown to the coordinator). Does nothing when the lease has run out."""
        ...


class SendFailed(SamtidError):
    """A message could not be sent.

    `reason` is a short code such as `smtp_550` or `slack_ratelimited`, never text of the other side: that
    names addresses. `retry_after` is the pause the other side asked for. `permanent`: never try again.
    `outcome_unknown`: the message may have left all the same.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_after: timedelta | None = None,
        permanent: bool = False,
        outcome_unknown: bool = False,
    ) -> None:
        super().__init__(f"A message could not be sent: {reason}", reason=reason)
        self.reason = reason
        self.retry_after = retry_after
        self.permanent = permanent
        self.outcome_unknown = outcome_unknown


class Sender(Protocol):
    """One per channel: a network call, outside any transaction."""

    def send(self, row: OutboxRow) -> str | None:
        """Send the row's message and give the delivery reference (JSON), if the channel has one.

        Raises:
            SendFailed: it was not sent, or may not have been.
        """
        ...


class MailTransport(Protocol):
    """Takes a finished mail to a mail server (or to the local workspace's mailbox)."""

    def send(self, sender: str, recipient: str, raw: bytes) -> None:
        """Hand over one mail; `raw` is the whole RFC 5322 message with CRLF lines.

        Raises:
            PermanentRefusal: the recipient or the mail is refused for good.
            TemporaryRefusal: refused for now.
            ServerUnavailable: no server to hand it to, or it does not take us; not the recipient's fault.
            UnknownOutcome: the connection was lost after DATA was begun.
        """
        ...


class PermanentRefusal(SendFailed):
    """The mail server refuses this recipient or this mail for good (5yz)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"smtp_{code}", permanent=True)
        self.code = code


class TemporaryRefusal(SendFailed):
    """The mail server refuses this recipient or this mail for now (4yz)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"smtp_{code}")
        self.code = code


class ServerUnavailable(SendFailed):
    """No mail server takes our mail at the moment: unreachable, or it refuses our login or our address."""

    def __init__(self, step: str) -> None:
        super().__init__(f"smtp_{step}")


class UnknownOutcome(SendFailed):
    """The connection was lost after DATA was begun: the mail may have left."""

    def __init__(self) -> None:
        super().__init__("smtp_lost", outcome_unknown=True)


# --- the mailbox: answers that come back by mail -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class MailKey:
    """Which mail: its UID in the folder while UIDVALIDITY stays the same (RFC 3501 2.3.1.1)."""

    validity: str
    uid: str


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail as it lies in the mailbox; `raw` is the whole of it, or its beginning if it is very long."""

    key: MailKey
    raw: bytes


class MailboxReader(Protocol):
    """The folder to which answers come. Used by one thread; connects when first asked, and again when cut.

    Reading leaves no trace. Only what was handled is marked; everything else stays as it was.
    """

    def unseen(
        self, limit: int, known: Collection[MailKey] = (), since: date | None = None
    ) -> list[StoredMail]:
        """At most `limit` mails, oldest first, that are not marked as handled and not among `known`.

        `known`: what was looked at and left untouched, or else it would be read again each time. `since`:
        nothing that arrived before that day. Whether a person has read the mail does not matter, except to
        a server that keeps no marks of ours.

        Raises:
            MailboxUnavailable: the mailbox cannot be read now.
        """
        ...

    def mark_handled(self, key: MailKey) -> None:
        """Mark it as read and as handled by us; one that is gone is no error. Raises MailboxUnavailable."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait until the server tells of something new, but no longer than that, or until `stop`.

        False at once where the server cannot tell, or when the connection is lost: the caller then polls at
        its own pace. Raises MailboxUnavailable.
        """
        ...

    def stop(self) -> None:
        """End a `wait` within a second; callable from any thread."""
        ...

    def close(self) -> None:
        """Log out, if connected."""
        ...


class MailboxUnavailable(SamtidError):
    """The mailbox for answers cannot be read at the moment.

    `step` says where it ended: `unreachable`, `login`, `folder` or `lost`; never the server's words.
    """

    def __init__(self, step: str) -> None:
        super().__init__(f"The mailbox for answers cannot be read: {step}", step=step)
        self.step = step
