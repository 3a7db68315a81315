"""Shares of a cohort with their intervals, as shapes and as lines of text; a hidden one has words instead of a bar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rheobase.plain_text import printable
from rheobase.report.shapes import LEFT, LINE, RIGHT, box, label, line, nice_ticks

BAR, GAP, AXIS = 8, 6, 30
# Units of the drawing that a letter of a label takes, a little on the wide side.
LETTER = 7.6
NARROWEST_BAR, WIDEST_LABEL = 10, 34


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One bar.

    Attributes:
        name: What has this share.
        share: 0 to 1; None where it is hidden or nobody is known.
        low: Lower end of the interval; None with the share.
        high: Upper end.
        words: Written beside it: the share, or why it is not there.
    """

    name: str
    share: float | None
    low: float | None
    high: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Shares:
    """Bars under each other on one axis that starts at zero."""

    rows: tuple[ShareRow, ...]

    @property
    def end(self) -> float:
        """Where the axis ends [%]."""
        return 108 * max([row.high for row in self.rows if row.high is not None], default=0.0) or 1.0


def share_shapes(chart: Shares) -> tuple[float, list[str]]:
    """Return the height of the drawing and its shapes; an outlined bar is the interval, a filled one the share."""
    shapes, end, y = list[str](), chart.end, 4.0
    bottom = y + len(chart.rows) * (LINE + BAR + GAP)

    def at(percent: float) -> float:
        return LEFT + percent / end * (RIGHT - LEFT)

    ticks = nice_ticks(end)
    shapes += [line((at(tick), y, at(tick), bottom), "p-grid") for tick in ticks]
    for row in chart.rows:
        y += LINE
        room = int((RIGHT - LEFT) / LETTER) - len(row.words) - 1
        shapes.append(label((LEFT, y - 4), printable(row.name, limit=max(room, 12)), "p-name"))
        shapes.append(label((RIGHT, y - 4), row.words, "p-text", "end"))
        if row.share is not None:
            shapes.append(box((LEFT, y), (at(100 * row.share) - LEFT, BAR), "p-for"))
        if row.low is not None and row.high is not None:
            shapes += list(_whisker((at(100 * row.low), at(100 * row.high)), y + BAR / 2))
        y += BAR + GAP
    shapes += [label((at(tick), bottom + 12), f"{tick:g}", "p-axis", "middle" if tick else "start") for tick in ticks]
    axis = "of 100 people; the line is the 95 % interval"
    shapes.append(label(((LEFT + RIGHT) / 2, bottom + 25), axis, "p-axis", "middle"))
    return bottom + AXIS, shapes


def _whisker(ends: tuple[float, float], y: float) -> Iterator[str]:
    low, high = ends
    yield line((low, y, high, y), "p-need")
    for x in ends:
        yield line((x, y - BAR / 2, x, y + BAR / 2), "p-need")


def share_lines(chart: Shares, width: int) -> list[str]:
    """Return the bars as lines of text; ``#`` is the share, ``-`` the rest of the interval."""
    names = [printable(row.name) for row in chart.rows]
    words = max((len(row.words) for row in chart.rows), default=0)
    left = width - words - 8
    name_room = min(max(map(len, names), default=0), WIDEST_LABEL, max(left - NARROWEST_BAR, min(left, 12)))
    # On the narrowest screen there is no room for a bar; name and share are what counts.
    room = max(0, left - name_room)
    lines = []
    for row, name in zip(chart.rows, names, strict=True):
        share, high = (0 if each is None else round(100 * each / chart.end * room) for each in (row.share, row.high))
        bar = "#" * share + "-" * max(0, high - share)
        lines.append(
            f"    {printable(name, limit=name_room).ljust(name_room)}  {row.words.rjust(words)}  {bar}".rstrip()
        )
    return lines
