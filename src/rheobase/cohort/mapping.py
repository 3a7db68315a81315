"""A mapping: which column of a source tells which column of the told frame, in which unit, with which words.

[person]
id = "SEQN"                    # kept as person_id, never interpreted; without it a person is "file#row"
setting = "primary_care"       # of everybody; without it "home"
keep = ["WTMEC2YR"]            # carried along unread
missing = [".", "NA"]          # cells that say nothing, in every column; an empty cell always does
own = true                     # every column that has one of our own names tells it, in our unit and words

[columns.LBXSCA]
lab = "calcium_total"          # or finding, medicine, intake, setting, takes_no_medicine, ignore
unit = "mg/dL"                 # or unit_column = "UNITS", when it differs by row
part = "value"                 # of a lab: value, flag, comparator, low, high, taken, per_day;
                               # of a medicine: takes, months

[columns.OMEPRAZOLE]
medicine = "omeprazole"        # yes: takes it; "stopped": was stopped; no: says nothing (map the class's finding)

[columns.RIAGENDR]
finding = "sex"
values = {"1" = "male", "2" = "female", "9" = "unknown"}
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import polars as pl

from rheobase.assess.labs_derived import PER_DAY as DAILY
from rheobase.cohort.frame import INTAKE, LAB, MEDICINE, NO_MEDICINE, PER_DAY, PERSON, SETTING, schema
from rheobase.cohort.mapping_names import did_you_mean
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge
from rheobase.person import SETTINGS

UNKNOWN = "unknown"
# How the text of a mapping begins that only lists columns of our own names.
OWN = "# columns of our own names\n"
VALUE, TAKES = "value", "takes"
KINDS = ("finding", "lab", "medicine", "intake", SETTING, NO_MEDICINE, "ignore")
_LAB_PARTS = ("flag", "comparator", "low", "high", "taken", "per_day")
_PARTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "lab": {VALUE: "", **{part: f".{part}" for part in _LAB_PARTS}},
        "medicine": {TAKES: "", "months": ".months"},
    }
)
# Of our units, how else they are written.
_SHORT: Mapping[str, tuple[str, ...]] = MappingProxyType({"micrograms": ("ug", "mcg", "\u00b5g", "\u03bcg")})
_MEASURED = ("", ".low", ".high")
_KEYS = frozenset({*KINDS, "unit", "unit_column", "values", "part", "option", "factor", "offset", "format"})
_PERSON_KEYS = frozenset({"id", SETTING, "keep", "missing", "own"})


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What one column of the source tells.

    Attributes:
        source: Its name there.
        target: Column of the told frame.
        analyte: Id of the analyte when the cells are measured in a unit.
        unit: Their unit, of a laboratory value or of a time.
        unit_column: Column that holds the unit of each row.
        values: What a cell's text means: true, false, a number, a word, or "unknown".
        option: The site that a yes in this column names.
        factor: A number is multiplied by it ...
        offset: ... and then this is added.
        format: Of a date, as strptime writes it.
        asked: A yes or no about a medicine: "no" is not "stopped", which is what false says in the told frame.
    """

    source: str
    target: str
    analyte: str | None = None
    unit: str | None = None
    unit_column: str | None = None
    values: Mapping[str, bool | float | str] = field(default_factory=lambda: MappingProxyType({}))
    option: str | None = None
    factor: float = 1.0
    offset: float = 0.0
    format: str | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """All of it.

    Attributes:
        columns: What each column tells; several may tell one column of sites.
        person_id: Column that names the person; None for none.
        setting: Of everybody, when no column tells it.
        keep: Columns carried along unread.
        missing: Texts that say nothing.
        ignored: Columns that are named as not read.
        text: As it was written; its hash names a run.
    """

    columns: tuple[ColumnMap, ...]
    person_id: str | None = None
    setting: str | None = None
    keep: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    text: str = ""

    @property
    def needed(self) -> tuple[str, ...]:
        """Return the columns of the source that are read, each once."""
        units = (each.unit_column for each in self.columns)
        names = (self.person_id, *self.keep, *(each.source for each in self.columns), *units)
        return tuple(dict.fromkeys(name for name in names if name is not None))


def parse_mapping(text: str, knowledge: Knowledge, *, name: str, there: Iterable[str] = ()) -> SourceMapping:
    """Return a mapping as it is written in TOML.

    Args:
        text: The file.
        knowledge: Which findings, analytes, medicines and nutrients there are.
        name: How to call the file in a message.
        there: The columns of the source; only a mapping with ``own = true`` looks at them.

    Raises:
        DataRefusedError: It is no TOML, or names something that is not known; one line for each problem.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise DataRefusedError(f"{name}: is not TOML ({problem}). See: rheobase cohort map --help") from problem
    problems: list[str] = _strange(raw, {"person", "columns"}, "the file")
    person = _table(raw.get("person", {}), "[person]", problems)
    problems += _strange(person, _PERSON_KEYS, "[person]")
    problems += _person_problems(person, knowledge)
    rows = _table(raw.get("columns", {}), "[columns]", problems)
    columns: list[ColumnMap] = []
    ignored: list[str] = []
    for source, row in rows.items():
        where = f"column {source!r}"
        table = _table(row, where, problems)
        if table.get("ignore") is True:
            ignored.append(source)
            continue
        found = _column(source, table, knowledge, problems)
        if found is not None:
            columns.append(found)
    if person.get("own") is True and not problems:
        others = {*rows, person.get("id"), *person.get("keep", ())}
        columns += _own([each for each in there if each not in others], knowledge)
    problems += _clashes(columns)
    if not columns and not problems:
        problems.append("no column is mapped; expected [columns.NAME] with finding, lab, medicine or intake")
    if problems:
        raise DataRefusedError("\n".join(f"{name}: {each}." for each in problems))
    return SourceMapping(
        tuple(columns),
        person_id=person.get("id"),
        setting=person.get(SETTING),
        keep=tuple(person.get("keep", ())),
        missing=tuple(str(each) for each in person.get("missing", ())),
        ignored=tuple(ignored),
        text=text,
    )


def own_mapping(columns: Iterable[str], knowledge: Knowledge, *, name: str) -> SourceMapping:
    """Return the mapping of a source whose columns already have our names and units.

    Raises:
        DataRefusedError: None of the columns has, or another one stands between them.
    """
    known = schema(knowledge)
    names = list(columns)
    ours = [each for each in names if each in known and each != PERSON]
    strange = [each for each in names if each not in known]
    if not ours or strange:
        shown = ", ".join(repr(each) for each in strange[:5]) + (" ..." if len(strange) > 5 else "")
        raise DataRefusedError(
            f"{name}: {len(strange)} of its {len(names)} columns are not ours ({shown}). Write a mapping for it with "
            "'rheobase cohort map', and give it with --map. If it is a file of NHANES, say --source nhanes."
        )
    return SourceMapping(
        tuple(_own(ours, knowledge)),
        person_id=PERSON if PERSON in names else None,
        text=OWN + "".join(f"# {each}\n" for each in names),
    )


def _own(names: Iterable[str], knowledge: Knowledge) -> Iterator[ColumnMap]:
    """Yield what columns tell that have our own names."""
    # No analyte: a value in our own column is in its SI unit already. A "no" to a medicine means that it was stopped.
    known = schema(knowledge)
    yield from (ColumnMap(each, each) for each in names if each in known and each != PERSON)


def _person_problems(person: Mapping[str, Any], knowledge: Knowledge) -> Iterator[str]:
    setting, keep = person.get(SETTING), person.get("keep", [])
    if setting is not None and setting not in SETTINGS:
        yield f"[person] setting is {setting!r}, expected one of {', '.join(SETTINGS)}"
    if not isinstance(person.get("id", ""), str):
        yield f"[person] id is {person['id']!r}, expected the name of a column"
    if not isinstance(person.get("own", False), bool):
        yield f"[person] own is {person['own']!r}, expected true or false"
    for key in ("keep", "missing"):
        if not isinstance(person.get(key, []), list):
            yield f"[person] {key} is {person[key]!r}, expected a list of {'names' if key == 'keep' else 'texts'}"
    for name in keep if isinstance(keep, list) else ():
        if not isinstance(name, str) or name in schema(knowledge):
            yield f"[person] keep has {name!r}, expected a column that is not called as one of ours"


def _column(source: str, row: Mapping[str, Any], knowledge: Knowledge, problems: list[str]) -> ColumnMap | None:
    where = f"column {source!r}"
    lines = _strange(row, _KEYS, where)
    kinds = [kind for kind in KINDS if kind in row]
    if len(kinds) != 1:
        said = " and ".join(kinds) or "nothing"
        lines.append(f"{where} says {said}; expected one of {', '.join(KINDS)}")
    values = _table(row.get("values", {}), f"{where} values", lines)
    lines += [
        f"{where} values: {key!r} means {value!r}; expected true, false, a number or a word"
        for key, value in values.items()
        if not isinstance(value, bool | int | float | str)
    ]
    lines += [
        f"{where}: {key} is {row[key]!r}; expected a text"
        for key in ("finding", "lab", "medicine", "intake", "unit", "unit_column", "part", "option", "format")
        if not isinstance(row.get(key, ""), str)
    ]
    lines += [
        f"{where}: {key} is {row[key]!r}; expected a number"
        for key in ("factor", "offset")
        if isinstance(row.get(key, 0), bool) or not isinstance(row.get(key, 0), int | float)
    ]
    if "ignore" in row:
        lines.append(f"{where}: ignore is {row['ignore']!r}; expected true, or a finding, lab, medicine or intake")
    if lines:
        problems += lines
        return None
    target, problem = _target(kinds[0], row, knowledge)
    if target is None or problem:
        problems.append(f"{where}: {problem}")
        return None
    problem = (
        _unit_problem(kinds[0], target, row, knowledge)
        or _option_problem(target, row, knowledge)
        or _reckoning_problem(target, row, knowledge)
    )
    if problem:
        problems.append(f"{where}: {problem}")
        return None
    measured = kinds[0] == "lab" and target.removeprefix(LAB + row["lab"]) in _MEASURED
    return ColumnMap(
        source,
        target,
        analyte=row["lab"] if measured else None,
        unit=row.get("unit"),
        unit_column=row.get("unit_column"),
        values=MappingProxyType(dict(values)),
        option=row.get("option"),
        factor=float(row.get("factor", 1.0)),
        offset=float(row.get("offset", 0.0)),
        format=row.get("format"),
        asked=target == f"{MEDICINE}{row.get('medicine')}",
    )


def _target(kind: str, row: Mapping[str, Any], knowledge: Knowledge) -> tuple[str | None, str]:
    """Return the told column, or what is wrong."""
    if kind in (SETTING, NO_MEDICINE):
        return kind, ""
    said = row[kind]
    medicines = (*knowledge.medicines, *knowledge.medicine_classes)
    known: Collection[str] = {
        "finding": knowledge.findings,
        "lab": knowledge.analytes,
        "medicine": medicines,
        "intake": knowledge.nutrients,
    }[kind]
    if said not in known:
        return None, f"{kind} {said!r} is not known{did_you_mean(str(said), known)}"
    prefix = {"finding": "", "lab": LAB, "medicine": MEDICINE, "intake": INTAKE}[kind]
    parts = _PARTS.get(kind)
    if parts is None:
        return f"{prefix}{said}", "part is for a lab or a medicine only" if "part" in row else ""
    part = row.get("part", next(iter(parts)))
    if part not in parts:
        return None, f"part is {part!r}, expected one of {', '.join(parts)}"
    return f"{prefix}{said}{parts[part]}", ""


def _unit_problem(kind: str, target: str, row: Mapping[str, Any], knowledge: Knowledge) -> str:
    """Return what is wrong with the unit; a laboratory value without one is never guessed."""
    if "unit" in row and "unit_column" in row:
        return "has a unit and a unit_column; give one of them"
    if kind != "lab":
        return _plain_unit_problem(target, row, knowledge)
    analyte = knowledge.analytes[row["lab"]]
    if target.removeprefix(LAB + analyte.id) not in _MEASURED or not analyte.units:
        return ""
    accepted = [each.unit for each in analyte.units]
    if "unit" not in row and "unit_column" not in row:
        return f"say the unit: one of {', '.join(accepted)}, or unit_column when it differs by row"
    if "unit" in row and unit_factor(knowledge, analyte.id, str(row["unit"])) is None:
        return f"unit {row['unit']!r} is not one of {analyte.name}: expected {', '.join(accepted)}"
    return ""


def _plain_unit_problem(target: str, row: Mapping[str, Any], knowledge: Knowledge) -> str:
    if "unit_column" in row:
        return "unit_column is for a lab only"
    ours = _own_unit(target, knowledge)
    if target.startswith(INTAKE) and "unit" not in row:
        # 800 IU of vitamin D, taken for micrograms, would be forty times as much.
        return f'say the unit: unit = "{ours}", in which {target} is read; another one needs factor beside it'
    if row.get("unit", ours) in (ours, *_SHORT.get(ours or "", ())):
        return ""
    # Read past, a duration in weeks would be one in days.
    fits = f"is read in {ours}: give factor to convert it" if ours else "has no unit: leave it out"
    return f"unit is {row['unit']!r}, but {target} {fits}"


def _own_unit(target: str, knowledge: Knowledge) -> str | None:
    """Return the unit in which a finding, an intake or the months of a medicine are read."""
    if target in knowledge.findings:
        return knowledge.findings[target].unit
    if target.startswith(INTAKE):
        return knowledge.food_units[target.removeprefix(INTAKE)].unit
    return "months" if target.endswith(".months") else None


def _reckoning_problem(target: str, row: Mapping[str, Any], knowledge: Knowledge) -> str:
    """Return what is wrong with what is to be reckoned: it is for numbers, and a format is for dates."""
    expected = schema(knowledge)[target]
    for key in (each for each in ("factor", "offset") if each in row):
        if expected != pl.Float64:
            return f"{key} is for numbers only"
        if not math.isfinite(row[key]) or (key == "factor" and row[key] == 0):
            return f"{key} is {row[key]!r}; expected a number" + (" other than 0" if key == "factor" else "")
    return "format is for a date only" if "format" in row and expected != pl.Date else ""


def unit_factor(knowledge: Knowledge, analyte: str, unit: str) -> float | None:
    """Return what one of a unit is in the analyte's SI unit, in any spelling; None for a unit that is not its own."""
    from rheobase.labs.reading_names import facts_for  # noqa: PLC0415 - only a mapping with laboratory values needs it

    facts = facts_for(knowledge)
    meant = facts.units.read(unit) or unit
    found = facts.accepted(analyte).get(meant)
    return found[1] if found else None


def is_daily(unit: str) -> bool:
    """Return whether a unit is one of an amount a day."""
    plain = unit.replace(" ", "").lower()
    return plain.endswith(DAILY) or "/24" in plain


def _option_problem(target: str, row: Mapping[str, Any], knowledge: Knowledge) -> str:
    finding = knowledge.findings.get(target)
    if "option" not in row:
        return ""
    if finding is None or finding.type != "sites":
        return "option is for a finding of sites only"
    known = finding.options
    return (
        "" if row["option"] in known else f"option {row['option']!r} is not known{did_you_mean(row['option'], known)}"
    )


def _clashes(columns: Iterable[ColumnMap]) -> Iterator[str]:
    seen: dict[str, ColumnMap] = {}
    told = {each.target: each for each in columns}
    for each in columns:
        by_day = told.get(each.target + PER_DAY)
        if by_day is not None and (each.unit_column is not None or is_daily(each.unit or "")):
            yield f"the unit of {each.source!r} says what is an amount a day, and so does {by_day.source!r}; map one"
        other = seen.setdefault(each.target, each)
        if other is not each and not (other.option and each.option):
            yield f"columns {other.source!r} and {each.source!r} both tell {each.target!r}; map one of them"


def _strange(row: Mapping[str, Any], known: Collection[str], where: str) -> list[str]:
    return [f"{where} has an unknown key {key!r}{did_you_mean(key, known)}" for key in row if key not in known]


def _table(value: object, where: str, problems: list[str]) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    problems.append(f"{where} is {value!r}, expected a table")
    return {}
