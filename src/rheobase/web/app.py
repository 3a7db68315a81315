"""The app: the first page at once, everything else behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio.to_thread
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from rheobase.errors import RheobaseError
from rheobase.web.first_page import first_page
from rheobase.web.rendering import Renderer
from rheobase.web.rest import Rest
from rheobase.web.security import COOKIE, OPENING, Guard, Keys
from rheobase.web.settings import Settings
from rheobase.web.shelf import Shelf
from rheobase.web.warm import start_warming

if TYPE_CHECKING:
    from rheobase.web.desk import Desk

ENDS_WITHIN, AT_THE_LATEST = 5.0, 1.0
# Python computes one thing at a time, and most of these wait for the helper meanwhile.
THREADS = 12
SAID = {404: "There is no such page.", 405: "That can't be done with this address."}
OURS = "Something went wrong in Rheobase itself. Everything that you entered is kept."


def said_of(problem: Exception) -> tuple[int, str]:
    """Return the status and the words for what stopped an answer."""
    if isinstance(problem, HTTPException):
        return problem.status_code, SAID.get(problem.status_code, str(problem.detail))
    return 500, OURS


def _assets(renderer: Renderer) -> Callable[[Request], Awaitable[Response]]:
    async def asset(request: Request) -> Response:
        found = renderer.assets.get(request.path_params["name"])
        if found is None or request.path_params["version"] != renderer.assets.version:
            return PlainTextResponse("There is no such file.\n", 404)
        data, kind = found
        return Response(data, media_type=kind, headers={"cache-control": "public, max-age=31536000, immutable"})

    return asset


def _opening(keys: Keys) -> Callable[[Request], Awaitable[Response]]:
    async def opening(request: Request) -> Response:
        if not keys.opens(request.query_params.get("token", "")):
            words = "This address was used already, or is of an earlier start. Start Rheobase again to get a new one.\n"
            return PlainTextResponse(words, 401)
        response = RedirectResponse("/", 303)
        response.set_cookie(COOKIE, keys.cookie, httponly=True, samesite="strict", path="/")
        return response

    return opening


def _refused(renderer: Renderer, keys: Keys, *, here: str, status: int, words: str) -> Response:
    return HTMLResponse(renderer.page("refused.html", here=here, form_token=keys.form_token(), words=words), status)


def _failed(renderer: Renderer, keys: Keys) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def failed(request: Request, problem: Exception) -> Response:
        status, words = said_of(problem)
        return _refused(renderer, keys, here=request.url.path, status=status, words=words)

    return failed


def _first(shelf: Shelf, renderer: Renderer, keys: Keys, rest: Rest) -> Callable[[Request], Awaitable[Response]]:
    async def first(request: Request) -> Response:
        region = request.query_params.get("region", "")
        try:
            page = await run_in_threadpool(first_page, shelf, renderer, keys, region=region)
        except RheobaseError as problem:
            return _refused(renderer, keys, here="/", status=400, words=str(problem))
        page.background = BackgroundTask(rest.soon)
        return page

    return first


def create_app(settings: Settings, keys: Keys | None = None, *, whole: bool = True) -> Starlette:
    """Return the app, guarded.

    Args:
        settings: How the server was started.
        keys: What opens it; new ones with the launch token of the settings by default.
        whole: Make every page ready now; otherwise once the first page was sent, or something else is asked for.
    """
    keys = keys or Keys(settings.token)
    shelf, renderer = Shelf(settings), Renderer()

    def everything() -> ASGIApp:
        # What is imported here takes longer than all that the first page needs.
        from rheobase.web.addresses import router  # noqa: PLC0415
        from rheobase.web.desk import Desk  # noqa: PLC0415

        app.state.desk = Desk(settings, on=shelf)
        return router(app.state.desk, renderer, keys)

    rest = Rest(everything)

    def ready_desk() -> Desk:
        rest.ready()
        desk: Desk = app.state.desk
        return desk

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        rest.soon(AT_THE_LATEST)
        warming = start_warming(ready_desk)
        yield
        # What it has begun it ends before the store is closed.
        rest.stop(ENDS_WITHIN)
        warming.cancel()
        warming.join(ENDS_WITHIN)
        getattr(app.state, "desk", shelf).close()

    app = Starlette(
        routes=[
            Route(OPENING, _opening(keys)),
            Route("/static/{version}/{name}", _assets(renderer)),
            Route("/", _first(shelf, renderer, keys, rest)),
            Mount("/", rest),
        ],
        middleware=[Middleware(Guard, settings=settings, keys=keys)],
        exception_handlers=dict.fromkeys((HTTPException, Exception), _failed(renderer, keys)),
        lifespan=lifespan,
    )
    app.state.keys = keys
    if whole:
        rest.ready()
    return app
