"""A WebSocket origin: says its name, the path it was asked for, and each message again."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import websockets


async def echo(connection: Any) -> None:
    """Answer each message; `sleep SECONDS` is answered after that time."""
    async for message in connection:
        if str(message).startswith("sleep "):
            await asyncio.sleep(float(str(message).split()[1]))
        answer = {"name": NAME, "path": connection.path, "message": message}
        await connection.send(json.dumps(answer))


async def serve(port: int) -> None:
    """Serve until stopped, without pings: what keeps a connection open is the proxy's timeout."""
    async with websockets.serve(echo, "", port, ping_interval=None):
        await asyncio.Future()


if __name__ == "__main__":
    NAME, address = sys.argv[1].split(":", 1)
    asyncio.run(serve(int(address)))
