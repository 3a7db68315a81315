"""Old blood tests over columns: what ``assess.old_results`` does for one person.

A told frame holds one result of each analyte. Where some results are too old to speak for today there are two worlds in
it: today, in which they are not known, and ``EVER``, in which every result still speaks. Blood tests, and what follows
from them, are worked out in both; what is told otherwise is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import cast

import polars as pl

from rheobase.assess.old_results import WAS
from rheobase.assess.urgency import RED_FLAG, CompiledRule, compiled_rules
from rheobase.cohort.circuit import EVER, NOBODY, UNKNOWN, Three
from rheobase.cohort.conditions import NOTHING, Values, condition
from rheobase.cohort.frame import COMPARATOR, FLAG, LAB, LOWER, PER_DAY, TAKEN, UPPER
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge
from rheobase.logic import And, Expression, Known, Not, Or
from rheobase.person import Value

_RESULT = ("", FLAG, COMPARATOR, LOWER, UPPER, PER_DAY, TAKEN)


def without_old(told: pl.DataFrame, knowledge: Knowledge, on: date | None) -> pl.DataFrame:
    """Return a told frame in which every result that is too old to speak for today is null; the same if none is.

    Args:
        told: Checked columns.
        knowledge: How long each analyte speaks.
        on: Today; None will do where no result has a date.

    Raises:
        DataRefusedError: A result has a date, and today is not said; or one is of a later day.
    """
    dated = [name for name in told.columns if name.startswith(LAB) and name.endswith(TAKEN)]
    if on is None and (known := next((name for name in dated if told[name].null_count() < told.height), None)):
        raise DataRefusedError(
            f"column {known!r} holds dates, so the day that is judged has to be said: on=date(year, month, day)"
        )
    if on is not None:
        _refuse_later(told, dated, on)
    columns: list[pl.Series] = []
    for name in dated if on is not None else ():
        analyte = name.removesuffix(TAKEN)
        span = knowledge.lab_spans.get(analyte.removeprefix(LAB))
        old = told[name] < on - timedelta(days=span.days) if on is not None and span is not None else None
        if old is not None and old.any():
            there = [analyte + part for part in _RESULT if analyte + part in told.columns]
            fresh = ~old.fill_null(value=False)
            columns.extend(told.select(pl.when(fresh).then(pl.col(there))).get_columns())
    return told.with_columns(columns) if columns else told


def _refuse_later(told: pl.DataFrame, dated: Iterable[str], on: date) -> None:
    for name in dated:
        last = cast("date | None", told[name].max())
        if last is not None and last > on:
            row = int((told[name] > on).arg_max() or 0) + 1
            raise DataRefusedError(
                f"column {name!r} holds {told[name][row - 1]} in row {row}, expected no day after {on}, the day "
                "that is judged: leave such a result out, or judge a later day"
            )


def in_both_worlds(today: pl.DataFrame, ever: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of today, with the blood tests of ``EVER`` beside them under their names there."""
    tests = [name for name in ever.columns if name.startswith(LAB)]
    return today.hstack(ever.select(pl.col(name).alias(EVER + name) for name in tests))


def columns_of(columns: frozenset[str], world: str) -> frozenset[str]:
    """Return which columns there are in one world, by their plain names."""
    plain = frozenset(name for name in columns if not name.startswith(EVER))
    if not world:
        return plain
    tests = frozenset(name.removeprefix(EVER) for name in columns if name.startswith(EVER))
    return tests | frozenset(name for name in plain if not name.startswith(LAB))


def measure_again(knowledge: Knowledge, today: Values, ever: Values) -> None:
    """Set ``lab_was_<level>`` of whom old results alone would raise a warning sign of that level."""
    circuit = today.circuit
    raised: dict[str, int] = {}
    for each in (rule for rule in compiled_rules(knowledge) if rule.rule.kind == RED_FLAG):
        here = circuit.either(_fires(each, today), holds_today(each, today, ever))
        name = f"{WAS}{each.rule.urgency}"
        raised[name] = circuit.either(raised.get(name, NOBODY), circuit.but_not(_fires(each, ever), here))
    for name, plane in raised.items():
        if name in knowledge.findings and plane != NOBODY:
            for values in (today, ever):
                was = values.truths.get(name, UNKNOWN)
                values.truths[name] = Three(circuit.either(was.true, plane), circuit.but_not(was.false, plane))


def _fires(each: CompiledRule, values: Values) -> int:
    """Return for whom a rule's condition is true, and its ``unless`` not known to be true."""
    excused = NOBODY if each.rule.unless is None else condition(each.rule.unless, values).true
    return values.circuit.but_not(condition(each.rule.when, values).true, excused)


def holds_today(each: CompiledRule, today: Values, ever: Values, supposed: Mapping[str, Value] = NOTHING) -> int:
    """Return for whom a red flag holds by what is present today together with a result that is too old by itself.

    Args:
        each: The rule.
        today: What is known today.
        ever: The same with old results.
        supposed: Values by name that are taken as known of everyone.
    """

    def stands(expression: Expression) -> int:
        match expression:
            case And(listed) | Or(listed):
                here = today.circuit.any_of(stands(part) for part in listed)
            case Not() | Known():
                return NOBODY
            case _:
                here = condition(expression, today, supposed).true if expression.name in each.symptoms else NOBODY
        return today.circuit.both(here, condition(expression, ever, supposed).true)

    return stands(each.rule.when) if each.rule.kind == RED_FLAG else NOBODY
