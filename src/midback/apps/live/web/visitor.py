"""One open page: what it sends is checked and counted, what it is sent waits for no one."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from midback.apps.live.feedback import Feedback, Sound
from midback.apps.live.web.messages import (
    MessageError,
    Order,
    Pace,
    Picture,
    read_order,
    read_picture,
)

IDLE_S = 60.0
MOST_ERRORS = 50
RATE = 60.0

IDLE, UNRULY = 4000, 1008

Obey = Callable[["Visitor", Order], Awaitable[None]]
Look = Callable[["Visitor", Picture], None]

_LOUDNESS: tuple[Sound, ...] = ("", "rep", "amber", "stop")


class Visitor:
    """A socket. in_set: whether it runs the set, and so may be silent as long as it likes.

    dropped: frames beyond the pace.
    """

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self.in_set = False
        self.dropped = 0
        self._errors = 0
        self._pace = Pace(RATE)
        self._feedback: Feedback | None = None
        self._lines: deque[dict[str, Any]] = deque(maxlen=32)
        self._news = asyncio.Event()

    def tell(self, news: Feedback | dict[str, Any]) -> None:
        """Send this as soon as the page takes it; of feedback only the newest."""
        if isinstance(news, Feedback):
            self._feedback = _both(self._feedback, news)
        else:
            self._lines.append(news)
        self._news.set()

    async def stay(self, obey: Obey, look: Look) -> None:
        """Serve the page until it leaves or has to."""
        sender = asyncio.create_task(self._send())
        try:
            code = await self._receive(obey, look)
        finally:
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                await sender
        if code is not None and self._socket.client_state is WebSocketState.CONNECTED:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
                await asyncio.wait_for(self._socket.close(code), 1.0)

    async def _receive(self, obey: Obey, look: Look) -> int | None:
        """Take messages; return the code to close with, None where the page has left."""
        while self._errors < MOST_ERRORS:
            try:
                message = await asyncio.wait_for(self._socket.receive(), IDLE_S)
            except TimeoutError:
                if self.in_set:
                    continue
                return IDLE
            if message["type"] == "websocket.disconnect":
                return None
            text, data = message.get("text"), message.get("bytes")
            if not self._pace.allows():
                if text is not None:
                    return UNRULY
                self.dropped += 1
                continue
            try:
                if text is not None:
                    await obey(self, read_order(text))
                else:
                    look(self, read_picture(data or b""))
            except MessageError as error:
                self._errors += 1
                self.tell({"kind": "error", "text": str(error)})
        return UNRULY

    async def _send(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._lines:
                await self._socket.send_text(_json(self._lines.popleft()))
            feedback, self._feedback = self._feedback, None
            if feedback is not None:
                await self._socket.send_text(_json({"kind": "feedback", **feedback.to_dict()}))


def _both(old: Feedback | None, new: Feedback) -> Feedback:
    """The newer one, with what the older one still had to say."""
    if old is None:
        return new
    sound = max(old.sound, new.sound, key=_LOUDNESS.index)
    return replace(new, say=new.say or old.say, sound=sound)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":"))
