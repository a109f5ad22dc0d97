"""A local stand-in for Slack with a web page. Shares no code and no constant with the bot."""

from __future__ import annotations

from bot.workspace.actor import Actor
from bot.workspace.setup import ChannelSetup, ClockControl, GuideStep, Limits, Persona, Setup, Workspace
from bot.workspace.web import routes

__all__ = [
    "Actor",
    "ChannelSetup",
    "ClockControl",
    "GuideStep",
    "Limits",
    "Persona",
    "Setup",
    "Workspace",
    "routes",
]
