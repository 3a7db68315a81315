"""Read what takes long before somebody waits for it: the food table, its search, and the diaries."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from rheobase.errors import RheobaseError

if TYPE_CHECKING:
    from rheobase.web.desk import Desk

# The first page comes first, and then everything that the others need: this begins after both [s].
DELAY = 3.0
MOST_PEOPLE = 4


def warm(desk: Desk) -> None:
    """Read the food table and its search, and what the people here wrote, unless the data is locked."""
    from rheobase.diet.reading import read_diet_lines  # noqa: PLC0415 - what is read here is what takes long
    from rheobase.foods import load_foods  # noqa: PLC0415
    from rheobase.foods.as_typed import foods_as_typed  # noqa: PLC0415
    from rheobase.knowledge.supplements import load_supplements  # noqa: PLC0415
    from rheobase.web.pages import food, food_enough, food_import, food_plan, food_search  # noqa: F401, PLC0415

    table, facts = load_foods(), load_supplements()
    foods_as_typed("2 cups brewed coff", table)
    desk.helper.start()
    # What is here now stays: a full collection would stop every page for as long as it takes to look through it.
    gc.collect()
    gc.freeze()
    if desk.locked or not desk.path.exists():
        return
    for who in desk.store.people()[:MOST_PEOPLE]:
        diet = desk.papers(who.id).talk.start.diet
        if diet is not None:
            read_diet_lines(diet, table, facts)


def start_warming(desk: Callable[[], Desk]) -> threading.Timer:
    """Warm in the background, a moment after the start; a problem there is left to the page that meets it.

    Args:
        desk: Gives the desk, made ready first where it is not yet.
    """

    def quietly() -> None:
        try:
            warm(desk())
        except (RheobaseError, OSError):
            return

    timer = threading.Timer(DELAY, quietly)
    timer.daemon = True
    timer.start()
    return timer
