"""What strangers can do to `midback serve` while a set runs, and what a dying server costs.

    PYTHONPATH=benchmarks:tests python -m live.attacks

writes benchmarks/live_attacks.md.
"""

from __future__ import annotations

import contextlib
import itertools
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from served import SIZE, Page, Served, ask, framed, frames_of, served
from strangers import Runner, claiming, closed_with, nonsense
from websockets import Origin
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

CLIP = Path(__file__).parents[2] / "sample_videos/bird_dog_clean.mp4"
OUT = Path(__file__).parents[1] / "live_attacks.md"
MALFORMED, CONNECTIONS, KILLS, SEED = 10_000, 200, 20, 5
RATE = 15.0

Attack = Callable[[Served], str]


def main() -> None:
    """Both tables."""
    text = "\n\n".join(
        [
            "# What was tried against `midback serve`",
            "`PYTHONPATH=benchmarks:tests python -m live.attacks`: a real server, a set of bird "
            "dog before a rendered person running in it; every attack comes from another socket "
            "unless said otherwise. The set goes on: the next frames are answered.",
            attacks(),
            "## The server killed",
            kills(),
        ]
    )
    print(text)
    OUT.write_text(f"{text}\n", encoding="utf-8")


def attacks() -> str:
    """One attack after the other against one server with one set."""
    rows = ["| tried | what happened | the set went on |", "|---|---|---|"]
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as server,
        Page(server.port) as page,
    ):
        page.begin()
        runner = Runner(page)
        runner.go_on(1.0)
        for name, attack in _ATTACKS.items():
            happened = attack(server)
            rows.append(f"| {name} | {happened} | {_goes_on(runner)} |")
        rows.append(f"| the running set's own frames claim 60000 x 60000 | {_bomb(page)} | "
                    f"{_goes_on(runner)} |")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        rows.append(f"| no token, a wrong one, where one is asked | {_no_token(folder)} | – |")
    return "\n".join(rows)


def kills() -> str:
    """SIGKILL to the server at random moments of one set, started anew, the set resumed."""
    chance = random.Random(SEED)
    frames = list(frames_of(CLIP, RATE, 60.0))
    at = sorted(chance.sample(range(60, len(frames) - 30), KILLS))
    port, lost = 0, 0
    told: list[tuple[int, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        for first, last in itertools.pairwise([0, *at]):
            with served(Path(folder), port=port) as server, Page(server.port) as page:
                port = server.port
                _enter(page)
                seen = [page.show(*frame)["reps"] for frame in frames[first:last]]
                before = told[-1][1] if told else 0
                lost += seen[0] < before
                told.append((before, seen[-1]))
                server.kill()
        with served(Path(folder), port=port) as server, Page(server.port) as page:
            _enter(page)
            reps = [page.show(*frame)["reps"] for frame in frames[at[-1] :]][-1]
    counts = ", ".join(str(after) for _, after in told)
    return (
        f"{KILLS} times SIGKILL at a random frame of one set of {CLIP.stem} ({len(frames)} frames "
        f"of {RATE:.0f} a second), the server started anew and the set taken up. Repetitions shown "
        f"at each kill: {counts}. Fewer after the return than before it: {lost} of {KILLS} times. "
        f"At the end of the clip: {reps} of {_uninterrupted(frames)} without kills."
    )


def _enter(page: Page) -> None:
    if page.hello["unfinished"] is None:
        page.begin()
    else:
        page.order("return")
        page.next("begun")


def _uninterrupted(frames: list[tuple[float, bytes]]) -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as server,
        Page(server.port) as page,
    ):
        page.begin()
        return int([page.show(*frame)["reps"] for frame in frames][-1])


def _goes_on(runner: Runner) -> str:
    try:
        runner.go_on(0.4)
    except Exception as error:  # the table is to say so
        return f"NO: {error!r}"
    return "yes"


def _wrong_host(server: Served) -> str:
    hosts = ("evil.example", f"evil.example:{server.port}", "127.0.0.1", "localhost:1")
    return f"{len(hosts)} names: {_counted([ask(server.port, host=host)[0] for host in hosts])}"


def _wrong_origin(server: Served) -> str:
    statuses = []
    for origin in ("http://evil.example", f"https://127.0.0.1:{server.port}", "null", None):
        given = None if origin is None else Origin(origin)
        try:
            with connect(f"ws://127.0.0.1:{server.port}/live", origin=given):
                statuses.append(101)
        except InvalidStatus as refused:
            statuses.append(refused.response.status_code)
    return f"{len(statuses)} origins: {_counted(statuses)}"


def _no_token(folder: str) -> str:
    with served(Path(folder), "--token", "abcd1234efgh") as server:
        paths = ("/", "/live.js", "/?token=abcd1234efgX", "/report/x/")
        statuses = [ask(server.port, path)[0] for path in paths]
        try:
            Page(server.port)
        except InvalidStatus as refused:
            statuses.append(refused.response.status_code)
    return f"{len(statuses)} requests, one of them a socket: {_counted(statuses)}"


def _oversized(server: Served) -> str:
    with Page(server.port) as other:
        code = closed_with(other, [framed(0.0, b"\xff\xd8" + bytes(3_000_000))])
    return f"3 MB: socket closed with {code}"


def _malformed(server: Served) -> str:
    messages, codes = nonsense(MALFORMED), []
    while some := list(itertools.islice(messages, 55)):
        with Page(server.port) as other:
            codes.append(closed_with(other, some))
    return f"{MALFORMED:,} messages over {len(codes)} sockets: closed with {_counted(codes)}"


def _connections(server: Served) -> str:
    inside = refused = 0
    with contextlib.ExitStack() as opened:
        for _ in range(CONNECTIONS):
            try:
                opened.enter_context(Page(server.port))
                inside += 1
            except InvalidStatus:
                refused += 1
    return f"{CONNECTIONS} at once: {inside} let in, {refused} refused"


def _paths(server: Served) -> str:
    paths = (
        "/../../../../etc/passwd",
        "/report/..%2f..%2f..%2fetc%2fpasswd/",
        "/where/..%2f..%2fbird_dog.png",
        "//etc/passwd",
        "/live.js/../../server.py",
    )
    answers = [ask(server.port, path) for path in paths]
    leaked = sum("root:" in said or "import" in said for _, said in answers)
    return f"{len(paths)} paths: {_counted([s for s, _ in answers])}, {leaked} leaked anything"


def _script(server: Served) -> str:
    with Page(server.port) as other:
        name = "<img src=x onerror=alert(1)>"
        other.order("begin", exercise=name, width=SIZE[0], height=SIZE[1])
        said = other.next("error")["text"]
    return f"no set begins; answered “{said}”, the name is never sent back"


def _bomb(page: Page) -> str:
    said = []
    for suffix in (".jpg", ".png"):
        small = cv2.imencode(suffix, np.zeros((64, 64, 3), np.uint8))[1].tobytes()
        page.link.send(framed(1e6, claiming(small, 60000, 60000)))
        said.append(f"{suffix[1:]}: “{page.next('error')['text']}”")
    return "; ".join(said)


def _counted(values: list[int]) -> str:
    return ", ".join(f"{value} ({values.count(value)}x)" for value in sorted(set(values)))


_ATTACKS: dict[str, Attack] = {
    "wrong Host": _wrong_host,
    "wrong Origin": _wrong_origin,
    "oversized frame": _oversized,
    "malformed messages": _malformed,
    "connections": _connections,
    "path traversal": _paths,
    "a script for a name": _script,
}

if __name__ == "__main__":
    main()
