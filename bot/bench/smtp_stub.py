"""The least of a mail server: it takes every mail and keeps none.

`python -m bot.bench.smtp_stub PORT` serves it on loopback.
"""

from __future__ import annotations

import asyncio
import sys

GREETING = b"220 bench\r\n"
REPLIES = {
    b"EHLO": b"250-bench\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}
DONE = b"250 ok\r\n"
END_OF_MAIL = b"\r\n.\r\n"


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(GREETING)
    try:
        while command := (await reader.readline())[:4].upper():
            writer.write(REPLIES.get(command, DONE))
            if command == b"DATA":
                await reader.readuntil(END_OF_MAIL)
                writer.write(DONE)
            if command == b"QUIT":
                break
    finally:
        writer.close()


async def _serve(port: int) -> None:
    server = await asyncio.start_server(_talk, "127.0.0.1", port, limit=2**20)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
