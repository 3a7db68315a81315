"""The summary of a cohort as one page: how soon to be seen, rules, tests, patterns and causes, overall and by group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypedDict

from rheobase.knowledge import Knowledge
from rheobase.report.cohort_shapes import ShareRow, Shares
from rheobase.report.document import Block, Document, Kind, Paragraph, Picture, Point, Section, Table
from rheobase.report.words import BANDS

EVERYBODY = "everybody"
SHARES = "Of those in whom it is known"
HIDDEN, NOBODY, UNSURE = "hidden", "nobody known", "uncertain"
# More rows than these are left to the JSON, so that the page stays one page.
MOST_ROWS, MOST_GROUPS = 15, 6


class LineData(TypedDict):
    """One line of a summary, as ``cohort.summary`` writes it to JSON."""

    kind: str
    of: str
    value: str
    group: str
    known: int | None
    count: int | None
    hidden: bool
    share: float | None
    low: float | None
    high: float | None
    unreliable: bool | None


class SummaryData(TypedDict):
    """A summary, as ``cohort.summary`` writes it to JSON."""

    people: int | None
    left_out: int | None
    by: str | None
    counts_below_are_hidden: int
    method: str
    lines: Sequence[LineData]


def cohort_page(data: SummaryData, knowledge: Knowledge) -> Document:
    """Return the page of a summary.

    Args:
        data: The summary.
        knowledge: Names of levels, rules, tests, patterns and causes.
    """
    lines = data["lines"]
    wanted: tuple[tuple[str, str, Callable[[LineData], bool]], ...] = (
        ("How soon to be seen", "urgency", _any),
        ("Rules that fired", "rule", _any),
        ("Blood tests out of range, if tested", "flag", lambda line: line["value"] != "normal"),
        ("Never tested", "not_tested", _any),
        ("Patterns of blood tests", "pattern", _any),
        ("Causes that fit well (16 and over)", "band", lambda line: line["value"] == "fits_well"),
        ("Causes that are possible (16 and over)", "band", lambda line: line["value"] == "possible"),
    )
    sections = [Section("Who is counted", tuple(_who(data, knowledge)))]
    for title, kind, keep in wanted if data["people"] != 0 else ():
        chosen = [line for line in lines if line["kind"] == kind and keep(line)]
        if chosen:
            sections.append(Section(title, tuple(_blocks(title, chosen, data, knowledge))))
    sections.append(Section("How to read this", tuple(_reading(data)), Kind.ABOUT))
    return Document("Summary of a cohort", tuple(sections), ())


def _any(_: LineData) -> bool:
    return True


def _who(data: SummaryData, knowledge: Knowledge) -> Iterator[Block]:
    limit = data["counts_below_are_hidden"]
    people = f"fewer than {limit}" if data["people"] is None else f"{data['people']:,}"
    yield Paragraph(f"{people} {'person' if data['people'] == 1 else 'people'}.", strong=True)
    if data["people"] == 0:
        yield Paragraph("Nobody is counted, so there is no share to show: not even 0 %.")
    if data["left_out"] != 0:
        some = f"Fewer than {limit}" if data["left_out"] is None else f"{data['left_out']:,}"
        have = (
            "row has no weight, stratum or sampling unit, and is"
            if some == "1"
            else ("rows have no weight, stratum or sampling unit, and are")
        )
        yield Paragraph(f"{some} {have} not in the shares.")
    yield Paragraph(f"{knowledge.review_note}".strip())


def _reading(data: SummaryData) -> Iterator[Block]:
    yield Point(f"Shares: {data['method']}.")
    yield Point("What is not known of a person is in no share: a share of blood tests is of those who had the test.")
    yield Point("“Possible” says only that nothing known rules it out: where little was asked, much stays possible.")
    yield Point("Most people with a finding are well; what fires a rule here is a reason to look, not a diagnosis.")
    limit = data["counts_below_are_hidden"]
    if limit > 1:
        small = "Counts of 1" if limit - 1 == 1 else f"Counts from 1 to {limit - 1}"
        yield Point(f"{small}, and those from which they could be worked out, are hidden.")
    else:
        yield Point("No small number is hidden here: check what you may pass on before you do.", strong=True)
    yield Point(f"“{UNSURE}”: too few people or too wide an interval, by the standards of the US survey office.")


def _blocks(title: str, lines: Sequence[LineData], data: SummaryData, knowledge: Knowledge) -> Iterator[Block]:
    everyone = [line for line in lines if line["group"] == EVERYBODY]
    if lines[0]["kind"] != "urgency":
        everyone.sort(key=lambda line: -1.0 if line["share"] is None else line["share"], reverse=True)
    shown = everyone[:MOST_ROWS]
    table = Table(title, ("", "people", "known in", "share"), tuple(_row(line, knowledge) for line in shown))
    bars = tuple(
        ShareRow(name_of(line, knowledge), line["share"], line["low"], line["high"], _short(line)) for line in shown
    )
    words = "; ".join(f"{name_of(line, knowledge)}: {_short(line)}" for line in shown)
    yield Picture(SHARES, f"Bars of shares with their intervals. {words}.", Shares(bars), table)
    if len(everyone) > MOST_ROWS:
        yield Paragraph(f"{len(everyone) - MOST_ROWS} smaller ones are in the JSON.")
    groups = list(dict.fromkeys(line["group"] for line in lines if line["group"] != EVERYBODY))
    if groups:
        yield _by_group(shown, lines, (groups[:MOST_GROUPS], str(data["by"])), knowledge)
    if len(groups) > MOST_GROUPS:
        yield Paragraph(f"{len(groups) - MOST_GROUPS} more groups are in the JSON.")


def _by_group(
    shown: Sequence[LineData], lines: Sequence[LineData], by: tuple[list[str], str], knowledge: Knowledge
) -> Table:
    groups, column = by
    at = {(line["of"], line["value"], line["group"]): line for line in lines}
    rows = tuple(
        (name_of(line, knowledge), *(_cell(at.get((line["of"], line["value"], group))) for group in groups))
        for line in shown
    )
    return Table(f"By {column}", (column, *groups), rows)


def _row(line: LineData, knowledge: Knowledge) -> tuple[str, ...]:
    known = "hidden" if line["known"] is None else f"{line['known']:,}"
    count = "hidden" if line["count"] is None else f"{line['count']:,}"
    return name_of(line, knowledge), count, known, _cell(line)


def _cell(line: LineData | None) -> str:
    if line is None:
        return NOBODY
    if line["share"] is None or line["low"] is None or line["high"] is None:
        return HIDDEN if line["hidden"] else NOBODY
    unsure = f", {UNSURE}" if line["unreliable"] else ""
    return f"{_percent(line['share'])} % ({_percent(line['low'])} to {_percent(line['high'])}{unsure})"


def _short(line: LineData) -> str:
    return f"{_percent(line['share'])} %" if line["share"] is not None else HIDDEN if line["hidden"] else NOBODY


def _percent(share: float) -> str:
    return f"{100 * share:.1f}" if share == 0 or share >= 0.001 else f"{100 * share:.2g}"


def name_of(line: LineData, knowledge: Knowledge) -> str:
    """Return what a line counts, in plain words; an id that is not known stands as it is."""
    of, value = line["of"], line["value"]
    match line["kind"]:
        case "urgency":
            level = knowledge.levels.get(value)
            return level.name if level else value
        case "rule":
            rule = knowledge.rules.get(of)
            return (rule.title or of) if rule else of
        case "band":
            cause = knowledge.causes.get(of)
            return f"{cause.plain_name if cause else of}: {BANDS.get(value, value)}"
        case "pattern" | "open_pattern":
            pattern = knowledge.patterns.get(of)
            return pattern.name if pattern else of
        case _:
            analyte = knowledge.analytes.get(of)
            return f"{analyte.name if analyte else of}{f': {value}' if value else ''}"
