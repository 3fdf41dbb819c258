"""A duty room that never gives up: repeats each report with its key until it has an answer.

A process of its own, for the measurement around it kills others. On stdin ``N`` asks for a burst of
N reports, the end of input for the end. Each line of the file, synced before the next request, is
``key id sent acknowledged`` (seconds since the epoch).
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

from bench.ground.line import Line, request
from bench.ground.places import spots

LINES = 4
PATIENCE_S = 2.0
AGAIN_S = 0.05


class Caller:
    """What is still to be told, and where the answers are written down."""

    def __init__(self, port: int, token: str, file: Path) -> None:
        self.port, self.token = port, token
        self.target = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.waiting: asyncio.Queue[int | None] = asyncio.Queue()
        self.told = 0

    def burst(self, count: int) -> None:
        """Put so many more reports into the queue."""
        for _ in range(count):
            self.waiting.put_nowait(self.told)
            self.told += 1

    async def speak(self) -> None:
        """One telephone: tell the next until there is none."""
        line = Line(self.port)
        while (number := await self.waiting.get()) is not None:
            key = f"crash-{os.getpid()}-{number:06d}"
            places = spots()
            round_, spot = divmod(number, len(places))
            words = request(
                "POST",
                "/api/v1/reports",
                token=self.token,
                body=places[spot].report(round_),
                key=key,
            )
            await self._until_answered(line, words, key)
        await line.close()

    async def _until_answered(self, line: Line, words: bytes, key: str) -> None:
        while True:
            sent = time.time()
            try:
                reply = await asyncio.wait_for(line.ask(words), PATIENCE_S)
            except (OSError, TimeoutError):
                await asyncio.sleep(AGAIN_S)
                continue
            if reply.status == 201:
                self._write_down(f"{key} {reply.read()['id']} {sent:.4f} {time.time():.4f}\n")
                return
            if reply.status < 500 and reply.status != 409:
                raise SystemExit(f"refused with {reply.status}: {reply.body.decode()}")
            await asyncio.sleep(AGAIN_S)

    def _write_down(self, line: str) -> None:
        os.write(self.target, line.encode())
        os.fsync(self.target)


async def _asked() -> AsyncIterator[int]:
    """The numbers that come in on stdin."""
    loop = asyncio.get_running_loop()
    while words := await loop.run_in_executor(None, sys.stdin.readline):
        yield int(words)


async def main(port: int, token: str, file: Path) -> None:
    """Tell what is asked for, then what is left, then go."""
    caller = Caller(port, token, file)
    phones = [asyncio.create_task(caller.speak()) for _ in range(LINES)]
    async for count in _asked():
        caller.burst(count)
    for _ in phones:
        caller.waiting.put_nowait(None)
    await asyncio.gather(*phones)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
