"""The command `midback`: answers --help at once, hands the rest to apps.commands.

Typer takes five times as long to import as Python takes to start, so the first page of help is
kept here as text; a test holds it to the commands that exist.
"""

from __future__ import annotations

import os
import sys

HELP = """\
Usage: midback COMMAND [OPTIONS] [ARGS]

Watches back-rehab exercise through one camera and says when the set should end:
when form degrades, not five repetitions later. No medical device.

Commands:
  demo       Score a sample clip and write its report into ./midback-demo
  score      Score a video, a folder of recordings, an image folder, a camera or saved poses
  export     Write for other tools: OpenSim (.trc .mot), .c3d, CSV, annotated video
  live       Coach a set as it happens, before the camera, in a window
  serve      Coach a set as it happens, in any browser on this machine
  progress   Show what the weeks show: range, good form, pain, next step
  where      Say where to put the camera, and which error to expect there
  exercises  The exercises midback knows: list, show, check
  model      The pose model's weights: fetch, show
  journal    Pain, day by day: add, show, red-flags
  plan       Say what to do this week, and why
  override   A clinician's own dose, or word on red flags, with a name
  store      What is kept of people: where, backup, restore, merge, erase, export
  doctor     Say in words what is wrong with this machine

Options:
  --version  Print the version
  --help     Print this page; midback COMMAND --help prints one command's

Exit codes: 0 done; 1 some recordings of a folder failed; 2 bad arguments or input, with one line
that says what to do.
"""

BAD_INPUT = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code. Never shows a traceback for a user's mistake."""
    words = sys.argv[1:] if arguments is None else arguments
    _prepare_streams()
    code = 0
    try:
        code = _answer(words)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _fail("stopped; nothing half-written was left behind")
    except BrokenPipeError:  # `| head -1` has read enough; files are written before the tables
        _let_go()
    except OSError as error:
        _let_go()
        return code or _fail(f"standard output cannot be written: {error.strerror or error}")
    return code


def _prepare_streams() -> None:
    """A terminal without ° or ✓ shows ? instead; a closed stream (`>&-`) takes everything."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _answer(words: list[str]) -> int:
    if not words or words in (["--help"], ["-h"], ["help"]):
        print(HELP, end="")
        return 0
    if words == ["--version"]:
        from midback import __version__

        print(f"midback {__version__}")
        return 0
    from midback.apps.shell import run

    return run(words)


def _fail(message: str) -> int:
    """Print the one line, unless the terminal has gone as well."""
    try:
        print(f"midback: {message}", file=sys.stderr, flush=True)
    except OSError:
        _let_go()
    return BAD_INPUT


def _let_go() -> None:
    """Send what the streams still hold nowhere; Python's own last flush would complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
