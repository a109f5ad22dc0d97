"""The meeting day: the coordinator's page, the report of each case, the result, and telling the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.forms import meeting_report as form
from bot.forms.errors import FieldErrors
from bot.forms.state import FormState
from bot.listeners.desk import Body, Desk, User, at_once, later, log, open_view
from bot.listeners.doors import button, submitted, value_of
from bot.listeners.following import follow_choice
from bot.views import plain
from bot.views.blocks import View
from bot.views.meeting_page import CALLBACK as PAGE
from bot.views.meeting_page import meeting_page as page_view
from bot.views.meeting_report import AMEND, report_amendment
from bot.views.meeting_report import CALLBACK as REPORT
from bot.views.meeting_report import meeting_report as report_view
from bot.views.result import CALLBACK as RESULT
from bot.views.result import result_modal
from schedules.domain.figures.facts import Outcome
from schedules.services.amend_report import amend_report, open_amendment
from schedules.services.feedback import feedback_given, show_result
from schedules.services.meeting_page import meeting_page
from schedules.services.report_meeting import open_report, report_case


def register(app: App, desk: Desk) -> None:
    """Listen for the page's buttons, the report's form, and what follows the result."""

    def open_page(user: User, body: Body, client: WebClient) -> None:
        page = meeting_page(desk.office, user.person.id, value_of(body))
        open_view(client, body, page_view(page, user.words))

    def open_form(user: User, body: Body, client: WebClient) -> None:
        shown = open_report(desk.office, user.person.id, value_of(body))
        _in_its_place(client, body, report_view(shown, user.words))

    def follow(body: Body, client: WebClient) -> None:
        follow_choice(desk, body, client, lambda user, view: _followed(desk, user, view), _form_of)

    def result(user: User, body: Body, client: WebClient) -> None:
        page = show_result(desk.office, user.person.id, value_of(body))
        open_view(client, body, result_modal(page, user.words))

    def told(user: User, body: Body, client: WebClient) -> None:
        feedback_given(desk.office, user.person.id, value_of(body))
        notice = plain.notice(user.words("done.title"), user.words("done.feedback_given"), user.words)
        open_view(client, body, notice)

    def open_amended(user: User, body: Body, client: WebClient) -> None:
        shown = open_amendment(desk.office, user.person.id, value_of(body))
        _in_its_place(client, body, report_amendment(shown, user.words))

    app.action("report_amend")(button(desk, open_amended))
    app.view(AMEND)(submitted(desk, lambda user, body: _amend(desk, user, body)))
    app.action("meeting_open")(button(desk, open_page))
    app.action("meeting_report")(button(desk, open_form))
    app.action({"block_id": "outcome", "action_id": "outcome"})(ack=at_once, lazy=[later(follow)])
    app.view(REPORT)(submitted(desk, lambda user, body: _report(desk, user, body)))
    app.action("result_show")(button(desk, result))
    app.action("feedback_given")(button(desk, told))


def _in_its_place(client: WebClient, body: Body, view: View) -> None:
    """The form takes the page's place, and the page the form's, so that modals do not pile up."""
    present = body.get("view")
    if not isinstance(present, Mapping) or present.get("callback_id") not in {PAGE, RESULT}:
        open_view(client, body, view)
        return
    try:
        client.views_update(view_id=str(present.get("id")), view=view)
    except SlackApiError as error:
        log.warning("view_not_opened", error=error.response.get("error"))


def _form_of(view: Mapping[str, Any]) -> str:
    """One case's form: the view's id stays when the page, and then the next case's form, take its place."""
    return f"{view['id']}:{FormState(view).needed_metadata('booking')}"


def _followed(desk: Desk, user: User, view: Mapping[str, Any]) -> View:
    state = FormState(view)
    shown = open_report(desk.office, user.person.id, state.needed_metadata("booking"))
    chosen = state.choice("outcome")
    outcome = Outcome(chosen) if chosen in {one.value for one in Outcome} else None
    return report_view(shown, user.words, outcome)


def _amend(desk: Desk, user: User, body: Body) -> View | FieldErrors:
    read = form.parse_amendment(body["view"], user.person.id)
    if isinstance(read, FieldErrors):
        return read
    amend_report(desk.office, read)
    return result_modal(show_result(desk.office, user.person.id, read.booking), user.words)


def _report(desk: Desk, user: User, body: Body) -> View | FieldErrors:
    read = form.parse(body["view"], user.person.id)
    if isinstance(read, FieldErrors):
        return read
    done = report_case(desk.office, read)
    desk.form_ends(_form_of(body["view"]))
    return page_view(meeting_page(desk.office, user.person.id, done.meeting), user.words, done)
