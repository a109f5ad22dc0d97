"""The one public door: what a composition root needs to build a local workspace."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.workspace.core import build
from bot.workspace.limits import Limits
from bot.workspace.shapes import ChannelSetup, ClockControl, GuideStep, Persona, Setup

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.workspace.mailbox import Mailbox
    from bot.workspace.problems import Problem

__all__ = ["ChannelSetup", "ClockControl", "GuideStep", "Limits", "Persona", "Setup", "Workspace"]


class Workspace:
    """A stand-in for Slack: the Web API, signed deliveries to the bot, a page, a mailbox.

    `limits` and `real_time` (seconds since 1970) exist for tests that must not wait; `clock` is the movable
    time of the trial and has nothing to do with triggers, signatures or rates.
    """

    def __init__(
        self,
        setup: Setup,
        clock: ClockControl,
        *,
        limits: Limits | None = None,
        real_time: Callable[[], float] = time.time,
    ) -> None:
        self.core = build(setup, clock, limits or Limits(), real_time)

    @property
    def mailbox(self) -> Mailbox:
        """Where mail goes instead of leaving over SMTP."""
        return self.core.mails

    def problems(self) -> tuple[Problem, ...]:
        """Give what the bot did that Slack would not have taken."""
        return self.core.problems.all()

    def close(self) -> None:
        """End streams, close the file and the connections."""
        self.core.close()
