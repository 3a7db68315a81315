"""Made-up laboratory reports whose every value is known, to measure the reading of reports.

The tests, units and intervals here were written apart from those that the reader checks against, from what laboratories
commonly print (grade C); factors to SI are from molar masses.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

# test | names | unit | SI in one of it | interval | decimals | LOINC | kind
_TABLE = """
magnesium|Magnesium;Mg;S-Mg;Magnesium, serum|mmol/L|1|0.70|1.00|2|2601-3|moles
magnesium|Magnesium;MG;Magnesium (serum)|mg/dL|0.41144|1.7|2.4|1|19123-9|mass
magnesium|Magnesium|mEq/L|0.5|1.4|2.0|1||
calcium_total|Calcium;Calcium, total;Ca|mmol/L|1|2.15|2.55|2|2000-8|moles
calcium_total|Calcium;Total calcium|mg/dL|0.24951|8.5|10.3|1|17861-6|mass
calcium_ionised|Calcium, ionised;iCa;Ionized calcium|mmol/L|1|1.15|1.30|2|1995-0|moles
calcium_ionised|Ionized calcium|mg/dL|0.24951|4.5|5.3|1|17863-2|mass
potassium|Potassium;K;P-K;Kalium|mmol/L|1|3.5|5.1|1|2823-3|moles
potassium|Potassium|mEq/L|1|3.5|5.0|1|2823-3|moles
sodium|Sodium;Na;Natrium|mmol/L|1|135|145|0|2951-2|moles
chloride|Chloride;Cl|mmol/L|1|98|107|0|2075-0|moles
phosphate|Phosphate;PO4;Inorganic phosphate|mmol/L|1|0.80|1.45|2|14879-1|moles
phosphate|Phosphorus;Phosphate|mg/dL|0.32288|2.5|4.5|1|2777-1|mass
bicarbonate|Bicarbonate;HCO3|mmol/L|1|22|29|0|1963-8|moles
creatinine|Creatinine;Kreatinin|umol/L|1|59|104|0|14682-9|moles
creatinine|Creatinine|mg/dL|88.402|0.60|1.20|2|2160-0|mass
albumin|Albumin|g/L|1|35|50|0|1751-7|mass
albumin|Albumin|g/dL|10|3.5|5.0|1|1751-7|mass
vitamin_d_25oh|25-OH Vitamin D;Vitamin D, 25-Hydroxy|nmol/L|1|50|125|0|14635-7|moles
vitamin_d_25oh|25-OH Vitamin D;25-OH-D|ng/mL|2.4961|30|100|0|1989-3|mass
pth|PTH, intact;Parathyroid hormone|pmol/L|1|1.6|6.9|1|14866-8|moles
pth|PTH;PTH, intact|pg/mL|0.10604|15|65|0|2731-8|mass
tsh|TSH|mIU/L|1|0.40|4.20|2|3016-3|units
ft4|Free T4;FT4|pmol/L|1|12|22|1|14920-3|moles
ft4|Free T4|ng/dL|12.872|0.80|1.80|2|3024-7|mass
glucose|Glucose;Fasting glucose|mmol/L|1|3.9|5.6|1|14749-6|moles
glucose|Glucose|mg/dL|0.055507|70|99|0|2345-7|mass
vitamin_b12|Vitamin B12|pmol/L|1|145|569|0|14685-2|moles
vitamin_b12|Vitamin B12|pg/mL|0.73779|200|900|0|2132-9|mass
folate|Folate;Folic acid|nmol/L|1|8.8|42.0|1|14732-2|moles
folate|Folate|ng/mL|2.2655|3.9|20.0|1|2284-8|mass
haemoglobin|Haemoglobin;Hb|g/L|1|130|170|0|718-7|mass
haemoglobin|Hemoglobin;Hgb|g/dL|10|12.0|16.0|1|718-7|mass
haemoglobin|Hb|mmol/L|16.114|7.4|9.9|1|59260-0|moles
ck|CK;Creatine kinase|U/L|1|30|200|0|2157-6|enzyme
alt|ALT;ALT (GPT)|U/L|1|7|45|0|1742-6|enzyme
ast|AST;GOT (ASAT)|U/L|1|8|40|0|1920-8|enzyme
alp|ALP;Alkaline phosphatase|U/L|1|40|130|0|6768-6|enzyme
wbc|WBC;White blood cells|10^9/L|1|4.0|11.0|1|6690-2|number
mcv|MCV|fL|1|80|100|0|787-2|size
aldosterone|Aldosterone|pmol/L|1|100|800|0|14586-2|moles
aldosterone|Aldosterone|ng/dL|27.740|4.0|31.0|1|1763-2|mass
lactate|Lactate|mmol/L|1|0.5|2.0|1|2524-7|moles
inr|INR|||0.8|1.2|1|6301-6|ratio
ph|pH|||7.35|7.45|2|2744-1|ph
"""
LINES = 6
_INSIDE, _RANGES, _FLAGS, _CODES, _COMMAS = 0.65, 0.85, 0.7, 0.5, 0.35
# How far beyond its interval an abnormal value is drawn: near for what is kept in narrow bounds, as sodium is.
_NARROW, _NEAR, _FAR = 1.4, (0.87, 1.15), (0.62, 1.7)
HEADER = ("Test", "Result", "Unit", "Reference range", "Flag", "LOINC", "Date")


@dataclass(frozen=True, slots=True)
class Kind:
    """A test in one unit, as laboratories print it.

    Attributes:
        analyte: Id in ``labs.toml``.
        names: As printed.
        unit: As printed, "" for none.
        to_si: SI in one of the unit.
        low: Lower end of the interval.
        high: Upper end of the interval.
        decimals: Printed.
        code: LOINC, "" for none.
        kind: Of unit, as the code implies.
    """

    analyte: str
    names: tuple[str, ...]
    unit: str
    to_si: float
    low: float
    high: float
    decimals: int
    code: str
    kind: str


@dataclass(slots=True)
class Row:
    """One printed line and the truth.

    Attributes:
        kind: What it is of.
        value: The true value in the unit of ``kind``, as printed.
        cells: As printed, by column of ``HEADER``.
    """

    kind: Kind
    value: float
    cells: dict[str, str]

    @property
    def si(self) -> float:
        """Return the true value in SI."""
        return self.value * self.kind.to_si


@dataclass(slots=True)
class Report:
    """A report before and after it is printed.

    Attributes:
        rows: Its lines.
        table: A table, else pasted lines.
        comma: Decimals with a comma, and semicolons between cells.
        headings: A line to print above a row, by its place.
        cut: Where the last row is cut off, None for nowhere.
        moved: Row whose decimal comma is left bare in a comma-separated table.
    """

    rows: list[Row]
    table: bool
    comma: bool
    headings: dict[int, str] = field(default_factory=dict)
    cut: int | None = None
    moved: int | None = None

    def text(self) -> tuple[str, list[int]]:
        """Return the printed report, and the number of the line of each row."""
        lines, numbers = ([self._joined(HEADER)] if self.table else ["City Laboratory", "Collected: 2026-11-20"]), []
        for at, row in enumerate(self.rows):
            if at in self.headings:
                lines.append(
                    self._joined([self.headings[at], *[""] * (len(HEADER) - 1)]) if self.table else self.headings[at]
                )
            lines.append(self._table_row(at, row) if self.table else _pasted(row))
            numbers.append(len(lines))
        if self.cut is not None:
            lines[-1] = lines[-1][: self.cut]
        return "\n".join(lines) + ("\n" if self.cut is None else ""), numbers

    def _table_row(self, at: int, row: Row) -> str:
        cells = [row.cells[each] for each in HEADER]
        if self.moved == at:
            return ",".join(
                each.replace(".", ",") if name == "Result" else each for name, each in zip(HEADER, cells, strict=True)
            )
        return self._joined(cells)

    def _joined(self, cells: Sequence[str]) -> str:
        mark = ";" if self.comma else ","
        return mark.join(f'"{each}"' if mark in each else each for each in cells)


def _pasted(row: Row) -> str:
    parts = [row.cells["Test"], row.cells["Result"], row.cells["Unit"]]
    parts += [f"({row.cells['Reference range']})"] if row.cells["Reference range"] else []
    return " ".join(each for each in (*parts, row.cells["Flag"]) if each)


@functools.cache
def kinds() -> tuple[Kind, ...]:
    """Return every test in every unit."""
    found = []
    for line in _TABLE.strip().splitlines():
        analyte, names, unit, factor, low, high, decimals, code, kind = line.split("|")
        ends = (float(low), float(high))
        found.append(Kind(analyte, tuple(names.split(";")), unit, float(factor or 1), *ends, int(decimals), code, kind))
    return tuple(found)


def number(value: float, decimals: int, *, comma: bool) -> str:
    """Return a number as printed."""
    text = f"{value:.{decimals}f}"
    return text.replace(".", ",") if comma else text


def side(value: float, kind: Kind, *, low: float | None = None, high: float | None = None) -> str:
    """Return the mark of a value: "L", "H" or ""."""
    return "L" if value < (low or kind.low) else "H" if value > (high or kind.high) else ""


def make_report(draw: random.Random, every: Sequence[Kind]) -> Report:
    """Return a report without a fault.

    Args:
        draw: Where chance comes from.
        every: Tests to choose from.
    """
    table = draw.random() < 0.6
    comma = draw.random() < _COMMAS
    ranges, flags, codes = draw.random() < _RANGES, draw.random() < _FLAGS, table and draw.random() < _CODES
    chosen = list({each.analyte: each for each in draw.sample(list(every), 2 * LINES)}.values())[:LINES]
    rows = []
    for kind in chosen:
        at = draw.random()
        inside, below = at < _INSIDE, at < (1 + _INSIDE) / 2
        least, most = _NEAR if kind.high < kind.low * _NARROW else _FAR
        outside = (kind.low * least, kind.low) if below else (kind.high, kind.high * most)
        span = (kind.low, kind.high) if inside else outside
        if kind.analyte == "ph":
            span = (kind.low - 0.15, kind.high + 0.15)
        value = round(draw.uniform(*span), kind.decimals)
        interval = "-".join(number(end, kind.decimals, comma=comma) for end in (kind.low, kind.high))
        cells = {
            "Test": draw.choice(kind.names),
            "Result": number(value, kind.decimals, comma=comma),
            "Unit": kind.unit,
            "Reference range": interval if ranges else "",
            "Flag": side(value, kind) if flags else "",
            "LOINC": kind.code if codes else "",
            "Date": "2026-11-20" if table else "",
        }
        rows.append(Row(kind, value, cells))
    return Report(rows, table, comma)
