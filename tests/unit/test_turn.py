"""Forms take turns, and none waits for ever."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import anyio
import anyio.lowlevel
from slack_bolt import BoltRequest

from bot.http import Turn

LONG = 60.0


def form(kind: str) -> BoltRequest:
    return BoltRequest(body=urlencode({"payload": json.dumps({"type": kind})}))


async def _events(turn: Turn, second: str) -> list[str]:
    """What happens when a second request comes while a form holds the turn."""
    seen: list[str] = []
    inside, done = anyio.Event(), anyio.Event()

    async def first() -> None:
        async with turn.taken(form("view_submission")):
            inside.set()
            await done.wait()
            seen.append("first done")

    async def then() -> None:
        await inside.wait()
        async with turn.taken(form(second)):
            seen.append("second in")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(first)
        tasks.start_soon(then)
        await anyio.wait_all_tasks_blocked()
        done.set()
    async with turn.taken(form("view_submission")):
        seen.append("free again")
    return seen


def test_a_form_waits_for_the_one_before_it() -> None:
    assert anyio.run(_events, Turn(LONG), "view_submission") == ["first done", "second in", "free again"]


def test_a_click_does_not_wait() -> None:
    assert anyio.run(_events, Turn(LONG), "block_actions") == ["second in", "first done", "free again"]


def test_a_form_whose_turn_does_not_come_goes_on_without_it() -> None:
    async def impatient() -> list[str]:
        seen: list[str] = []
        turn = Turn(0.001)

        async def second() -> None:
            async with turn.taken(form("view_submission")):
                seen.append("second in")

        async with anyio.create_task_group() as tasks, turn.taken(form("view_submission")):
            tasks.start_soon(second)
            while not seen:
                await anyio.lowlevel.checkpoint()
        async with turn.taken(form("view_submission")):
            seen.append("free again")
        return seen

    assert anyio.run(impatient) == ["second in", "free again"]
