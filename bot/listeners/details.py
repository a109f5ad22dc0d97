"""The form that follows the booking: what is missing, another time, or waiting."""

from __future__ import annotations

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms import referral_details as form
from bot.forms.errors import FieldErrors, errors_for_slack
from bot.listeners.desk import Ack, Body, Desk, User, answer_problem, open_view
from bot.listeners.doors import button, value_of
from bot.views.blocks import Named, View
from bot.views.referral_details import DetailsForm, referral_details
from schedules.domain.commands import SaveDetails
from schedules.errors import Refused, SamtidError, TimeTaken
from schedules.services.save_details import DetailsShown, open_details, save_details


def register(app: App, desk: Desk) -> None:
    """Listen for the button that opens the form, and for its submission."""

    def open_form(user: User, body: Body, client: WebClient) -> None:
        shown = open_details(desk.office, user.person.id, value_of(body))
        open_view(client, body, _view(shown, user))

    def submit(ack: Ack, body: Body) -> None:
        _submit(desk, ack, body)

    app.action("details_open")(button(desk, open_form))
    app.view("referral_details")(submit)


def _view(shown: DetailsShown, user: User) -> View:
    parties = tuple(Named(one, name) for one, name in shown.parties)
    return referral_details(shown.outcome, DetailsForm.of(parties, shown.protected), user.words)


def _submit(desk: Desk, ack: Ack, body: Body) -> None:
    user = desk.user(body)
    if user is None:
        ack(response_action="update", view=desk.refusal())
        return
    present = list(body["view"].get("state", {}).get("values", {}))
    try:
        read = form.parse(body["view"], user.person.id, desk.office.today())
        if isinstance(read, FieldErrors):
            ack(response_action="errors", errors=errors_for_slack(read, user.words, present))
            return
        _save(desk, ack, user, read, present)
    except SamtidError as error:
        answer_problem(ack, error, user.words, present)


def _save(desk: Desk, ack: Ack, user: User, read: SaveDetails, present: list[str]) -> None:
    try:
        shown = save_details(desk.office, read)
    except Refused as refused:
        if "raise_all_the_same" in refused.fields and "raise_all_the_same" not in present:
            # The question is put in the form itself, with everything that was typed.
            before = open_details(desk.office, user.person.id, read.referral)
            ack(response_action="update", view=_asking(before, read, user))
            return
        ack(response_action="errors", errors=errors_for_slack(refused, user.words, present))
        return
    except TimeTaken:
        words = user.words("refused.time_taken")
        ack(response_action="errors", errors={"slot" if "slot" in present else present[0]: words})
        return
    desk.wake()
    if read.slot is not None or shown.outcome.later_than_goal:
        ack(response_action="update", view=_view(shown, user))
        return
    ack()


def _asking(before: DetailsShown, read: SaveDetails, user: User) -> View:
    details = DetailsForm(
        tuple(Named(one, name) for one, name in before.parties),
        read.gender,
        read.birth_year,
        read.sick_leave_start,
        read.needs,
        read.known_to,
        read.support,
        ask_raise_all_the_same=True,
        target_group=before.target_group,
    )
    return referral_details(before.outcome, details, user.words)
