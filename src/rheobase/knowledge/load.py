"""Build the knowledge from its tables. The only place below ``report`` that reads packaged files."""

from __future__ import annotations

import dataclasses
import difflib
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar, cast

from rheobase.errors import ExpressionError, KnowledgeError
from rheobase.knowledge import model, model_advice, model_intake, model_interview, model_labs, model_tests
from rheobase.knowledge.read import Tables, read_tables
from rheobase.logic import parse

T = TypeVar("T")

_EXPRESSIONS = frozenset(
    {
        "when",
        "unless",
        "defined_by",
        "offer_when",
        "do_not_offer_when",
        "never_up_when",
        "never_down_when",
        "ask_when",
        "suspect",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """Everything that is known, by id. Compared by identity: one process has one of each version."""

    version: str
    release: str
    review_note: str
    sources: Mapping[str, model.Source]
    findings: Mapping[str, model.Finding]
    causes: Mapping[str, model.Cause]
    evidence: Mapping[str, tuple[model.Evidence, ...]]
    groups: Mapping[str, model.Group]
    group_of: Mapping[str, str]
    scale: model.Scale
    rules: Mapping[str, model.Rule]
    levels: Mapping[str, model.UrgencyLevel]
    regions: Mapping[str, model.Region]
    medicines: Mapping[str, model.Medicine]
    medicine_classes: Mapping[str, model.MedicineClass]
    combinations: Mapping[str, model.Combination]
    analytes: Mapping[str, model_labs.Analyte]
    formulas: Mapping[str, model_labs.Formula]
    patterns: Mapping[str, model_labs.Pattern]
    lab_ranges: Mapping[str, model_labs.LabRange]
    lab_variations: Mapping[str, model_labs.Variation]
    lab_spans: Mapping[str, model_labs.LabSpan]
    lab_limits: Mapping[str, model_labs.LabLimit]
    lab_grades: Mapping[str, model_labs.LabGrade]
    advice: Mapping[str, model_advice.Advice]
    nutrients: Mapping[str, model_advice.Nutrient]
    substances: Mapping[str, model_advice.Substance]
    foods: Mapping[str, model_advice.Food]
    food_rules: Mapping[str, model_advice.FoodRule]
    food_units: Mapping[str, model_advice.FoodUnit]
    daily_amounts: tuple[Mapping[str, Any], ...]
    statements: Mapping[str, model_advice.Statement]
    question_lists: Mapping[str, model_interview.QuestionList]
    interview: model_interview.InterviewScale
    option_words: Mapping[str, Mapping[str, str]]
    tests: Mapping[str, model_tests.Test]
    settling: model_tests.SettlingScale
    intake: model_intake.IntakeFacts


@functools.cache
def load_knowledge() -> Knowledge:
    """Return the packaged knowledge.

    Raises:
        KnowledgeError: A fact is malformed; names the file's table and the id.
    """
    tables, fingerprint = read_tables()
    return build_knowledge(tables, fingerprint)


def build_knowledge(tables: Tables, fingerprint: str) -> Knowledge:
    """Return the knowledge that the tables describe.

    Args:
        tables: Rows by table name, as ``read_tables`` returns them.
        fingerprint: Hash of the files; becomes part of the version.

    Raises:
        KnowledgeError: A row lacks a field, has one too many, or repeats an id.
    """
    groups = _indexed(model.Group, tables.get("group", []))
    return Knowledge(
        version=f"{tables['release']}+{fingerprint[:8]}",
        release=tables["release"],
        review_note=tables["review_note"],
        sources=_indexed(model.Source, tables["source"]),
        findings=_indexed(model.Finding, tables["finding"], background=_rows(model.Background)),
        causes=_indexed(
            model.Cause,
            tables["cause"],
            base_rates=lambda rates: {k: _build(model.BaseRate, v) for k, v in rates.items()},
            population_frequency=_rows(model.Frequency),
        ),
        evidence=_evidence(tables["evidence"]),
        groups=groups,
        group_of=MappingProxyType({f: g.id for g in groups.values() for f in g.findings}),
        scale=_build(model.Scale, tables["scale"]),
        rules=_indexed(model.Rule, tables["rule"]),
        levels=_indexed(model.UrgencyLevel, tables["level"]),
        regions=_indexed(model.Region, tables["region"]),
        medicines=_indexed(model.Medicine, tables["medicine"]),
        medicine_classes=_indexed(model.MedicineClass, tables.get("class", [])),
        combinations=_indexed(model.Combination, tables.get("combination", [])),
        **_labs(tables),
        **_plan(tables),
        **_asking(tables),
        intake=model_intake.build_intake(tables, _indexed),
    )


def _labs(tables: Tables) -> dict[str, Any]:
    """Return what is measured, how it is derived and read, and what it does not say."""
    return {
        "analytes": _indexed(model_labs.Analyte, tables["analyte"], units=_rows(model_labs.AcceptedUnit)),
        "formulas": _indexed(model_labs.Formula, tables["formula"]),
        "patterns": _indexed(model_labs.Pattern, tables["pattern"]),
        "lab_ranges": _indexed(model_labs.LabRange, tables.get("lab_range", [])),
        "lab_variations": _indexed(model_labs.Variation, tables.get("lab_variation", [])),
        "lab_spans": _indexed(model_labs.LabSpan, tables.get("lab_span", [])),
        "lab_limits": _indexed(model_labs.LabLimit, tables.get("lab_limit", [])),
        "lab_grades": _indexed(model_labs.LabGrade, tables.get("lab_grade", []), steps=_rows(model_labs.GradeStep)),
    }


def _plan(tables: Tables) -> dict[str, Any]:
    """Return what to do: advice, what must not be pushed, nutrients, foods, the seed's statements."""
    return {
        "advice": _indexed(
            model_advice.Advice,
            tables["advice"],
            cautions=_rows(model_advice.Caution),
            taper=lambda row: _build(model_advice.Taper, row),
        ),
        "substances": _indexed(model_advice.Substance, tables.get("substance", [])),
        "nutrients": _nutrients(tables.get("nutrient", [])),
        "foods": _indexed(model_advice.Food, tables.get("food", [])),
        "food_rules": _indexed(model_advice.FoodRule, tables.get("food_rule", [])),
        "food_units": _indexed(model_advice.FoodUnit, tables.get("food_unit", [])),
        "daily_amounts": tuple(tables.get("amount", [])),
        "statements": _indexed(model_advice.Statement, tables.get("statement", [])),
    }


def _asking(tables: Tables) -> dict[str, Any]:
    """Return what to ask and to test."""
    return {
        "question_lists": _indexed(model_interview.QuestionList, tables.get("question_list", []), item=_items),
        "interview": _build(model_interview.InterviewScale, tables["interview"]),
        "option_words": MappingProxyType(tables.get("option_words", {})),
        "tests": _indexed(
            model_tests.Test,
            tables["test"],
            limits=_rows(model_tests.Limit),
            results=_rows(model_tests.Result),
            words=lambda words: {name: tuple(both) for name, both in words.items()},
        ),
        "settling": _build(
            model_tests.SettlingScale,
            tables["settling"],
            dict.fromkeys(("burden", "cost"), _rows(model_tests.Step)),
        ),
    }


def _items(rows: Iterable[dict[str, Any]]) -> tuple[model_interview.Item, ...]:
    return tuple(_build(model_interview.Item, row, {"shows": _rows(model_interview.Shown)}) for row in rows)


def _nutrients(rows: list[dict[str, Any]]) -> Mapping[str, model_advice.Nutrient]:
    built = (model_advice.Nutrient(row["id"], row["name"], MappingProxyType(row)) for row in rows)
    return MappingProxyType({each.id: each for each in built})


def _evidence(rows: list[dict[str, str]]) -> Mapping[str, tuple[model.Evidence, ...]]:
    table: dict[str, list[model.Evidence]] = {}
    for row in rows:
        try:
            numbers = {key: float(row[key]) for key in ("sensitivity", "false_positive_rate")}
            evidence = model.Evidence(**{**row, **numbers})  # type: ignore[arg-type]
        except (TypeError, ValueError) as problem:
            raise KnowledgeError(f"evidence {row.get('cause')}/{row.get('finding')}: {problem}") from problem
        table.setdefault(evidence.cause, []).append(evidence)
    return MappingProxyType({cause: tuple(each) for cause, each in table.items()})


def _rows(kind: type[T]) -> Callable[[Iterable[dict[str, Any]]], tuple[T, ...]]:
    return lambda rows: tuple(_build(kind, row) for row in rows)


@functools.cache
def _fields(kind: Any) -> tuple[frozenset[str], frozenset[str]]:
    fields = dataclasses.fields(kind)
    needed = (f for f in fields if f.default is f.default_factory is dataclasses.MISSING)
    return frozenset(f.name for f in fields), frozenset(f.name for f in needed)


def _build(kind: type[T], row: Mapping[str, Any], convert: Mapping[str, Callable[[Any], Any]] | None = None) -> T:
    known, needed = _fields(cast("Any", kind))
    name = f"{kind.__name__} {row.get('id', '')}".strip()
    for extra in row.keys() - known:
        near = difflib.get_close_matches(extra, known, 1)
        raise KnowledgeError(f"{name}: unknown key {extra!r}{f', did you mean {near[0]!r}?' if near else ''}")
    if missing := needed - row.keys():
        raise KnowledgeError(f"{name}: missing {', '.join(sorted(missing))}")
    return kind(**{key: _value(name, key, value, convert) for key, value in row.items()})


def _value(name: str, key: str, value: Any, convert: Mapping[str, Callable[[Any], Any]] | None) -> Any:
    if convert and key in convert:
        return convert[key](value)
    if key in _EXPRESSIONS:
        try:
            return parse(value)
        except ExpressionError as problem:
            raise KnowledgeError(f"{name}: {problem}") from problem
    return tuple(value) if isinstance(value, list) else value


def _indexed(kind: type[T], rows: list[dict[str, Any]], **convert: Callable[[Any], Any]) -> Mapping[str, T]:
    table: dict[str, T] = {}
    for row in rows:
        if row.get("id") in table:
            raise KnowledgeError(f"{kind.__name__} {row['id']}: stands twice")
        table[str(row.get("id"))] = _build(kind, row, convert)
    return MappingProxyType(table)
