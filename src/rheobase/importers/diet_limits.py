"""What no diet file holds: slips of the unit are refused, not summed. Expert, grade C: far beyond any real diet."""

from __future__ import annotations

from rheobase.diet.limits import too_much

__all__ = ["FIRST_YEAR", "MOST_DAYS", "MOST_GRAMS", "MOST_LINES", "too_much"]

# Food or drink of one line [g]; lines of one day; days of one file (ten years).
# No diary of food on a computer is older.
FIRST_YEAR = 1970
MOST_GRAMS, MOST_LINES, MOST_DAYS = 20_000.0, 300, 3_660
