"""Pictures as SVG, drawn here: where causes stand, and how the weights of one add up.

Each shape has a class, so that a page colours it by its own style sheet; ``FIXED_STYLE`` is for paper. Colour never
carries meaning alone: a dot, a line, a diamond, a filled and an outlined bar are told apart without it.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator

from rheobase.assess.causes import expit
from rheobase.plain_text import printable
from rheobase.report.band_chart import BandChart, band_shapes
from rheobase.report.charts import Curve, Intakes
from rheobase.report.cohort_shapes import Shares, share_shapes
from rheobase.report.courses import Courses, course_shapes
from rheobase.report.curve_shapes import curve_shapes
from rheobase.report.document import Band, Bands, Chart, Ledger, Picture
from rheobase.report.intake_shapes import intake_shapes
from rheobase.report.labs_trend_chart import Trend, trend_shapes
from rheobase.report.nerve_chart import Lines, line_shapes
from rheobase.report.shapes import LEFT, LINE, RIGHT, WIDTH, diamond, label, line
from rheobase.report.shapes import words as text_of
from rheobase.report.style import PAPER_COLOURS, style_rules
from rheobase.report.words import percent

GAP, TRACK = 16, 12
LONGEST_LABEL, LONGEST_STEP = 48, 42
BAR = 8
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
PROBABILITIES = (0.0001, 0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999)
# Log-odds left free at each end of the axis [nats].
EDGE = 0.2
# Labels of the logarithmic axis stand at least this far apart.
LEAST_GAP = 38

FIXED_STYLE = style_rules(PAPER_COLOURS)


def picture_svg(picture: Picture, *, name: str, style: str = "") -> str:
    """Return the picture as an SVG element with a title and a description that can be read aloud.

    Args:
        picture: What to draw.
        name: Makes the ids unique within a page.
        style: Style sheet to carry along; none where the page has one.
    """
    chart = picture.chart
    height, shapes = _shapes(chart)
    sheet = f"<style>{style}text{{font-family:{_FAMILY}}}</style>" if style else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{text_of(picture.title)}</title>'
        f'<desc id="{name}-d">{text_of(picture.description)}</desc>{sheet}{"".join(shapes)}</svg>'
    )


_FAMILY = "'Libertinus Serif',serif"


def _shapes(chart: Chart) -> tuple[float, list[str]]:  # noqa: PLR0911 - one return per kind of chart
    """Return the height and the shapes of any chart."""
    match chart:
        case Bands():
            return _bands(chart)
        case Ledger():
            return _ledger(chart)
        case Intakes():
            return intake_shapes(chart)
        case Courses():
            return course_shapes(chart)
        case Curve():
            return curve_shapes(chart)
        case Trend():
            return trend_shapes(chart)
        case BandChart():
            return band_shapes(chart)
        case Shares():
            return share_shapes(chart)
        case Lines():
            return line_shapes(chart)


def _across(share: float) -> float:
    return LEFT + share * (RIGHT - LEFT)


def _bands(chart: Bands) -> tuple[float, list[str]]:
    top = LINE + 4
    rows = [(row, textwrap.wrap(printable(row.name), LONGEST_LABEL)[:2] or [""]) for row in chart.rows]
    bottom = top + sum(len(names) * LINE + GAP + TRACK for _, names in rows)
    shapes = list(_zones(chart, top, bottom))
    y: float = top
    for row, names in rows:
        for name in names:
            y += LINE
            shapes.append(label((LEFT + 2, y - 1), name, "p-name"))
        y += TRACK
        shapes.extend(_band(row, y))
        y += GAP
    shapes += [label((_across(t), bottom + 14), f"{t * 10:.0f}", "p-axis", _anchor(t)) for t in TICKS]
    shapes.append(label((WIDTH / 2, bottom + 28), "chance: so many in 10", "p-axis", "middle"))
    shapes.extend(_legend(bottom + 46))
    return bottom + 54, shapes


def _legend(y: float) -> Iterator[str]:
    yield f'<circle class="p-dot" cx="{LEFT + 6}" cy="{y - 4:.1f}" r="6"/>'
    yield label((LEFT + 16, y), "chance now", "p-axis")
    yield line((LEFT + 96, y - 4, LEFT + 120, y - 4), "p-span")
    yield label((LEFT + 127, y), "its range", "p-axis")
    yield diamond(LEFT + 192, y - 4)
    yield label((LEFT + 202, y), "before your answers", "p-axis")


def _anchor(share: float) -> str:
    return "start" if share <= 0 else "end" if share >= 1 else "middle"


def _zones(chart: Bands, top: float, bottom: float) -> Iterator[str]:
    edges = (0.0, chart.possible, chart.fits_well, 1.0)
    for at, (kind, words) in enumerate((("p-low", "unlikely"), ("p-mid", "possible"), ("p-high", "fits well"))):
        start, end = _across(edges[at]), _across(edges[at + 1])
        yield (
            f'<rect class="{kind}" x="{start:.1f}" y="{top:.1f}" width="{end - start:.1f}" '
            f'height="{bottom - top:.1f}"/>'
        )
        yield label(
            (start if at == 0 else (start + end) / 2, top - 5), words, "p-axis", "start" if at == 0 else "middle"
        )
    for edge in edges[1:3]:
        yield line((_across(edge), top, _across(edge), bottom), "p-grid")


def _band(row: Band, y: float) -> Iterator[str]:
    yield line((LEFT, y, RIGHT, y), "p-track")
    yield line((_across(row.low), y, _across(row.high), y), "p-span")
    yield diamond(_across(row.before), y)
    yield f'<circle class="p-dot" cx="{_across(row.chance):.1f}" cy="{y:.1f}" r="6"/>'


def _ledger(chart: Ledger) -> tuple[float, list[str]]:
    path = [chart.before]
    for step in chart.steps:
        path.append(path[-1] + step.weight)
    low, high = min((*path, chart.after)) - 2 * EDGE, max((*path, chart.after)) + 2 * EDGE

    def at(log_odds: float) -> float:
        return LEFT + (log_odds - low) / (high - low) * (RIGHT - LEFT)

    row, top = LINE + TRACK + 3, 4
    bottom = top + row * (len(chart.steps) + 2) + 2
    ticks = list(_log_ticks(low, high, (RIGHT - LEFT) / (high - low)))
    shapes = [line((at(x), top, at(x), bottom), "p-grid") for x, _ in ticks]
    shapes.append(label((LEFT, top + LINE - 3), f"Base rate: {percent(expit(chart.before))}", "p-name"))
    shapes.append(diamond(at(chart.before), top + LINE + 5))
    for index, step in enumerate(chart.steps):
        y, start, end = top + row * (index + 1), at(path[index]), at(path[index + 1])
        shapes.append(line((start, y - 6, start, y + LINE + 4), "p-link"))
        kind = "p-for" if step.weight > 0 else "p-against"
        shapes.append(
            f'<rect class="{kind}" x="{min(start, end):.1f}" y="{y + LINE:.1f}" width="{abs(end - start):.1f}" '
            f'height="{BAR}"/>'
        )
        shapes.append(label((LEFT, y + LINE - 3), printable(step.name, limit=LONGEST_STEP), "p-text"))
        shapes.append(label((RIGHT, y + LINE - 3), f"{step.weight:+.1f}", "p-text", "end"))
    y = top + row * (len(chart.steps) + 1)
    shapes.append(label((LEFT, y + LINE - 3), f"After all answers: {percent(expit(chart.after))}", "p-name"))
    shapes.append(f'<circle class="p-dot" cx="{at(chart.after):.1f}" cy="{y + LINE + 5:.1f}" r="6"/>')
    for x, probability in ticks:
        shapes.append(label((at(x), bottom + 13), _short(probability), "p-axis", "middle"))
    shapes.append(label((WIDTH / 2, bottom + 28), "probability (spaced by log-odds)", "p-axis", "middle"))
    return bottom + 35, shapes


def _log_ticks(low: float, high: float, per_nat: float) -> Iterator[tuple[float, float]]:
    """Yield log-odds and probability of every tick that fits within the ends, none too near to the one before."""
    last = -math.inf
    for probability in PROBABILITIES:
        x = math.log(probability / (1 - probability))
        if low + EDGE <= x <= high - EDGE and (x - last) * per_nat >= LEAST_GAP:
            yield x, probability
            last = x


def _short(probability: float) -> str:
    return f"{probability * 100:g} %"
