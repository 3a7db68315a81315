"""Blood tests in columns: flags by the laboratory's own interval, and the values worked out from others.

The formulas are those of ``labs.derived``, and when each of them may be used is what ``assess.labs_derived`` says:
never with a value that the laboratory gave only as a limit, never with samples that lie too far apart, and never in
place of a measured value. Null stays null.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from rheobase.assess.lab_reading import HIGH, LOW, NORMAL
from rheobase.assess.labs_derived import AGE, SEX, SEXES
from rheobase.cohort.frame import COMPARATOR, FLAG, FLAGS, LAB, LOWER, PER_DAY, TAKEN, UPPER
from rheobase.cohort.gather import CALCIUM, TOTAL, UNADJUSTED
from rheobase.knowledge import Knowledge
from rheobase.labs import derived as sums

# The sums are plain arithmetic, which columns do as numbers do.
_SUMS: Any = sums
_FLAGS = pl.Enum(FLAGS)
_NOTHING = pl.lit(None, dtype=pl.Float64)
# Boolean: adjusted calcium was measured and not worked out.
_MEASURED = "lab.calcium_adjusted.measured"


def with_labs(told: pl.DataFrame, knowledge: Knowledge) -> pl.DataFrame:
    """Return a told frame with every flag that follows and every value that can be worked out.

    Args:
        told: Checked columns, none of them null throughout.
        knowledge: Analytes and formulas.
    """
    columns = frozenset(told.columns)
    if not any(name.startswith(LAB) for name in columns):
        return told
    beyond = told.with_columns(_just_beyond(knowledge, columns))
    flagged = beyond.with_columns(_flags(knowledge, columns))
    first = _Deriving(knowledge, flagged).first()
    adjusted = flagged.with_columns(first)
    return adjusted.with_columns(_Deriving(knowledge, adjusted).rest())


def _just_beyond(knowledge: Knowledge, columns: frozenset[str]) -> Iterator[pl.Expr]:
    """Yield the numbers that stand for results that are only a limit (``assess.labs.just_beyond``)."""
    for name in (f"{LAB}{analyte}" for analyte in knowledge.analytes):
        if name in columns and name + COMPARATOR in columns:
            value, sign = pl.col(name), pl.col(name + COMPARATOR)
            least = value.abs() * sys.float_info.epsilon
            yield (
                pl.when(sign == "<")
                .then(value - least)
                .when(sign == ">")
                .then(value + least)
                .otherwise(value)
                .alias(name)
            )


def _flags(knowledge: Knowledge, columns: frozenset[str]) -> Iterator[pl.Expr]:
    for analyte in knowledge.analytes:
        name = f"{LAB}{analyte}"
        ends = [end for end in (LOWER, UPPER) if name + end in columns]
        if name not in columns or not ends:
            continue
        value = pl.col(name)
        lower, upper = (pl.col(name + end) if end in ends else _NOTHING for end in (LOWER, UPPER))
        below = above = pl.lit(value=False)
        if name + COMPARATOR in columns:
            sign = pl.col(name + COMPARATOR)
            below, above = (sign.is_in(signs).fill_null(value=False) for signs in (("<", "<="), (">", ">=")))
        inside = lower.is_not_null() & (value <= upper) & ~above & (~below | (lower <= 0))
        worked_out = (
            pl.when((value < lower) & ~above)
            .then(pl.lit(LOW, dtype=_FLAGS))
            .when((value > upper) & ~below)
            .then(pl.lit(HIGH, dtype=_FLAGS))
            .when(inside)
            .then(pl.lit(NORMAL, dtype=_FLAGS))
        )
        flag = name + FLAG
        yield (pl.coalesce(flag, worked_out) if flag in columns else worked_out).alias(flag)


@dataclass(slots=True)
class _Deriving:
    """Yields a column for each value that can be worked out."""

    knowledge: Knowledge
    frame: pl.DataFrame
    columns: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = frozenset(self.frame.columns)

    def first(self) -> Iterator[pl.Expr]:
        """Yield calcium at a usual albumin, and for whom the total stands in its place; the filtration rate."""
        formula = self.knowledge.formulas["albumin_adjusted_calcium_si"]
        if f"{LAB}{TOTAL}" in self.columns or f"{LAB}{TOTAL}{FLAG}" in self.columns:
            value, total = _NOTHING, self._value(TOTAL)
            usable = pl.lit(value=False)
            if (known := self._inputs(formula.constants, TOTAL, "albumin")) is not None:
                # Too little albumin, or none known, is no adjustment.
                usable = known & (self._value("albumin") >= formula.constants["albumin_lowest"]).fill_null(value=False)
                value = _SUMS.adjusted_calcium(formula.constants, total, self._value("albumin"))
            here = self._measured(TOTAL) & ~self._measured(CALCIUM)
            yield (here & ~usable).alias(UNADJUSTED)
            yield self._measured(CALCIUM).alias(_MEASURED)
            yield self._unless_measured(CALCIUM, pl.when(usable).then(value).otherwise(total))
        yield from self._rate()

    def _rate(self) -> Iterator[pl.Expr]:
        constants = self.knowledge.formulas["egfr_ckd_epi_2021"].constants
        known = self._inputs(constants, "creatinine")
        if known is None or AGE not in self.columns or SEX not in self.columns:
            return
        age, female = pl.col(AGE), pl.col(SEX) == SEXES[0]
        usable = known & (self._value("creatinine") != 0) & (age >= constants["age_least"]) & pl.col(SEX).is_in(SEXES)
        rates = (_filtration_rate(constants, self._value("creatinine"), age, sex) for sex in SEXES)
        rate = pl.when(female).then(next(rates)).otherwise(next(rates))
        yield self._unless_measured("egfr", pl.when(usable).then(rate))

    def rest(self) -> Iterator[pl.Expr]:
        """Yield what is worked out from measured values and from adjusted calcium."""
        yield from self._ionised()
        yield from self._gaps()
        yield from self._sodium()
        yield from self._osmolality()
        for name, analyte, substance in (
            ("fractional_excretion_mg", "fe_magnesium", "magnesium"),
            ("fractional_excretion_k", "fe_potassium", "potassium"),
            ("calcium_creatinine_clearance", "calcium_creatinine_clearance", "calcium"),
        ):
            yield from self._excreted(name, analyte, substance)
        for name, above, below in (
            ("urine_potassium_creatinine", "urine_potassium", "urine_creatinine"),
            ("urine_calcium_creatinine", "urine_calcium", "urine_creatinine"),
            ("urine_sodium_chloride", "urine_sodium", "urine_chloride"),
        ):
            yield from self._ratio(name, above, below)
        yield from self._gradient()

    def _ionised(self) -> Iterator[pl.Expr]:
        constants = self.knowledge.formulas["ionised_ca_ph"].constants
        measured = self._inputs(constants, CALCIUM, "ph")
        # The day and the sign of an adjusted calcium are those of the total that it was worked out from.
        from_total = self._inputs(constants, "ph", TOTAL)
        if measured is None:
            return
        adjusted = self._value(CALCIUM)
        was_made = pl.lit(value=False) if from_total is None else from_total & adjusted.is_not_null()
        really = pl.col(_MEASURED) if _MEASURED in self.columns else self._measured(CALCIUM)
        usable = pl.when(really).then(measured).otherwise(was_made)
        usable = usable & ~self._measured("calcium_ionised")
        one, other = _SUMS.ionised_estimate(constants, adjusted, self._value("ph"))
        yield self._worked_out("calcium_ionised_estimate", usable, (one + other) / 2)

    def _gaps(self) -> Iterator[pl.Expr]:
        parts = ("sodium", "chloride", "bicarbonate")
        plain = self.knowledge.formulas["anion_gap"].constants
        if (known := self._inputs(plain, *parts)) is not None:
            yield self._worked_out("anion_gap", known, _SUMS.anion_gap(*map(self._value, parts)))
        if (known := self._inputs(plain, *parts, "potassium")) is not None:
            with_potassium = _SUMS.anion_gap(*map(self._value, (*parts, "potassium")))
            yield self._worked_out("anion_gap_with_potassium", known, with_potassium)
        constants = self.knowledge.formulas["anion_gap_albumin"].constants
        if (known := self._inputs(constants, *parts, "albumin")) is not None:
            gap = _SUMS.anion_gap(*map(self._value, parts))
            usual = _SUMS.anion_gap_at_usual_albumin(constants, gap, self._value("albumin"))
            yield self._worked_out("anion_gap_adjusted", known, usual)

    def _sodium(self) -> Iterator[pl.Expr]:
        constants = self.knowledge.formulas["sodium_for_glucose"].constants
        if (known := self._inputs(constants, "sodium", "glucose")) is None:
            return
        sodium, glucose = self._value("sodium"), self._value("glucose")
        above = (glucose - constants["glucose_reference"]).clip(lower_bound=0.0)
        corrected = sodium + constants["fall"] * above / constants["glucose_step"]
        yield self._worked_out("sodium_corrected", known & (glucose >= constants["glucose_least"]), corrected)

    def _osmolality(self) -> Iterator[pl.Expr]:
        constants = self.knowledge.formulas["osmolality"].constants
        # The same molecule, reported by its nitrogen in the United States; where urea itself was given, it counts.
        values: list[pl.Expr] = []
        gaps: list[pl.Expr] = []
        for urea, elsewhere in (("urea", pl.lit(value=False)), ("urea_nitrogen", self._measured("urea"))):
            parts = ("sodium", "glucose", urea)
            if (known := self._inputs(constants, *parts)) is None:
                continue
            value = _SUMS.osmolality(constants, *map(self._value, parts))
            values.append(pl.when(known & ~elsewhere).then(value))
            if (both := self._inputs(constants, "osmolality", *parts)) is not None:
                gaps.append(pl.when(both & known & ~elsewhere).then(self._value("osmolality") - value))
        for name, found in (("osmolality_calculated", values), ("osmolal_gap", gaps)):
            if found:
                yield self._unless_measured(name, pl.coalesce(found))

    def _excreted(self, name: str, analyte: str, substance: str) -> Iterator[pl.Expr]:
        constants = self.knowledge.formulas[name].constants
        serum, urine = TOTAL if substance == "calcium" else substance, f"urine_{substance}"
        names = (urine, serum, "urine_creatinine", "creatinine")
        if (known := self._inputs(constants, *names)) is None:
            return
        values = [self._value(each) for each in names]
        usable = known & self._alike(urine, "urine_creatinine")
        for value in values[1:]:
            usable = usable & (value != 0)
        lost = _SUMS.fractional_excretion(
            constants, values[0], values[1], urine_creatinine=values[2], serum_creatinine=values[3]
        )
        yield self._worked_out(analyte, usable, lost)

    def _ratio(self, name: str, above: str, below: str) -> Iterator[pl.Expr]:
        known = self._inputs(self.knowledge.formulas[name].constants, above, below)
        if known is not None:
            usable = known & (self._value(below) != 0) & self._alike(above, below)
            yield self._worked_out(name, usable, self._value(above) / self._value(below))

    def _gradient(self) -> Iterator[pl.Expr]:
        constants = self.knowledge.formulas["transtubular_potassium_gradient"].constants
        names = ("urine_potassium", "potassium", "urine_osmolality", "osmolality")
        known, sodium = self._inputs(constants, *names), self._inputs(constants, "urine_sodium")
        if known is None or sodium is None:
            return
        values = [self._value(each) for each in names]
        usable = known & sodium & ~self._per_day("urine_potassium") & (values[2] > values[3])
        usable = usable & (self._value("urine_sodium") > constants["urine_sodium_least"])
        for value in values:
            usable = usable & (value != 0)
        yield self._worked_out("ttkg", usable, _SUMS.transtubular_gradient(*values))

    def _value(self, analyte: str) -> pl.Expr:
        return pl.col(f"{LAB}{analyte}") if f"{LAB}{analyte}" in self.columns else _NOTHING

    def _measured(self, analyte: str) -> pl.Expr:
        """Whether there is a result, if only a flag."""
        name = f"{LAB}{analyte}"
        found = [pl.col(each).is_not_null() for each in (name, name + FLAG) if each in self.columns]
        return pl.any_horizontal(found) if found else pl.lit(value=False)

    def _inputs(self, constants: Mapping[str, float], *analytes: str) -> pl.Expr | None:
        """Return for whom all values are known, none only as a limit, of near enough days; None for nobody."""
        names = [f"{LAB}{analyte}" for analyte in analytes]
        if not all(name in self.columns for name in names):
            return None
        parts = [pl.col(name).is_not_null() for name in names]
        parts.extend(pl.col(name + COMPARATOR).is_null() for name in names if name + COMPARATOR in self.columns)
        days = [pl.col(name + TAKEN) for name in names if name + TAKEN in self.columns]
        if len(days) > 1:
            apart = (pl.max_horizontal(days) - pl.min_horizontal(days)).dt.total_days()
            parts.append((apart <= constants.get("days_apart", 0)).fill_null(value=True))
        return pl.all_horizontal(parts)

    def _per_day(self, analyte: str) -> pl.Expr:
        name = f"{LAB}{analyte}{PER_DAY}"
        return pl.col(name).fill_null(value=False) if name in self.columns else pl.lit(value=False)

    def _alike(self, one: str, other: str) -> pl.Expr:
        """Whether urine results are all per volume, or all per day: a mixture says nothing."""
        return self._per_day(one) == self._per_day(other)

    def _worked_out(self, analyte: str, usable: pl.Expr, value: pl.Expr) -> pl.Expr:
        return self._unless_measured(analyte, pl.when(usable).then(value))

    def _unless_measured(self, analyte: str, value: pl.Expr) -> pl.Expr:
        measured = self._value(analyte)
        return pl.when(self._measured(analyte)).then(measured).otherwise(value).alias(f"{LAB}{analyte}")


def _filtration_rate(constants: Mapping[str, float], creatinine: pl.Expr, age: pl.Expr, sex: str) -> pl.Expr:
    """``labs.derived.filtration_rate`` over columns, where "the smaller" and "the larger" are other functions."""
    ratio = creatinine / constants["umol_per_mg_dl"] / constants[f"kappa_{sex}"]
    rate = constants["factor"] * ratio.clip(upper_bound=1) ** constants[f"alpha_{sex}"]
    rate = rate * ratio.clip(lower_bound=1) ** constants["exponent"] * constants["age_base"] ** age
    return rate * (constants["female_factor"] if sex == SEXES[0] else 1)
