"""The addresses of the diary. Its modules are read when a page of it is asked for, so that the first page is quick."""

from __future__ import annotations

from importlib import import_module

from starlette.responses import Response

from rheobase.web.visit import Page, Visit


def _later(module: str, name: str) -> Page:
    """Return a page of a module that is read at its first visit."""

    def page(visit: Visit) -> Response:
        found: Page = getattr(import_module(f"rheobase.web.pages.{module}"), name)
        return found(visit)

    return page


PAGES: dict[str, tuple[Page, tuple[str, ...]]] = {
    "/{person:int}/food": (_later("food", "day"), ("GET",)),
    "/{person:int}/food/add": (_later("food", "add"), ("POST",)),
    "/{person:int}/food/remove": (_later("food", "remove"), ("POST",)),
    "/{person:int}/food/choose": (_later("food", "choose"), ("POST",)),
    "/{person:int}/food/complete": (_later("food", "complete"), ("POST",)),
    "/{person:int}/food/copy": (_later("food", "copy"), ("POST",)),
    "/{person:int}/food/undo": (_later("food", "undo"), ("POST",)),
    "/foods": (_later("food_search", "search"), ("GET",)),
    "/foods.json": (_later("food_search", "suggest"), ("GET",)),
    "/foods/{food}": (_later("food_search", "one"), ("GET",)),
    "/{person:int}/food/find": (_later("food_search", "find"), ("GET",)),
    "/{person:int}/food/take": (_later("food_search", "take"), ("POST",)),
    "/{person:int}/food/enough": (_later("food_enough", "enough"), ("GET",)),
    "/{person:int}/food/plan": (_later("food_plan", "plan"), ("GET",)),
    "/{person:int}/food/import": (_later("food_import", "choose_file"), ("GET",)),
    "/{person:int}/food/import/read": (_later("food_import", "read_file"), ("POST",)),
    "/{person:int}/food/import/apply": (_later("food_import", "apply"), ("POST",)),
}
