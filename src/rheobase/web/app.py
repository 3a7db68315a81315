"""The app: which address is which page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from rheobase.web.desk import Desk
from rheobase.web.pages import answer, data, diary, exports, home, keeping, labs, learn, nerve, questions, what_if
from rheobase.web.rendering import Renderer
from rheobase.web.security import COOKIE, OPENING, Guard, Keys
from rheobase.web.settings import Settings
from rheobase.web.visit import Page, Visit, endpoint, refused
from rheobase.web.warm import start_warming

WARMING_ENDS = 5.0
PAGES: dict[str, tuple[Page, tuple[str, ...]]] = {
    **home.PAGES,
    **questions.PAGES,
    **answer.PAGES,
    **diary.PAGES,
    **labs.PAGES,
    **learn.PAGES,
    **nerve.PAGES,
    **data.PAGES,
    **exports.PAGES,
    **keeping.PAGES,
    **what_if.PAGES,
}


def create_app(settings: Settings, keys: Keys | None = None) -> Starlette:
    """Return the app, guarded.

    Args:
        settings: How the server was started.
        keys: What opens it; new ones with the launch token of the settings by default.
    """
    keys = keys or Keys(settings.token)
    desk, renderer = Desk(settings), Renderer()

    async def opening(request: Request) -> Response:
        if not keys.opens(request.query_params.get("token", "")):
            words = "This address was used already, or is of an earlier start. Start Rheobase again to get a new one.\n"
            return PlainTextResponse(words, 401)
        response = RedirectResponse("/", 303)
        response.set_cookie(COOKIE, keys.cookie, httponly=True, samesite="strict", path="/")
        return response

    async def asset(request: Request) -> Response:
        found = renderer.assets.get(request.path_params["name"])
        if found is None or request.path_params["version"] != renderer.assets.version:
            return PlainTextResponse("There is no such file.\n", 404)
        data, kind = found
        return Response(data, media_type=kind, headers={"cache-control": "public, max-age=31536000, immutable"})

    async def failed(request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else 500
        words = {404: "There is no such page.", 405: "That can't be done with this address."}
        said = words.get(status) or (
            str(problem.detail)
            if isinstance(problem, HTTPException)
            else "Something went wrong in Rheobase itself. Everything that you entered is kept."
        )
        return refused(Visit(desk, renderer, keys, here=request.url.path), said, status)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        warming = start_warming(desk)
        yield
        # What it has begun it ends before the store is closed.
        warming.cancel()
        warming.join(WARMING_ENDS)
        desk.close()

    routes = [
        Route(OPENING, opening),
        Route("/static/{version}/{name}", asset),
        *(
            Route(path, endpoint(page, desk, renderer, keys), methods=list(methods))
            for path, (page, methods) in PAGES.items()
        ),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, settings=settings, keys=keys)],
        exception_handlers={HTTPException: failed, Exception: failed},
        lifespan=lifespan,
    )
    app.state.desk, app.state.keys = desk, keys
    return app
