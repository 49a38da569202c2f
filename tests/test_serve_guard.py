"""What a stranger can do to `midback serve`: nothing; and the set goes on."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from cli import midback, refusal
from needs import SAMPLE, needs_weights
from served import Page, Served, ask, framed, frames_of, served
from strangers import CUT, Runner, claiming, closed_with, nonsense
from websockets import Origin
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

pytestmark = needs_weights


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("serve")) as running:
        yield running


@pytest.fixture(scope="module")
def running(server: Served) -> Iterator[Runner]:
    with Page(server.port) as page:
        page.begin()
        runner = Runner(page)
        runner.go_on(2.0)
        yield runner


@pytest.fixture
def set_goes_on(running: Runner) -> Iterator[Runner]:
    running.go_on(0.3)
    yield running
    running.go_on()


@pytest.mark.usefixtures("set_goes_on")
@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "localhost:1", "", "127.0.0.1:{port}."],
)
def test_another_host_is_refused(server: Served, host: str) -> None:
    status, said = ask(server.port, host=host.format(port=server.port))
    assert status in (400, 403)
    assert "<html" not in said


@pytest.mark.parametrize("host", ["localhost:{port}", "127.0.0.1:{port}", "[::1]:{port}"])
def test_this_machine_is_let_in(server: Served, host: str) -> None:
    status, said = ask(server.port, host=host.format(port=server.port))
    assert status == 200
    policy = re.search(r"content-security-policy: (.*)\r", said)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy[1]
    for header in ("nosniff", "no-referrer", "camera=(self)", "no-store"):
        assert header in said
    assert "frame-ancestors 'none'" in said


@pytest.mark.usefixtures("set_goes_on")
@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "null", None])
def test_another_sites_page_cannot_connect(server: Served, origin: str | None) -> None:
    given = None if origin is None else Origin(origin)
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(f"ws://127.0.0.1:{server.port}/live", origin=given),
    ):
        raise AssertionError
    assert refused.value.response.status_code == 403


def test_no_token_no_entry(tmp_path: Path) -> None:
    with served(tmp_path, "--token", "abcd1234efgh") as running:
        assert running.url.endswith("/?token=abcd1234efgh")
        for path in ("/", "/live.js", "/?token=", "/?token=abcd1234efgX"):
            assert ask(running.port, path)[0] == 403
        assert ask(running.port, Cookie="midback=wrong")[0] == 403
        status, said = ask(running.port, "/?token=abcd1234efgh")
        assert status == 303
        assert "location: /\r" in said
        assert "midback=abcd1234efgh; Path=/; HttpOnly; SameSite=Strict" in said
        assert ask(running.port, Cookie="midback=abcd1234efgh")[0] == 200
        with pytest.raises(InvalidStatus):
            Page(running.port)
        with Page(running.port, "midback=abcd1234efgh") as page:
            assert page.hello["busy"] is False


def test_beyond_this_machine_there_is_always_a_token(tmp_path: Path) -> None:
    with served(tmp_path, "--host", "0.0.0.0") as running:
        (said,) = running.said
        assert "made a token" in said
        assert re.search(r"/\?token=[0-9a-f]{32}$", running.url)
        assert ask(running.port)[0] == 403
        assert ask(running.port, host=f"rebound.example:{running.port}")[0] == 403


@pytest.mark.usefixtures("set_goes_on")
@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/static/../../../../etc/passwd",
        "/report/../../../../etc/passwd",
        "/report/..%2f..%2f..%2f..%2fetc%2fpasswd/",
        "/report/%2e%2e/",
        "/report/..\\..\\/",
        "/where/..%2f..%2fbird_dog.png",
        "/where/%00.png",
        "//etc/passwd",
        "/live.js/../../server.py",
    ],
)
def test_no_path_leads_out(server: Served, path: str) -> None:
    status, said = ask(server.port, path)
    assert status in (400, 403, 404)
    assert "root:" not in said
    assert "import" not in said


def test_an_oversized_frame_ends_the_socket_not_the_set(
    server: Served, set_goes_on: Runner
) -> None:
    with Page(server.port) as other:
        huge = framed(0.0, b"\xff\xd8" + bytes(3_000_000))
        assert closed_with(other, [huge], 20.0) in (1009, CUT)


@pytest.mark.usefixtures("set_goes_on")
def test_malformed_messages_end_the_socket_not_the_set(server: Served) -> None:
    """Frames of another page are a mistake as well, so each socket ends at the fiftieth."""
    messages = nonsense(1000)
    while some := list(itertools.islice(messages, 55)):
        with Page(server.port) as other:
            many = len(some) >= 50
            ended = closed_with(other, some, 20.0 if many else 2.0)
            assert ended in ((1008, CUT) if many else (0,))


def test_every_mistake_is_told_and_fifty_are_too_many(server: Served, set_goes_on: Runner) -> None:
    said = []
    with Page(server.port) as other, contextlib.suppress(ConnectionClosed):
        for index in range(60):
            other.link.send("{" if index % 2 else json.dumps({"do": "<script>alert(1)</script>"}))
            said.append(other.next("error")["text"])
            time.sleep(0.02)
    assert len(said) in (49, 50)
    assert set(said) == {"that was no JSON", "there is no such command"}


def test_too_many_commands_end_the_socket(server: Served, set_goes_on: Runner) -> None:
    with Page(server.port) as other:
        assert closed_with(other, ['{"do": "return"}'] * 200, 20.0) in (1008, CUT)


def test_a_script_for_a_name_is_no_exercise(server: Served, set_goes_on: Runner) -> None:
    with Page(server.port) as other:
        name = "<img src=x onerror=alert(1)>"
        other.order("begin", exercise=name, width=640, height=360)
        assert other.next("error")["text"] == "there is no such exercise"
        other.order("begin", exercise="../../../etc/passwd", width=640, height=360)
        assert other.next("error")["text"] == "there is no such exercise"


def test_one_set_at_a_time(server: Served, set_goes_on: Runner) -> None:
    with Page(server.port) as other:
        assert other.hello["busy"] is True
        for order in ("begin", "return", "discard"):
            other.order(order, exercise="squat", width=640, height=360)
            assert "another page runs a set" in other.next("error")["text"]
        other.order("end")
        assert "no set is running here" in other.next("error")["text"]


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_picture_that_claims_to_be_huge_is_never_unpacked(
    server: Served, running: Runner, suffix: str
) -> None:
    small = cv2.imencode(suffix, np.zeros((64, 64, 3), np.uint8))[1].tobytes()
    bomb = claiming(small, 60000, 60000)
    assert len(bomb) < 1100
    running.page.link.send(framed(1e6, bomb))
    assert running.page.next("error")["text"]
    running.go_on()


def test_a_hundred_connections(server: Served, set_goes_on: Runner) -> None:
    with contextlib.ExitStack() as opened:
        inside = refused = 0
        for _ in range(100):
            try:
                opened.enter_context(Page(server.port))
                inside += 1
            except InvalidStatus:
                refused += 1
        assert inside == 63
        assert refused == 37
        set_goes_on.go_on()


def test_a_slow_reader_loses_feedback_not_the_set(server: Served, running: Runner) -> None:
    """Nothing is read for a while: the set goes on, and the newest feedback is still the newest."""
    for _, (clock, jpeg) in zip(range(30), running._frames, strict=False):
        running.page.link.send(framed(clock, jpeg))
        time.sleep(0.03)
    running.go_on()


def test_a_closed_page_leaves_its_set_for_another(tmp_path: Path) -> None:
    """And so does a server that is killed: the journal has every pose."""
    with served(tmp_path) as first:
        with Page(first.port) as page:
            page.begin()
            for clock, jpeg in frames_of(SAMPLE, 12.0, 11.5):
                seen = page.show(clock, jpeg)
            assert seen["reps"] == 2
        with Page(first.port) as page:
            assert page.hello["unfinished"]["name"] == "bird_dog"
            page.order("return")
            page.next("begun")
            clock, jpeg = next(frames_of(SAMPLE, 12.0, 1.0))
            assert page.show(500.0, jpeg)["reps"] == 2
            first.kill()
    with served(tmp_path, port=first.port) as second, Page(second.port) as page:
        assert page.hello["unfinished"]["name"] == "bird_dog"
        page.order("return")
        page.next("begun")
        assert page.show(7.0, jpeg)["reps"] == 2
        page.order("end")
        assert page.next("feedback")["stage"] == "done"
        page.order("pain_score", value=11)
        assert page.next("error")["text"] == "pain is a number from 0 to 10"
        page.order("pain_score", value=3)
        page.order("save")
        saved = page.next("saved")
        status, report = ask(second.port, saved["report"])
        assert status == 200
        assert "You put your pain at 3 of 10" in report
        assert "sandbox allow-scripts" in report
        page.order("save")
        assert "saved already" in page.next("error")["text"]
        page.order("discard")
        page.next("discarded")
        kept = {path.name for path in (tmp_path / "out").rglob("*") if path.is_file()}
        assert kept == {"report.html", "session.json"}
        assert not list((tmp_path / "data").rglob("*.set"))


def test_bad_options_get_one_line(tmp_path: Path) -> None:
    assert "--token" in refusal("serve", "--token", "short")
    assert "--token" in refusal("serve", "--token", 'a"b;c<script>')
    assert "cannot listen on" in refusal("serve", "--host", "203.0.113.7")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "choose another --port" in refusal("serve", "--port", port)
    file = tmp_path / "file"
    file.touch()
    assert "is a file" in refusal("serve", "--out", file)
    assert midback("serve", "--port", "99999").returncode == 2
