"""The lines of the App Home and of the lists that commands give: mrkdwn, escaped, open facts only. Pure."""

from __future__ import annotations

from collections.abc import Callable

from bot.views import blocks as b
from schedules.domain.cases import ReferralStatus, Urgency
from schedules.domain.facts import MeetingFacts, OwnCall
from schedules.domain.home import (
    CallState,
    DeclinedCall,
    FailedDelivery,
    FollowUpLine,
    MeetingLine,
    OwnCase,
    Proposal,
    SilentCall,
    Task,
    TeamOverview,
    UnreportedMeeting,
    UntoldCase,
    UrgentCount,
    WaitingReferral,
    When,
)
from schedules.domain.plan import Answer, DeclineReason
from schedules.texts import terms
from schedules.texts.missing import reason_line
from schedules.texts.words import Words

LINE = 500
LINES = 2900


def text(title: str, *rest: str) -> str:
    """A bold title and plain lines under it, each cut to fit; empty lines are left out."""
    told = [b.bold(b.cut(b.one_line(title), 200))]
    for line in rest:
        shown = b.escape_within(b.one_line(line), LINE)
        if shown and sum(len(one) + 1 for one in told) + len(shown) <= LINES:
            told.append(shown)
    return "\n".join(told)


def when(one: When, words: Words) -> str:
    """A booked time on a line of its own: "Tisdag 1 december kl. 13:00–13:30"."""
    time = words("when", day=words.day(one.day), span=words.span(one.start, one.end))
    return terms.opening(time)


def proposal(one: Proposal, words: Words) -> str:
    """A time that waits for the coordinator's word."""
    categories = terms.categories(one.categories, words)
    flags = [words(f"flag.{flag}") for flag in one.flags if words.has(f"flag.{flag}")]
    urgent = [words("urgency.urgent")] if one.urgency is Urgency.URGENT else []
    itself = ""
    if one.confirms_itself:
        day, clock = one.confirms_itself
        itself = words("home.confirms_itself", day=words.day(day), clock=words.clock(clock))
    if one.lapses:
        day, clock = one.lapses
        itself = words("home.lapses", day=words.day(day), clock=words.clock(clock))
    return text(
        f"{one.reference}, {one.team}",
        when(one.when, words),
        words("home.raised_by", person=one.referrer),
        words("home.parties", parties=words.all_of(one.parties)),
        words("home.categories", categories=categories),
        *urgent,
        *flags,
        itself,
    )


def declined(one: DeclinedCall, words: Words) -> str:
    """A party without anybody who can come."""
    not_theirs = one.reason is DeclineReason.NOT_OUR_CASE
    key = "home.not_our_case" if not_theirs else "home.cannot_come"
    asked = ""
    if one.contact and one.contact_asked_on:
        asked = words("home.contact_asked", person=one.contact, day=words.day(one.contact_asked_on))
    return text(
        one.reference,
        when(one.when, words),
        words(key, person=one.person, party=one.party),
        *reason_line(one.reason, words),
        asked,
    )


def waiting(one: WaitingReferral, words: Words) -> str:
    """A referral without a time."""
    return text(
        f"{one.reference}, {one.team}",
        words("home.waiting_since", day=words.day(one.since)),
        words("home.parties", parties=words.all_of(one.parties)),
        words("urgency.urgent") if one.urgency is Urgency.URGENT else "",
    )


def urgent(one: UrgentCount, words: Words) -> str:
    """How many cases a team has marked urgent this term; the reasons are behind the button."""
    return text(one.name, words.count("home.urgent.count", one.urgent))


def failed(one: FailedDelivery, words: Words) -> str:
    """A message that did not arrive."""
    phone = words("home.failed.phone", phone=one.phone) if one.phone else ""
    told = words(f"home.failed.{one.channel}", person=one.person)
    return text(one.reference or one.person, told, phone)


def meeting_title(facts: MeetingFacts, words: Words) -> str:
    """A meeting: "Samverkansteam Tierp, tisdag 1 december kl. 13:00–15:00"."""
    time = words("when", day=words.day(facts.day), span=words.span(facts.start, facts.end))
    return f"{facts.team}, {time}"


def meeting(one: MeetingLine, words: Words) -> str:
    """A meeting, how full it is, and who has answered what."""
    return text(
        meeting_title(one.facts, words),
        one.facts.place,
        taken(one, words),
        *(_answered(one, answer, words) for answer in Answer),
        _who("home.comes_silently", one, _comes_silently, words),
    )


def taken(one: MeetingLine, words: Words) -> str:
    """How full a meeting is."""
    return words("home.taken", taken=one.taken, slots=one.slots)


def listed_meeting(one: MeetingLine, words: Words) -> str:
    """A meeting in a list: time, place and counts."""
    return text(meeting_title(one.facts, words), one.facts.place, taken(one, words))


def silent(one: SilentCall, words: Words) -> str:
    """Somebody who has not answered, and in which cases."""
    references = words.all_of([case.reference for case in one.cases])
    who = f"{one.person}, {one.party}" if one.party else one.person
    return text(
        who,
        words("home.silent.line", team=one.team, day=words.day(one.day)),
        words("home.silent.cases", references=references),
        words("home.reminded_twice") if one.reminded else "",
        words("home.deputy_asked" if one.deputy else "home.no_deputy_free", person=one.deputy or "")
        if one.reminded
        else "",
    )


def untold(one: UntoldCase, words: Words) -> str:
    """A case, who does not know whom it concerns, and who is to tell them."""
    return text(
        one.case.reference,
        when(one.when, words),
        words("home.untold.people", people="; ".join(one.people)),
        words("home.untold.referrer", person=one.referrer),
    )


def task(one: Task, words: Words) -> str:
    """Something to arrange. That there are needs is all that is said of them."""
    return text(
        f"{one.case.reference}: {words(f'task.{one.kind.value}')}",
        when(one.when, words) if one.when else words("home.task.no_time"),
        words("home.raised_by", person=one.referrer),
    )


def unreported(one: UnreportedMeeting, words: Words) -> str:
    """A meeting that is over, and how many of its cases are not reported."""
    return text(meeting_title(one.facts, words), words.count("home.unreported.cases", one.cases))


def overview(one: TeamOverview, words: Words) -> str:
    """A team in counts."""
    meetings = [
        words(
            "home.overview.meeting",
            time=words("when", day=words.day(m.facts.day), span=words.span(m.facts.start, m.facts.end)),
            taken=m.taken,
            slots=m.slots,
        )
        for m in one.meetings
    ]
    return text(
        one.team,
        words("home.overview.coordinator", person=one.coordinator),
        words.count("home.overview.live", one.live),
        words.count("home.overview.waiting", one.waiting) if one.waiting else "",
        words.count("home.overview.unreported", one.unreported) if one.unreported else "",
        *(terms.opening(meeting) for meeting in meetings),
    )


def _answered(one: MeetingLine, answer: Answer, words: Words) -> str:
    def has_said(call: CallState) -> bool:
        return call.answer is answer and not _comes_silently(call)

    return _who(f"home.answer.{answer.value}", one, has_said, words)


def _comes_silently(call: CallState) -> bool:
    return call.answer is Answer.NEEDS_ACTION and call.counts_as_coming


def _who(key: str, one: MeetingLine, wanted: Callable[[CallState], bool], words: Words) -> str:
    cases: dict[str, list[str]] = {}
    for call in one.calls:
        if call.must_answer and wanted(call):
            who = f"{call.person}, {call.party}" if call.party else call.person
            cases.setdefault(who, []).append(call.reference)
    told = [f"{who} ({', '.join(references)})" for who, references in cases.items()]
    return words(key, people="; ".join(told)) if told else ""


def call(one: OwnCall, words: Words) -> str:
    """A case that the reader is called to."""
    case = one.case
    time = words("when", day=words.day(case.meeting.day), span=words.span(case.start, case.end))
    known = "" if one.identity_known or not one.party else words("home.told_by", person=case.referrer)
    return text(
        terms.opening(f"{time}, {case.reference}"),
        f"{case.meeting.team}, {case.meeting.place}" if case.meeting.place else case.meeting.team,
        words("home.parties", parties=words.all_of(case.parties)),
        _own_answer(one, words),
        known,
    )


def _own_answer(one: OwnCall, words: Words) -> str:
    if not one.party:
        return ""
    if one.need_not_answer and one.answer is Answer.NEEDS_ACTION:
        return words("home.your_answer.not_needed")
    if one.instead_of:
        return words("card.stand_in", person=one.instead_of)
    return words(f"home.your_answer.{one.answer.value}")


def follow_up(one: FollowUpLine, words: Words) -> str:
    """A follow-up that waits, and who was asked if it was not the reader."""
    return text(
        f"{one.reference}, {one.team}",
        words("home.follow_up.since", day=words.day_and_year(one.meeting_day)),
        words("home.follow_up.asked", person=one.asked) if one.asked else "",
    )


def own_case(one: OwnCase, words: Words) -> str:
    """Where an own case stands, and what is missing."""
    fields = [words(f"missing.{name}") for name in one.missing if words.has(f"missing.{name}")]
    live = one.status in {ReferralStatus.ACTIVE, ReferralStatus.WAITING}
    return text(
        f"{one.reference}, {one.team}",
        words("home.proposed") if one.proposed else words(f"status.{one.status.value}"),
        when(one.when, words) if one.when else "",
        words("home.answers", accepted=one.accepted, asked=one.asked) if one.asked else "",
        *(_still_to_do(one, fields, words) if live else ()),
        terms.opening(f"{words('task.feedback')}.") if one.owed else "",
    )


def _still_to_do(one: OwnCase, fields: list[str], words: Words) -> list[str]:
    told = [words("home.missing", fields=words.all_of(fields))] if fields else []
    if one.without_consent:
        told.append(words("home.without_consent", parties=words.all_of(one.without_consent)))
    if one.to_tell:
        told.append(words("home.to_tell", people="; ".join(one.to_tell)))
    return [*told, *(terms.opening(f"{words(f'task.{kind.value}')}.") for kind in one.tasks)]


def case_buttons(one: OwnCase) -> list[tuple[str, str]]:
    """What the referrer can do with a case: (action, value)."""
    live = one.status in {ReferralStatus.ACTIVE, ReferralStatus.WAITING}
    names = [("referral_mend", one.referral)] if one.status is ReferralStatus.RETURNED else []
    if one.can_send_now and one.booking:
        names += [("booking_send_now", one.booking), ("booking_move", one.booking)]
    if live and one.missing:
        names.append(("details_open", one.referral))
    names.append(("case_show", one.referral))
    if live or one.status is ReferralStatus.RETURNED:
        # A case that waits has no booking to take back; the value is then the referral's own id.
        names.append(("booking_withdraw", one.booking or one.referral))
    return names
