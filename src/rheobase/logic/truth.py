"""Kleene's strong three-valued logic: true, false, and unknown (``None``).

Source:
    Kleene SC. Introduction to Metamathematics. 1952, section 64.
"""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None


def negate(value: Truth) -> Truth:
    """Return the Kleene negation; unknown stays unknown."""
    return None if value is None else not value


def all_of(values: Iterable[Truth]) -> Truth:
    """Return the Kleene conjunction: one false decides, else one unknown makes it unknown."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """Return the Kleene disjunction: one true decides, else one unknown makes it unknown."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result
