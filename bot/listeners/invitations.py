"""Answers to a call: come, cannot, send a deputy, "I know whom it concerns", and answers by phone."""

from __future__ import annotations

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms import small
from bot.forms.errors import FieldErrors
from bot.listeners.desk import Body, Desk, User, open_view
from bot.listeners.doors import Press, button, submitted, value_of
from bot.views.blocks import Named
from bot.views.decline import decline as decline_modal
from bot.views.deputise import deputise as deputise_modal
from bot.views.plain import outdated
from bot.views.record_answer import record_answer
from schedules.domain.plan import Answer
from schedules.errors import NotFound, Outdated
from schedules.services import answer_invitation as answers
from schedules.services.decline import decline
from schedules.services.home import invitations_to_record


def register(app: App, desk: Desk) -> None:
    """Listen for the answer buttons and the small forms."""
    _register_buttons(app, desk)
    _register_forms(app, desk)


def _register_buttons(app: App, desk: Desk) -> None:
    def answer(act: Press) -> Press:
        def current_or_new_time(user: User, body: Body, client: WebClient) -> None:
            try:
                act(user, body, client)
            except Outdated:
                _show_new_time(desk, user, value_of(body))
                open_view(client, body, outdated(user.words))

        return current_or_new_time

    def accept(user: User, body: Body, client: WebClient) -> None:
        del client
        answers.answer_invitation(desk.office, user.person.id, value_of(body), Answer.ACCEPTED)

    def ask_why(user: User, body: Body, client: WebClient) -> None:
        invited, free = answers.deputies_for(desk.office, user.person.id, value_of(body))
        named = [Named(person.id, person.name) for person in free]
        reference = invited.called.referral.reference
        open_view(client, body, decline_modal(invited.invitation.public_id, reference, named, user.words))

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

    app.action("invitation_accept")(button(desk, answer(accept)))
    app.action("invitation_decline")(button(desk, answer(ask_why)))
    app.action("invitation_deputise")(button(desk, answer(deputise)))
    app.action("identity_known")(button(desk, answer(known)))
    app.action("answer_record")(button(desk, answer(record)))


def _register_forms(app: App, desk: Desk) -> None:
    def deputised(user: User, body: Body) -> FieldErrors | None:
        read = small.deputise(body["view"], user.person.id)
        if isinstance(read, FieldErrors):
            return read
        answers.deputise(desk.office, user.person.id, read.invitation, read.deputy)
        return None

    def declined(user: User, body: Body) -> FieldErrors | None:
        read = small.decline(body["view"], user.person.id)
        if isinstance(read, FieldErrors):
            return read
        try:
            decline(desk.office, user.person.id, read.invitation, read.reason, read.deputy)
        except Outdated:
            _show_new_time(desk, user, read.invitation)
            raise
        return None

    def recorded(user: User, body: Body) -> FieldErrors | None:
        read = small.record_answer(body["view"], user.person.id)
        if isinstance(read, FieldErrors):
            return read
        answers.answer_invitation(desk.office, user.person.id, read.invitation, read.answer)
        return None

    app.view("invitation_decline")(submitted(desk, declined))
    app.view("invitation_deputise")(submitted(desk, deputised))
    app.view("record_answer")(submitted(desk, recorded))


def _show_new_time(desk: Desk, user: User, public_id: str) -> None:
    """An old button only shows the new time (promise 4)."""
    try:
        answers.renew_for(desk.office, user.person.id, public_id)
    except NotFound:
        return
