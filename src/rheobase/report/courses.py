"""Levels over days with their band: the data of a chart, as lines of text, and as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from rheobase.plain_text import printable

# Units of the drawing, as of the other pictures.
WIDTH, LEFT, RIGHT = 340, 46, 330
_HEAD, _TALL, _FOOT = 20, 84, 14
_ROWS = 6
_WIDEST = 100


@dataclass(frozen=True, slots=True)
class Course:
    """One level over the days.

    Attributes:
        name: What it is.
        unit: Of the levels.
        days: Moments [days], rising from 0.
        middle: Level at each moment.
        low: Lower edge of the band at each moment.
        high: Upper edge.
        ordinary: Ordinary range of a laboratory, where one is known.
    """

    name: str
    unit: str
    days: tuple[float, ...]
    middle: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    ordinary: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Courses:
    """Courses beneath each other, over the same days."""

    rows: tuple[Course, ...]


def span(course: Course) -> tuple[float, float]:
    """Return between which levels a course is drawn: all of it, and the ordinary range, with a little air."""
    ends = [*course.low, *course.high, *course.middle, *(course.ordinary or ())]
    low, high = min(ends), max(ends)
    air = 0.06 * (high - low) or 0.05 * abs(high) or 1.0
    return low - air, high + air


def ticks(low: float, high: float, most: int = 4) -> tuple[float, ...]:
    """Return round numbers between two ends, at most so many."""
    size = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(size * each for each in (1, 2, 5, 10, 20) if (high - low) / (size * each) <= most)
    first = math.ceil(low / step - 1e-9)
    return tuple(step * each for each in range(first, math.floor(high / step + 1e-9) + 1))


def figure(number: float) -> str:
    """Return a level with as many digits as it deserves."""
    size = abs(number)
    return f"{number:.0f}" if size >= 100 else f"{number:.1f}" if size >= 10 else f"{number:.2f}"


def course_lines(courses: Courses, width: int) -> list[str]:
    """Return the courses as lines of plain characters, at most ``width`` columns."""
    lines: list[str] = []
    for course in courses.rows:
        lines += [f"    {printable(course.name)} [{printable(course.unit)}]", *_plot(course, width)]
    days = courses.rows[0].days[-1] if courses.rows else 0
    label = f"day {days:.3g}"
    room = min(width - 14, _WIDEST)
    lines.append(f"{'':12}0{label.rjust(room - 1)}")
    lines.append("    o level   = nine in ten bodies   - end of the ordinary range")
    return lines


def _plot(course: Course, width: int) -> list[str]:
    room = min(width - 14, _WIDEST)
    low, high = span(course)

    def row(level: float) -> int:
        return min(_ROWS - 1, max(0, round((high - level) / (high - low) * (_ROWS - 1))))

    cells = [[" "] * room for _ in range(_ROWS)]
    for end in course.ordinary or ():
        cells[row(end)] = ["-"] * room
    for column in range(room):
        at = _nearest(course.days, column / max(1, room - 1) * course.days[-1])
        for each in range(row(course.high[at]), row(course.low[at]) + 1):
            cells[each][column] = "="
        cells[row(course.middle[at])][column] = "o"
    levels = [high - (high - low) * each / (_ROWS - 1) for each in range(_ROWS)]
    # A line across stands for exactly its own level.
    for end in course.ordinary or ():
        levels[row(end)] = end
    return [f"    {figure(level):>6} |{''.join(line).rstrip()}" for level, line in zip(levels, cells, strict=True)]


def _nearest(days: Sequence[float], day: float) -> int:
    return min(range(len(days)), key=lambda each: abs(days[each] - day))


def course_shapes(courses: Courses) -> tuple[float, list[str]]:
    """Return the height of the drawing and its shapes."""
    shapes: list[str] = []
    y = 4.0
    for course in courses.rows:
        shapes += _panel(course, y + _HEAD)
        y += _HEAD + _TALL + _FOOT
    days = courses.rows[0].days[-1] if courses.rows else 1.0
    for day in ticks(0, days, 6):
        shapes.append(_label((_across(day, days), y), f"{day:g}", "p-axis", "middle"))
    shapes.append(_label(((LEFT + RIGHT) / 2, y + 15), "days", "p-axis", "middle"))
    return y + 38, [*shapes, *_legend(y + 33)]


def _across(day: float, days: float) -> float:
    return LEFT + day / days * (RIGHT - LEFT)


def _panel(course: Course, top: float) -> list[str]:
    low, high = span(course)
    days = course.days[-1]

    def down(level: float) -> float:
        return top + (high - level) / (high - low) * _TALL

    shapes = [_label((LEFT - 36, top - 7), f"{course.name} ({course.unit})", "p-name")]
    if course.ordinary is not None:
        upper, lower = down(course.ordinary[1]), down(course.ordinary[0])
        shapes.append(
            f'<rect class="p-low" x="{LEFT}" y="{upper:.1f}" width="{RIGHT - LEFT}" height="{lower - upper:.1f}"/>'
        )
        shapes += [_line((LEFT, each, RIGHT, each), "p-grid") for each in (upper, lower)]
    shapes.append(_line((LEFT, top, LEFT, top + _TALL), "p-track"))
    shapes.append(_line((LEFT, top + _TALL, RIGHT, top + _TALL), "p-track"))
    for level in ticks(low, high):
        shapes.append(_line((LEFT - 4, down(level), LEFT, down(level)), "p-track"))
        shapes.append(_label((LEFT - 6, down(level) + 4), figure(level), "p-axis", "end"))
    edge = [
        *((day, level) for day, level in zip(course.days, course.high, strict=True)),
        *((day, level) for day, level in zip(reversed(course.days), reversed(course.low), strict=True)),
    ]
    points = " ".join(f"{_across(day, days):.1f},{down(level):.1f}" for day, level in edge)
    shapes.append(f'<polygon class="p-high" points="{points}"/>')
    for edge_levels in (course.low, course.high):
        # A thin rim: the band is seen without its shade.
        rim = zip(course.days, edge_levels, strict=True)
        at = " ".join(f"{_across(day, days):.1f},{down(level):.1f}" for day, level in rim)
        shapes.append(f'<polyline class="p-link" fill="none" points="{at}"/>')
    middle = zip(course.days, course.middle, strict=True)
    points = " ".join(f"{_across(day, days):.1f},{down(level):.1f}" for day, level in middle)
    shapes.append(f'<polyline class="p-span" fill="none" points="{points}"/>')
    return shapes


def _legend(y: float) -> list[str]:
    return [
        _line((10, y - 4, 30, y - 4), "p-span"),
        _label((35, y), "level", "p-axis"),
        f'<rect class="p-high" x="75" y="{y - 10:.1f}" width="20" height="11"/>',
        _label((100, y), "nine in ten bodies", "p-axis"),
        f'<rect class="p-low" x="208" y="{y - 10:.1f}" width="20" height="11"/>',
        _line((208, y - 10, 228, y - 10), "p-grid"),
        _line((208, y + 1, 228, y + 1), "p-grid"),
        _label((233, y), "ordinary range", "p-axis"),
    ]


def _label(place: tuple[float, float], words: str, kind: str, anchor: str = "start") -> str:
    x, y = place
    at = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}"{at}>{escape(printable(words), quote=True)}</text>'


def _line(ends: tuple[float, float, float, float], kind: str) -> str:
    x1, y1, x2, y2 = ends
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
