"""Whether somebody who is called comes, and whether silence says so (DESIGN.md, "The quiet bot")."""

from __future__ import annotations

from schedules.domain.organisation import AnswerRule, Person, Team
from schedules.domain.plan import Answer, Booking, Invitation


def answer_rule(team: Team, person: Person | None) -> AnswerRule:
    """The team's rule, unless the person has said "I come unless I say otherwise"."""
    own = person is not None and person.comes_unless_declined
    return AnswerRule.ONLY_DECLINES if own else team.rules.answers


def stands_in(booking: Booking, person: str) -> bool:
    """Whether the person is asked as well, beside a silent colleague who still holds the seat."""
    return person in {seat.stand_in for seat in booking.seats}


def silence_is_yes(booking: Booking, team: Team, person: Person) -> bool:
    """Whether the person need not answer. Whoever stands in takes the seat only by saying so."""
    rule = answer_rule(team, person)
    return rule is AnswerRule.ONLY_DECLINES and not stands_in(booking, person.id)


def counts_as_coming(invitation: Invitation, booking: Booking, team: Team, person: Person | None) -> bool:
    """Whether a representative comes: has said so, or is silent and need not say it."""
    if invitation.answer is Answer.NEEDS_ACTION:
        return person is not None and silence_is_yes(booking, team, person)
    return invitation.answer is Answer.ACCEPTED
