"""Usual intakes drawn as SVG: each nutrient on an axis of its own, its range, and what is needed.

What is not known is an open end, an arrow that leaves the axis; a nutrient of which nothing is known has words instead
of a dot, never a dot at zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rheobase.report.charts import IntakeRow, Intakes, Mark, axis_end
from rheobase.report.figures import figure
from rheobase.report.shapes import LEFT, LINE, RIGHT, arrow, box, diamond, dot, label, line, nice_ticks

_At = Callable[[float], float]

# Width of a letter of the small labels, a little on the wide side; space between two labels; most rows of labels.
LETTER, APART, MOST_ROWS = 6.7, 5.0, 3
LABEL_ROW, HALF_MARK, AXIS = 12, 8, 13
DOSE_TRACK, ROW_GAP = 22, 12
# Between a line and the words beside it.
BESIDE = 3.0
BEYOND = "→"
NOT_KNOWN = "what was eaten of it is not known"


@dataclass(frozen=True, slots=True)
class Placed:
    """A label that found its place.

    Attributes:
        mark: What it names.
        row: Which row above the track, from 0.
        start: Left end of the room that it takes.
        width: Room that it takes; letters differ, so its words stand at the end that ``anchor`` names.
        anchor: ``start``, ``middle`` or ``end``, as SVG has it.
        text: Its words.
    """

    mark: Mark
    row: int
    start: float
    width: float
    anchor: str
    text: str

    @property
    def x(self) -> float:
        """Where the anchor stands."""
        return self.start + self.width * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]


def mark_words(mark: Mark) -> str:
    """Return a mark as it is written beside it: "EAR 265", or "EAR 255-265" over several life stages."""
    low, high = figure(mark.low), figure(mark.high)
    return f"{mark.name} {low}" if low == high else f"{mark.name} {low}-{high}"


def intake_shapes(chart: Intakes) -> tuple[float, list[str]]:
    """Return the height and the shapes of a picture of intakes."""
    y = 0.0
    shapes: list[str] = []
    for row in chart.rows:
        height, drawn = _row(row, y)
        shapes.extend(drawn)
        y += height
    height, drawn = _legend(chart, y)
    return y + height, [*shapes, *drawn]


def _row(row: IntakeRow, top: float) -> tuple[float, list[str]]:
    end = axis_end(row)

    def at(amount: float) -> float:
        return LEFT + min(1.0, amount / end) * (RIGHT - LEFT)

    placed = place(row.marks, end)
    rows = max((each.row for each in placed), default=0) + 1
    shapes = [label((LEFT, top + LINE - 2), f"{row.name}, {row.unit} a day", "p-name")]
    shapes.append(label((RIGHT, top + LINE - 2), row.words, "p-text", "end"))
    track = top + LINE + rows * LABEL_ROW + HALF_MARK + 3
    shapes.append(line((LEFT, track, RIGHT, track), "p-track"))
    bottom = track + HALF_MARK + AXIS
    for tick in nice_ticks(end / 1.02):
        shapes.append(line((at(tick), track, at(tick), track + 4), "p-track"))
        anchor = "start" if tick <= 0 else "middle"
        shapes.append(label((at(tick), bottom), figure(tick) if tick else "0", "p-axis", anchor))
    shapes.extend(_marks(placed, track, at))
    shapes.extend(_eaten(row, track, at))
    if row.supplement and row.supplement_limit:
        shapes.extend(_dose(row.supplement, row.supplement_limit, bottom + DOSE_TRACK, end))
        bottom += DOSE_TRACK + 6
    return bottom + ROW_GAP - top, shapes


def _eaten(row: IntakeRow, track: float, at: _At) -> Iterator[str]:
    """Yield what was eaten: its range, the open end where part is not known, the recorded mean, with supplements."""
    if row.usual is None and row.recorded is None:
        yield label(((LEFT + RIGHT) / 2, track - 3), NOT_KNOWN, "p-text", "middle")
        return
    start = row.usual[2] if row.usual else row.recorded or 0.0
    if row.at_least:
        yield line((at(start), track, RIGHT - 7, track), "p-open")
        yield arrow(RIGHT, track)
    if row.usual:
        low, middle, high = row.usual
        yield line((at(low), track, at(high), track), "p-span")
    if row.recorded is not None:
        yield diamond(at(row.recorded), track)
    if row.usual:
        yield dot(at(middle), track)
        if row.supplement:
            x = at(middle + row.supplement)
            yield line((at(middle) + 6, track, x - 5, track), "p-link")
            yield box((x - 5, track - 5), (10, 10), "p-before")


def place(marks: Sequence[Mark], end: float) -> list[Placed]:
    """Return where the labels of the marks stand, so that none covers another or leaves the picture.

    Args:
        marks: Reference values; those beyond the end of the axis are named at its end.
        end: End of the axis, in the unit of the marks.
    """
    taken: list[list[tuple[float, float]]] = [[] for _ in range(MOST_ROWS)]
    found: list[Placed] = []
    for mark in sorted(marks, key=lambda each: (each.low, each.high)):
        beyond = mark.high > end
        text = f"{mark_words(mark)} {BEYOND}" if beyond else mark_words(mark)
        width = len(text) * LETTER
        left, right = (LEFT + each / end * (RIGHT - LEFT) for each in (mark.low, mark.high))
        # The first stands left of its line and the others right of theirs, so that lines pass between words.
        before, after = (left - width - BESIDE, "end"), (right + BESIDE, "start")
        middle = ((left + right - width) / 2, "middle")
        ways = [after, before, middle] if found else [before, after, middle]
        if beyond:
            ways = [(RIGHT - width, "end")]
        fits = [
            (row, start, anchor)
            for row in range(MOST_ROWS)
            for start, anchor in ways
            if LEFT <= start <= RIGHT - width and _free(taken[row], start, width)
        ]
        row, start, anchor = fits[0] if fits else (MOST_ROWS - 1, max(LEFT, RIGHT - width), "start")
        taken[row].append((start, start + width))
        found.append(Placed(mark, row, start, width, anchor, text))
    return found


def _free(taken: Sequence[tuple[float, float]], start: float, width: float) -> bool:
    return all(start >= right + APART or start + width + APART <= left for left, right in taken)


def _marks(placed: Sequence[Placed], track: float, at: _At) -> Iterator[str]:
    for each in placed:
        base = track - HALF_MARK - 3 - each.row * LABEL_ROW
        yield label((each.x, base), each.text, "p-axis", each.anchor)
        if each.text.endswith(BEYOND):
            continue
        kind = "p-limit" if each.mark.name in ("UL", "CDRR") else "p-need"
        # A label that stands across its line keeps it below.
        top = base + 2 if each.anchor == "middle" else base - 7
        for x in dict.fromkeys((at(each.mark.low), at(each.mark.high))):
            yield line((x, top, x, track + HALF_MARK), kind)
        if each.mark.low < each.mark.high:
            yield line((at(each.mark.low), track + HALF_MARK, at(each.mark.high), track + HALF_MARK), kind)


def _dose(dose: float, limit: Mark, y: float, end: float) -> Iterator[str]:
    """Yield a track of its own for what supplements give, with the upper level that counts them alone."""
    most = max(end, dose, limit.high)

    def at(amount: float) -> float:
        return LEFT + amount / most * (RIGHT - LEFT)

    yield label((LEFT, y - 6), f"from supplements {figure(dose)}; {mark_words(limit)} for supplements alone", "p-axis")
    yield box((LEFT, y - 2), (at(dose) - LEFT, 6), "p-before")
    yield line((at(limit.high), y - 4, at(limit.high), y + 8), "p-limit")


def _legend(chart: Intakes, top: float) -> tuple[float, list[str]]:
    y = top + 8.0
    shapes = [dot(LEFT + 6, y), label((LEFT + 16, y + 4), "usual, from food", "p-axis")]
    shapes += [line((LEFT + 116, y, LEFT + 140, y), "p-span"), label((LEFT + 147, y + 4), "range (8 in 10)", "p-axis")]
    shapes += [diamond(LEFT + 248, y), label((LEFT + 258, y + 4), "recorded", "p-axis")]
    if any(row.at_least for row in chart.rows):
        y += LINE + 1
        shapes += [line((LEFT, y, LEFT + 16, y), "p-open"), arrow(LEFT + 24, y)]
        shapes.append(label((LEFT + 32, y + 4), "part of it is not known: it may be more", "p-axis"))
    if any(row.supplement for row in chart.rows):
        y += LINE + 1
        shapes += [box((LEFT + 1, y - 5), (10, 10), "p-before"), label((LEFT + 16, y + 4), WITH_SUPPLEMENTS, "p-axis")]
    for words in LEGEND:
        if any(mark.name == words.partition(":")[0] for row in chart.rows for mark in row.marks):
            y += LINE
            shapes.append(label((LEFT, y + 4), words, "p-axis"))
    if any(row.supplement is None for row in chart.rows):
        y += LINE
        shapes.append(label((LEFT, y + 4), UNKNOWN_SUPPLEMENTS, "p-axis"))
    return y + LINE - top, shapes


WITH_SUPPLEMENTS = "usual, with supplements"
UNKNOWN_SUPPLEMENTS = "Some supplements are not known; they come on top."
LEGEND = (
    "EAR: half of people need less than this",
    "RDA: enough for nearly all",
    "AI: adequate; below it, it may still be enough",
    "UL: upper level: no more than this a day",
    "CDRR: less than this is better for blood pressure",
)
