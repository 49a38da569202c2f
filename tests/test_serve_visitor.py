"""One open page as the server sees it: slow, silent or gone."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any, cast

import pytest
from starlette.websockets import WebSocket, WebSocketState

from midback.apps.live.coach import Coach
from midback.apps.live.feedback import Feedback
from midback.apps.live.web import visitor
from midback.apps.live.web.messages import Order, Pace, Picture
from midback.apps.live.web.visitor import IDLE, Visitor
from midback.exercises import find
from midback.vision.pose import missing_pose


class Socket:
    """A page that says what is put into `said` and reads only while `reads` is set."""

    client_state = WebSocketState.CONNECTED

    def __init__(self) -> None:
        self.said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.got: list[dict[str, Any]] = []
        self.closed: int | None = None

    async def receive(self) -> dict[str, Any]:
        return await self.said.get()

    async def send_text(self, text: str) -> None:
        await self.reads.wait()
        self.got.append(json.loads(text))

    async def close(self, code: int) -> None:
        self.closed = code


async def obey(who: Visitor, order: Order) -> None:
    who.tell({"kind": "did", "what": order.do})


def look(who: Visitor, picture: Picture) -> None:
    raise AssertionError


def moment() -> Feedback:
    return Coach(find("bird_dog"), 640, 360).see(missing_pose(0.0))


def test_a_slow_reader_gets_the_newest_with_all_that_was_to_be_said() -> None:
    async def run() -> list[dict[str, Any]]:
        socket = Socket()
        page = Visitor(cast(WebSocket, socket))
        staying = asyncio.create_task(page.stay(obey, look))
        for index in range(100):
            now = replace(moment(), t=float(index))
            if index == 50:
                now = replace(now, say="Stop. Rest", sound="stop")
            page.tell(replace(now, sound="rep") if index == 60 else now)
            await asyncio.sleep(0)
        socket.reads.set()
        await asyncio.sleep(0.05)
        await socket.said.put({"type": "websocket.disconnect"})
        await staying
        return socket.got

    got = asyncio.run(run())
    assert len(got) <= 2  # one was on its way when the page stopped reading
    assert (got[-1]["t"], got[-1]["say"], got[-1]["sound"]) == (99.0, "Stop. Rest", "stop")


@pytest.mark.parametrize("in_set", [False, True])
def test_a_silent_page_is_closed_unless_it_runs_the_set(
    in_set: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor, "IDLE_S", 0.05)

    async def run() -> int | None:
        socket = Socket()
        page = Visitor(cast(WebSocket, socket))
        page.in_set = in_set
        staying = asyncio.create_task(page.stay(obey, look))
        await asyncio.sleep(0.3)
        await socket.said.put({"type": "websocket.disconnect"})
        await staying
        return socket.closed

    assert asyncio.run(run()) == (None if in_set else IDLE)


def test_the_pace_allows_a_second_in_stock() -> None:
    pace = Pace(20.0)
    assert [pace.allows() for _ in range(25)].count(True) in (20, 21)
