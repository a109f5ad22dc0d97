"""The real Bolt app, with a Slack that must not be needed."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from cryptography.fernet import Fernet
from slack_bolt import App
from slack_bolt.listener.custom_listener import CustomListener
from slack_bolt.listener_matcher.builtins import BuiltinListenerMatcher

from bot.app import make_office, open_database
from bot.assembly import make_bolt
from bot.clock import RealClock
from bot.listeners.desk import Desk
from bot.organisation import EXAMPLE, Applier, read
from bot.program import Slack
from bot.settings import Settings

NOBODY = "http://127.0.0.1:9/api/"


@contextmanager
def bolt_app(folder: Path, *, signing_secret: str = "") -> Iterator[App]:
    """The app over the example organisation; without a signing secret as in Socket Mode."""
    settings = Settings(
        SAMTID_DATABASE_URL=f"sqlite:///{folder}/samtid.db",
        SAMTID_SECRET_KEYS=Fernet.generate_key().decode(),
    )
    database = open_database(settings)
    database.migrate()
    office = make_office(settings, database, RealClock())
    Applier(office).apply(read(EXAMPLE))
    with ThreadPoolExecutor(4) as pool:
        yield make_bolt(Slack("xoxb-test", signing_secret, NOBODY), Desk(office, wake=lambda: None), pool)
    database.close()


def listened_for(app: App) -> set[tuple[str, str]]:
    """What the app listens for, as (kind, name); the kind is Bolt's word, such as `view_submission`."""
    found = set()
    for listener in app._listeners:
        matcher = cast("BuiltinListenerMatcher", cast("CustomListener", listener).matchers[0])
        values: list[Any] = list(inspect.getclosurevars(matcher.func).nonlocals.values())
        kind = matcher.func.__qualname__.partition(".")[0]
        found.add((kind, values[0] if isinstance(values[0], str) else values[0]["action_id"]))
    return found
