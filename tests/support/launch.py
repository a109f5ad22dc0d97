"""Starts the real program in a process of its own, forked from one that has imported it.

Three seams are the test's: the clock, the socket (a port that is free for certain), and, if asked for, ticks
that come when the test says so. Everything else is `samtid run`.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import app, serve
from bot.assembly import add_mailroom
from bot.local import LocalMailbox
from bot.mailroom import Mailroom
from bot.program import Program
from bot.settings import TAKES
from bot.workspace import Workspace
from bot.workspace.database import Database as StandInDatabase
from bot.workspace.feed import Feed
from bot.workspace.mailbox import MailBook
from schedules.ports import Channel
from schedules.services.report_failures import report_failures
from tests.support.kill_points import Points, number
from tests.support.served import free_socket
from tests.support.shared_clock import SharedClock

START_SECONDS = 60.0

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.support.launch"])


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start one. `mailbox` is the stand-in's file, if answers by mail are read from it."""

    settings: dict[str, str]
    clock: Path
    log: Path
    mailbox: Path | None = None
    ticks_by_hand: bool = True
    points: Points | None = None


class Instance:
    """One process of the program, listening."""

    def __init__(self, launch: Launch) -> None:
        ours, theirs = CONTEXT.Pipe(duplex=False)
        self.launch = launch
        self.process = CONTEXT.Process(target=_serve, args=(launch, theirs), daemon=True)
        self.process.start()
        theirs.close()
        try:
            assert ours.poll(START_SECONDS), "it did not start"
            self.url = f"http://127.0.0.1:{ours.recv()}"
        except EOFError:
            raise AssertionError(launch.log.read_text()) from None
        finally:
            ours.close()

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self.process.pid is not None
        return self.process.pid

    def has_fallen(self, seconds: float = 5) -> bool:
        """Whether it has ended, or does so within that time."""
        self.process.join(seconds)
        return self.process.exitcode is not None

    def end(self) -> None:
        """End it at once, if it still runs."""
        self.process.kill()
        self.process.join(10)
        self.process.close()


def _serve(launch: Launch, ready: Connection) -> None:
    _environment(launch)
    bound = free_socket()
    clock = SharedClock(launch.clock)
    vars(app).update(RealClock=lambda: clock)
    vars(serve).update(build=_building(launch, app.build), _Server=_server(bound, ready))
    serve.serve()


def _environment(launch: Launch) -> None:
    for name in TAKES:
        os.environ.pop(name, None)
    os.environ.update(launch.settings)
    log = os.open(launch.log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)


def _server(bound: socket.socket, ready: Connection) -> type[uvicorn.Server]:
    class Server(serve._Server):
        def run(self, sockets: list[socket.socket] | None = None) -> None:
            del sockets
            super().run([bound])

        async def startup(self, sockets: list[Any] | None = None) -> None:
            await super().startup(sockets)
            ready.send(bound.getsockname()[1])
            ready.close()

    return Server


def _building(launch: Launch, build: Callable[..., Program]) -> Callable[..., Program]:
    def built(settings: Any) -> Program:
        program = build(settings)
        if launch.mailbox is not None:
            add_mailroom(program, _mailbox(launch.mailbox, program), program.office.mail_from.email)
        if launch.ticks_by_hand:
            vars(program.jobs).update(start=lambda: None)
        if launch.points is not None:
            number(program, launch.points)
        program.web.routes.append(Route("/tick", _tick(program), methods=["POST"]))
        return program

    return built


def _mailbox(file: Path, program: Program) -> LocalMailbox:
    """The stand-in's mailbox read by another process than its own."""
    clock: Any = program.office.clock
    book = MailBook(StandInDatabase(file), Feed(), clock, ())
    return LocalMailbox(cast("Workspace", SimpleNamespace(mailbox=book)), program.office.mail_from.email)


def _tick(program: Program) -> Callable[[Request], Response]:
    """What the ticker does, once, in the rig's order: how many due rows were closed."""

    def tick(_: Request) -> Response:
        jobs = program.jobs
        if jobs.mailroom is not None:
            jobs._guarded(lambda: _look(jobs.mailroom))
        before = program.metrics.due._value.get()
        jobs.due()
        for channel in Channel:
            jobs.deliver(channel)
        jobs._guarded(lambda: _failures(program))
        return JSONResponse({"closed": program.metrics.due._value.get() - before})

    return tick


def _look(mailroom: Mailroom | None) -> None:
    if mailroom is not None:
        mailroom.look()


def _failures(program: Program) -> None:
    report_failures(program.office)
