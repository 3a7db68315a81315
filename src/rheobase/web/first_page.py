"""The first page: begin, go on, or choose between the people kept apart here. It needs the store and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import HTMLResponse, RedirectResponse, Response

from rheobase.knowledge.regions import region_names
from rheobase.storage import OnePerson
from rheobase.web.rendering import Renderer
from rheobase.web.security import Keys
from rheobase.web.shelf import Shelf

SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class Row:
    """One person on the first page."""

    who: OnePerson
    replies: int
    revision_at: str


def first_page(shelf: Shelf, renderer: Renderer, keys: Keys, *, region: str = "") -> Response:
    """Show who is here, or how to begin.

    Args:
        shelf: Where the people are.
        renderer: Makes the page.
        keys: For the token in its form.
        region: Chosen already.
    """
    if shelf.locked:
        return RedirectResponse("/unlock", SEE_OTHER)
    store = shelf.store
    rows = [Row(each, len(store.steps(each.id)), store.newest(each.id).at) for each in store.people()]
    regions = sorted((key, name) for key, name in region_names().items() if key != "default")
    page = renderer.page("home.html", here="/", form_token=keys.form_token(), rows=rows, regions=regions, chosen=region)
    return HTMLResponse(page)
