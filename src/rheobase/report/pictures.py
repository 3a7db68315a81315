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
from rheobase.report.charts import Curve, Intakes
from rheobase.report.courses import Courses, course_shapes
from rheobase.report.curve_shapes import curve_shapes
from rheobase.report.document import Band, Bands, Ledger, Picture
from rheobase.report.intake_shapes import intake_shapes
from rheobase.report.labs_trend_chart import Trend, trend_shapes
from rheobase.report.nerve_chart import Lines, line_shapes
from rheobase.report.shapes import LEFT, LINE, RIGHT, WIDTH, diamond, label, line
from rheobase.report.shapes import words as text_of
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

CLASSES = {
    "p-name": "fill:{ink};font-size:12.5px;font-weight:600",
    # A rim in the colour of the paper keeps the words readable where a line passes behind them.
    "p-text": "fill:{ink};font-size:12px;paint-order:stroke;stroke:{paper};stroke-width:3px",
    "p-axis": "fill:{soft};font-size:11px",
    "p-grid": "stroke:{line};stroke-width:1;stroke-dasharray:2 3",
    "p-track": "stroke:{line};stroke-width:1",
    "p-low": "fill:{zone_low}",
    "p-mid": "fill:{zone_mid}",
    "p-high": "fill:{zone_high}",
    "p-span": "stroke:{accent};stroke-width:3;stroke-linecap:round",
    "p-dot": "fill:{accent};stroke:{paper};stroke-width:1.5",
    "p-before": "fill:{paper};stroke:{ink};stroke-width:1.5",
    "p-for": "fill:{accent};stroke:{accent};stroke-width:1.5",
    "p-against": "fill:{paper};stroke:{against};stroke-width:1.5",
    "p-link": "stroke:{soft};stroke-width:1",
    "p-open": "fill:none;stroke:{accent};stroke-width:2;stroke-dasharray:2 4",
    "p-need": "stroke:{ink};stroke-width:2",
    "p-limit": "stroke:{against};stroke-width:2;stroke-dasharray:6 3",
    "p-area": "fill:{zone_high};stroke:{accent};stroke-width:.75",
    "p-usual": "fill:none;stroke:{soft};stroke-width:2;stroke-dasharray:6 4",
    "p-curve": "fill:none;stroke:{accent};stroke-width:2.5;stroke-linejoin:round",
}
PAPER_COLOURS = {
    "ink": "#1b2126",
    "soft": "#4a545c",
    "line": "#b9c1c7",
    "accent": "#0b5c86",
    "against": "#8a4b08",
    "paper": "#ffffff",
    "zone_low": "#f4f6f7",
    "zone_mid": "#e8eef2",
    "zone_high": "#d9e6ee",
}


def style_rules(colours: dict[str, str]) -> str:
    """Return the style sheet of every shape, with each colour by its name in ``colours``."""
    return "".join(f".{name}{{{rule.format_map(colours)}}}" for name, rule in CLASSES.items())


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


def _shapes(  # noqa: PLR0911 - one for each kind
    chart: Bands | Ledger | Courses | Intakes | Curve | Trend | Lines,
) -> tuple[float, list[str]]:
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
