"""`midback serve` shows the weeks of everyone in the store, behind the same guard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from needs import needs_weights
from served import Served, ask, served
from test_progress_command import NAME, stored

pytestmark = needs_weights


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("weeks")
    stored(folder / "s.db", NAME)
    stored(folder / "s.db", "Ben", red_flags=("chest_pain",))
    with served(folder, "--store", str(folder / "s.db")) as running:
        yield running


def links(page: str) -> list[str]:
    return re.findall(r'href="(/progress/[0-9a-f]{16})"', page)


def test_everyone_has_a_link_and_names_are_only_text(server: Served) -> None:
    status, page = ask(server.port, "/progress")
    assert status == 200
    assert len(links(page)) == 2
    assert "<script>" not in page
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;" in page
    assert "script-src 'self'" in page


def test_a_persons_page_is_the_one_file(server: Served) -> None:
    pages = [ask(server.port, link) for link in links(ask(server.port, "/progress")[1])]
    assert [status for status, _ in pages] == [200, 200]
    care, full = sorted((page for _, page in pages), key=len)
    assert "Seek care now" in care
    assert "Calendar" not in care
    assert 'id="clinic"' in full
    assert "<script>alert" not in full
    assert "sandbox allow-scripts" in full


@pytest.mark.parametrize("key", ["0" * 16, "Ben", "..%2f..", "%00"])
def test_nobody_else_is_there(server: Served, key: str) -> None:
    assert ask(server.port, f"/progress/{key}")[0] == 404


def test_strangers_are_kept_out(server: Served) -> None:
    assert ask(server.port, "/progress", host="evil.example")[0] == 403


def test_the_first_page_leads_there(server: Served) -> None:
    assert 'href="/progress"' in ask(server.port)[1]


def test_without_a_store_nobody_is_there_and_none_is_made(tmp_path: Path) -> None:
    with served(tmp_path, "--store", str(tmp_path / "none.db")) as running:
        status, page = ask(running.port, "/progress")
        assert status == 200
        assert "Nobody is here yet" in page
        assert ask(running.port, "/progress/" + "0" * 16)[0] == 404
    assert not (tmp_path / "none.db").exists()


def test_a_store_that_is_none_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_text("no database at all, only words " * 50)
    with served(tmp_path, "--store", str(tmp_path / "s.db")) as running:
        status, page = ask(running.port, "/progress")
    assert status == 503
    assert "is no store of midback" in page
    assert "Traceback" not in page
