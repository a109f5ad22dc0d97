"""Answers to a call: come, cannot, send a deputy, "I know whom it concerns", and answers by phone."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms import small
from bot.forms.errors import FieldErrors
from bot.listeners.decisions import _form, value_of
from bot.listeners.desk import Ack, Body, Desk, User, open_view, told
from bot.views.blocks import Named
from bot.views.deputise import deputise as deputise_modal
from bot.views.plain import outdated
from bot.views.record_answer import record_answer
from schedules.domain.plan import Answer
from schedules.errors import NotFound, Outdated
from schedules.services import answer_invitation as answers
from schedules.services.home import invitations_to_record


def register(app: App, desk: Desk) -> None:
    """Listen for the answer buttons and the two small forms."""

    def button(act: Callable[[User, Body, WebClient], None]) -> Callable[..., None]:
        def listener(ack: Ack, body: Body, client: WebClient) -> None:
            user = desk.user(body)
            if user is None:
                open_view(client, body, desk.refusal())
                ack()
                return
            with told(client, body, user.words, ack):
                try:
                    act(user, body, client)
                except Outdated:
                    _show_new_time(desk, user, value_of(body))
                    open_view(client, body, outdated(user.words))
                ack()
                desk.wake()

        return listener

    def accept(user: User, body: Body, client: WebClient) -> None:
        del client
        answers.answer_invitation(desk.office, user.person.id, value_of(body), Answer.ACCEPTED)

    def decline(user: User, body: Body, client: WebClient) -> None:
        del client
        answers.answer_invitation(desk.office, user.person.id, value_of(body), Answer.DECLINED)

    def known(user: User, body: Body, client: WebClient) -> None:
        del client
        answers.know_identity(desk.office, user.person.id, value_of(body))

    def deputise(user: User, body: Body, client: WebClient) -> None:
        invited, free = answers.deputies_for(desk.office, user.person.id, value_of(body))
        named = [Named(person.id, person.name) for person in free]
        reference = invited.called.referral.reference
        open_view(client, body, deputise_modal(invited.invitation.public_id, reference, named, user.words))

    def record(user: User, body: Body, client: WebClient) -> None:
        meeting = value_of(body)
        called = invitations_to_record(desk.office, user.person.id, meeting)
        named = [Named(public_id, name) for public_id, name in called]
        open_view(client, body, record_answer(meeting, named, user.words))

    app.action("invitation_accept")(button(accept))
    app.action("invitation_decline")(button(decline))
    app.action("invitation_deputise")(button(deputise))
    app.action("identity_known")(button(known))
    app.action("answer_record")(button(record))
    app.view("invitation_deputise")(_form(desk, _deputise))
    app.view("record_answer")(_form(desk, _record))


def _show_new_time(desk: Desk, user: User, public_id: str) -> None:
    """An old button only shows the new time (promise 4)."""
    try:
        answers.renew_for(desk.office, user.person.id, public_id)
    except NotFound:
        return


def _deputise(desk: Desk, user: User, body: Body) -> FieldErrors | None:
    read = small.deputise(body["view"], user.person.id)
    if isinstance(read, FieldErrors):
        return read
    answers.deputise(desk.office, user.person.id, read.invitation, read.deputy)
    return None


def _record(desk: Desk, user: User, body: Body) -> FieldErrors | None:
    read = small.record_answer(body["view"], user.person.id)
    if isinstance(read, FieldErrors):
        return read
    answers.answer_invitation(desk.office, user.person.id, read.invitation, read.answer)
    return None
