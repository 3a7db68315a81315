"""What modules keep of the words and numbers that people typed, to read the same line faster: forgotten on locking.

Such a cache is keyed by a line of food, a result or a serum. What is kept by the knowledge alone may stay.
"""

from __future__ import annotations

import sys
from functools import _lru_cache_wrapper

# Whose caches hold what somebody told; a test looks for others.
OF_PEOPLE = (
    "rheobase.assess.diet_made",
    "rheobase.diet.reading",
    "rheobase.diet.supplement_lines",
    "rheobase.foods.as_typed",
    "rheobase.foods.measures",
    "rheobase.foods.words",
    "rheobase.labs.reading_dates",
    "rheobase.labs.reading_names",
    "rheobase.labs.reading_numbers",
    "rheobase.labs.reading_units",
    "rheobase.labs.reading_words",
    "rheobase.nerve.screening",
    "rheobase.nerve.tabled",
    "rheobase.nerve.trace",
)


def forget_words() -> None:
    """Empty the caches of every module above that is loaded."""
    for name in OF_PEOPLE:
        for held in vars(sys.modules.get(name, object)).values():
            if isinstance(held, _lru_cache_wrapper):
                held.cache_clear()
