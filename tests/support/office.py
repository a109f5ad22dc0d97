"""A workspace with the echo bot, served on a free port."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from starlette.applications import Starlette

from bot.workspace import Actor, ChannelSetup, Limits, Persona, Setup, Workspace, routes
from tests.support.echo_bot import SECRET, TOKEN, EchoBot
from tests.support.served import free_socket, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PERSONAS = (
    Persona("U0001", "Åsa Lind", "Handläggare, Tierps kommun", "asa@kommun.example", "sv"),
    Persona("U0002", "Björn Ek", "Samordnare, Samverkansteam Tierp", "bjorn@region.example", "sv"),
    Persona("U0003", "Grace Bell", "Representative, Försäkringskassan", "grace@fk.example", "en"),
    Persona("U0004", "Per Alm", "Partsamordnare, Arbetsförmedlingen", None, "sv"),
)


class HandClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
        self.due: list[tuple[datetime, str]] = [
            (datetime(2026, 11, 26, 7, 0, tzinfo=UTC), "Påminnelse, TIE-2026-014")
        ]

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by
        self.due = [one for one in self.due if one[0] > self.at]

    def next_due(self, locale: str) -> tuple[datetime, str] | None:
        return self.due[0] if self.due else None


def setup(database: Path, port: int = 8737) -> Setup:
    """Describe a small organisation."""
    return Setup(
        workspace_name="Samordningsförbundet Exempel",
        team_id="T0001",
        bot_user_id="U9999",
        bot_token=TOKEN,
        signing_secret=SECRET,
        events_url=f"http://127.0.0.1:{port}/slack/events",
        personas=PERSONAS,
        channels=(
            ChannelSetup("C0001", "samverkan-tierp", ("U0001", "U0002", "U0003")),
            ChannelSetup("C0002", "samverkan-burlöv", ("U0004",)),
        ),
        user_groups={"S0001": ("U0001", "U0004")},
        commands=(("/echo", "lyft, hjälp eller bjud"),),
        shortcuts=(("new", "Lyft ett ärende"),),
        database=database,
    )


@dataclass(frozen=True, slots=True)
class Office:
    workspace: Workspace
    bot: EchoBot
    clock: HandClock
    url: str

    def actor(self, user_id: str = "U0001") -> Actor:
        return Actor(self.workspace, user_id)


@contextmanager
def opened(folder: Path, limits: Limits | None = None) -> Iterator[Office]:
    """Serve a workspace and its echo bot."""
    bound, clock = free_socket(), HandClock()
    port = bound.getsockname()[1]
    workspace = Workspace(setup(folder / "workspace.db", port), clock, limits=limits)
    bot = EchoBot(f"http://127.0.0.1:{port}/api/")
    app = Starlette(routes=[bot.route(), *routes(workspace)])
    with served(app, bound) as url:
        try:
            yield Office(workspace, bot, clock, url)
        finally:
            workspace.close()
