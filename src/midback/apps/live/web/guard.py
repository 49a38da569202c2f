"""Who may come in: the right host, the right origin, the right token; and what a page may do."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE: Final = "midback"
_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_EVERYWHERE = ("0.0.0.0", "::")

_REPORT_POLICY = (
    "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "sandbox allow-scripts allow-downloads"
)
"""For a saved report, one file with all its scripts inside: no connection, an origin of its own."""


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach a server that listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def authority(host: str, port: int) -> str:
    """Host and port as a browser writes them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@dataclass(frozen=True, slots=True)
class Doors:
    """What a request must carry. host: the address listened on. token: None where none is asked."""

    host: str
    port: int
    token: str | None = None

    def knows(self, host: str) -> bool:
        """Whether a Host header names this server; a name that another site points here does not.

        Listening everywhere, any address in figures will do: only names can be made to point here.
        """
        allowed = {f"{name}:{self.port}" for name in _LOCAL} | {authority(self.host, self.port)}
        host = f"{host}:80" if self.port == 80 and not host.endswith(":80") else host
        if host.lower() in allowed:
            return True
        name, _, port = host.rpartition(":")
        if self.host not in _EVERYWHERE or port != str(self.port):
            return False
        try:
            ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
        except ValueError:
            return False
        return True

    def opens_to(self, token: str | None) -> bool:
        """Whether this is the token; takes equally long for every wrong one."""
        if self.token is None:
            return True
        return hmac.compare_digest((token or "").encode(), self.token.encode())


class Guard:
    """In front of the app: answers 403 itself, and puts the safety headers on every page."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self._app, self._doors = app, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request or a socket, then hand it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        hosts, origins = _headers(scope, b"host"), _headers(scope, b"origin")
        if len(hosts) != 1 or not self._doors.knows(hosts[0]):
            await _refuse(scope, send, "This address is not midback's. Open the one it printed.")
        elif scope["type"] == "websocket" and origins != [f"http://{hosts[0]}"]:
            await _refuse(scope, send, "Only midback's own page may connect.")
        elif not self._doors.opens_to(_cookie(scope)):
            await self._ask(scope, receive, send, hosts[0])
        elif scope["type"] == "http" and b"token=" in scope["query_string"]:
            await _answer(send, 303, "", {"location": "/"})  # it shall not stay in the history
        else:
            await self._app(scope, receive, _dressed(scope, send, hosts[0]))

    async def _ask(self, scope: Scope, receive: Receive, send: Send, host: str) -> None:
        """Look for the token in the address; once found, it moves into a cookie."""
        query = parse_qs(scope["query_string"].decode("latin-1"))
        given = query.get("token", [""])[0]
        if not given or not self._doors.opens_to(given):
            await _refuse(scope, send, "Open the address that midback printed, with its token.")
        elif scope["type"] == "websocket":
            await self._app(scope, receive, _dressed(scope, send, host))
        else:
            cookie = f"{COOKIE}={given}; Path=/; HttpOnly; SameSite=Strict"
            await _answer(send, 303, "", {"location": "/", "set-cookie": cookie})


def _headers(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _cookie(scope: Scope) -> str | None:
    for header in _headers(scope, b"cookie"):
        try:
            found = SimpleCookie(header).get(COOKIE)
        except CookieError:
            continue
        if found is not None:
            return found.value
    return None


async def _refuse(scope: Scope, send: Send, text: str) -> None:
    """403 for a page, and for a socket, which is then never opened."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": text})
    else:
        await _answer(send, 403, f"{text}\n", {})


async def _answer(send: Send, status: int, text: str, more: MutableMapping[str, str]) -> None:
    headers = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store", **more}
    raw = [(key.encode(), value.encode("latin-1")) for key, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw + _plain()})
    await send({"type": "http.response.body", "body": text.encode()})


def _dressed(scope: Scope, send: Send, host: str) -> Send:
    """Send with the safety headers."""
    if scope["type"] != "http":
        return send
    report = scope["path"].startswith(("/report/", "/progress/"))
    policy = _REPORT_POLICY if report else _page_policy(host)

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: list[Any] = [*message.get("headers", [])]
            headers.append((b"content-security-policy", policy.encode("latin-1")))
            message = {**message, "headers": headers + _plain()}
        await send(message)

    return dressed


def _page_policy(host: str) -> str:
    """Everything from here, nothing inline. host: checked before; older Safaris need it spelled."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        f"connect-src 'self' ws://{host}; media-src 'self' blob:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )


def _plain() -> list[tuple[bytes, bytes]]:
    return [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"permissions-policy", b"camera=(self), microphone=(), geolocation=()"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
    ]
