"""A real PostgreSQL of its own for the tests: loopback only, run by an ordinary user, then gone."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from needs import POSTGRESQL, needs_postgresql

NOBODY = 65534
BOTH = ["sqlite", pytest.param("postgresql", marks=needs_postgresql)]


@contextmanager
def running() -> Iterator[str]:
    """A server; yields its URL without a database: postgresql://tests:PASSWORD@127.0.0.1:PORT."""
    folder = Path(tempfile.mkdtemp(prefix="midback-postgresql-"))
    password, port = secrets.token_hex(8), _free_port()
    (folder / "password").write_text(password)
    if os.geteuid() == 0:
        for path in (folder, folder / "password"):
            os.chown(path, NOBODY, NOBODY)
    data = ["-D", str(folder / "data")]
    settings = f"-c fsync=off -c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories=''"
    try:
        account = ["-U", "tests", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
        _run("initdb", *data, *account, "--encoding=UTF8", "--no-locale", "-N")
        _run("pg_ctl", *data, "-w", "-o", settings, "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql://tests:{password}@127.0.0.1:{port}"
        finally:
            _run("pg_ctl", *data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str) -> str:
    """URL of an empty part of the server's database: a schema, a hundred times cheaper to make."""
    import psycopg

    name = f"t{secrets.token_hex(6)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{server}/postgres?options=-csearch_path%3D{name}"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    with running() as server:
        yield server


@pytest.fixture(params=BOTH)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store may be made: once a file, once a database on a server."""
    if request.param == "sqlite":
        return str(tmp_path / "store.db")
    return new_database(request.getfixturevalue("postgresql"))


def _run(program: str, *words: str) -> None:
    """Run one of PostgreSQL's programs, which refuse to be root."""
    assert POSTGRESQL is not None, "no PostgreSQL here: install Debian's package postgresql"
    ordinary = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    command = [*(ordinary if os.geteuid() == 0 else []), str(POSTGRESQL / program), *words]
    done = subprocess.run(
        command,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
