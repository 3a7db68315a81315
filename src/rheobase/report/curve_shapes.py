"""An amount in the body over the hours drawn as SVG: the range as an area, the middle as a line, doses as marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rheobase.report.charts import Curve, clock
from rheobase.report.figures import figure
from rheobase.report.shapes import LINE, RIGHT, WIDTH, box, label, line, nice_ticks

_At = Callable[[float], float]

# The left edge leaves room for the numbers of the upright axis; above it, for two lines of moments.
START, TOP, TALL = 40, 40, 150
# Room above the highest point.
MARGIN = 1.12
# Longest time axis [h] and the hours between its labels.
STEPS = ((16, 3), (40, 4), (100_000, 12))
MOST_LABELS = 5


def curve_shapes(chart: Curve) -> tuple[float, list[str]]:
    """Return the height and the shapes of a curve over the hours; a curve has two points at least."""
    first, last = chart.points[0].hour, chart.points[-1].hour
    heights = [point.high for point in chart.points] + ([chart.limit[0]] if chart.limit else [])
    most, bottom = MARGIN * max(heights), float(TOP + TALL)

    def x(hour: float) -> float:
        return START + (hour - first) / (last - first) * (RIGHT - START)

    def y(amount: float) -> float:
        return bottom - amount / most * TALL

    shapes = []
    for tick in nice_ticks(most, MOST_LABELS):
        shapes.append(line((START, y(tick), RIGHT, y(tick)), "p-grid"))
        shapes.append(label((START - 5, y(tick) + 4), figure(tick) if tick else "0", "p-axis", "end"))
    shapes.extend(_body(chart, x, y))
    if chart.limit:
        height, _ = chart.limit
        shapes.append(line((START, y(height), RIGHT, y(height)), "p-limit"))
    for at, (hour, words) in enumerate(chart.moments):
        # Two moments close to each other are named on two lines.
        top = TOP - 6 - LINE * (at % 2)
        shapes.append(line((x(hour), top + 2, x(hour), bottom), "p-need"))
        shapes.append(label((x(hour), top), words, "p-text", _anchor(x(hour))))
    shapes.extend(_times(first, last, x, bottom))
    for hour, _ in chart.doses:
        if first <= hour <= last:
            shapes.append(f'<path class="p-for" d="M{x(hour):.1f} {bottom - 9:.1f}l4 9h-8Z"/>')
    shapes.append(
        label((WIDTH / 2, bottom + 29), f"hour of the day; upright: {chart.unit} in the body", "p-axis", "middle")
    )
    shapes.extend(_legend(chart, bottom + 48))
    return bottom + 54 + LINE * ((chart.limit is not None) + chart.at_least), shapes


def _body(chart: Curve, x: _At, y: _At) -> Iterator[str]:
    upper = [f"{x(each.hour):.1f} {y(each.high):.1f}" for each in chart.points]
    lower = [f"{x(each.hour):.1f} {y(each.low):.1f}" for each in reversed(chart.points)]
    area = f'd="M{"L".join((*upper, *lower))}Z"'
    if chart.at_least:
        # Not all is in it: the upper end is open.
        yield f'<path class="p-high" {area}/><path class="p-open" d="M{"L".join(upper)}"/>'
    else:
        yield f'<path class="p-area" {area}/>'
    middle = (f"{x(each.hour):.1f} {y(each.middle):.1f}" for each in chart.points)
    yield f'<path class="p-curve" d="M{"L".join(middle)}"/>'


def _anchor(x: float) -> str:
    return "end" if x > RIGHT - 50 else "start" if x < START + 50 else "middle"


def _times(first: float, last: float, x: _At, bottom: float) -> Iterator[str]:
    yield line((START, bottom, RIGHT, bottom), "p-track")
    step = next(each for longest, each in STEPS if last - first <= longest)
    hour = -(-first // step) * step
    while hour <= last:
        yield line((x(hour), bottom, x(hour), bottom + 4), "p-track")
        yield label((x(hour), bottom + 15), clock(hour), "p-axis", "end" if x(hour) > RIGHT - 12 else "middle")
        hour += step


def _legend(chart: Curve, y: float) -> Iterator[str]:
    yield line((START, y - 4, START + 20, y - 4), "p-span")
    yield label((START + 26, y), "middle", "p-axis")
    yield box((START + 72, y - 9), (20, 10), "p-high" if chart.at_least else "p-area")
    yield label((START + 98, y), "its range", "p-axis")
    yield f'<path class="p-for" d="M{START + 160:.1f} {y - 9:.1f}l4 9h-8Z"/>'
    yield label((START + 170, y), "a drink", "p-axis")
    if chart.limit:
        y += LINE
        yield line((START, y - 4, START + 20, y - 4), "p-limit")
        yield label((START + 26, y), chart.limit[1], "p-axis")
    if chart.at_least:
        y += LINE
        yield line((START, y - 4, START + 20, y - 4), "p-open")
        yield label((START + 26, y), "upper end open: not all that was drunk is in it", "p-axis")
