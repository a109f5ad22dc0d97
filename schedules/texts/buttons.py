"""The buttons of messages, with the fixed action names of DESIGN.md.

`case_show`, `case_change`, `details_open` and `referral_mend` carry the referral's id, `invitation_*`,
`seat_*` and `identity_known` the invitation's public id, `booking_*` the booking's id, `counter_refuse` a
proposal's.
"""

from __future__ import annotations

from collections.abc import Sequence

from schedules.domain.chat import Button, Confirm
from schedules.domain.plan import Answer
from schedules.texts.words import Words

PRIMARY = "primary"
DANGER = "danger"


def answers(public_id: str, given: Answer, words: Words) -> tuple[Button, ...]:
    """The ways to answer an invitation; what was answered already is not offered again."""
    settled = given in {Answer.ACCEPTED, Answer.DECLINED}
    change = "change_" if settled else ""
    accept = Button(
        "invitation_accept", public_id, words(f"button.{change}accept"), None if settled else PRIMARY
    )
    decline = Button("invitation_decline", public_id, words(f"button.{change}decline"))
    deputise = Button("invitation_deputise", public_id, words("button.deputise"))
    if given is Answer.ACCEPTED:
        return (decline, deputise)
    if given is Answer.DECLINED:
        return (accept, deputise)
    return (accept, decline, deputise)


def identity_known(public_id: str, words: Words) -> Button:
    """The tick that the reader knows whom the case concerns."""
    return Button("identity_known", public_id, words("button.identity"))


def show(referral: str, words: Words) -> Button:
    """Opens the case."""
    return Button("case_show", referral, words("button.show"))


def change(referral: str, words: Words) -> Button:
    """Change the case: parties, question, taking part, urgency."""
    return Button("case_change", referral, words("button.change_case"))


def confirm(booking: str, words: Words) -> Button:
    """The coordinator confirms the time."""
    return Button("booking_confirm", booking, words("button.confirm"), PRIMARY)


def move(booking: str, words: Words) -> Button:
    """Choose another time."""
    return Button("booking_move", booking, words("button.move"))


def move_next(booking: str, words: Words) -> Button:
    """Move to the next time that suits everybody."""
    return Button("booking_move", booking, words("button.move_next"), PRIMARY)


def ways(invitation: str, actions: Sequence[str], words: Words) -> tuple[Button, ...]:
    """What a coordinator can do about a party without a representative; the first is the one to expect."""
    return tuple(
        Button(action, invitation, words(f"button.{action}"), None if number else PRIMARY)
        for number, action in enumerate(actions)
    )


def counter_refuse(proposal: str, words: Words) -> Button:
    """Hold on to the time although another was proposed, after a question: a mail leaves."""
    asked = Confirm(
        words("counter_refuse.title"),
        words("counter_refuse.text"),
        words("counter_refuse.yes"),
        words("counter_refuse.no"),
    )
    return Button("counter_refuse", proposal, words("button.counter_refuse"), None, asked)


def open_meeting(meeting: str, words: Words) -> Button:
    """The page of a meeting, for its coordinator."""
    return Button("meeting_open", meeting, words("button.open_meeting"), PRIMARY)


def result(booking: str, words: Words) -> Button:
    """Look at what came of a case's time, on record."""
    return Button("result_show", booking, words("button.result"))


def feedback_given(booking: str, words: Words) -> Button:
    """Tick that the person has been told."""
    return Button("feedback_given", booking, words("button.feedback_given"))


def follow_up(referral: str, words: Words) -> Button:
    """Tell how it went on after the meeting."""
    return Button("follow_up_open", referral, words("button.follow_up"), PRIMARY)


def send_back(booking: str, words: Words) -> Button:
    """The coordinator sends the case back; the reason is asked for in a modal."""
    return Button("booking_send_back", booking, words("button.send_back"))


def send_now(booking: str, words: Words) -> Button:
    """Do not wait out the minutes."""
    return Button("booking_send_now", booking, words("button.send_now"), PRIMARY)


def withdraw(booking: str, words: Words) -> Button:
    """Take the case back, after a question."""
    asked = Confirm(
        words("withdraw.title"), words("withdraw.text"), words("withdraw.yes"), words("withdraw.no")
    )
    return Button("booking_withdraw", booking, words("button.withdraw"), DANGER, asked)


def mend(referral: str, words: Words) -> Button:
    """Open the referral that was sent back."""
    return Button("referral_mend", referral, words("button.mend"), PRIMARY)


def details(referral: str, words: Words) -> Button:
    """Fill in the details that are missing."""
    return Button("details_open", referral, words("button.details"), PRIMARY)
