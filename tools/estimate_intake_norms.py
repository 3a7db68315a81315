"""Estimate how daily intake varies within and between people, and write ``knowledge/data/intake/intake_norms.csv``.

    python tools/estimate_intake_norms.py FOLDER

FOLDER holds ``nhanes_2015_2016.parquet`` and ``nhanes_2017_2018.parquet`` (US public-use files; one row a person, days
``DR1T..`` and ``DR2T..``). Where two recall days exist in 2017-2018 both variances are estimated from them, so that
2015-2016 stays a fair test. Calcium, phosphorus, potassium and sodium have one recall day only (2015-2016): there the
variance between people is a published one (rounded) and the rest of what one day shows lies within them.
Every variance is on the scale of a root of the intake, on which days are close to normal.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import polars as pl

TARGET = Path(__file__).parents[1] / "src/rheobase/knowledge/data/intake/intake_norms.csv"
ADULT, OLDER = 19, 51
BANDS = ((2, 9), (9, 19), (ADULT, OLDER), (OLDER, None))
SEXES = {"male": 1, "female": 2}
# nutrient: NHANES name, unit, root
TWO_DAYS = {
    "magnesium": ("MAGN", "mg/d", 3),
    "vitamin_d": ("VD", "ug/d", 3),
    "vitamin_b12": ("VB12", "ug/d", 4),
    "caffeine": ("CAFF", "mg/d", 2),
}
ONE_DAY = {
    "calcium": ("CALC", "mg/d", 3),
    "phosphorus": ("PHOS", "mg/d", 3),
    "potassium": ("POTA", "mg/d", 3),
    "sodium": ("SODI", "mg/d", 3),
}
# Coefficient of variation of usual intake between US adults of one sex, rounded by us, as fitted by Passarelli, Free,
# Allen et al. 2022; people under 19 are given the adults' (our choice). These four numbers are all that is taken of it:
# the table (R package nutriR, GPL-3) calibrates and is not bundled.
BETWEEN_CV = {"calcium": 0.35, "phosphorus": 0.30, "potassium": 0.30, "sodium": 0.28}


def moments(values: pl.Series, weights: pl.Series) -> tuple[float, float]:
    """Return the weighted mean and variance."""
    total = float(weights.sum())
    mean = float((values * weights).sum()) / total
    return mean, float((((values - mean) ** 2) * weights).sum()) / total


def group(people: pl.DataFrame, sex: str, band: tuple[int, int | None]) -> pl.DataFrame:
    """Return the people of one sex and age band, pregnant women left out."""
    low, high = band
    chosen = (pl.col("RIAGENDR") == SEXES[sex]) & (pl.col("RIDAGEYR") >= low)
    if high is not None:
        chosen &= pl.col("RIDAGEYR") < high
    return people.filter(chosen & (pl.col("RIDEXPRG").is_null() | (pl.col("RIDEXPRG") != 1)))


def from_two_days(people: pl.DataFrame, name: str, root: int) -> tuple[float, float, float, int]:
    """Return mean, variance between and variance within people on the root scale, and the number of people."""
    both = people.select("WTMEC2YR", f"DR1T{name}", f"DR2T{name}").drop_nulls()
    first, second = (both[f"DR{day}T{name}"].cast(pl.Float64) ** (1 / root) for day in (1, 2))
    weights = both["WTMEC2YR"]
    mean_1, variance_1 = moments(first, weights)
    mean_2, variance_2 = moments(second, weights)
    within = moments(first - second, weights)[1] / 2
    between = (variance_1 + variance_2) / 2 - within
    return (mean_1 + mean_2) / 2, between, within, both.height


def from_one_day(people: pl.DataFrame, name: str, root: int, cv: float) -> tuple[float, float, float, int]:
    """Return the same from one day and a published coefficient of variation between people."""
    days = people.select("WTMEC2YR", f"DR1T{name}").drop_nulls()
    mean, variance = moments(days[f"DR1T{name}"].cast(pl.Float64) ** (1 / root), days["WTMEC2YR"])
    between = (cv * mean / root) ** 2
    return mean, between, variance - between, days.height


def main(folder: Path) -> None:
    """Write the table."""
    later = pl.read_parquet(folder / "nhanes_2017_2018.parquet")
    earlier = pl.read_parquet(folder / "nhanes_2015_2016.parquet")
    rows = []
    for nutrient, (name, unit, root) in {**TWO_DAYS, **ONE_DAY}.items():
        for band in BANDS:
            for sex in SEXES:
                if nutrient in TWO_DAYS:
                    found = from_two_days(group(later, sex, band), name, root)
                    source, grade = "nhanes2017_intake", "A"
                else:
                    found = from_one_day(group(earlier, sex, band), name, root, BETWEEN_CV[nutrient])
                    source, grade = "nhanes2015_intake", "B" if band[0] >= ADULT else "C"
                mean, between, within, people = found
                numbers = (f"{mean:.4f}", f"{between**0.5:.4f}", f"{within**0.5:.4f}")
                rows.append((nutrient, sex, band[0], band[1] or "", root, *numbers, unit, people, source, grade))
    with TARGET.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        head = "nutrient,sex,age_min,age_max,root,mean,between_sd,within_sd,unit,people,source,grade"
        writer.writerow(head.split(","))
        writer.writerows(rows)
    print(f"{len(rows)} rows written to {TARGET.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
