"""Lines over one axis, one of them the person's: thresholds over a blood value, potentials over time."""

from __future__ import annotations

from dataclasses import dataclass

from rheobase.plain_text import printable
from rheobase.report.courses import figure, ticks
from rheobase.report.shapes import LINE, RIGHT, WIDTH, diamond, dot, label, line

# The left edge leaves room for the numbers of the upright axis.
START, TOP, TALL = 44, 16, 150
MOST_LABELS, MOST_DOWN = 6, 5
CLEAR = 8
# As wide is a mark's word.
ROOM = 36
AIR = 0.06
BAR = 40
ROWS = 15


@dataclass(frozen=True, slots=True)
class Lines:
    """One or two lines with what is pointed out on them.

    Attributes:
        across: Name and unit of the axis from left to right.
        upright: Name and unit of the upright axis.
        own: The person's line: places and heights.
        usual: The line to compare with, drawn broken; empty for none.
        here: Where the person stands on their line; None where a line has no such place.
        normal: Where normal is.
        names: Of the two lines, for the legend.
        marks: Place and words of what is pointed out, such as a pulse.
        least: The upright axis spans at least this much, so that a small difference looks small.
    """

    across: str
    upright: str
    own: tuple[tuple[float, float], ...]
    usual: tuple[tuple[float, float], ...] = ()
    here: tuple[float, float] | None = None
    normal: tuple[float, float] | None = None
    names: tuple[str, str] = ("with your values", "usual")
    marks: tuple[tuple[float, str], ...] = ()
    least: float = 0.0


def line_shapes(chart: Lines) -> tuple[float, list[str]]:
    """Return the height of the drawing and its shapes; the person's line has two places at least."""
    places = [x for x, _ in (*chart.own, *chart.usual)]
    heights = [y for _, y in (*chart.own, *chart.usual, *(each for each in (chart.here, chart.normal) if each))]
    first, last, low, high = min(places), max(places), min(heights), max(heights)
    short = max(chart.least - (high - low), 0.0) / 2
    low, high = low - short, high + short
    air = AIR * (high - low) or 1.0
    low, high, bottom = low - air, high + air, float(TOP + TALL)

    def at(place: tuple[float, float]) -> tuple[float, float]:
        x, y = place
        return START + (x - first) / (last - first) * (RIGHT - START), bottom - (y - low) / (high - low) * TALL

    shapes = []
    for tick in ticks(low, high, MOST_DOWN):
        _, y = at((first, tick))
        shapes.append(line((START, y, RIGHT, y), "p-grid"))
        # At the very top stand the words of the axis.
        if y > TOP + CLEAR:
            shapes.append(label((START - 5, y + 4), _short(tick), "p-axis", "end"))
    for tick in ticks(first, last, MOST_LABELS):
        x, _ = at((tick, low))
        anchor = "end" if x > RIGHT - 8 else "middle"
        shapes += [line((x, bottom, x, bottom + 4), "p-track"), label((x, bottom + 15), _short(tick), "p-axis", anchor)]
    shapes.append(line((START, bottom, RIGHT, bottom), "p-track"))
    shapes.append(label((START - 40, TOP - 5), chart.upright, "p-axis"))
    shapes.append(label((RIGHT, bottom + 29), chart.across, "p-axis", "end"))
    for place, words in chart.marks:
        x, _ = at((place, low))
        shapes.append(line((x, TOP, x, bottom), "p-need"))
        # What follows a pulse rises beside it; before it there is room.
        left = x - START >= ROOM
        where = (x - 4, "end") if left else (x + 4, "start")
        shapes.append(label((where[0], TOP + 10), words, "p-text", where[1]))
    for kind, points in (("p-usual", chart.usual), ("p-curve", chart.own)):
        if points:
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in map(at, points))
            shapes.append(f'<path class="{kind}" d="M{path}"/>')
    if chart.normal is not None:
        shapes.append(diamond(*at(chart.normal)))
    if chart.here is not None:
        shapes.append(dot(*at(chart.here)))
    return bottom + 54 + (LINE if _marked(chart) else 0), [*shapes, *_legend(chart, bottom + 48)]


def _marked(chart: Lines) -> bool:
    return chart.here is not None or chart.normal is not None


def _legend(chart: Lines, y: float) -> list[str]:
    own, usual = chart.names
    shapes = [line((START, y - 4, START + 22, y - 4), "p-span"), label((START + 28, y), own, "p-axis")]
    middle = WIDTH / 2 + 20
    if chart.usual:
        shapes += [line((middle, y - 4, middle + 22, y - 4), "p-usual"), label((middle + 28, y), usual, "p-axis")]
    y += LINE
    if chart.here is not None:
        shapes += [dot(START + 11, y - 4), label((START + 28, y), "here", "p-axis")]
    if chart.normal is not None:
        shapes += [diamond(middle + 11, y - 4), label((middle + 28, y), "the normal value", "p-axis")]
    return shapes


def _short(number: float) -> str:
    return f"{number:.0f}" if number == int(number) else f"{number:.2g}"


def line_lines(chart: Lines, width: int) -> list[str]:
    """Return the person's line as lines of plain characters: a bar for each of some places, ``<`` where they stand."""
    every = max(1, -(-len(chart.own) // ROWS))
    rows = list(chart.own[::every])
    if chart.here is not None and chart.here not in rows:
        rows = sorted([*rows, chart.here])
    heights = [y for _, y in rows]
    base = min(0.0, *heights)
    room = max(10, min(BAR, width - 26))
    most = max(y - base for y in heights) or 1.0
    lines = [f"    {printable(f'{chart.across}; bar: {chart.upright}', limit=width - 4)}"]
    for x, y in rows:
        bar = "#" * max(1, round((y - base) / most * room))
        mark = " < here" if chart.here is not None and (x, y) == chart.here else ""
        lines.append(f"    {figure(x):>6} {bar.ljust(room)} {y:.0f}{mark}"[:width])
    return lines
