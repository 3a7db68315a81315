"""Weighted proportions with their error from strata and sampling units, by Taylor linearisation (library ``svy``).

Source:
    Korn EL, Graubard BI. Confidence intervals for proportions with small expected number of positive counts estimated
    from survey data. Survey Methodology 1998;24:193-201 (intervals). Parker JD et al. National Center for Health
    Statistics data presentation standards for proportions. Vital Health Stat 2(175), 2017 (what is unreliable). Both
    grade B: cited from memory.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

import polars as pl

from rheobase.errors import DataRefusedError

if TYPE_CHECKING:
    import svy

M = TypeVar("M", bound=Hashable)
METHOD = "weighted share; 95 % interval after Korn and Graubard; error by Taylor linearisation"
# The presentation standards: fewest people, widest interval, widest beside the share.
FEWEST, SURE_WIDTH, WIDEST, WIDEST_RELATIVE = 30, 0.05, 0.30, 1.30
_WEIGHT, _STRATUM, _UNIT, _GROUP = "_weight", "_stratum", "_unit", "_group"
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class SurveyDesign:
    """Columns of the weight, the strata and the primary sampling units; None for none."""

    weight: str | None = None
    strata: str | None = None
    psu: str | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of the population.

    Attributes:
        share: 0 to 1.
        error: Standard error.
        low: Lower end of the 95 % interval.
        high: Upper end.
        freedom: Degrees of freedom: sampling units less strata.
        unreliable: Whether the presentation standards of NCHS advise against showing it.
    """

    share: float
    error: float
    low: float
    high: float
    freedom: int
    unreliable: bool


@dataclass(frozen=True, slots=True)
class Proportions:
    """People with a weight, and how to estimate from them.

    Attributes:
        frame: The people.
        left_out: Rows without a weight, a stratum or a sampling unit.
        design: The design.
        groups: Values of the grouping column.
        base: Weight, stratum, unit and group of each row.
    """

    frame: pl.DataFrame
    left_out: int
    design: SurveyDesign
    groups: tuple[str, ...]
    base: pl.DataFrame

    @property
    def method(self) -> str:
        """How the intervals are worked out, in words."""
        parts = [f"weight {self.design.weight}" if self.design.weight else "everyone counts the same"]
        parts += [f"strata {self.design.strata}"] if self.design.strata else []
        parts += [f"sampling units {self.design.psu}"] if self.design.psu else []
        return f"{METHOD}; {', '.join(parts)}"

    @classmethod
    def of(cls, judged: pl.DataFrame, design: SurveyDesign, by: str) -> Self:
        """Return those of a frame who have a weight.

        Args:
            judged: The frame.
            design: Columns of the design.
            by: Column of groups, "" for none.
        """
        weight = pl.col(design.weight).cast(pl.Float64) if design.weight else pl.lit(1.0)
        needed = [each for each in (design.strata, design.psu) if each]
        fine = weight.is_finite() & (weight > 0)
        for each in needed:
            fine = fine & pl.col(each).is_not_null()
        frame = judged.filter(fine.fill_null(value=False))
        base = frame.select(
            weight.alias(_WEIGHT) if design.weight else pl.repeat(1.0, pl.len()).alias(_WEIGHT),
            *([pl.col(design.strata).cast(pl.String).alias(_STRATUM)] if design.strata else []),
            *([pl.col(design.psu).cast(pl.String).alias(_UNIT)] if design.psu else []),
            *([pl.col(by).cast(pl.String).fill_null(NOT_KNOWN).alias(_GROUP)] if by else []),
        )
        groups = tuple(sorted(base[_GROUP].unique())) if by else ()
        return cls(frame, judged.height - frame.height, design, groups, base)

    def counts(self, column: pl.Series) -> Iterator[tuple[str, int, int]]:
        """Yield group, number of those known, and of those in whom it is true; everybody first."""
        yield "everybody", len(column) - column.null_count(), int(column.sum() or 0)
        if self.groups:
            frame = pl.DataFrame([self.base[_GROUP], column.alias("_true")])
            counted = frame.group_by(_GROUP).agg(pl.col("_true").count().alias("k"), pl.col("_true").sum().alias("n"))
            yield from (
                (str(group), int(known), int(count)) for group, known, count in counted.sort(_GROUP).iter_rows()
            )

    def estimates(self, measures: Mapping[M, pl.Series]) -> dict[tuple[M, str], Estimate]:
        """Return the share of each measure overall and in each group; none where nobody is known.

        Args:
            measures: True, false or null for each row.

        Raises:
            DataRefusedError: The design cannot be used, such as strata without a second sampling unit.
        """
        found: dict[tuple[M, str], Estimate] = {}
        for domain, members in self._by_domain(measures).items():
            if not int(domain_column(domain).sum() or 0):
                continue
            for by in (None, *([_GROUP] if self.groups else [])):
                found.update(self._estimated(members, domain_column(domain), by))
        return found

    def _by_domain(self, measures: Mapping[M, pl.Series]) -> dict[_Domain, dict[M, pl.Series]]:
        """Return the measures by where they are known, so that the design is worked out once for each."""
        domains: dict[_Domain, dict[M, pl.Series]] = {}
        for measure, column in measures.items():
            domains.setdefault(_Domain(column.is_not_null()), {})[measure] = column
        return domains

    def _estimated(
        self, members: Mapping[M, pl.Series], domain: pl.Series, by: str | None
    ) -> Iterator[tuple[tuple[M, str], Estimate]]:
        names = {measure: f"_y{at}" for at, measure in enumerate(members)}
        columns = [members[measure].fill_null(value=False).cast(pl.Int8).alias(name) for measure, name in names.items()]
        sample = self._sample(self.base.with_columns(domain.alias("_domain"), *columns))
        for measure, table in zip(names, self._tables(sample, list(names.values()), by), strict=True):
            yield from self._rows(measure, names[measure], (table, by))

    def _sample(self, frame: pl.DataFrame) -> svy.Sample:
        import svy  # noqa: PLC0415 - takes seconds to load

        design = svy.Design(
            wgt=_WEIGHT,
            stratum=_STRATUM if self.design.strata else None,
            psu=_UNIT if self.design.psu else None,
            # A stratum with one sampling unit left is taken around the mean of all, as R's "adjust".
            singleton=svy.Singleton(svy.SingletonMethod.CENTER) if self.design.strata else None,
        )
        return svy.Sample(frame, design)

    def _tables(self, sample: svy.Sample, names: list[str], by: str | None) -> list[pl.DataFrame]:
        import svy  # noqa: PLC0415

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found: Any = sample.estimation.prop(
                    names, by=by, where=svy.col("_domain"), ci_method="korn-graubard", method="taylor"
                )
        except (svy.SvyError, ValueError, ArithmeticError) as problem:
            raise DataRefusedError(
                f"the survey design cannot be used: {problem}. Check --strata and --psu."
            ) from problem
        return [each.to_polars() for each in (found if isinstance(found, list) else [found])]

    def _rows(
        self, measure: M, name: str, table: tuple[pl.DataFrame, str | None]
    ) -> Iterator[tuple[tuple[M, str], Estimate]]:
        frame, by = table
        seen: dict[str, Estimate] = {}
        for row in frame.iter_rows(named=True):
            group = str(row[by]) if by else "everybody"
            value, share = str(row[name]), float(row["est"])
            ends = float(row["lci"]), float(row["uci"])
            if value not in ("1", "1.0", "True", "true"):
                # Where nobody has it there is only the line of those who have not.
                share, ends = 1 - share, (1 - ends[1], 1 - ends[0])
                if group in seen:
                    continue
            freedom, people = int(row["df"]), int(row["n"])
            low, high = max(0.0, min(ends[0], share)), min(1.0, max(ends[1], share))
            seen[group] = Estimate(share, float(row["se"]), low, high, freedom, _unreliable(share, (low, high), people))
        for group, estimate in seen.items():
            yield (measure, group), estimate


def _unreliable(share: float, ends: tuple[float, float], people: int) -> bool:
    """Return whether the presentation standards of NCHS advise against a share; nominal numbers of people are used."""
    width = ends[1] - ends[0]
    if people < FEWEST or not math.isfinite(width) or width >= WIDEST:
        return True
    smaller = min(share, 1 - share)
    return width > SURE_WIDTH and smaller > 0 and width > WIDEST_RELATIVE * smaller


class _Domain:
    """Who is known, as a key: equal where the same people are."""

    def __init__(self, column: pl.Series) -> None:
        self.column = column
        self._key = hash(column.to_numpy().tobytes())

    def __hash__(self) -> int:
        return self._key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Domain) and self.column.equals(other.column)


def domain_column(domain: _Domain) -> pl.Series:
    """Return who is known, as a column."""
    return domain.column
