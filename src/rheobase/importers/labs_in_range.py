"""Reports with two columns of values, "In Range" and "Out Of Range", as Quest Diagnostics prints them.

Only one of the two is filled; which one says how the laboratory judged it. They become a column of results and one of
marks, so that a value that does not fit its interval is asked about. In a text the columns are lost; there the header
tells that a last short word is the code of the laboratory.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rheobase.importers.labs_headers import plain

INSIDE, OUTSIDE = frozenset({"in range", "in-range", "within range"}), frozenset({"out of range", "out-of-range"})
RESULT, FLAG, SITE, NORMAL, ABNORMAL = "Result", "Flag", "Laboratory", "normal", "abnormal"
_HEADER = re.compile(r"\bin range\b.*\bout of range\b", re.IGNORECASE)
_SITE = re.compile(r"\s+(?!(?:LL|HH|LO|LOW|HI|ABN|CRT|POS|NEG|INR)\b)[A-Z][A-Z0-9]{1,2}\s*$")
_ARROW = re.compile(r"-+>")
_OR_EQUAL = re.compile(r"([<>])\s*or\s*=\s*", re.IGNORECASE)
Rows = Sequence[tuple[int, tuple[str, ...]]]


def two_columns(header: Sequence[str]) -> tuple[int, int] | None:
    """Return the places of the columns of values inside and outside their interval, None where there are not both."""
    inside = [at for at, each in enumerate(header) if plain(each) in INSIDE]
    outside = [at for at, each in enumerate(header) if plain(each) in OUTSIDE]
    return (inside[0], outside[0]) if len(inside) == len(outside) == 1 else None


def joined_header(header: Sequence[str]) -> tuple[str, ...]:
    """Return the header with one column of results and one of marks in the place of both; any other as it is."""
    places = two_columns(header)
    if places is None:
        return tuple(header)
    # "Lab" is elsewhere a test; here it is who did it.
    named = {places[0]: RESULT, places[1]: FLAG, **{at: SITE for at, each in enumerate(header) if plain(each) == "lab"}}
    return tuple(named.get(at, each) for at, each in enumerate(header))


def joined_rows(header: Sequence[str], rows: Rows) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Return rows with the value in one column and what its column says of it in the other.

    Args:
        header: As printed.
        rows: Line number and cells; of another length than the header they stay as they are, to be refused.
    """
    places = two_columns(header)
    if places is None:
        return tuple(rows)
    return tuple((number, _joined(cells, places) if len(cells) == len(header) else cells) for number, cells in rows)


def _joined(cells: tuple[str, ...], places: tuple[int, int]) -> tuple[str, ...]:
    inside, outside = (cells[at] for at in places)
    value, mark = (inside, NORMAL if inside else "") if not outside else (outside, ABNORMAL)
    if inside and outside:
        # Two values and no telling which is meant: nobody's number, so the line is refused with both shown.
        value, mark = f"both {inside} and {outside}", ""
    put = {places[0]: value, places[1]: mark}
    return tuple(put.get(at, each) for at, each in enumerate(cells))


def is_header(line: str) -> bool:
    """Return whether a line of a text is such a header with a last column for the code of the laboratory."""
    return _HEADER.search(line) is not None and line.rstrip().lower().endswith(" lab")


def without_site(line: str) -> str:
    """Return a line without the code of the laboratory that did the test."""
    return _SITE.sub("", line)


def plain_signs(line: str) -> str:
    """Return a line with ``> OR = 60`` written ``>=60``, and an arrow ("2.5 -> 3.9") as one, which is no limit."""
    return _ARROW.sub("\u2192", _OR_EQUAL.sub(r"\1=", line))
