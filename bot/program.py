"""What runs: the parts of one program, and how to reach Slack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from slack_bolt import App
from starlette.applications import Starlette

from bot.jobs import Jobs
from bot.metrics import Metrics
from bot.settings import Settings
from schedules.services.office import Office
from schedules.store.database import Database


@dataclass(frozen=True, slots=True)
class Slack:
    """How to reach Slack and how Slack reaches us. `signing_secret` is empty in Socket Mode."""

    bot_token: str
    signing_secret: str
    api_url: str | None


@dataclass(slots=True)
class Program:
    """Everything that runs. `ready` is false until it serves and again while it stops.

    `connected` says whether Slack reaches us, where that takes a connection of ours.
    """

    settings: Settings
    database: Database
    office: Office
    bolt: App
    jobs: Jobs
    web: Starlette
    metrics: Metrics
    closers: list[Callable[[], None]] = field(default_factory=list)
    ready: bool = False
    connected: Callable[[], bool] = lambda: True

    def start(self) -> None:
        """Make ready what the first forms will ask for, and begin the background work."""
        self.database.make_room()
        self.office.remember_terms()
        self.jobs.start()
        self.ready = True

    def close(self) -> None:
        """Finish what is in hand and let go of everything."""
        self.ready = False
        self.jobs.stop()
        for close in self.closers:
            close()
        self.database.close()
