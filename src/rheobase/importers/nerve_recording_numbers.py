"""Numbers of a nerve recording: either decimal mark, words for a missing value, units of the same kind."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d{1,3})?")
_MISSING = frozenset({"", "-", "--", ".", "*", "nan", "na", "n/a", "none", "null", "nd", "?", "missing"})
# Factors into the unit that is expected, by that unit.
_FACTORS = {
    "ms": {"us": 1e-3, "s": 1e3},
    "mA": {"ua": 1e-3, "a": 1e3},
    "mV": {"uv": 1e-3, "v": 1e3},
    "mmol/L": {"mm": 1.0, "meq/l": 1.0, "mmol/l": 1.0},
    "C": {"degc": 1.0, "\u00b0c": 1.0, "celsius": 1.0},
    "%": {"percent": 1.0, "pct": 1.0},
    "years": {"y": 1.0, "yr": 1.0, "year": 1.0},
}


def is_missing(text: str) -> bool:
    """Return whether a cell says that there is no value."""
    return text.strip().lower() in _MISSING


def number_of(text: str) -> float | None:
    """Return a number with a decimal point or a decimal comma, None for anything else.

    Args:
        text: One cell; "1.234,5" and "1,234.5" are not guessed at.
    """
    plain = text.strip().replace("\u2212", "-").replace("\u2013", "-")
    if _NUMBER.fullmatch(plain) is None:
        return None
    value = float(plain.replace(",", "."))
    return value if abs(value) < 1e12 else None


def in_unit(unit: str, wanted: str) -> float | None:
    """Return the factor from a unit as written into the wanted one, None where they are not of one kind."""
    written = unit.strip().strip("[]()").replace("\u00b5", "u").replace("\u03bc", "u")
    if written.lower() == wanted.lower():
        return 1.0
    return _FACTORS.get(wanted, {}).get(written.lower())
