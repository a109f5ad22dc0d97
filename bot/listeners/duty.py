"""Absence and handover, from the App Home: a form, what it changes, and the confirmation."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms import duty as forms
from bot.forms.errors import FieldErrors
from bot.listeners.desk import Body, Desk, User, open_view
from bot.listeners.doors import button, submitted, value_of
from bot.views import duty as views
from bot.views.blocks import View
from schedules.services import absence as absences
from schedules.services import hand_over as handovers
from schedules.services.take_back_handover import take_back_handover

Step = Callable[[User, Body], View | FieldErrors | None]
"""The next view, errors beside the fields, or None: done."""


def register(app: App, desk: Desk) -> None:
    """Listen for the buttons on the App Home and the steps of the two forms."""
    _register_absence(app, desk)
    _register_handover(app, desk)


def _register_absence(app: App, desk: Desk) -> None:
    def begin(user: User, body: Body, client: WebClient) -> None:
        choices = absences.absence_choices(desk.office, user.person.id)
        open_view(client, body, views.absence_edit(choices, user.words))

    def change(user: User, body: Body, client: WebClient) -> None:
        choices = absences.absence_choices(desk.office, user.person.id, value_of(body))
        open_view(client, body, views.absence_edit(choices, user.words))

    def take_back(user: User, body: Body, client: WebClient) -> None:
        del client
        absences.take_back_absence(desk.office, user.person.id, value_of(body))

    def preview(user: User, body: Body) -> View | FieldErrors:
        read = forms.absence_edit(body["view"], user.person.id)
        if isinstance(read, FieldErrors):
            return read
        return views.absence_save(absences.preview_absence(desk.office, read), user.words)

    def save(user: User, body: Body) -> View | None:
        command, plan = forms.absence_save(body["view"], user.person.id)
        try:
            absences.enter_absence(desk.office, command, plan)
        except absences.AbsenceChanged as changed:
            return views.absence_save(changed.preview, user.words, changed=True)
        return None

    app.action("absence_new")(button(desk, begin))
    app.action("absence_change")(button(desk, change))
    app.action("absence_take_back")(button(desk, take_back))
    app.view("absence_edit")(submitted(desk, preview))
    app.view("absence_save")(submitted(desk, save))


def _register_handover(app: App, desk: Desk) -> None:
    def begin(user: User, body: Body, client: WebClient) -> None:
        choices = handovers.handover_choices(desk.office, user.person.id)
        several = len(choices.people) > 1
        show = views.handover_who if several else views.handover_edit
        open_view(client, body, show(choices, user.words))

    def who(user: User, body: Body) -> View | FieldErrors:
        person = forms.handover_who(body["view"])
        if isinstance(person, FieldErrors):
            return person
        choices = handovers.handover_choices(desk.office, user.person.id, person)
        return views.handover_edit(choices, user.words)

    def preview(user: User, body: Body) -> View | FieldErrors:
        read = forms.handover_edit(body["view"], user.person.id)
        if isinstance(read, FieldErrors):
            return read
        return views.handover_save(handovers.preview_handover(desk.office, read), user.words)

    def save(user: User, body: Body) -> View | None:
        command, plan = forms.handover_save(body["view"], user.person.id)
        try:
            handovers.hand_over(desk.office, command, plan)
        except handovers.HandoverChanged as changed:
            return views.handover_save(changed.preview, user.words, changed=True)
        return None

    def take_back(user: User, body: Body, client: WebClient) -> None:
        del client
        team, _, handover = value_of(body).partition(" ")
        take_back_handover(desk.office, user.person.id, team, handover)

    app.action("handover_new")(button(desk, begin))
    app.action("handover_take_back")(button(desk, take_back))
    app.view("handover_who")(submitted(desk, who))
    app.view("handover_edit")(submitted(desk, preview))
    app.view("handover_save")(submitted(desk, save))
