"""All pages that are open, and the one set that may run."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from starlette.websockets import WebSocket

from midback.apps.live.coach import Coach, Command, Entry
from midback.apps.live.feedback import Feedback
from midback.apps.live.journal import Header, Journal, latest_unfinished, new_path, read_journal
from midback.apps.live.saving import Keep
from midback.apps.live.web.menu import menu
from midback.apps.live.web.messages import MessageError, Order, Picture, check_size
from midback.apps.live.web.room import Room
from midback.apps.live.web.saving import save
from midback.apps.live.web.visitor import Visitor
from midback.errors import InputError
from midback.exercises import find, names
from midback.form.evidence import Caution
from midback.sides import Side

MOST_VISITORS = 64
_STALE_S = 24 * 3600.0
"""A set cut off longer ago is not offered again."""


@dataclass(frozen=True, slots=True)
class House:
    """What the server was started with. running: folder of the journals of running sets.

    keep: stores a saved set for the person, see saving.Keep.
    """

    weights: Path
    model_sha256: str
    out: Path
    running: Path
    caution: Caution = "normal"
    keep: Keep | None = None


class Hall:
    """Lets pages in, and gives one of them the set."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._visitors: set[Visitor] = set()
        self._owner: Visitor | None = None
        self._room: Room | None = None
        self._pain: int | None = None
        self._saved = False
        self._turn = asyncio.Lock()

    async def welcome(self, socket: WebSocket) -> None:
        """Serve one page until it leaves."""
        if len(self._visitors) >= MOST_VISITORS:
            await socket.close(1013)
            return
        visitor = Visitor(socket)
        self._visitors.add(visitor)
        try:
            await socket.accept()
            visitor.tell(await asyncio.to_thread(self._hello))
            await visitor.stay(self._obey, self._look)
        finally:
            self._visitors.discard(visitor)
            if self._owner is visitor:
                self._owner = None

    async def close(self) -> None:
        """Leave a set that runs to be taken up again."""
        async with self._turn:
            await self._leave(forget=self._saved)

    def _hello(self) -> dict[str, Any]:
        return {
            "kind": "hello",
            "exercises": menu(),
            "busy": self._owner is not None,
            "unfinished": None if self._owner is not None else self._unfinished(),
        }

    def _unfinished(self) -> dict[str, Any] | None:
        """The set that a page may take up again, if there is one."""
        if self._room is not None:
            exercise, (width, height) = self._room.coach.exercise, self._room.coach.size
        elif (cut := self._cut_off()) is not None:
            header = cut[1]
            exercise, width, height = find(header.exercise), header.width, header.height
        else:
            return None
        return {
            "name": exercise.name,
            "title": exercise.title,
            "width": width,
            "height": height,
        }

    def _cut_off(self) -> tuple[Path, Header, list[Entry]] | None:
        """The journal of a set that a crash ended."""
        path = latest_unfinished(self._house.running)
        if path is None or time.time() - path.stat().st_mtime > _STALE_S:
            return None
        try:
            header, entries = read_journal(path)
        except InputError:
            return None
        return (path, header, entries) if header.exercise in names() and entries else None

    def _look(self, visitor: Visitor, picture: Picture) -> None:
        room = self._own(visitor)
        if room.done:
            return
        if picture.size != room.coach.size:
            raise MessageError("the picture changed its size: end the set and begin it anew")
        room.offer(picture)

    async def _obey(self, visitor: Visitor, order: Order) -> None:
        if order.do in get_args(Command):
            room = self._own(visitor)
            if room.done:
                raise MessageError("the set has ended")
            room.command(order.do)  # type: ignore[arg-type]
            return
        actions = {
            "begin": self._begin,
            "return": self._return,
            "pain_score": self._score_pain,
            "save": self._save,
            "discard": self._discard,
            "next": self._next,
        }
        action = actions.get(order.do)
        if action is None:
            raise MessageError("there is no such command")
        async with self._turn:
            try:
                await action(visitor, order)
            except InputError as error:
                raise MessageError(str(error)) from error

    def _own(self, visitor: Visitor) -> Room:
        if self._room is None or self._owner is not visitor:
            raise MessageError("no set is running here: begin one")
        return self._room

    def _ended(self, visitor: Visitor) -> Room:
        room = self._own(visitor)
        if not room.done:
            raise MessageError("end the set first")
        return room

    async def _begin(self, visitor: Visitor, order: Order) -> None:
        if order.exercise not in names():
            raise MessageError("there is no such exercise")
        if order.width is None or order.height is None:
            raise MessageError("begin needs the picture's width and height")
        check_size(order.width, order.height)
        if self._owner is visitor and self._room is not None and not self._room.done:
            raise MessageError("a set is running: end it first")
        self._refuse_if_busy(visitor)
        await self._leave(forget=True)
        await asyncio.to_thread(self._forget_cut_off)
        await self._open(visitor, order.exercise, (order.width, order.height), order.side)

    async def _open(
        self, visitor: Visitor, exercise: str, size: tuple[int, int], side: Side | None
    ) -> None:
        coach = Coach(find(exercise), *size, caution=self._house.caution, side=side)
        path = new_path(exercise, self._house.running)
        journal = Journal.begin(path, exercise, *size, self._house.caution, side)
        self._enter(visitor, coach, journal)

    def _enter(self, visitor: Visitor, coach: Coach, journal: Journal) -> None:
        self._pain, self._saved = None, False
        loop = asyncio.get_running_loop()

        def tell(news: Feedback | dict[str, Any]) -> None:
            with contextlib.suppress(RuntimeError):  # the server is closing
                loop.call_soon_threadsafe(self._tell_owner, news)

        self._owner, visitor.in_set = visitor, True
        self._room = Room(coach, journal, self._house.weights, tell)
        visitor.tell({"kind": "begun", "exercise": coach.exercise.name})

    def _tell_owner(self, news: Feedback | dict[str, Any]) -> None:
        if self._owner is not None:
            self._owner.tell(news)

    async def _return(self, visitor: Visitor, order: Order) -> None:
        """Take up the set whose page has gone, or that was cut off."""
        self._refuse_if_busy(visitor)
        if self._room is not None:
            self._owner, visitor.in_set = visitor, True
            visitor.tell({"kind": "begun", "exercise": self._room.coach.exercise.name})
            self._room.came_back()
            return
        found = await asyncio.to_thread(self._replayed)
        if found is None:
            raise MessageError("there is no set to take up again")
        self._enter(visitor, *found)
        if self._room is not None:
            self._room.came_back()

    def _replayed(self) -> tuple[Coach, Journal] | None:
        """The cut-off set played again; its journal is written anew and the old one goes."""
        cut = self._cut_off()
        if cut is None:
            return None
        path, header, entries = cut
        size = header.width, header.height
        coach = Coach(find(header.exercise), *size, caution=header.caution, side=header.side)
        coach.replay(entries)
        anew = new_path(f"{header.exercise}-again", self._house.running)
        journal = Journal.begin(anew, header.exercise, *size, header.caution, header.side)
        for entry in entries:
            journal.append(entry)
        path.unlink(missing_ok=True)
        return coach, journal

    def _refuse_if_busy(self, visitor: Visitor) -> None:
        if self._owner not in (None, visitor):
            raise MessageError("another page runs a set on this machine: end it there first")

    async def _score_pain(self, visitor: Visitor, order: Order) -> None:
        self._ended(visitor)
        if order.value is None or order.value > 10:
            raise MessageError("pain is a number from 0 to 10")
        self._pain = order.value

    async def _save(self, visitor: Visitor, order: Order) -> None:
        room, house, pain = self._ended(visitor), self._house, self._pain
        if self._saved:
            raise MessageError("this set is saved already")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[dict[str, Any]] = loop.create_future()

        def write() -> None:
            try:
                sha256 = house.model_sha256
                news = save(
                    room.coach,
                    room.stills,
                    house.out,
                    model_sha256=sha256,
                    pain=pain,
                    keep=house.keep,
                )
                room.forget()
            except InputError as error:
                news = {"kind": "error", "text": str(error)}
            loop.call_soon_threadsafe(done.set_result, news)

        room.do(write)
        news = await done
        self._saved = news["kind"] == "saved"
        visitor.tell(news)

    async def _discard(self, visitor: Visitor, order: Order) -> None:
        """Forget the set that has ended, or the one that was cut off."""
        self._refuse_if_busy(visitor)
        if self._owner is visitor:
            self._ended(visitor)
        await self._leave(forget=True)
        await asyncio.to_thread(self._forget_cut_off)
        visitor.tell({"kind": "discarded"})

    async def _next(self, visitor: Visitor, order: Order) -> None:
        coach = self._ended(visitor).coach
        await self._leave(forget=True)
        await self._open(visitor, coach.exercise.name, coach.size, coach.side)

    async def _leave(self, *, forget: bool) -> None:
        room, self._room = self._room, None
        if self._owner is not None:
            self._owner.in_set = False
            self._owner = None
        if room is not None:
            await asyncio.to_thread(lambda: room.close(forget=forget))

    def _forget_cut_off(self) -> None:
        for path in self._house.running.glob("*.set"):
            path.unlink(missing_ok=True)
