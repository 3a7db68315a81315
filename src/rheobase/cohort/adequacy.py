"""Whether what people eat is enough, over columns: what ``intake.adequacy`` says of one person with one recorded day.

A told amount counts as one whole day, the least that it can be: days scatter, so it is drawn towards what people of
that age and sex eat. Supplements are not known. Of what is not known of a person (age, sex, pregnancy, breast-feeding)
every life stage is tried, and the highest chance of too little is said.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator
from typing import Any, Literal, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from rheobase.assess.labs_derived import AGE, PREGNANT, SEX
from rheobase.cohort.frame import INTAKE
from rheobase.cohort.kernels import below_requirement
from rheobase.errors import DataRefusedError
from rheobase.intake.adequacy import Stage, Verdict, judge, probability_above
from rheobase.intake.life_stage import Who, has_requirement
from rheobase.intake.usual import Day, moments, usual_intake
from rheobase.knowledge import Knowledge
from rheobase.knowledge.model_intake import IntakeFacts, Norm, Reference

ADEQUACY = "adequacy."
VERDICTS = pl.Enum([Verdict.UNLIKELY_INADEQUATE.value, Verdict.CANNOT_BE_JUDGED.value])
# Halvings of the interval in which the amount lies from which on a verdict changes.
_HALVINGS = 100


def adequacy_columns(told: pl.DataFrame, knowledge: Knowledge) -> Iterator[pl.Series]:
    """Yield ``adequacy.<nutrient>`` for each ``intake.<nutrient>`` of a checked told frame.

    Where a mean requirement is set it is the highest chance (0 to 1) that food alone gives less than the person's own
    requirement; null where the amount is not known, or no requirement is set for somebody of that age. Else it is a
    verdict: ``unlikely_inadequate``, or ``cannot_be_judged``, which is what an adequate intake can say.

    Args:
        told: One row per person.
        knowledge: Reference values and norms.

    Raises:
        DataRefusedError: An amount is negative or beyond all reason.
    """
    for nutrient in knowledge.nutrients:
        chance = has_requirement(knowledge.intake, nutrient)
        if (name := f"{INTAKE}{nutrient}") not in told.columns:
            continue
        values: npt.NDArray[Any] = np.full(told.height, np.nan) if chance else np.full(told.height, 2, dtype=np.uint8)
        for who, rows in _groups(told, nutrient, knowledge.intake):
            amounts = told[name].gather(rows).to_numpy()
            stages = _stages(knowledge, nutrient, who)
            found = _chances(stages, amounts, knowledge) if chance else _verdicts(stages, amounts, knowledge)
            if found is not None:
                values[rows] = found
        yield _column(f"{ADEQUACY}{nutrient}", values, chance=chance)


def _column(name: str, values: npt.NDArray[Any], *, chance: bool) -> pl.Series:
    if chance:
        return pl.Series(name, values).fill_nan(None)
    codes = pl.Series(name, values)
    return codes.set(codes >= len(VERDICTS.categories), None).cat.to(VERDICTS)


def _groups(told: pl.DataFrame, nutrient: str, intake: IntakeFacts) -> Iterator[tuple[Who, npt.NDArray[np.int64]]]:
    """Yield who people are as far as it matters here, with the rows of those whose amount is known."""
    rows: tuple[Reference | Norm, ...] = (*intake.references, *intake.norms)
    ends = sorted({end for row in rows if row.nutrient == nutrient for end in (0.0, row.age_min, row.age_max or 0.0)})
    nothing = pl.lit(None)
    age = pl.col(AGE) if AGE in told.columns else nothing.cast(pl.Float64)
    # Everybody of a band is as old as its first day; below the first band nobody is.
    band = pl.max_horizontal(pl.when(age >= end).then(pl.lit(end)) for end in ends)
    denied = ~pl.col(PREGNANT) if PREGNANT in told.columns else nothing.cast(pl.Boolean)
    keys = told.select(
        pl.when(age >= 0).then(band).alias("age"),
        (pl.col(SEX).cast(pl.String) if SEX in told.columns else nothing.cast(pl.String)).alias("sex"),
        # The question is about pregnancy and the weeks after birth: a yes does not say which, a no denies it.
        pl.when(denied).then(pl.lit(value=False)).alias("pregnant"),
        pl.int_range(pl.len(), dtype=pl.Int64).alias("row"),
        pl.col(f"{INTAKE}{nutrient}").is_not_null().alias("known"),
    ).filter("known")
    for key, group in keys.partition_by("age", "sex", "pregnant", as_dict=True, maintain_order=True).items():
        age_told, sex, pregnant = key
        recorded = cast("Literal['male', 'female'] | None", sex if sex in ("male", "female") else None)
        yield Who(cast("float | None", age_told), recorded, cast("bool | None", pregnant)), group["row"].to_numpy()


@functools.lru_cache(maxsize=1024)
def _stages(knowledge: Knowledge, nutrient: str, who: Who) -> tuple[Stage, ...]:
    """Return the life stages that somebody may be in, none where no values are set."""
    try:
        return judge(nutrient, (), who, knowledge.intake, supplement=0.0).stages
    except DataRefusedError:
        return ()


def _chances(
    stages: Collection[Stage], amounts: npt.NDArray[np.float64], knowledge: Knowledge
) -> npt.NDArray[np.float64] | None:
    chances = np.zeros(len(amounts))
    for stage in stages:
        reference = stage.reference
        if stage.usual is None or reference.ear is None:
            return None
        spread = reference.ear * knowledge.intake.value(f"requirement_cv.{reference.nutrient}")
        below_requirement(amounts, _norm(knowledge, stage.usual.norm), (reference.ear, spread), chances)
    return chances if stages else None


@functools.lru_cache(maxsize=256)
def _norm(knowledge: Knowledge, norm: Norm) -> tuple[Any, ...]:
    """Return a norm as ``kernels.below_requirement`` reads it."""
    nothing = usual_intake([Day(0.0)], norm, knowledge.intake)
    certainty = 1 / norm.between_sd**2 + 1 / norm.within_sd**2
    terms = np.array([(factor, float(power)) for factor, power in moments(norm.root, norm.within_sd)])
    return np.column_stack([nothing.points, nothing.weights]), 1 / norm.within_sd**2 / certainty, norm.root, terms


def _verdicts(
    stages: Collection[Stage], amounts: npt.NDArray[np.float64], knowledge: Knowledge
) -> npt.NDArray[np.uint8] | None:
    """Return the place of the verdict of each amount; one stage that can't be judged leaves it open."""
    if not stages:
        return None
    least = max(
        np.inf
        if each.usual is None or each.reference.ai is None
        else _enough(knowledge, each.usual.norm, each.reference.ai)
        for each in stages
    )
    return (amounts < least).astype(np.uint8)


@functools.lru_cache(maxsize=256)
def _enough(knowledge: Knowledge, norm: Norm, adequate: float) -> float:
    """Return the amount of a day from which on usual intake is above an adequate intake with certainty enough."""
    intake = knowledge.intake
    low, high = 0.0, intake.value("adequacy.most_per_day")
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        sure = probability_above(usual_intake([Day(middle)], norm, intake), adequate) >= intake.value(
            "adequacy.certainty"
        )
        low, high = (low, middle) if sure else (middle, high)
    return high
