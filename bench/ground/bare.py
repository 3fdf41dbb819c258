"""The least that can fan out: an asyncio server that writes the same bytes to every listener.

What a stream costs without a house around it. ``python -m bench.ground.bare PORT``; a connection
whose first line is ``SAY`` makes it write one event to all others.
"""

import asyncio
import sys

EVENT = b'id: x-%d\nevent: changed\ndata: {"topic": "desk", "entry": %d}\n\n'


async def serve(port: int) -> None:
    """Listen until killed."""
    listeners: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readline()
        if not first.startswith(b"SAY"):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            listeners.append(writer)
            return
        while first:
            number = int(first.split()[1])
            for one in listeners:
                one.write(EVENT % (number, number))
            first = await reader.readline()

    server = await asyncio.start_server(answer, "127.0.0.1", port, backlog=4096)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
