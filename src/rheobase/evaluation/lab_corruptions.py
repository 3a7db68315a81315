"""Spoil made-up reports in known ways and count what the reader makes of them: refused, asked, or silently wrong.

Silently wrong means: a value is accepted that differs from the true one by more than rounding, or is taken for another
test, or of another day. Each way says when its fault can be seen at all, from what else the line prints; faults that
leave a line plausible in every respect can't be, and are counted apart.
"""

from __future__ import annotations

import functools
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from rheobase.errors import UnknownUnitError
from rheobase.evaluation.lab_corruptions_more import SPOILS_MORE
from rheobase.evaluation.lab_reports import HEADER, Kind, Report, Row, kinds, make_report, number, side
from rheobase.importers.labs_import import report_of
from rheobase.knowledge import load_knowledge
from rheobase.labs.reading import judge_all
from rheobase.labs.reading_line import Judged, State
from rheobase.labs.reading_names import LabFacts
from rheobase.units import convert

ON, TAKEN, ROUNDING = date(2026, 11, 24), date(2026, 11, 20), 0.01
CLEAN = "no fault"
Spoil = Callable[[random.Random, Report, Row, Sequence[Kind]], "bool | None"]


@dataclass(slots=True)
class Tally:
    """What became of one way of spoiling.

    Attributes:
        made: How many lines were spoiled so.
        states: What the reader made of them.
        wrong: Silently wrong.
    """

    made: int = 0
    states: Counter[State | None] = field(default_factory=Counter)
    wrong: int = 0

    def share(self, *states: State) -> float:
        """Return the share of lines with one of these states."""
        return sum(self.states[each] for each in states) / max(self.made, 1)


@dataclass(slots=True)
class Outcome:
    """All tallies.

    Attributes:
        seen: By way, faults that can be seen from what the line prints.
        unseen: By way, faults that leave the line plausible in every respect.
        others_wrong: Silently wrong lines beside the spoiled one.
        examples: Some of the silently wrong lines among those that can be seen.
    """

    seen: dict[str, Tally] = field(default_factory=dict)
    unseen: dict[str, Tally] = field(default_factory=dict)
    others_wrong: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def silently_wrong(self) -> int:
        """Return how many faults that can be seen were accepted with a wrong value."""
        return sum(each.wrong for each in self.seen.values()) + self.others_wrong

    @property
    def faults(self) -> int:
        """Return how many faults that can be seen were made."""
        return sum(each.made for name, each in self.seen.items() if name != CLEAN)


def _printed(row: Row) -> bool:
    return bool(row.cells["Reference range"])


def _twins(row: Row, every: Sequence[Kind]) -> list[Kind]:
    """Return the same test in units of another size."""
    same = row.kind
    return [each for each in every if each.analyte == same.analyte and abs(each.to_si / same.to_si - 1) > ROUNDING]


def _unit_swapped(draw: random.Random, _report: Report, row: Row, every: Sequence[Kind]) -> bool | None:
    twins = _twins(row, every)
    if not twins:
        return None
    twin = draw.choice(twins)
    row.cells["Unit"] = twin.unit
    return _printed(row) or bool(row.cells["LOINC"] and twin.kind and twin.kind != row.kind.kind)


def _unit_and_interval(draw: random.Random, report: Report, row: Row, every: Sequence[Kind]) -> bool | None:
    """Print the unit and the interval of the other system beside an unchanged value."""
    twins = _twins(row, every)
    if not twins:
        return None
    twin = draw.choice(twins)
    row.cells["Unit"] = twin.unit
    if _printed(row):
        ends = (number(end, twin.decimals, comma=report.comma) for end in (twin.low, twin.high))
        row.cells["Reference range"] = "-".join(ends)
    by_code = bool(row.cells["LOINC"] and twin.kind and twin.kind != row.kind.kind)
    return by_code or _marked(report, row, row.value, (twin.low, twin.high))


def _unit_foreign(draw: random.Random, _report: Report, row: Row, every: Sequence[Kind]) -> bool:
    own = {each.unit for each in every if each.analyte == row.kind.analyte} | {"mmol/L", "mEq/L", "mg/dL", ""}
    row.cells["Unit"] = draw.choice(sorted({each.unit for each in every} - own))
    return True


def _unit_garbled(draw: random.Random, _report: Report, row: Row, _every: Sequence[Kind]) -> bool | None:
    unit = row.kind.unit
    if not unit:
        return None
    at = draw.randrange(len(unit))
    row.cells["Unit"] = unit[:at] + draw.choice("qxyw") + unit[at + 1 :]
    return True


def _unit_dropped(_draw: random.Random, _report: Report, row: Row, _every: Sequence[Kind]) -> bool | None:
    if not row.kind.unit:
        return None
    row.cells["Unit"] = ""
    return True


def _code_other_test(draw: random.Random, _report: Report, row: Row, every: Sequence[Kind]) -> bool | None:
    if not row.cells["LOINC"]:
        return None
    row.cells["LOINC"] = draw.choice([each.code for each in every if each.analyte != row.kind.analyte and each.code])
    return True


def _code_other_kind(draw: random.Random, _report: Report, row: Row, every: Sequence[Kind]) -> bool | None:
    codes = [each.code for each in _twins(row, every) if each.code and each.kind != row.kind.kind]
    if not codes or not row.cells["LOINC"]:
        return None
    row.cells["LOINC"] = draw.choice(codes)
    return True


def _code_digit(draw: random.Random, _report: Report, row: Row, _every: Sequence[Kind]) -> bool | None:
    code = row.cells["LOINC"]
    if not code:
        return None
    at = draw.choice([place for place, each in enumerate(code) if each.isdigit()])
    row.cells["LOINC"] = code[:at] + str((int(code[at]) + draw.randint(1, 9)) % 10) + code[at + 1 :]
    return True


def _marked(report: Report, row: Row, value: float, ends: tuple[float, float]) -> bool:
    """Return whether the mark beside a value contradicts it: the report marks, and this value is marked otherwise."""
    marks = any(each.cells["Flag"] for each in report.rows)
    return _printed(row) and marks and side(value, row.kind, low=ends[0], high=ends[1]) != row.cells["Flag"]


def _value_changed(report: Report, row: Row, text: str) -> bool | None:
    value = float(text)
    if value == row.value:
        return None
    row.cells["Result"] = text.replace(".", ",") if report.comma else text
    leading = len(text) > 1 and text[0] == "0" and text[1].isdigit()
    return leading or _marked(report, row, value, (row.kind.low, row.kind.high))


def _value_ten(draw: random.Random, report: Report, row: Row, _every: Sequence[Kind]) -> bool | None:
    return _value_changed(report, row, f"{row.value * 10 ** draw.choice((-2, -1, 1, 2, 3)):.6g}")


def _value_digit(draw: random.Random, report: Report, row: Row, _every: Sequence[Kind]) -> bool | None:
    text = f"{row.value:.{row.kind.decimals}f}"
    at = draw.choice([place for place, each in enumerate(text) if each.isdigit()])
    return _value_changed(report, row, text[:at] + str((int(text[at]) + draw.randint(1, 9)) % 10) + text[at + 1 :])


def _value_point(_draw: random.Random, report: Report, row: Row, _every: Sequence[Kind]) -> bool | None:
    text = f"{row.value:.{row.kind.decimals}f}"
    return _value_changed(report, row, text.replace(".", "")) if "." in text else None


def _value_broken(draw: random.Random, _report: Report, row: Row, _every: Sequence[Kind]) -> bool:
    text = row.cells["Result"]
    row.cells["Result"] = draw.choice(
        (
            f"-{text}",
            "NaN",
            f"{text}.{text}.{text}",
            f"{text}e9",
            "inf",
            f"{text}/{text}",
            "#REF!",
            f"{text}{text}{text}{text}9" * 3,
        )
    )
    return True


def _comma_bare(_draw: random.Random, report: Report, row: Row, _every: Sequence[Kind]) -> bool | None:
    if not report.table or report.comma or not row.kind.decimals:
        return None
    row.cells["Test"] = min(row.kind.names, key=len)
    report.moved = report.rows.index(row)
    return True


def _name_swapped(draw: random.Random, _report: Report, row: Row, every: Sequence[Kind]) -> bool:
    other = draw.choice([each for each in every if each.analyte != row.kind.analyte])
    row.cells["Test"] = draw.choice(other.names)
    if row.cells["LOINC"]:
        return True
    # Without a unit the line may be of the other test in any of its units.
    meant = [each for each in every if each.analyte == other.analyte] if not row.kind.unit else [other]
    factors = [facts_factor(other.analyte, row.kind.unit or each.unit) for each in meant]
    if None in factors:
        return True
    gap = 1.1
    apart = (
        row.kind.low * factor > each.high * each.to_si * gap or row.kind.high * factor * gap < each.low * each.to_si
        for each, factor in zip(meant, factors, strict=True)
        if factor is not None
    )
    return _printed(row) and all(apart)


def _flag_flipped(_draw: random.Random, _report: Report, row: Row, _every: Sequence[Kind]) -> bool | None:
    if not row.cells["Flag"]:
        return None
    row.cells["Flag"] = "H" if row.cells["Flag"] == "L" else "L"
    return True


def _interval_other(draw: random.Random, report: Report, row: Row, every: Sequence[Kind]) -> bool | None:
    if not _printed(row):
        return None
    other = draw.choice([each for each in every if each is not row.kind])
    ends = (number(end, other.decimals, comma=report.comma) for end in (other.low, other.high))
    row.cells["Reference range"] = "-".join(ends)
    return True


IN_URINE_TOO = frozenset({"calcium_total", "chloride", "creatinine", "magnesium", "potassium", "sodium"})


def _urine(_draw: random.Random, report: Report, row: Row, _every: Sequence[Kind]) -> bool:
    at = report.rows.index(row)
    report.headings[at], report.headings[at + 1] = "Urine", "Serum"
    # These are measured in urine, too; only their interval or code shows that they are of blood.
    return row.kind.analyte not in IN_URINE_TOO or _printed(row) or bool(row.cells["LOINC"])


def _cut(draw: random.Random, report: Report, row: Row, _every: Sequence[Kind]) -> bool:
    report.rows.remove(row)
    report.rows.append(row)
    length = len(report.text()[0].rstrip("\n").rsplit("\n", 1)[1])
    report.cut = draw.randint(len(row.cells["Test"]) + 1, length - 1)
    # Without a unit after it, nothing shows that a number was longer.
    return report.table or bool(row.kind.unit)


def _cells_swapped(draw: random.Random, report: Report, row: Row, _every: Sequence[Kind]) -> bool | None:
    if not report.table:
        return None
    first, second = draw.sample([each for each in HEADER if row.cells[each]], 2)
    row.cells[first], row.cells[second] = row.cells[second], row.cells[first]
    return True


SPOILS: dict[str, Spoil] = {
    "unit of the same test, other size": _unit_swapped,
    "unit and interval of the other system": _unit_and_interval,
    "unit of another test": _unit_foreign,
    "unit with a slip": _unit_garbled,
    "unit left out": _unit_dropped,
    "LOINC code of another test": _code_other_test,
    "LOINC code of moles for mass": _code_other_kind,
    "LOINC code with a wrong digit": _code_digit,
    "value times a power of ten": _value_ten,
    "value with a wrong digit": _value_digit,
    "value without its point": _value_point,
    "value that is no number": _value_broken,
    "bare decimal comma in a comma table": _comma_bare,
    "name of another test": _name_swapped,
    "mark of the other side": _flag_flipped,
    "interval of another line": _interval_other,
    "under the heading Urine": _urine,
    "cut off": _cut,
    "two cells exchanged": _cells_swapped,
    **SPOILS_MORE,
}


def measure(count: int, seed: int, facts: LabFacts, *, clean: float = 0.1) -> Outcome:
    """Return what the reader makes of spoiled reports.

    Args:
        count: Reports.
        seed: The same seed, the same reports.
        facts: What the reader knows.
        clean: Share of reports without a fault, to see that what is right is read.
    """
    outcome, every, names = Outcome(), kinds(), list(SPOILS)
    draw = random.Random(seed)  # noqa: S311 - made-up reports, not secrets
    for _ in range(count):
        report = make_report(draw, every)
        row = draw.choice(report.rows)
        name, seen = CLEAN, True
        if draw.random() >= clean:
            order = draw.sample(names, len(names))
            # A way that needs a unit or a code which this line does not have gives none; the next one is taken.
            name, seen = next(
                (way, told) for way in order if (told := SPOILS[way](draw, report, row, every)) is not None
            )
        _count(outcome, (name, seen), report, (row, _read(report, facts)))
    return outcome


def _read(report: Report, facts: LabFacts) -> dict[int, Judged]:
    text, numbers = report.text()
    lines = judge_all(report_of(text.encode(), "report", facts).lines, facts, ON)
    by_number = {each.line.number: each for each in lines}
    return {at: by_number[number] for at, number in enumerate(numbers) if number in by_number}


def _count(outcome: Outcome, way: tuple[str, bool], report: Report, spoiled: tuple[Row, dict[int, Judged]]) -> None:
    name, seen = way
    row, judged = spoiled
    for at, each in enumerate(report.rows):
        found = judged.get(at)
        wrong = found is not None and found.result is not None and is_wrong(each, found)
        if each is not row and name != CLEAN:
            outcome.others_wrong += wrong
            if wrong and found is not None:
                outcome.examples.append(f"beside {name}: {found.line.text} -> {found.result}")
            continue
        tally = (outcome.seen if seen else outcome.unseen).setdefault(name, Tally())
        tally.made += 1
        tally.states[found.state if found is not None else None] += 1
        tally.wrong += wrong
        if wrong and seen and found is not None:
            outcome.examples.append(f"{name}: {found.line.text} -> {found.result}; true {each.value} {each.kind.unit}")


def is_wrong(row: Row, judged: Judged) -> bool:
    """Return whether an accepted result is not what the report means: another test, value, day or side of a limit."""
    result = judged.result
    if result is None or result.value is None:
        return result is not None
    if result.analyte != row.kind.analyte or result.comparator or result.taken not in (None, TAKEN):
        return True
    unit = "" if result.unit in ("ratio", "pH") else result.unit or ""
    factors = {each.unit: each.to_si for each in kinds() if each.analyte == row.kind.analyte}
    factor = factors[unit] if unit in factors else facts_factor(result.analyte, unit)
    if factor is None:
        return True
    return abs(result.value * factor / row.si - 1) > ROUNDING if row.si else result.value != 0


@functools.cache
def facts_factor(analyte: str, unit: str) -> float | None:
    """Return the size of a unit by the knowledge, None when the test is not measured in it."""
    units = {each.unit: each.to_si for each in load_knowledge().analytes[analyte].units}
    try:
        return convert(1.0, unit, units)
    except UnknownUnitError:
        return 1.0 if not unit else None
