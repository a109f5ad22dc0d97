"""The lines of the App Home with what can be done from each: buttons, or a menu beside the line. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views import blocks as b
from bot.views import lines
from bot.views.blocks import Block
from bot.views.buttons import button
from bot.views.message import button_block, button_rows
from bot.views.tools import Line, line_menu, menu
from schedules.domain.facts import OwnCall
from schedules.domain.home import (
    CaseLink,
    DeclinedCall,
    FailedDelivery,
    LedTeam,
    MeetingLine,
    OwnCase,
    Proposal,
    ReportedMeeting,
    SilentCall,
    Task,
    TaskKind,
    TeamOverview,
    UnreportedMeeting,
    UntoldCase,
    UrgentCount,
    WaitingReferral,
)
from schedules.texts import buttons as shared
from schedules.texts.words import Words


def _buttons(names: Sequence[tuple[str, str]], words: Words) -> list[Block]:
    return button_rows([button(action, value, words) for action, value in names])


def _case_menu(cases: Sequence[CaseLink], words: Words) -> Block | None:
    """Show or move one of the cases of a line; the first two have room."""
    entries = []
    for case in cases[:2]:
        entries.append(("case_show", case.referral, words("menu.show", reference=case.reference)))
        if case.booking:
            entries.append(("booking_move", case.booking, words("menu.move", reference=case.reference)))
    return menu(entries)


def proposal(one: Proposal, words: Words) -> list[Block]:
    """A time that waits for the coordinator's word."""
    names = [
        ("booking_confirm", one.booking),
        ("booking_move", one.booking),
        ("booking_send_back", one.booking),
        ("case_show", one.referral),
    ]
    return [b.section(lines.proposal(one, words)), *_buttons(names, words)]


def declined(one: DeclinedCall, words: Words) -> list[Block]:
    """A party without anybody who can come."""
    ways = shared.ways(one.invitation, one.ways, words) or (shared.move_next(one.booking, words),)
    names = [*ways, shared.show(one.referral, words)]
    return [b.section(lines.declined(one, words)), *button_rows(names)]


def waiting(one: WaitingReferral, words: Words) -> list[Block]:
    """A case that no time suits yet."""
    names = [("case_show", one.referral), ("booking_withdraw", one.referral)]
    return [b.section(lines.waiting(one, words)), *_buttons(names, words)]


def failed(one: FailedDelivery, words: Words) -> list[Block]:
    """A message that did not arrive: whom to phone, and the case that it was about."""
    show = button_block(button("case_show", one.referral, words)) if one.referral else None
    return [b.section(lines.failed(one, words), show)]


def silent(one: SilentCall, words: Words) -> list[Block]:
    """Somebody who has not answered: remind them, or record what they said."""
    names = [("invitation_remind", one.invitation), ("answer_record", one.meeting)]
    return [b.section(lines.silent(one, words), _case_menu(one.cases, words)), *_buttons(names, words)]


def untold(one: UntoldCase, words: Words) -> list[Block]:
    """A case of which somebody does not know whom it concerns."""
    text = b.section(lines.untold(one, words), _case_menu([one.case], words))
    return [text, *_buttons([("identity_remind", one.case.booking or "")], words)]


def task(one: Task, words: Words) -> list[Block]:
    """Something to arrange. What the person needs is shown only in the case itself, on record."""
    if one.kind is TaskKind.FEEDBACK:
        names = [("result_show", one.case.booking or ""), ("feedback_given", one.case.booking or "")]
    else:
        names = [("case_show", one.case.referral), _task_button(one.kind, one.case.referral)]
    return [b.section(lines.task(one, words)), *_buttons(names, words)]


def _task_button(kind: TaskKind, referral: str) -> tuple[str, str]:
    return ("needs_arranged" if kind is TaskKind.NEEDS else "person_asked", referral)


def unreported(one: UnreportedMeeting, words: Words) -> list[Block]:
    """A meeting that is over and not reported."""
    return [b.section(lines.unreported(one, words)), *_buttons([("meeting_open", one.meeting)], words)]


def reported(one: ReportedMeeting, words: Words) -> list[Block]:
    """A meeting of these days that is reported."""
    told = lines.meeting_title(one.facts, words)
    return [b.section(told), *_buttons([("meeting_open", one.meeting)], words)]


def meeting(one: MeetingLine, words: Words) -> list[Block]:
    """A coming meeting of a team that the reader leads."""
    record = [("answer_record", one.meeting)] if one.calls else []
    move = ("meeting_move", one.meeting, button("meeting_move", one.meeting, words).label)
    more = menu([move, *line_menu(Line.MEETING, one.meeting, words)])
    names = [("meeting_open", one.meeting), *record, ("meeting_cancel", one.meeting)]
    return [b.section(lines.meeting(one, words), more), *_buttons(names, words)]


def empty(one: MeetingLine, words: Words) -> list[Block]:
    """A meeting without a case, whose agenda is due: it may be released."""
    told = lines.text(lines.meeting_title(one.facts, words), words("home.no_case"))
    return [b.section(told), *_buttons([("meeting_release", one.meeting)], words)]


def urgent(one: UrgentCount, words: Words) -> list[Block]:
    """What a team has marked urgent; the reasons are behind the button, on record."""
    show = button_block(button("urgent_show", one.team, words))
    return [b.section(lines.urgent(one, words), show)]


def team(one: LedTeam, words: Words) -> list[Block]:
    """The changes of the team's meetings, and whether its channel is told of free times."""
    names = [("team_extra", one.team), ("team_single", one.team), ("team_close", one.team)]
    told, more = "", None
    if one.posts is not None:
        told = words("home.posts.on" if one.posts else "home.posts.off")
        label = words("interface.button.posts_off" if one.posts else "interface.button.posts_on")
        more = menu([("team_posts", one.team, label)])
    return [b.section(lines.text(one.name, told), more), *_buttons(names, words)]


def call(one: OwnCall, words: Words) -> list[Block]:
    """A case that the reader is called to."""
    names = list(shared.answers(one.public_id, one.answer, words)) if one.party else []
    names.append(shared.show(one.referral, words))
    if one.party and not one.identity_known:
        names.append(shared.identity_known(one.public_id, words))
    return [b.section(lines.call(one, words)), *button_rows(names)]


def case(one: OwnCase, words: Words) -> list[Block]:
    """A case of the reader's own."""
    more = [_task_button(kind, one.referral) for kind in one.tasks]
    if one.to_tell and one.booking:
        more.append(("identity_remind", one.booking))
    if one.owed:
        more += [("result_show", one.owed), ("feedback_given", one.owed)]
    entries = [(action, value, button(action, value, words).label) for action, value in more]
    return [b.section(lines.own_case(one, words), menu(entries)), *_buttons(lines.case_buttons(one), words)]


def overview(one: TeamOverview, words: Words) -> list[Block]:
    """A team in counts."""
    return [b.section(lines.overview(one, words))]


def listed_meeting(one: MeetingLine, words: Words) -> list[Block]:
    """A meeting in the answer to `/samtid möten`: what the reader can do follows from their part in it."""
    if one.leads:
        names = [
            ("meeting_open", one.meeting),
            ("answer_record", one.meeting),
            ("meeting_cancel", one.meeting),
        ]
    else:
        names = [("referral_new", one.meeting)]
    return [
        b.section(lines.listed_meeting(one, words)),
        *_buttons(names, words),
        *(block for own in one.own for block in call(own, words)),
    ]
