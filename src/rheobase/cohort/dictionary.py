"""What every column of a result means: its type, its unit, and what an empty cell says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from rheobase import __version__
from rheobase.cohort.frame import LAB, PERSON
from rheobase.intake.life_stage import has_requirement
from rheobase.knowledge import Knowledge

SCHEMA_VERSION = 1
OTHER = "kept from the source, never read"
_NEVER = "never empty"


@dataclass(frozen=True, slots=True)
class Entry:
    """One column.

    Attributes:
        column: Its name.
        type: Of its cells, in words.
        meaning: In one sentence.
        unit: Of a number, "" for none.
        empty: What a cell that is null says.
    """

    column: str
    type: str
    meaning: str
    unit: str = ""
    empty: str = "not known"


_FIXED = {
    PERSON: ("who it is, as it stood in the source; never interpreted", "the source has no id in this row"),
    "urgency": ("how soon somebody should be seen; insufficient: too little is known to say", _NEVER),
    "child": ("under 16: red flags only, causes are not ranked", "the age is not known"),
    "rules_fired": ("urgency rules that hold, the most urgent first", _NEVER),
    "reassured_by": ("rules for self-care that hold; each needs every exclusion known absent", _NEVER),
    "could_fire": ("urgency rules that one unknown answer would make hold", _NEVER),
    "top_causes": ("at most five explanations, the most probable first", "a child"),
    "patterns": ("patterns of blood tests that are seen", _NEVER),
    "open_patterns": ("patterns that may be there: a result is lacking", _NEVER),
    "advice_withheld": ("advice that something known of this person forbids", _NEVER),
    "known": ("how many findings and results are known, worked out ones among them", _NEVER),
    "missing": ("the unknown findings that would tell most, at most five", _NEVER),
    "ledger": ("what speaks for and against each cause; the weights add up to the posterior log-odds", "a child"),
}


def dictionary(columns: Mapping[str, pl.DataType], knowledge: Knowledge) -> list[Entry]:
    """Return what each column of a result means.

    Args:
        columns: Columns of a result and their types.
        knowledge: Names of causes, tests and nutrients.
    """
    return [_entry(name, kind, knowledge) for name, kind in columns.items()]


def dictionary_json(entries: list[Entry], knowledge: Knowledge) -> dict[str, Any]:
    """Return the data dictionary as plain data."""
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "knowledge_version": knowledge.version,
        "columns": [asdict(each) for each in entries],
    }


def dictionary_markdown(entries: list[Entry], knowledge: Knowledge) -> str:
    """Return the data dictionary as a page of Markdown."""
    lines = [
        "# Columns of the result",
        "",
        f"One row per person. Rheobase {__version__}, knowledge {knowledge.version}. {knowledge.review_note}",
        "",
        "An empty cell is never a no. Probabilities are of each cause by itself; several may be true at once.",
        "",
        "| Column | Type | Unit | Meaning | Empty |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{each.column}` | {each.type} | {each.unit} | {_cell(each.meaning)} | {each.empty} |" for each in entries
    ]
    return "\n".join(lines) + "\n"


def _entry(name: str, kind: pl.DataType, knowledge: Knowledge) -> Entry:
    words = _type(kind)
    if name in _FIXED:
        meaning, empty = _FIXED[name]
        if name == "urgency":
            meaning += ": " + ", ".join(knowledge.levels)
        return Entry(name, words, meaning, "", empty)
    prefix, _, rest = name.partition(".")
    described = _PREFIXES.get(prefix)
    found = described(rest, knowledge) if described else None
    if found is None:
        return Entry(name, words, OTHER, "", "empty in the source")
    meaning, unit, empty = found
    return Entry(name, words, meaning, unit, empty)


def _cause(words: str, unit: str) -> Callable[[str, Knowledge], tuple[str, str, str] | None]:
    def describe(cause: str, knowledge: Knowledge) -> tuple[str, str, str] | None:
        known = knowledge.causes.get(cause)
        return None if known is None else (f"{known.clinical_name}: {words}", unit, "a child")

    return describe


def _lab(analyte: str, knowledge: Knowledge) -> tuple[str, str, str] | None:
    known = knowledge.analytes.get(analyte)
    if known is None:
        return None
    words = f"{known.name} as it was used on the day that is judged, measured or worked out from other results"
    return (
        words,
        known.unit_si or "",
        "not known, too old to speak for that day, or a result that it needs is not known",
    )


def _flag(analyte: str, knowledge: Knowledge) -> tuple[str, str, str] | None:
    known = knowledge.analytes.get(analyte)
    return None if known is None else (f"{known.name}: low, normal or high as it was judged", "", "not known")


def _tested(analyte: str, knowledge: Knowledge) -> tuple[str, str, str] | None:
    known = knowledge.analytes.get(analyte)
    return None if known is None else (f"{known.name}: whether the source has a result, or a flag alone", "", _NEVER)


def _adequacy(nutrient: str, knowledge: Knowledge) -> tuple[str, str, str] | None:
    known = knowledge.nutrients.get(nutrient)
    if known is None:
        return None
    name = known.name.lower()
    if has_requirement(knowledge.intake, nutrient):
        words = (
            f"highest chance that food alone gives less {name} than the person's own requirement: the told amount "
            "counts as one whole day and is drawn towards the norm of age and sex; supplements do not count"
        )
        return words, "0 to 1", "the amount is not known, or no requirement is set at that age"
    words = f"what an adequate intake can say of {name}: unlikely inadequate, or cannot be judged, which is not a no"
    return words, "", "the amount is not known"


def _finding(finding: str, knowledge: Knowledge) -> tuple[str, str, str] | None:
    known = knowledge.findings.get(finding)
    words = None if known is None else known.clinical or known.label or finding
    return None if words is None else (f"{words}: as told, flagged, or judged by our own limit", "", "not known")


_PREFIXES: Mapping[str, Callable[[str, Knowledge], tuple[str, str, str] | None]] = {
    "posterior": _cause("probability after every known answer", "0 to 1"),
    "low": _cause("lower end of the probability, by the grades of the evidence", "0 to 1"),
    "high": _cause("upper end of the probability, by the grades of the evidence", "0 to 1"),
    "band": _cause("fits well, possible, unlikely, or can't tell", ""),
    LAB.rstrip("."): _lab,
    "flag": _flag,
    "tested": _tested,
    "adequacy": _adequacy,
    "finding": _finding,
}


def _type(kind: pl.DataType) -> str:
    if isinstance(kind, pl.List):
        return f"list of {_type(kind.inner if isinstance(kind.inner, pl.DataType) else kind.inner())}"
    if isinstance(kind, pl.Struct):
        return "(" + ", ".join(each.name for each in kind.fields) + ")"
    if kind == pl.Boolean:
        return "true or false"
    if kind.is_float():
        return "number"
    return "whole number" if kind.is_integer() else "date" if kind == pl.Date else "word"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
