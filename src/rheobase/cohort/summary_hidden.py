"""Which cells of a summary are hidden: small ones, and those from which a small one could be worked out.

Source:
    Centers for Medicare and Medicaid Services, cell size suppression policy: no cell of 1 to 10 people is shown, nor a
    figure from which one can be derived; a zero may be shown (grade B: cited from memory; the limit of 11 was read in
    the documentation of the R package countmaskr, which follows CMS and PCORnet).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

M = TypeVar("M")
SMALLEST = 11


@dataclass(frozen=True, slots=True)
class Cell:
    """People in a group in whom a measure is known, and in whom it is true."""

    known: int
    count: int


def hidden_cells(
    cells: Mapping[tuple[M, str], Cell], groups: Sequence[str], partitions: Mapping[M, str], smallest: int
) -> dict[tuple[M, str], bool]:
    """Return the cells to hide; the value says whether even the number of those known is hidden.

    A cell is hidden when it is small, when those in whom it is not true are few (a share of 99 % gives them away), or
    when it is the one that completes a hidden cell to a known total: over the groups of a column, and over the
    measures of a partition. What is hidden in a line adds up to at least the limit, so that it cannot be narrowed down.

    Args:
        cells: By measure and group.
        groups: The total first, then the groups that make it up.
        partitions: The partition of each measure, "" for none.
        smallest: Counts from 1 to below it are small; 0 hides nothing.
    """
    if smallest <= 1:
        return {}

    def small(number: int) -> bool:
        return 0 < number < smallest

    hide = {
        key: small(cell.known)
        for key, cell in cells.items()
        if small(cell.count) or small(cell.known - cell.count) or small(cell.known)
    }
    across = list(_over_groups(cells, groups))
    lines = [*across, *_over_partitions(cells, groups, partitions)]
    while True:
        more = {key: False for line in lines if (key := _completing(line, cells, hide, smallest)) is not None}
        if not more:
            break
        hide |= more
    for line in across:
        # The numbers of those known add up over the groups too.
        while (key := _giving_away(line, cells, hide, smallest)) is not None:
            hide[key] = True
    return hide


def _completing(
    line: list[tuple[M, str]], cells: Mapping[tuple[M, str], Cell], hide: Mapping[tuple[M, str], bool], smallest: int
) -> tuple[M, str] | None:
    """Return the cell to hide next in a line whose hidden cells can be worked out from its total; None for none."""
    before = [key for key in line if key in hide]
    if not before or len(before) == len(line):
        return None
    if len(before) > 1 and sum(cells[key].count for key in before) >= smallest:
        return None
    # The smallest that is not empty loses least; an empty one protects nothing.
    rest = [key for key in line if key not in hide]
    return min(rest, key=lambda key: (cells[key].count == 0, cells[key].count))


def _giving_away(
    line: list[tuple[M, str]], cells: Mapping[tuple[M, str], Cell], hide: Mapping[tuple[M, str], bool], smallest: int
) -> tuple[M, str] | None:
    """Return the next cell of a line whose number of those known has to be hidden too; None for none."""
    before = [key for key in line if hide.get(key)]
    if not before or len(before) == len(line):
        return None
    if len(before) > 1 and sum(cells[key].known for key in before) >= smallest:
        return None
    rest = [key for key in line if not hide.get(key)]
    return min(rest, key=lambda key: (cells[key].known == 0, cells[key].known))


def _over_groups(cells: Mapping[tuple[M, str], Cell], groups: Sequence[str]) -> Iterable[list[tuple[M, str]]]:
    parts = groups[1:]
    for measure in dict.fromkeys(measure for measure, _ in cells):
        yield [(measure, group) for group in parts if (measure, group) in cells]


def _over_partitions(
    cells: Mapping[tuple[M, str], Cell], groups: Sequence[str], partitions: Mapping[M, str]
) -> Iterable[list[tuple[M, str]]]:
    for group in groups:
        for partition in dict.fromkeys(each for each in partitions.values() if each):
            members = [measure for measure, name in partitions.items() if name == partition]
            yield [(measure, group) for measure in members if (measure, group) in cells]
