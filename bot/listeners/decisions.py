"""The decisions about a booking: confirm, send now, move, withdraw, send back; and "show the case"."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms import small
from bot.forms.errors import FieldErrors, errors_for_slack
from bot.listeners.desk import Ack, Body, Desk, User, answer_problem, open_view, told
from bot.views import plain
from bot.views.case import case_modal
from bot.views.choose_time import choose_time
from bot.views.send_back import send_back as send_back_modal
from schedules.errors import Refused, SamtidError, TimeTaken
from schedules.services import decide_booking as decide
from schedules.services.show_case import show_case


def value_of(body: Body) -> str:
    """The public id that the pressed button carries."""
    return str(body["actions"][0].get("value") or "")


def register(app: App, desk: Desk) -> None:
    """Listen for the decision buttons and the two small forms behind them."""

    def button(act: Callable[[User, Body, WebClient], None]) -> Callable[..., None]:
        def listener(ack: Ack, body: Body, client: WebClient) -> None:
            user = desk.user(body)
            if user is None:
                open_view(client, body, desk.refusal())
                ack()
                return
            with told(client, body, user.words, ack):
                act(user, body, client)
                ack()
                desk.wake()

        return listener

    def confirm(user: User, body: Body, client: WebClient) -> None:
        decide.confirm_booking(desk.office, user.person.id, value_of(body))
        _say_done(client, body, user, "done.confirmed")

    def withdraw(user: User, body: Body, client: WebClient) -> None:
        decide.withdraw_referral(desk.office, user.person.id, value_of(body))
        _say_done(client, body, user, "done.withdrawn")

    def move(user: User, body: Body, client: WebClient) -> None:
        case, offers = decide.other_times(desk.office, user.person.id, value_of(body))
        facts = decide.facts_of(desk.office, case)
        shown = choose_time(case.booking.id, case.referral.reference, facts, offers, user.words)
        open_view(client, body, shown)

    def send_back(user: User, body: Body, client: WebClient) -> None:
        case = decide.to_send_back(desk.office, user.person.id, value_of(body))
        open_view(client, body, send_back_modal(case.booking.id, case.referral.reference, user.words))

    def show(user: User, body: Body, client: WebClient) -> None:
        page = show_case(desk.office, user.person.id, value_of(body))
        open_view(client, body, case_modal(page, user.words))

    app.action("booking_confirm")(button(confirm))
    app.action("booking_send_now")(button(confirm))
    app.action("booking_withdraw")(button(withdraw))
    app.action("booking_move")(button(move))
    app.action("booking_send_back")(button(send_back))
    app.action("case_show")(button(show))
    app.view("booking_move")(_form(desk, _move))
    app.view("booking_send_back")(_form(desk, _send_back))


def _say_done(client: WebClient, body: Body, user: User, key: str) -> None:
    """Pressed inside a modal: it says what was done, since the message behind it is out of sight."""
    if body.get("view", {}).get("type") == "modal":
        open_view(client, body, plain.notice(user.words("done.title"), user.words(key), user.words))


def _form(desk: Desk, act: Callable[[Desk, User, Body], FieldErrors | None]) -> Callable[..., None]:
    def listener(ack: Ack, body: Body) -> None:
        user = desk.user(body)
        if user is None:
            ack(response_action="update", view=desk.refusal())
            return
        present = list(body["view"].get("state", {}).get("values", {}))
        try:
            errors = act(desk, user, body)
        except Refused as refused:
            ack(response_action="errors", errors=errors_for_slack(refused, user.words, present))
        except TimeTaken:
            ack(response_action="errors", errors={"slot": user.words("refused.time_taken")})
        except SamtidError as error:
            answer_problem(ack, error, user.words, present)
        else:
            if errors is not None:
                ack(response_action="errors", errors=errors_for_slack(errors, user.words, present))
                return
            ack(response_action="clear")
            desk.wake()

    return listener


def _move(desk: Desk, user: User, body: Body) -> FieldErrors | None:
    read = small.choose_time(body["view"], user.person.id)
    if isinstance(read, FieldErrors):
        return read
    decide.move_booking(desk.office, user.person.id, read.booking, read.slot)
    return None


def _send_back(desk: Desk, user: User, body: Body) -> FieldErrors | None:
    read = small.send_back(body["view"], user.person.id)
    if isinstance(read, FieldErrors):
        return read
    decide.send_back(desk.office, user.person.id, read.booking, read.reason)
    return None
