from __future__ import annotations

import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli import COMMAND, ROOT, midback, refusal, unread

from midback.apps import cli, commands, explain

README = (ROOT / "README.md").read_text(encoding="utf-8")


def documented() -> list[str]:
    """`score`, `exercises list`, ...: every command that exists, with its first sentence."""
    top = [
        str(command.name or command.callback.__name__)
        for command in commands.app.registered_commands
        if command.callback
    ]
    for group in commands.app.registered_groups:
        inner = group.typer_instance
        assert inner is not None
        top += [f"{group.name} {command.name}" for command in inner.registered_commands]
    return top


def test_the_commands() -> None:
    assert documented() == [
        "demo",
        "score",
        "export",
        "live",
        "serve",
        "where",
        "doctor",
        "progress",
        "plan",
        "override",
        "exercises list",
        "exercises show",
        "exercises check",
        "model fetch",
        "model show",
        "store where",
        "store backup",
        "store restore",
        "store merge",
        "store erase",
        "store export",
        "journal add",
        "journal show",
        "journal red-flags",
    ]


@pytest.mark.parametrize("name", documented())
def test_every_command_is_in_the_readme_and_has_help(name: str) -> None:
    assert f"`midback {name}" in README
    assert midback(*name.split(), "--help").returncode == 0


@pytest.mark.parametrize("name", documented())
def test_every_option_is_in_the_readme(name: str) -> None:
    shown = midback(*name.split(), "--help").stdout
    options = set(re.findall(r"--[a-z][a-z-]+", shown)) - {"--help"}
    assert {option for option in options if option not in README} == set()


def test_the_first_page_of_help_tells_the_truth() -> None:
    """The text is kept by hand, so that help costs no import; it names every command."""
    told = dict(re.findall(r"^  ([a-z]+) {2,}(.+)$", cli.HELP, re.MULTILINE))
    assert set(told) == {name.split()[0] for name in documented()}
    for command in commands.app.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__
        summary = (command.callback.__doc__ or "").splitlines()[0].rstrip(".")
        assert told[name] == summary
    for group in commands.app.registered_groups:
        assert group.typer_instance is not None
        summary = str(group.typer_instance.info.help).rstrip(".")
        below = ", ".join(str(c.name) for c in group.typer_instance.registered_commands)
        assert told[str(group.name)] == f"{summary}: {below}"


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"]])
def test_help(words: list[str]) -> None:
    done = midback(*words)
    assert (done.returncode, done.stdout, done.stderr) == (0, cli.HELP, "")


def test_version() -> None:
    assert midback("--version").stdout.startswith("midback 0.")


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from midback.apps.cli import main; main(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert loaded.isdisjoint({"typer", "rich", "numpy", "pydantic", "argparse", "typing", "cv2"})


def test_help_takes_at_most_three_times_a_bare_python() -> None:
    def fastest(command: list[str]) -> float:
        times = []
        for _ in range(15):
            begin = time.perf_counter()
            subprocess.run(command, capture_output=True, check=True)
            times.append(time.perf_counter() - begin)
        return min(times)

    bare = fastest([sys.executable, "-c", "pass"])
    assert fastest([*COMMAND, "--help"]) <= 3.0 * bare


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["scor"], "Did you mean 'score'"),
        (["score"], "Missing argument"),
        (["score", "x.mp4"], "Missing option '--exercise'"),
        (["score", "where", "x.mp4", "--exercise", "squat", "--jsn", "-"], "--jsn"),
        (["exercises", "shw"], "No such command 'shw'"),
        (["exercises", "show", "birddog"], "did you mean bird_dog"),
    ],
)
def test_bad_arguments_get_one_line(words: list[str], told: str) -> None:
    assert told in refusal(*words)


def test_exercises_list_names_all_six() -> None:
    shown = midback("exercises", "list").stdout
    assert all(name in shown for name in ("bird_dog", "cat_cow", "push_up", "squat"))


def test_exercises_show_tells_limits_and_camera() -> None:
    shown = midback("exercises", "show", "bird_dog").stdout
    assert "Side-on" in shown
    assert "+15 deg" in shown
    assert "Draw the navel in" in " ".join(shown.split()) or "Draw the" in shown


def test_exercises_check_tells_every_mistake(tmp_path: Path) -> None:
    good = ROOT / "src/midback/exercises/squat.toml"
    bad = tmp_path / "bad.toml"
    text = good.read_text(encoding="utf-8")
    bad.write_text(text.replace("red = 30.0", "red = 3.0").replace("max_s = 15.0", "max_s = 0.1"))
    assert midback("exercises", "check", good).returncode == 0
    done = midback("exercises", "check", good, bad)
    assert done.returncode == 2
    assert "no mistakes" in done.stdout
    assert [line.partition(": ")[2].partition(":")[0] for line in done.stderr.splitlines()] == [
        "timing.max_s",
        "features[1].red",
    ]


PAGES = [
    ["--help"],
    ["--version"],
    ["score", "where", "--help"],
    ["exercises", "list"],
    ["model", "show"],
]


@pytest.mark.parametrize("words", PAGES)
def test_no_reader_no_complaint(words: list[str]) -> None:
    done = unread(*words)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a Unix shell")
@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "1>&- 2>&-"])
@pytest.mark.parametrize("words", PAGES)
def test_closed_streams(words: list[str], closed: str) -> None:
    line = shlex.join([*COMMAND, *words]) + " " + closed
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", PAGES)
def test_a_standard_output_that_is_full_is_one_line(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("midback: ")


@pytest.mark.parametrize("words", [*PAGES, ["exercises", "show", "squat"], ["doctor"]])
def test_a_terminal_that_knows_only_ascii(words: list[str]) -> None:
    plain, usual = midback(*words, PYTHONIOENCODING="ascii"), midback(*words)
    assert plain.stdout.isascii()
    assert (plain.returncode, "Traceback" in plain.stderr) == (usual.returncode, False)


@pytest.mark.parametrize(
    ("text", "package"),
    [
        ("libGL.so.1: cannot open shared object file: No such file", "apt install libgl1'"),
        ("libGLESv2.so.2: cannot open shared object file", "apt install libgles2'"),
        ("libEGL.so.1: cannot open shared object file", "dnf install mesa-libEGL'"),
        ("libgthread-2.0.so.0: cannot open shared object file", "apt install libglib2.0-0'"),
        ("libodd.so.3: cannot open shared object file", "the system library libodd.so.3"),
    ],
)
def test_a_missing_system_library_is_named_with_its_package(text: str, package: str) -> None:
    said = explain.explain_import_error(ImportError(text))
    assert package in said
    assert "\n" not in said


def test_a_missing_python_package_is_named() -> None:
    with pytest.raises(ImportError) as caught:
        __import__("no_such_package_here")
    assert "no_such_package_here" in explain.explain_import_error(caught.value)


def test_an_import_error_ends_in_one_line(tmp_path: Path) -> None:
    """A cv2 that cannot find libGL, as on a server without a screen."""
    (tmp_path / "cv2.py").write_text(
        "raise ImportError('libGL.so.1: cannot open shared object file: No such file')"
    )
    (tmp_path / "clip.mp4").write_bytes(b"0")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from midback.apps.cli import main; "
        f"sys.exit(main(['score', {str(tmp_path / 'clip.mp4')!r}, '--exercise', 'squat']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "apt install libgl1" in done.stderr
