"""Pictures of a diet as lines of text: one line for each nutrient, one for each hour of a curve."""

from __future__ import annotations

from collections.abc import Iterator

from rheobase.plain_text import printable
from rheobase.report.charts import Curve, IntakeRow, Intakes, axis_end, clock
from rheobase.report.figures import figure

NARROWEST_BAR = 14
LETTERS = {"EAR": "E", "RDA": "R", "AI": "A", "UL": "U", "CDRR": "C"}
MEANING = {
    "EAR": "E half need less than this",
    "RDA": "R enough for nearly all",
    "AI": "A adequate intake",
    "UL": "U upper level",
    "CDRR": "C less is better for blood pressure",
}
# Hours between the lines of a curve, and the longest curve with a line for every hour.
EVERY, SHORT_DAY = 2, 10


def intake_lines(chart: Intakes, width: int) -> list[str]:
    """Return a line for each nutrient: o usual intake, = its range, > may be more, letters what is needed."""
    names = [printable(row.name) for row in chart.rows]
    ends = [f"{figure(axis_end(row))} {row.unit}" for row in chart.rows]
    label, last = max(map(len, names), default=0), max(map(len, ends), default=0)
    room = max(NARROWEST_BAR, width - label - last - 9)
    lines = [
        f"    {name.ljust(label)} 0 {_intake_bar(row, room)} {end}"
        for row, name, end in zip(chart.rows, names, ends, strict=True)
    ]
    return [*lines, *(f"    {each}" for each in _legend(chart, width))]


def _intake_bar(row: IntakeRow, room: int) -> str:
    end = axis_end(row)

    def at(amount: float) -> int:
        return min(room - 1, int(amount / end * room))

    if row.usual is None and row.recorded is None:
        return "not known".center(room, ".")
    cells = ["."] * room
    if row.usual:
        for place in range(at(row.usual[0]), at(row.usual[2]) + 1):
            cells[place] = "="
    if row.at_least:
        for place in range(at(row.usual[2] if row.usual else row.recorded or 0.0) + 1, room):
            cells[place] = ">" if place == room - 1 else "-"
    for place, letter in ((at(e), LETTERS[m.name]) for m in row.marks if m.high <= end for e in (m.low, m.high)):
        cells[place] = letter
    if row.usual:
        cells[at(row.usual[1])] = "o"
        if row.supplement:
            cells[at(row.usual[1] + row.supplement)] = "+"
    elif row.recorded is not None:
        cells[at(row.recorded)] = "|"
    return "".join(cells)


def _legend(chart: Intakes, width: int) -> Iterator[str]:
    said = ["o usual, from food", "= range (8 in 10)"]
    if any(row.at_least for row in chart.rows):
        said.append("-> may be more")
    if any(row.supplement for row in chart.rows):
        said.append("+ with supplements")
    if any(row.usual is None and row.recorded is not None for row in chart.rows):
        said.append("| recorded")
    drawn = {mark.name for row in chart.rows for mark in row.marks if mark.high <= axis_end(row)}
    said += [words for name, words in MEANING.items() if name in drawn]
    yield from _side_by_side(said, width)


def _side_by_side(said: list[str], width: int) -> Iterator[str]:
    """Yield words side by side, as many a line as fit."""
    line = ""
    for each in said:
        longer = f"{line}   {each}" if line else each
        if len(longer) > width - 4 and line:
            yield line
            longer = each
        line = longer
    yield line


def curve_lines(chart: Curve, width: int) -> list[str]:
    """Return a line for every second hour, each of a short curve: # the middle, = up to the high end, and amounts."""
    most = max(point.high for point in chart.points) or 1.0
    every = EVERY if chart.points[-1].hour - chart.points[0].hour > SHORT_DAY else 1
    shown = [point for point in chart.points if point.hour % every == 0]
    amounts = [f"{each.middle:.0f} ({each.low:.0f}-{each.high:.0f})" for each in shown]
    room = max(NARROWEST_BAR, width - max(map(len, amounts), default=0) - 12)
    lines = []
    for point, words in zip(shown, amounts, strict=True):
        middle, high = (round(each / most * room) for each in (point.middle, point.high))
        bar = "#" * middle + "=" * (high - middle)
        lines.append(f"    {clock(point.hour)} {bar.ljust(room)} {words}".rstrip())
    said = [f"# {chart.unit} in the body", "= up to the upper end"]
    if chart.at_least:
        said.append("may be more: not all is in it")
    return [*lines, *(f"    {each}" for each in _side_by_side(said, width))]
