"""Which address is which page. Importing this imports everything that the app can show."""

from __future__ import annotations

from starlette.routing import Route, Router

from rheobase.web.desk import Desk
from rheobase.web.pages import answer, data, diary, exports, home, keeping, labs, learn, nerve, questions, what_if
from rheobase.web.rendering import Renderer
from rheobase.web.security import Keys
from rheobase.web.visit import Page, endpoint

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


def router(desk: Desk, renderer: Renderer, keys: Keys) -> Router:
    """Return every page at its address."""
    return Router(
        [
            Route(path, endpoint(page, desk, renderer, keys), methods=list(methods))
            for path, (page, methods) in PAGES.items()
        ]
    )
