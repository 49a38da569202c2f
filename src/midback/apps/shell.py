"""Between the user and the commands: every expected failure becomes one line and exit code 2."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from midback.apps.cli import BAD_INPUT
from midback.apps.commands import app
from midback.apps.explain import explain_import_error, explain_os_error
from midback.errors import InputError

INTERRUPTED = 130


def run(words: list[str]) -> int:
    """Run the command line `words` and return the exit code."""
    try:
        with _stopped_gently():
            code = app(args=words, prog_name="midback", standalone_mode=False)
    except InputError as error:
        return _fail(str(error))
    except typer.TyperException as error:
        return _fail(_usage(error))
    except ImportError as error:
        return _fail(explain_import_error(error))
    except SystemExit as leaving:  # how typer and rich leave when nobody reads any more
        raise BrokenPipeError from leaving
    except BrokenPipeError:
        raise
    except OSError as error:
        return _fail(explain_os_error(error))
    if code == INTERRUPTED:  # typer's word for Ctrl-C
        raise KeyboardInterrupt
    return int(code or 0)


@contextmanager
def _stopped_gently() -> Iterator[None]:
    """Let a plain kill and a closed terminal end the command as Ctrl-C does.

    Only the first of them: they often come twice, and the second would interrupt the clearing up.
    A signal that is ignored stays so, because `nohup` means it.
    """

    def stop(*_: object) -> None:
        for number in before:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {}
    if threading.current_thread() is threading.main_thread():
        known = [n for n in signal.Signals if n.name in ("SIGTERM", "SIGHUP")]
        before = {n: h for n in known if (h := signal.getsignal(n)) != signal.SIG_IGN}
    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is stop:
                signal.signal(number, handler or signal.SIG_DFL)


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "midback"
    said = error.format_message().rstrip(".").replace(": Value error, ", ": ")
    return f"{said}; see: {command} --help"


def _fail(message: str) -> int:
    """Print the one line. Line breaks inside the message would make it two."""
    print(f"midback: {' '.join(message.split())}", file=sys.stderr)
    return BAD_INPUT
