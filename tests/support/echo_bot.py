"""A small bot of its own for the tests of the workspace: it shares nothing with Samtid."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

Json = dict[str, Any]
TOKEN, SECRET = "xoxb-echo", "echo-signing-secret"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str, text: str = "") -> Json:
    return {"text": plain(text or value.capitalize()), "value": value}


def field(name: str, element: Json, label: str = "", **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label or name.capitalize()),
        "element": {"action_id": name, **element},
        **more,
    }


COLOURS = [option("red", "Röd"), option("green", "Grön"), option("blue", "Blå")]


def every_input() -> list[Json]:
    """One input of every type."""
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Alla fält* med ett _exempel_ av varje."}},
        field(
            "team",
            {"type": "static_select", "options": COLOURS, "initial_option": COLOURS[1]},
            "Team",
            dispatch_action=True,
        ),
        field(
            "question",
            {"type": "plain_text_input", "multiline": True, "min_length": 3, "max_length": 100},
            "Vad ska mötet ge svar på?",
            hint=plain("Formulera frågan tillsammans med personen. Skriv inte namn eller personnummer."),
        ),
        field("reference", {"type": "plain_text_input"}, "Egen referens", optional=True),
        field(
            "parties", {"type": "checkboxes", "options": COLOURS, "initial_options": [COLOURS[0]]}, "Parter"
        ),
        field(
            "urgency", {"type": "radio_buttons", "options": COLOURS[:2]}, "Hur bråttom är det?", optional=True
        ),
        field("categories", {"type": "multi_static_select", "options": COLOURS}, "Frågor", optional=True),
        field("day", {"type": "datepicker", "initial_date": "2026-11-23"}, "Datum"),
        field("time", {"type": "timepicker"}, "Klockslag", optional=True),
        field("year", {"type": "number_input", "is_decimal_allowed": False}, "År", optional=True),
        field("mail", {"type": "email_text_input"}, "E-post", optional=True),
        field("owner", {"type": "users_select"}, "Ärendets ägare", optional=True),
        field("people", {"type": "multi_users_select"}, "Personer", optional=True),
        field("place", {"type": "external_select", "min_query_length": 0}, "Plats", optional=True),
        field("places", {"type": "multi_external_select", "min_query_length": 0}, "Platser", optional=True),
        field("channel", {"type": "channels_select"}, "Kanal", optional=True),
        field("talk", {"type": "conversations_select"}, "Samtal", optional=True),
    ]


def form(blocks: list[Json] | None = None, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Lyft ett ärende"),
        "submit": plain("Lyft ärendet"),
        "close": plain("Avbryt"),
        "notify_on_close": True,
        "blocks": every_input() if blocks is None else blocks,
        **more,
    }


def button(action_id: str, text: str, value: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": value, **more}


def confirm() -> Json:
    return {
        "title": plain("Tacka nej?"),
        "text": plain("Samordnaren får veta det."),
        "confirm": plain("Ja, tacka nej"),
        "deny": plain("Ångra"),
    }


def invitation() -> list[Json]:
    text = (
        "*Tierps kommun* behövs på samverkansmöte *tisdag 1 december kl. 13.30*, ärende `TIE-2026-014`.\n"
        "• Plats: Vårdcentralen Tierp, rum 4\n• Kallade: <@U0002>, <@U0001>\nKan du vara med?"
    )
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {
            "type": "actions",
            "block_id": "answers",
            "elements": [
                button("accept", "Jag kommer", "inv1", style="primary"),
                button("decline", "Jag kan inte", "inv1", confirm=confirm()),
                {
                    "type": "overflow",
                    "action_id": "more",
                    "options": [option("deputise", "Skicka ersättare")],
                },
            ],
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Samordnaren ser ditt svar."}]},
    ]


def home() -> Json:
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("Kommande möten")},
            {
                "type": "section",
                "text": {
                    "type": "mrkdwn",
                    "text": "*Samverkansteam Tierp*\ntisdag 1 december kl. 13.00–15.00",
                },
                "accessory": button("show", "Visa", "m1"),
            },
            {"type": "divider"},
            {
                "type": "section",
                "fields": [
                    {"type": "mrkdwn", "text": "*Bokade tider*\n3 av 4"},
                    {"type": "mrkdwn", "text": "*Väntar på svar*\n1"},
                ],
            },
        ],
    }


class EchoBot:
    """Records what it heard in `heard`, and answers by what the form says."""

    def __init__(self, api_url: str) -> None:
        self.heard: list[Json] = []
        self.let_go = threading.Event()  # what the bot waits for where a test wants it late
        client = WebClient(token=TOKEN, base_url=api_url)
        self.app = App(
            client=client,
            signing_secret=SECRET,
            process_before_response=True,
            token_verification_enabled=False,  # it is built before the server listens
            logger=logging.getLogger("echo"),
        )
        self._listen()

    def route(self) -> Route:
        return Route("/slack/events", self._endpoint, methods=["POST"])

    async def _endpoint(self, request: Request) -> Response:
        body = (await request.body()).decode()
        asked = BoltRequest(body=body, headers=dict(request.headers))
        answer = await run_in_threadpool(self.app.dispatch, asked)
        return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())

    def _listen(self) -> None:
        self.app.command("/echo")(self._command)
        self.app.shortcut("new")(self._shortcut)
        self.app.event("app_home_opened")(self._home)
        self.app.view("form")(self._submitted)
        self.app.view("second")(self._second)
        self.app.view_closed("form")(self._closed)
        self.app.options("place")(self._options)
        self.app.options("places")(self._options)
        for action in ("accept", "decline", "more", "show", "team", "pick", "choose"):
            self.app.action(action)(self._action)

    def last(self, kind: str) -> Json:
        """The last payload of a type. An open form may ask for its options at any moment beside it."""
        return next(body for body in reversed(self.heard) if body.get("type") == kind)

    def _command(self, ack: Any, body: Json, client: WebClient) -> None:
        self.heard.append(body)
        if body["text"] == "hjälp":
            ack("Skriv `/echo` så öppnas formuläret.")
        elif body["text"] == "bjud":
            client.chat_postMessage(channel=body["user_id"], text="Kallelse", blocks=invitation())
            ack()
        elif body["text"] == "senare":
            ack()
            threading.Thread(target=self._later, args=(client, body["user_id"])).start()
        elif body["text"] == "trasig":
            client.views_open(trigger_id=body["trigger_id"], view={**form([]), "title": plain("x" * 25)})
        else:
            client.views_open(trigger_id=body["trigger_id"], view=form())
            ack()

    def _later(self, client: WebClient, user: str) -> None:
        self.let_go.wait(5)
        client.chat_postMessage(channel=user, text="Klart.")

    def _shortcut(self, ack: Any, body: Json, client: WebClient) -> None:
        self.heard.append(body)
        client.views_open(trigger_id=body["trigger_id"], view=form())
        ack()

    def _home(self, body: Json, client: WebClient) -> None:
        self.heard.append(body)
        client.views_publish(user_id=body["event"]["user"], view=home())

    def _submitted(self, ack: Any, body: Json, view: Json) -> None:
        self.heard.append(body)
        question = view["state"]["values"]["question"]["question"]["value"]
        second = {
            **form([{"type": "section", "text": plain("Bokat.")}, field("note", _NOTE)]),
            "callback_id": "second",
        }
        long = {**second, "blocks": [*second["blocks"], *every_input()]}
        answers: dict[str, Json] = {
            "errors": {"response_action": "errors", "errors": {"question": "Skriv inte personnummer här."}},
            "update": {"response_action": "update", "view": second},
            "long": {"response_action": "update", "view": long},
            "stranger": {"response_action": "errors", "errors": {"nobody": "x"}},
            "push": {"response_action": "push", "view": second},
            "clear": {"response_action": "clear"},
        }
        if question == "wait":
            self.let_go.wait(5)
        if question in answers:
            ack(answers[question])
        elif question != "silence":
            ack()

    def _second(self, ack: Any, body: Json) -> None:
        self.heard.append(body)
        ack()

    def _closed(self, ack: Any, body: Json) -> None:
        self.heard.append(body)
        ack()

    def _options(self, ack: Any, body: Json) -> None:
        self.heard.append(body)
        found = [option(one.lower(), one) for one in ("Tierp", "Burlöv", "Linköping")]
        ack(options=[one for one in found if body["value"].lower() in one["value"]])

    def _action(self, ack: Any, body: Json, client: WebClient, respond: Any) -> None:
        self.heard.append(body)
        action = body["actions"][0]
        if action["action_id"] == "team":
            blocks = every_input()
            blocks.insert(
                2, {"type": "section", "text": plain("Team: " + action["selected_option"]["value"])}
            )
            client.views_update(view_id=body["view"]["id"], view=form(blocks))
        elif action["action_id"] in {"accept", "decline"}:
            words = {"accept": "Du kommer.", "decline": "Du kan inte."}[action["action_id"]]
            respond(text=words, replace_original=True)
        ack()


_NOTE = {"type": "plain_text_input"}
