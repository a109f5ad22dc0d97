"""Erase cases (gallring): by the tick once the file's months have passed, or one case by command.

Nothing is erased before the organisation file names a decision's number (`retention.decision`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from schedules.domain.organisation import Retention
from schedules.domain.retention import Deadlines, Reach, deadlines, last_event, reach_of
from schedules.domain.workdays import quiet_until
from schedules.errors import LockTimeout, NotFound, SamtidError
from schedules.ports import HeldCase, UnitOfWork
from schedules.services.decide_booking import BY_ITSELF
from schedules.services.erase_messages import Cleared, OnTheirWay, clear_messages, to_clear
from schedules.services.office import Office, new_id

AT_ONCE = 20
"""Cases of one tick, each in a transaction of its own, so that nobody at a form waits for long."""

AUDIT_AT_ONCE = 500

OWED = "erasure.scrub_owed"
"""The setting that says that files still hold what was erased from the tables."""

_LOOKED = "erasure.looked"

Scrub = Callable[[], bool]
"""Clears the database's own files of what is erased. False: hindered by a reader, to be tried again."""


class NoDecision(SamtidError):
    """The organisation file names no decision (retention.decision), so nothing is erased."""


class OtherDecision(SamtidError):
    """The number is not that of the organisation file's decision (retention.decision)."""


class StillRunning(SamtidError):
    """The case is booked or waiting."""


class SeveralCases(SamtidError):
    """Two teams have had a case with that reference."""


class AlreadyErased(NotFound):
    """The case was erased before. `at` and `decision` are in `ids`."""


@dataclass(frozen=True, slots=True)
class Erasing:
    """What goes with one case: rows by table, messages in chat to be deleted, and to be rewritten."""

    case: HeldCase
    rows: Mapping[str, int]
    deleted: int
    rewritten: int


# --- by the tick ---------------------------------------------------------------------------------------


def erase_due(office: Office, scrub: Scrub, limit: int = AT_ONCE) -> int:
    """Erase what is old enough, outside working hours, once a day; how many cases.

    A case whose messages are still on their way is left for the next day.
    """
    erased = 0
    if quiet_until(office.now(), office.zone, office.is_holiday) != office.now():
        with office.unit_of_work() as uow:
            retention = _retention(uow)
            looked = uow.settings.get(_LOOKED) == _asked(office, retention)
        if retention.decision is not None and not looked:
            erased = _erase_ripe(office, retention, limit)
    if erased < limit:  # else there is more to erase, and the files are cleared of all of it at once
        scrub_owed(office, scrub)
    return erased


def scrub_owed(office: Office, scrub: Scrub) -> bool:
    """Clear the files of what has been erased, if that is owed; whether nothing is owed any more.

    What is erased while the files are cleared is owed anew: the setting is another one then.
    """
    with office.unit_of_work() as uow:
        owed = uow.settings.get(OWED)
    if not owed:
        return True
    if not scrub():
        return False
    with office.unit_of_work() as uow:
        association = uow.organisation.load()
        uow.lock_teams([team.id for team in association.teams] if association else [])
        settled = uow.settings.get(OWED) == owed
        if settled:
            uow.settings.set(OWED, "")
            uow.commit()
    return settled


def _erase_ripe(office: Office, retention: Retention, limit: int) -> int:
    limits = deadlines(office.today(), retention)
    with office.unit_of_work() as uow:
        ripe = uow.erasure.ripe(_end(office, limits.protected), _end(office, limits.all))
    erased = 0
    for case in ripe:
        if erased == limit:
            return erased
        erased += _erase_one(office, case, limits, str(retention.decision))
    if not _forget_audit(office, limits.audit):
        _remember(office, retention)
    return erased


def _erase_one(office: Office, case: HeldCase, limits: Deadlines, decision: str) -> bool:
    def work(uow: UnitOfWork) -> bool:
        # Somebody may have taken the case up again since it was found.
        held = next((one for one in uow.erasure.find(case.reference) if one.id == case.id), None)
        if held is None or held.running:
            return False
        reach = reach_of(_last_event(uow, office, held), limits)
        if reach is Reach.ALL:
            _destroy(uow, office, held, BY_ITSELF, decision)
        elif reach is Reach.PROTECTED and held.sealed:
            _destroy_protected(uow, office, held, decision)
        else:
            return False
        return True

    try:
        return office.change_plan(case.team, work)
    except (OnTheirWay, LockTimeout):
        return False


def _last_event(uow: UnitOfWork, office: Office, case: HeldCase) -> date:
    latest, ended = uow.erasure.events(case.id)
    return last_event(office.local(latest).date(), ended)


def _end(office: Office, day: date) -> datetime:
    """The instant at which the local day is over."""
    return datetime.combine(day + timedelta(days=1), time(), office.zone).astimezone(UTC)


def _forget_audit(office: Office, last: date) -> bool:
    """Remove audit rows that are older than the file's years; whether there may be more."""
    with office.unit_of_work() as uow:
        gone = uow.erasure.forget_audit(_end(office, last), AUDIT_AT_ONCE)
        if gone:
            uow.settings.set(OWED, new_id())
        uow.commit()
    return gone == AUDIT_AT_ONCE


def _asked(office: Office, retention: Retention) -> str:
    """What was asked of a day: other months or years in the file are looked at anew."""
    months = (retention.protected_months, retention.all_months, retention.audit_years)
    return f"{office.today()} {months} {retention.decision}"


def _remember(office: Office, retention: Retention) -> None:
    with office.unit_of_work() as uow:
        uow.settings.set(_LOOKED, _asked(office, retention))
        uow.commit()


# --- by command ----------------------------------------------------------------------------------------


def preview_erasure(office: Office, reference: str, decision: str) -> Erasing:
    """What would go with the case; nothing is changed. Raises as `erase_case`."""
    with office.unit_of_work() as uow:
        case = _erasable(uow, reference, decision)
        counted = uow.erasure.counts(case.id)
        return _erasing(case, counted, to_clear(uow.erasure.letters(case), reference))


def erase_case(office: Office, reference: str, decision: str, actor: str) -> Erasing:
    """Erase everything of the case at once, whatever the months. What has gone, as the preview had it.

    A running case is refused, not ended: those called must get their cancellations first, and these cannot
    be sent of a case that is gone. Whoever carries or coordinates the case takes it back in Slack.

    Raises:
        NoDecision, OtherDecision: nothing is erased without the number of the file's decision.
        NotFound, AlreadyErased, SeveralCases: which case.
        StillRunning, OnTheirWay: too early.
        LockTimeout: somebody else changes the plan.
    """
    with office.unit_of_work() as uow:
        team = _erasable(uow, reference, decision).team

    def work(uow: UnitOfWork) -> Erasing:
        case = _erasable(uow, reference, decision)
        counted = uow.erasure.counts(case.id)
        return _erasing(case, counted, _destroy(uow, office, case, actor, decision))

    return office.change_plan(team, work)


def _erasable(uow: UnitOfWork, reference: str, decision: str) -> HeldCase:
    retention = _retention(uow)
    if retention.decision is None:
        raise NoDecision
    if retention.decision != decision:
        raise OtherDecision
    found = uow.erasure.find(reference)
    if not found:
        before = uow.erasure.erased(reference)
        if before is None:
            raise NotFound(reference=reference)
        raise AlreadyErased(reference=reference, at=before.at.isoformat(), decision=before.decision)
    if len(found) > 1:
        raise SeveralCases(reference=reference)
    if found[0].running:
        raise StillRunning(reference=reference)
    return found[0]


def _erasing(case: HeldCase, counted: Mapping[str, int], cleared: Cleared) -> Erasing:
    return Erasing(case, counted, len(cleared.deleted), len(cleared.rewritten))


# --- what both do --------------------------------------------------------------------------------------


def _retention(uow: UnitOfWork) -> Retention:
    association = uow.organisation.association()
    return association.retention if association else Retention()


def _destroy(uow: UnitOfWork, office: Office, case: HeldCase, actor: str, decision: str) -> Cleared:
    cleared = clear_messages(uow, office, case)
    # Before the rows go: the audit trail's lines about them are tagged with the reference, this one too.
    uow.audit.record(actor, None, f"case.erase:{decision}", case.id, office.now())
    uow.facts.forget(uow.erasure.fact_subjects(case.id))
    uow.erasure.destroy(case)
    uow.settings.set(OWED, new_id())
    return cleared


def _destroy_protected(uow: UnitOfWork, office: Office, case: HeldCase, decision: str) -> None:
    uow.audit.record(BY_ITSELF, None, f"case.erase_protected:{decision}", case.id, office.now())
    uow.erasure.destroy_protected(case.id)
    uow.settings.set(OWED, new_id())
