"""`midback serve`: the app, and the server that runs it on this machine."""

from __future__ import annotations

import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import resources
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from midback.apps import outputs
from midback.apps.live.journal import running_folder
from midback.apps.live.saving import Keep
from midback.apps.live.web.ghost import ghost_svg
from midback.apps.live.web.guard import Doors, Guard, authority, is_loopback
from midback.apps.live.web.hall import Hall, House
from midback.apps.live.web.menu import where_picture
from midback.apps.live.web.messages import MAX_MESSAGE
from midback.apps.live.web.saving import report_file
from midback.apps.live.web.weeks import Weeks
from midback.errors import InputError
from midback.form.evidence import Caution

_STATIC = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/live.css": ("live.css", "text/css; charset=utf-8"),
    **{
        f"/{name}.js": (f"{name}.js", "text/javascript; charset=utf-8")
        for name in ("live", "link", "camera", "voice", "draw", "show")
    },
}
_LEAST_TOKEN = 8
_KEPT = {"cache-control": "no-store"}


def make_app(house: House, doors: Doors, weeks: Weeks) -> Starlette:
    """The whole app, with the guard in front of it."""
    hall = Hall(house)

    async def picture(request: Request) -> Response:
        found = where_picture(request.path_params["name"])
        if found is None:
            return PlainTextResponse("no such picture\n", 404)
        return Response(found, media_type="image/png", headers=_KEPT)

    async def ghost(request: Request) -> Response:
        found = ghost_svg(request.path_params["figure"])
        if found is None:
            return PlainTextResponse("no such figure\n", 404)
        return Response(found, media_type="image/svg+xml", headers=_KEPT)

    async def report(request: Request) -> Response:
        path = report_file(house.out, request.path_params["name"])
        if path is None:
            return PlainTextResponse("no such report\n", 404)
        return FileResponse(path, media_type="text/html", headers=_KEPT)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await hall.close()

    return Starlette(
        routes=[
            *(Route(path, _static(*what)) for path, what in _STATIC.items()),
            Route("/where/{name}.png", picture),
            Route("/ghost/{figure}.svg", ghost),
            Route("/report/{name}/", report),
            Route("/progress", weeks.people),
            Route("/progress/{key}", weeks.person),
            WebSocketRoute("/live", hall.welcome),
        ],
        middleware=[Middleware(Guard, doors=doors)],
        lifespan=lifespan,
    )


def run_serve(
    port: int,
    host: str,
    token: str | None,
    caution: Caution,
    out: Path,
    model: Path | None,
    store: str | None = None,
    keep: Keep | None = None,
) -> None:
    """Serve until Ctrl-C. Raises InputError where it cannot listen or the weights are missing."""
    from midback.vision.weights import model_path, refuse_unusable, sha256_of

    asked = _token(host, token)
    outputs.check_folder(out)
    weights = model_path(model, print)
    refuse_unusable(weights)
    listening = _listen(host, port)
    port = listening.getsockname()[1]
    folder = running_folder() / f"serve-{port}"
    house = House(weights, sha256_of(weights), out, folder, caution, keep)
    doors = Doors(host, port, asked)
    if token is None and asked is not None:
        print(f"{host} can be reached by others: made a token, without which nobody comes in")
    print(f"midback is at {_address(doors)}   (Ctrl-C ends it)", flush=True)
    server = uvicorn.Server(_config(house, doors, Weeks(store)))
    with contextlib.suppress(KeyboardInterrupt), listening:
        server.run(sockets=[listening])


def _config(house: House, doors: Doors, weeks: Weeks) -> uvicorn.Config:
    return uvicorn.Config(
        make_app(house, doors, weeks),
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE,
        ws_max_queue=4,
        ws_per_message_deflate=False,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="error",
        timeout_graceful_shutdown=2,
    )


def _static(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    body = resources.files("midback.apps.live.web").joinpath("static", name).read_bytes()

    async def answer(_: Request) -> Response:
        return Response(body, media_type=kind, headers=_KEPT)

    return answer


def _token(host: str, given: str | None) -> str | None:
    """The token to ask for; beyond this machine there is always one."""
    if given is not None:
        if len(given) < _LEAST_TOKEN or not (given.isascii() and given.replace("-", "").isalnum()):
            raise InputError(
                f"--token: at least {_LEAST_TOKEN} letters and figures; "
                "or leave it out, and midback makes one"
            )
        return given
    if is_loopback(host):
        return None
    return secrets.token_hex(16)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        why = error.strerror or str(error)
        raise InputError(
            f"cannot listen on {authority(host, port)}: {why}; choose another --port"
        ) from error
    return listening


def _address(doors: Doors) -> str:
    query = "" if doors.token is None else f"?token={doors.token}"
    return f"http://{authority(_reachable(doors.host), doors.port)}/{query}"


def _reachable(host: str) -> str:
    """An address to type where the server listens everywhere; nothing is sent to find it."""
    if host not in ("0.0.0.0", "::"):
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
