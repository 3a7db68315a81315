"""More ways to spoil a made-up report: headings that name or hide the sample, cells that moved, marks of numbers."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from rheobase.evaluation.lab_reports import HEADER, Kind, Report, Row, number

Spoil = Callable[[random.Random, Report, Row, Sequence[Kind]], "bool | None"]
# What laboratories print for urine: analyte, its names, unit, interval, decimals (grade C, as in ``lab_reports``).
_URINE = (
    Kind("urine_sodium", ("Sodium", "Na"), "mmol/L", 1.0, 40.0, 220.0, 0, "", ""),
    Kind("urine_potassium", ("Potassium", "K"), "mmol/L", 1.0, 25.0, 125.0, 0, "", ""),
    Kind("urine_chloride", ("Chloride", "Cl"), "mmol/L", 1.0, 110.0, 250.0, 0, "", ""),
    Kind("urine_creatinine", ("Creatinine",), "mmol/L", 1.0, 3.0, 20.0, 1, "", ""),
    Kind("urine_calcium", ("Calcium", "Ca"), "mmol/L", 1.0, 2.5, 7.5, 2, "", ""),
)
_URINE_HEADINGS = ("URINE ELECTROLYTES", "Spot urine", "24 h urine collection", "Urinalysis", "Urine biochemistry")
_BLOOD_HEADINGS = ("U&E", "Urea & electrolytes", "U/E", "Serum biochemistry", "BLOOD CHEMISTRY", "U+E (serum)")
IN_URINE_TOO = frozenset({"calcium_total", "chloride", "creatinine", "magnesium", "potassium", "sodium"})


def _heading_urine(draw: random.Random, report: Report, row: Row, _every: Sequence[Kind]) -> bool:
    at = report.rows.index(row)
    report.headings[at], report.headings[at + 1] = draw.choice(_URINE_HEADINGS), "Serum"
    return row.kind.analyte not in IN_URINE_TOO or bool(row.cells["Reference range"] or row.cells["LOINC"])


def _heading_blood(draw: random.Random, report: Report, row: Row, _every: Sequence[Kind]) -> bool:
    """A heading of blood whose letters may be taken for urine; what is below it is of blood."""
    report.headings[report.rows.index(row)] = draw.choice(_BLOOD_HEADINGS)
    return True


def _heading_lost(draw: random.Random, report: Report, row: Row, _every: Sequence[Kind]) -> bool:
    """A result of urine in a report of blood, without the heading that said so."""
    kind = draw.choice(_URINE)
    value = round(draw.uniform(kind.low, kind.high), kind.decimals)
    ends = (number(end, kind.decimals, comma=report.comma) for end in (kind.low, kind.high))
    row.kind, row.value = kind, value
    row.cells.update(
        {"Test": draw.choice(kind.names), "Result": number(value, kind.decimals, comma=report.comma)},
        Unit=kind.unit,
        Flag="",
        LOINC="",
    )
    shown = bool(row.cells["Reference range"])
    row.cells["Reference range"] = "-".join(ends) if shown else ""
    return shown


def _shifted(draw: random.Random, report: Report, row: Row, _every: Sequence[Kind]) -> bool | None:
    """The cells from one column on stand a column too far to the left or to the right."""
    if not report.table:
        return None
    cells = [row.cells[each] for each in HEADER]
    at = draw.randrange(1, len(cells) - 1)
    moved = [*cells[:at], "", *cells[at:-1]] if draw.random() < 1 / 2 else [*cells[:at], *cells[at + 1 :], ""]
    if moved == cells or moved[1] == cells[1]:
        # The value still stands in its column: what moved says less than before, and nothing wrong.
        return None
    row.cells.update(zip(HEADER, moved, strict=True))
    return True


def _range_for_value(_draw: random.Random, _report: Report, row: Row, _every: Sequence[Kind]) -> bool | None:
    if not row.cells["Reference range"]:
        return None
    row.cells["Result"], row.cells["Reference range"] = row.cells["Reference range"], row.cells["Result"]
    return True


def _end_for_value(draw: random.Random, _report: Report, row: Row, _every: Sequence[Kind]) -> bool | None:
    """An end of the interval stands where the value is expected, and the value as an end."""
    ends = row.cells["Reference range"].split("-")
    if len(ends) != len(("low", "high")):
        return None
    at = draw.randrange(len(ends))
    value, ends[at] = ends[at], row.cells["Result"]
    if _plain(ends[0]) <= _plain(ends[1]):
        # In its order the interval is one that a laboratory may print.
        return None
    row.cells["Result"], row.cells["Reference range"] = value, "-".join(ends)
    return True


def _other_mark(_draw: random.Random, report: Report, row: Row, _every: Sequence[Kind]) -> bool | None:
    """Three decimals with the mark of the other half of the world: 4,123 for 4.123."""
    if not row.kind.decimals or row.value < 1:
        return None
    row.value += 0.001
    said = f"{row.value:.3f}"
    row.cells["Result"] = said if report.comma else said.replace(".", ",")
    return True


def _plain(text: str) -> float:
    return float(text.replace(",", "."))


SPOILS_MORE: dict[str, Spoil] = {
    "under a heading of urine in other words": _heading_urine,
    "under a heading of blood like U&E": _heading_blood,
    "urine without its heading": _heading_lost,
    "cells shifted by a column": _shifted,
    "interval in the place of the value": _range_for_value,
    "end of the interval in place of the value": _end_for_value,
    "three decimals with the other mark": _other_mark,
}
