"""A line to a server that breaks: it carries so many bytes of what the server says, and is cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 64


@dataclass
class CuttingLine:
    """Cuts each of the next lines after the bytes in `cuts`; when those are used up, lines hold.

    `carried` is how many bytes of the server's each line carried, `cut` how many lines were cut.
    """

    port: int = 0
    cuts: list[int] = field(default_factory=list)
    carried: list[int] = field(default_factory=list)
    cut: int = 0


@contextmanager
def cutting_line(upstream: int) -> Iterator[CuttingLine]:
    """A port of 127.0.0.1 in front of another one."""
    line = CuttingLine()
    listener = socket.create_server(("127.0.0.1", 0))
    line.port = listener.getsockname()[1]
    thread = threading.Thread(target=_accept, args=(line, listener, upstream))
    thread.start()
    try:
        yield line
    finally:
        # Closing alone would not end an accept under way.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
        assert not thread.is_alive()


def _accept(line: CuttingLine, listener: socket.socket, upstream: int) -> None:
    threads: list[threading.Thread] = []
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", upstream))
            line.carried.append(0)
            most = line.cuts.pop(0) if line.cuts else None
            threads += [
                threading.Thread(target=_forward, args=(client, server)),
                threading.Thread(target=_carry, args=(line, len(line.carried) - 1, server, client, most)),
            ]
            for thread in threads[-2:]:
                thread.start()
    for thread in threads:
        thread.join(10)


def _forward(client: socket.socket, server: socket.socket) -> None:
    with suppress(OSError):
        while said := client.recv(4096):
            server.sendall(said)
    _hang_up(server)


def _carry(
    line: CuttingLine, number: int, server: socket.socket, client: socket.socket, most: int | None
) -> None:
    with suppress(OSError):
        while said := server.recv(CHUNK):
            room = len(said) if most is None else most - line.carried[number]
            client.sendall(said[:room])
            line.carried[number] += len(said[:room])
            if room < len(said):
                line.cut += 1
                break
    _hang_up(client)
    _hang_up(server)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
