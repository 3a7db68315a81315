"""What no diet file holds; the limits are those of every diet."""

from __future__ import annotations

from rheobase.diet.limits import FIRST_YEAR, MOST_DAYS, MOST_GRAMS, MOST_LINES, too_much

__all__ = ["FIRST_YEAR", "MOST_DAYS", "MOST_GRAMS", "MOST_LINES", "too_much"]
