"""The decisions about a booking: confirm, send now, move, withdraw, send back; and "show the case"."""

from __future__ import annotations

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms import small
from bot.forms.errors import FieldErrors
from bot.listeners.desk import Body, Desk, User, at_once, open_view
from bot.listeners.doors import button, submitted, value_of
from bot.views import plain
from bot.views.case import LETTER, case_modal
from bot.views.choose_time import choose_time
from bot.views.send_back import send_back as send_back_modal
from schedules.services import decide_booking as decide
from schedules.services.show_case import show_case


def register(app: App, desk: Desk) -> None:
    """Listen for the decision buttons and the two small forms behind them."""

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

    def moved(user: User, body: Body) -> FieldErrors | None:
        read = small.choose_time(body["view"], user.person.id)
        if isinstance(read, FieldErrors):
            return read
        decide.move_booking(desk.office, user.person.id, read.booking, read.slot)
        return None

    def sent_back(user: User, body: Body) -> FieldErrors | None:
        read = small.send_back(body["view"], user.person.id)
        if isinstance(read, FieldErrors):
            return read
        decide.send_back(desk.office, user.person.id, read.booking, read.reason)
        return None

    app.action("booking_confirm")(button(desk, confirm))
    app.action("booking_send_now")(button(desk, confirm))
    app.action("booking_withdraw")(button(desk, withdraw))
    app.action("booking_move")(button(desk, move))
    app.action("booking_send_back")(button(desk, send_back))
    app.action("case_show")(button(desk, show))
    app.action(LETTER)(at_once)  # a link: the browser opens it
    app.view("booking_move")(submitted(desk, moved))
    app.view("booking_send_back")(submitted(desk, sent_back))


def _say_done(client: WebClient, body: Body, user: User, key: str) -> None:
    """Pressed inside a modal: it says what was done, since the message behind it is out of sight."""
    if body.get("view", {}).get("type") == "modal":
        open_view(client, body, plain.notice(user.words("done.title"), user.words(key), user.words))
