"""How the lines of a laboratory report were read: the original beside what was taken, in both unit systems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rheobase import __version__
from rheobase.assess.facts import Facts
from rheobase.knowledge import Analyte, Knowledge
from rheobase.labs.reading_line import Judged, State
from rheobase.person import LabResult
from rheobase.plain_text import printable
from rheobase.report.document import Block, Document, Paragraph, Point, Section, Table
from rheobase.report.labs_doubt import WORDS as URGENT_WORDS
from rheobase.report.labs_doubt import unlooked_words, urgent_places
from rheobase.report.labs_words import conventional, flag_words, range_words
from rheobase.units import convert

SCHEMA_VERSION = 1
# Place, original, test and what was read stand always.
ALWAYS = 4
MOST_LEFT, MOST_TEXT = 20, 90


def labs_read_page(
    lines: Sequence[Judged], left_out: Sequence[str], knowledge: Knowledge, *, name: str, facts: Facts | None = None
) -> Document:
    """Return how each line was read.

    Args:
        lines: As they were judged and settled.
        left_out: Lines without a result.
        knowledge: Names and units of the tests.
        name: File, for the command that confirms.
        facts: What the results mean, for how each is judged; None leaves that out.
    """
    placed = list(enumerate(lines, 1))
    sections = [Section("In short", (Paragraph(_in_short(lines, len(left_out))),))]
    if read := [(place, each) for place, each in placed if each.result is not None]:
        rows = tuple(_row(place, each, knowledge, facts) for place, each in read)
        header = ("", "as printed", "test", "read as", "in the other system", "range", "judged", "date")
        # A column that says nothing takes the room of those that do.
        said = [at for at in range(len(header)) if at < ALWAYS or any(row[at] not in ("", "-") for row in rows)]
        shown = tuple(tuple(row[at] for at in said) for row in rows)
        blocks: list[Block] = [Table("What counts", tuple(header[at] for at in said), shown)]
        blocks.extend(Point(f"{place}. {'; '.join(each.notes)}") for place, each in read if each.notes)
        sections.append(Section("Read", tuple(blocks)))
    if asked := [(place, each) for place, each in placed if each.state is State.DOUBT]:
        pasted = name == "standard input"
        file = "-" if pasted else name
        how = (
            f"These do not count until you say so. One after the other: rheobase labs read {file} --ask"
            f"{' --keep report.txt (so that you need not paste it again)' if pasted else ''}. Or all at once: the "
            f"first reading with --choose PLACE, another with --choose PLACE=2 or PLACE=UNIT, none with PLACE=none: "
            f"--choose {asked[0][0]}"
        )
        first = urgent_places(lines, knowledge)
        points = (_asked(*each, knowledge, urgent=each[0] in first) for each in asked)
        sections.append(Section("To confirm", (*_first(sorted(first), lines), Paragraph(how), *points)))
    for state, title in (
        (State.REFUSED, "Refused"),
        (State.NO_RESULT, "Without a result"),
        (State.OTHER, "Other tests, kept as written"),
    ):
        if found := [(place, each) for place, each in placed if each.state is state]:
            sections.append(Section(title, tuple(_said(*each) for each in found)))
    if left_out:
        sections.append(Section("Lines that hold no result", tuple(_left(left_out))))
    return Document(f"What {name} says", tuple(sections), ())


def _in_short(lines: Sequence[Judged], left_out: int) -> str:
    count = {state: sum(each.state is state for each in lines) for state in State}
    wait = "waits" if count[State.DOUBT] == 1 else "wait"
    said = f"{len(lines)} {'result' if len(lines) == 1 else 'results'}: {count[State.ACCEPTED]} read, "
    said += f"{count[State.DOUBT]} {wait} for your word, {count[State.REFUSED]} refused"
    for state, words in ((State.OTHER, "of other tests"), (State.NO_RESULT, "without a result or printed twice")):
        said += f", {count[state]} {words}" if count[state] else ""
    other = f" {left_out} other lines hold no result." if left_out > 1 else " One other line holds no result."
    return f"{said}." + (other if left_out else "")


def value_words(result: LabResult) -> str:
    """Return a result as it was read: "<0.62 mg/dL (low)"."""
    flag = f" ({result.flag})" if result.flag else ""
    if result.value is None:
        return (result.flag or "").strip()
    unit = "" if result.unit in (None, "ratio", "pH") else f" {result.unit}"
    return f"{result.comparator or ''}{result.value:.6g}{unit}{flag}"


def other_system(result: LabResult, analyte: Analyte) -> str:
    """Return a value in the other system of units, conventional or SI; "" where there is one only."""
    factors = {each.unit: each.to_si for each in analyte.units}
    if result.value is None or result.unit is None or result.unit not in factors or analyte.unit_si is None:
        return ""
    si = convert(result.value, result.unit, factors)
    if factors[result.unit] != 1:
        wanted, value = analyte.unit_si, si
    else:
        # The same unit as in the table of what they mean; nobody reports potassium in mg/dL.
        other = conventional(analyte)
        wanted, value = (other.unit, si / other.to_si) if other is not None else ("", 0.0)
    return f"{result.comparator or ''}{value:.3g} {wanted}" if wanted else ""


def _interval(result: LabResult) -> str:
    if result.low is not None and result.high is not None:
        return f"{result.low:g}-{result.high:g}"
    if result.low is not None:
        return f"from {result.low:g}"
    return f"up to {result.high:g}" if result.high is not None else ""


def _row(place: int, each: Judged, knowledge: Knowledge, facts: Facts | None) -> tuple[str, ...]:
    result = each.result
    if result is None:
        return ("",) * 8
    analyte = knowledge.analytes[result.analyte]
    when = " ".join(part for part in (result.taken.isoformat() if result.taken else "", result.time) if part)
    text = printable(each.line.text, limit=MOST_TEXT)
    readings = () if facts is None else (one for one in facts.readings if one.result == result)
    reading = next(iter(readings), None)
    judged, ends = "another one counts", _interval(result)
    if reading is not None and facts is not None:
        judged, ends = flag_words(reading, knowledge, facts.ever), ends or range_words(reading, knowledge, facts)
    read, other = value_words(result), other_system(result, analyte)
    return str(place), text, analyte.name, read, other, ends, judged, when


def _first(places: Sequence[int], lines: Sequence[Judged]) -> Iterator[Block]:
    if places:
        said = ", ".join(str(place) for place in places[:MOST_LEFT])
        yield Paragraph(f"Settle first, since the first reading would be urgent: {said}.", strong=True)
    if unlooked := unlooked_words(lines):
        yield Paragraph(unlooked, strong=True)


def _asked(place: int, each: Judged, knowledge: Knowledge, *, urgent: bool) -> Point:
    details = [*([URGENT_WORDS] if urgent else []), *each.reasons]
    if each.looks_like:
        details.append(f"looks like {' or '.join(each.looks_like)}")
    for at, candidate in enumerate(each.candidates, 1):
        when = f", {candidate.taken.isoformat()}" if candidate.taken else ""
        name = knowledge.analytes[candidate.analyte].name
        details.append(f"reading {at}: {name} {value_words(candidate)}{when}")
    return Point(f"{place}. {printable(each.line.text, limit=MOST_TEXT)}", tuple(details))


def _said(place: int, each: Judged) -> Point:
    details = [*each.reasons]
    if each.looks_like:
        details.append(f"looks like {' or '.join(each.looks_like)}")
    return Point(f"{place}. {printable(each.line.text, limit=MOST_TEXT)}", tuple(details))


def _left(left_out: Sequence[str]) -> list[Block]:
    """Return the lines in one point, which a screen may fold."""
    shown = [printable(each, limit=MOST_TEXT) for each in left_out[:MOST_LEFT]]
    if len(left_out) > MOST_LEFT:
        shown.append(f"and {len(left_out) - MOST_LEFT} more")
    return [Point(f"{len(left_out)} {'line' if len(left_out) == 1 else 'lines'}", more=tuple(shown))]


def result_json(result: LabResult, knowledge: Knowledge) -> dict[str, Any]:
    """Return a result as plain data; what is not known is null."""
    analyte = knowledge.analytes[result.analyte]
    factors = {each.unit: each.to_si for each in analyte.units}
    measured = result.value is not None and result.unit is not None
    return {
        "analyte": result.analyte,
        "name": analyte.name,
        "value": result.value,
        "comparator": result.comparator,
        "unit": result.unit,
        "printed_unit": result.printed_unit or None,
        "value_si": convert(result.value, result.unit, factors) if measured and result.value and result.unit else None,
        "unit_si": analyte.unit_si,
        "low": result.low,
        "high": result.high,
        "flag": result.flag,
        "taken": result.taken.isoformat() if result.taken else None,
        "time": result.time or None,
        "sample": list(result.sample),
        "loinc": result.code or None,
    }


def labs_read_json(lines: Sequence[Judged], left_out: Sequence[str], knowledge: Knowledge) -> dict[str, Any]:
    """Return how each line was read, as plain data."""
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "knowledge_version": knowledge.version,
        "counts": {str(state): sum(each.state is state for each in lines) for state in State},
        "lines": [
            {
                "place": place,
                "line": each.line.number,
                "text": printable(each.line.text),
                "state": str(each.state),
                "result": result_json(each.result, knowledge) if each.result else None,
                "reasons": list(each.reasons),
                "looks_like": list(each.looks_like),
                "readings": [result_json(candidate, knowledge) for candidate in each.candidates],
                "notes": list(each.notes),
            }
            for place, each in enumerate(lines, 1)
        ],
        "left_out": [printable(each, limit=200) for each in left_out],
    }
