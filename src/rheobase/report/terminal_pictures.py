"""Pictures as lines of text: bars of plain characters, a legend in words."""

from __future__ import annotations

from rheobase.assess.causes import expit
from rheobase.plain_text import printable
from rheobase.report.charts import Curve, Intakes
from rheobase.report.courses import Courses, course_lines
from rheobase.report.diet_terminal_pictures import curve_lines, intake_lines
from rheobase.report.document import Band, Bands, Ledger, Picture
from rheobase.report.labs_trend_chart import Trend, trend_lines
from rheobase.report.nerve_chart import Lines, line_lines
from rheobase.report.words import percent

WIDEST_LABEL, NARROWEST_BAR = 34, 12
PER_NAT, WIDEST_WEIGHT = 4, 16


def picture_lines(picture: Picture, width: int) -> list[str]:
    """Return a picture as lines of at most ``width`` columns; widths below 40 are taken as 40."""
    chart = picture.chart
    return [f"  {printable(picture.title, limit=width - 2)}", *_body(chart, width)]


def _body(chart: Bands | Ledger | Courses | Intakes | Curve | Trend | Lines, width: int) -> list[str]:  # noqa: PLR0911 - one for each kind
    match chart:
        case Bands():
            return _bands(chart, width)
        case Ledger():
            return _ledger(chart, width)
        case Intakes():
            return intake_lines(chart, width)
        case Courses():
            return course_lines(chart, width)
        case Curve():
            return curve_lines(chart, width)
        case Trend():
            return trend_lines(chart, width)
        case Lines():
            return line_lines(chart, width)


def _bands(chart: Bands, width: int) -> list[str]:
    names = [printable(row.name) for row in chart.rows]
    label = min(max(map(len, names), default=0), WIDEST_LABEL, width - 6 - NARROWEST_BAR)
    room = width - label - 6
    rows = [
        f"    {printable(row.name, limit=label).ljust(label)}  {_bar(row, chart, room)}".rstrip() for row in chart.rows
    ]
    scale = "0" + "10 in 10".rjust(room - 1)
    legend = "o chance   = its range   | before your answers   : limits of possible, fits well"
    short = "o chance  = range  | before"
    return [*rows, f"    {' ' * label}  {scale}", f"    {legend if len(legend) + 4 <= width else short}"]


def _bar(row: Band, chart: Bands, room: int) -> str:
    def at(share: float) -> int:
        return min(room - 1, int(share * room))

    cells = ["."] * room
    for limit in (chart.possible, chart.fits_well):
        cells[at(limit)] = ":"
    for place in range(at(row.low), at(row.high) + 1):
        cells[place] = "="
    cells[at(row.before)] = "|"
    cells[at(row.chance)] = "o"
    return "".join(cells)


def _ledger(chart: Ledger, width: int) -> list[str]:
    lines = [f"    base rate {percent(expit(chart.before))}"]
    for step in chart.steps:
        mark = "+" if step.weight > 0 else "-"
        bar = mark * min(WIDEST_WEIGHT, max(1, round(abs(step.weight) * PER_NAT)))
        head = f"    {step.weight:+.1f} {bar.ljust(WIDEST_WEIGHT)} "
        lines.append(head + printable(step.name, limit=width - len(head)))
    lines.append(f"    after all answers {percent(expit(chart.after))}")
    return lines
