"""What the weeks show, for the page: the people of the store, and the page of each."""

from __future__ import annotations

import hashlib
from datetime import date
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from midback.errors import InputError

_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>midback: your weeks</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/live.css"></head>
<body data-view="choose"><main><section id="choose">
<h1>Your weeks</h1>
"""
_TAIL = (
    '<p class="fine"><a href="/">Back to the exercises</a></p>\n</section></main></body></html>\n'
)
_KEPT = {"cache-control": "no-store"}


class Weeks:
    """Answers `/progress` and `/progress/KEY`. store: where, see open_store."""

    def __init__(self, store: str | None) -> None:
        self._store = store

    async def people(self, _: Request) -> Response:
        """Everyone in the store, each with a link."""
        try:
            found = await run_in_threadpool(self._people)
        except InputError as error:
            return PlainTextResponse(f"{error}\n", 503, headers=_KEPT)
        links = [
            f'<li><a class="button" href="/progress/{key_of(name)}">{escape(name)}</a></li>'
            for name in found
        ]
        said = (
            f"<ul>{''.join(links)}</ul>"
            if links
            else '<p class="lead">Nobody is here yet. Sets that you store for a person '
            "(<code>--person NAME</code>) appear here.</p>"
        )
        return HTMLResponse(f"{_HEAD}{said}\n{_TAIL}", headers=_KEPT)

    async def person(self, request: Request) -> Response:
        """The page of one person."""
        try:
            page = await run_in_threadpool(self._page, request.path_params["key"])
        except InputError as error:
            return PlainTextResponse(f"{error}\n", 503, headers=_KEPT)
        if page is None:
            return PlainTextResponse("no such person\n", 404, headers=_KEPT)
        return HTMLResponse(page, headers=_KEPT)

    def _people(self) -> tuple[str, ...]:
        """Names; none where there is no store yet, and none is made."""
        from midback.history.store import open_store
        from midback.history.store.place import find_place

        file = find_place(self._store).file
        if file is not None and not file.exists():
            return ()
        with open_store(self._store, create=False) as store:
            return store.people()

    def _page(self, key: str) -> str | None:
        from midback.apps.progress.page import render
        from midback.apps.progress.run import progress_of
        from midback.history.store import open_store

        name = next((one for one in self._people() if key_of(one) == key), None)
        if name is None:
            return None
        with open_store(self._store, create=False) as store:
            return render(name, progress_of(store, name, date.today()))


def key_of(name: str) -> str:
    """What stands for a name in an address: no name is left in a browser's history."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]
