"""A person's curve over the band of healthy people: the data of a chart, as SVG shapes, and as lines of text."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import log

from rheobase.plain_text import printable
from rheobase.report.courses import figure, ticks
from rheobase.report.shapes import LINE, RIGHT, label, line

Points = tuple[tuple[float, float], ...]
_LEFT, _TOP, _TALL = 46, 34, 190
_ROUND = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500)
_ROWS, _WIDEST = 17, 100
_MOST_LABELS = 6
# How far beyond the bands a point is still drawn where it is, as a share of their span; farther ones are named.
_BEYOND = 0.15
_At = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class BandPoint:
    """Where 95 of 100 healthy people lie at one place."""

    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class BandChart:
    """Curves of a person over bands of healthy people.

    Attributes:
        across: What runs from left to right, with its unit.
        upright: What runs upwards, with its unit.
        bands: One for each curve.
        person: Curves of the person, each from left to right.
        model: Curves of a model axon; none where nothing was fitted.
        logarithmic: Whether equal ratios stand equally far apart from left to right.
    """

    across: str
    upright: str
    bands: tuple[tuple[BandPoint, ...], ...]
    person: tuple[Points, ...]
    model: tuple[Points, ...] = ()
    logarithmic: bool = False


def _ends(chart: BandChart) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends from left to right and upwards; points far beyond the bands are cut off."""
    places = [each.at for band in chart.bands for each in band]
    levels = [level for band in chart.bands for each in band for level in (each.low, each.high)]
    span = max(levels) - min(levels)
    own = [level for curve in (*chart.person, *chart.model) for _, level in curve]
    low = max(min((*levels, *own)), min(levels) - span * _BEYOND)
    high = min(max((*levels, *own)), max(levels) + span * _BEYOND)
    air = 0.04 * (high - low)
    return (min(places), max(places)), (low - air, high + air)


def _scale(ends: tuple[float, float], chart: BandChart, room: tuple[float, float]) -> _At:
    first, last = (log(each) if chart.logarithmic else each for each in ends)

    def at(place: float) -> float:
        share = ((log(place) if chart.logarithmic else place) - first) / (last - first)
        return room[0] + share * (room[1] - room[0])

    return at


def _marks(chart: BandChart, ends: tuple[float, float]) -> tuple[float, ...]:
    if chart.logarithmic:
        return tuple(float(each) for each in _ROUND if ends[0] <= each <= ends[1])
    return ticks(*ends, most=_MOST_LABELS)


def band_shapes(chart: BandChart) -> tuple[float, list[str]]:
    """Return the height of the drawing and its SVG shapes."""
    ends, (low, high) = _ends(chart)
    bottom = float(_TOP + _TALL)
    x = _scale(ends, chart, (_LEFT, RIGHT))

    def y(level: float) -> float:
        return bottom - (min(max(level, low), high) - low) / (high - low) * _TALL

    shapes = [label((4, _TOP - 18), chart.upright, "p-axis")]
    for tick in ticks(low, high, most=_MOST_LABELS):
        shapes.append(line((_LEFT, y(tick), RIGHT, y(tick)), "p-track" if tick == 0 else "p-grid"))
        shapes.append(label((_LEFT - 5, y(tick) + 4), _figure(tick), "p-axis", "end"))
    for band in chart.bands:
        edge = [f"{x(each.at):.1f} {y(each.high):.1f}" for each in band]
        edge += [f"{x(each.at):.1f} {y(each.low):.1f}" for each in reversed(band)]
        shapes.append(f'<path class="p-area" d="M{"L".join(edge)}Z"/>')
    shapes += [_path(curve, (x, y), 'class="p-limit" fill="none"') for curve in _shown(chart.model, ends)]
    for curve in _shown(chart.person, ends):
        shapes.append(_path(curve, (x, y), 'class="p-curve"'))
        for at, level in curve:
            shapes.extend(_dot((x(at), y(level)), "" if low <= level <= high else f"{level:.0f}"))
    for tick in _marks(chart, ends):
        shapes.append(line((x(tick), bottom, x(tick), bottom + 4), "p-track"))
        shapes.append(label((x(tick), bottom + 16), _figure(tick), "p-axis", "middle"))
    shapes.append(label(((_LEFT + RIGHT) / 2, bottom + 31), chart.across, "p-axis", "middle"))
    shapes.extend(_legend(chart, bottom + 50))
    return bottom + 56 + (LINE if chart.model else 0), shapes


def _shown(curves: Sequence[Points], ends: tuple[float, float]) -> Iterator[Points]:
    for curve in curves:
        inside = tuple(each for each in curve if ends[0] <= each[0] <= ends[1])
        if inside:
            yield inside


def _dot(place: tuple[float, float], beyond: str) -> Iterator[str]:
    """Yield a dot, with its level beside it where that is beyond the ends of the chart."""
    x, y = place
    yield f'<circle class="p-dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
    if beyond:
        yield label((x + 6, y + 4), beyond.replace("-", "\u2212"), "p-text")


def _path(curve: Points, scales: tuple[_At, _At], kind: str) -> str:
    x, y = scales
    return f'<path {kind} d="M{"L".join(f"{x(at):.1f} {y(level):.1f}" for at, level in curve)}"/>'


def _figure(value: float) -> str:
    return f"{value:g}".replace("-", "\u2212")


def _legend(chart: BandChart, y: float) -> Iterator[str]:
    yield line((_LEFT, y - 4, _LEFT + 20, y - 4), "p-span")
    yield f'<circle class="p-dot" cx="{_LEFT + 10}" cy="{y - 4:.1f}" r="3"/>'
    yield label((_LEFT + 26, y), "this recording", "p-axis")
    yield f'<rect class="p-area" x="{_LEFT + 116}" y="{y - 9:.1f}" width="20" height="10"/>'
    yield label((_LEFT + 142, y), "95 of 100 healthy people", "p-axis")
    if chart.model:
        yield line((_LEFT, y + LINE - 4, _LEFT + 20, y + LINE - 4), "p-limit")
        yield label((_LEFT + 26, y + LINE), "the fitted model axon", "p-axis")


def band_lines(chart: BandChart, width: int) -> list[str]:
    """Return the chart as lines of plain characters, at most ``width`` columns."""
    ends, (low, high) = _ends(chart)
    room = min(width - 12, _WIDEST)
    x = _scale(ends, chart, (0, room - 1))
    cells = [[" "] * room for _ in range(_ROWS)]

    def row(level: float) -> int:
        return min(_ROWS - 1, max(0, round((high - level) / (high - low) * (_ROWS - 1))))

    for band in chart.bands:
        for column in range(room):
            lower, upper = (_level([(x(each.at), edge(each)) for each in band], column) for edge in (_low, _high))
            if lower is not None and upper is not None:
                for each in range(row(upper), row(lower) + 1):
                    cells[each][column] = "="
    for mark, curves in (("x", chart.model), ("o", chart.person)):
        for curve in _shown(curves, ends):
            for at, level in curve:
                cells[row(level)][min(room - 1, max(0, round(x(at))))] = mark
    step = (high - low) / (_ROWS - 1)
    lines = [f"    {printable(chart.upright, limit=width - 4)}"]
    for number, found in enumerate(cells):
        head = figure(high - step * number) if number % 4 == 0 else ""
        lines.append(f"  {head:>7} |{''.join(found).rstrip()}")
    lines.append(" " * 11 + _under(chart, ends, x, room))
    lines.append(f"           {printable(chart.across, limit=width - 12)}")
    legend = "o this recording   = 95 of 100 healthy people" + ("   x the fitted model axon" if chart.model else "")
    return [*lines, f"    {printable(legend, limit=width - 4)}"]


def _low(point: BandPoint) -> float:
    return point.low


def _high(point: BandPoint) -> float:
    return point.high


def _level(points: Sequence[tuple[float, float]], at: float) -> float | None:
    """Return a level between two points, None beyond them."""
    for (before, first), (after, second) in itertools.pairwise(points):
        if before <= at <= after:
            return first + (second - first) * (at - before) / (after - before) if after > before else first
    return None


def _under(chart: BandChart, ends: tuple[float, float], x: _At, room: int) -> str:
    """Return the numbers under the axis, each where it belongs, none over another."""
    found = ""
    for tick in _marks(chart, ends):
        text, place = f"{tick:g}", round(x(tick))
        start = min(max(place - len(text) // 2, 0), room - len(text))
        if start >= len(found) + bool(found):
            found = found.ljust(start) + text
    return found
