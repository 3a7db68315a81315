"""One blood test over time as shapes and as lines of text. Dates run left to right, what is usual is a band."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape

from rheobase.plain_text import printable

# Units of the drawing, as in ``report.pictures``.
LEFT, RIGHT, TOP, BOTTOM, HEIGHT = 44, 322, 12, 132, 168
# Free space above the highest and below the lowest value, as a share of the span.
MARGIN = 0.12
BAR = 24


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One dated value."""

    on: date
    value: float


@dataclass(frozen=True, slots=True)
class Trend:
    """Values of one test, the oldest first, with the interval that they are read against (None where unknown)."""

    points: tuple[TrendPoint, ...]
    unit: str
    low: float | None = None
    high: float | None = None


def figure(value: float) -> str:
    """Return a value with about three figures and no exponent."""
    size = abs(value)
    places = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 4
    return f"{value:.{places}f}"


def _span(trend: Trend) -> tuple[float, float]:
    values = [point.value for point in trend.points]
    values += [end for end in (trend.low, trend.high) if end is not None]
    low, high = min(values), max(values)
    free = (high - low) * MARGIN or abs(high) * MARGIN or 1.0
    return low - free, high + free


def trend_shapes(trend: Trend) -> tuple[float, list[str]]:
    """Return the height of the drawing and its SVG shapes."""
    low, high = _span(trend)
    first, last = trend.points[0].on, trend.points[-1].on
    days = max((last - first).days, 1)

    def across(on: date) -> float:
        return LEFT + 8 + (on - first).days / days * (RIGHT - LEFT - 16)

    def down(value: float) -> float:
        return BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP)

    top = down(trend.high) if trend.high is not None else float(TOP)
    bottom = down(trend.low) if trend.low is not None else float(BOTTOM)
    shapes = []
    if trend.low is not None or trend.high is not None:
        shapes.append(
            f'<rect class="p-mid" x="{LEFT}" y="{top:.1f}" width="{RIGHT - LEFT}" height="{bottom - top:.1f}"/>'
        )
    for end in (trend.low, trend.high):
        if end is not None:
            shapes.append(_line((LEFT, down(end), RIGHT, down(end)), "p-grid"))
            shapes.append(_label(LEFT - 4, down(end) + 4, figure(end), "end"))
    for before, after in zip(trend.points, trend.points[1:], strict=False):
        shapes.append(_line((across(before.on), down(before.value), across(after.on), down(after.value)), "p-span"))
    shapes += [
        f'<circle class="p-dot" cx="{across(each.on):.1f}" cy="{down(each.value):.1f}" r="5"/>' for each in trend.points
    ]
    latest = trend.points[-1]
    shapes.append(_label(across(latest.on), down(latest.value) - 9, figure(latest.value), "end"))
    shapes.append(_label(LEFT, BOTTOM + 16, first.isoformat(), "start"))
    shapes.append(_label(RIGHT, BOTTOM + 16, last.isoformat(), "end"))
    shapes.append(
        _label((LEFT + RIGHT) / 2, BOTTOM + 32, f"{trend.unit}; the shaded band is the usual range", "middle")
    )
    return HEIGHT, shapes


def _line(ends: tuple[float, float, float, float], kind: str) -> str:
    x1, y1, x2, y2 = ends
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _label(x: float, y: float, words: str, anchor: str) -> str:
    text = escape(printable(words), quote=True)
    return f'<text class="p-axis" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def trend_lines(trend: Trend, width: int) -> list[str]:
    """Return one line for each date: the day, the value, and where it lies."""
    low, high = _span(trend)
    room = max(8, min(BAR, width - 34))

    def place(value: float) -> int:
        return min(room - 1, int((value - low) / (high - low) * room))

    lines = []
    for point in trend.points:
        cells = ["."] * room
        for end in (trend.low, trend.high):
            if end is not None:
                cells[place(end)] = ":"
        cells[place(point.value)] = "o"
        lines.append(f"    {point.on.isoformat()}  {figure(point.value):>7}  {''.join(cells)}")
    legend = f"o value [{trend.unit}]   : ends of the usual range"
    return [*lines, f"    {printable(legend, limit=width - 4)}"]
