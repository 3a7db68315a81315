"""Check blood tests against a national survey: derived values twice, how common low results are, what a thiazide does.

    python benchmarks/labs_nhanes.py FOLDER                               print the page
    python benchmarks/labs_nhanes.py FOLDER --write docs/validation/labs.md

FOLDER holds the NHANES files (US public-use, one row a person). The product does not depend on them.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rheobase.assess.facts import gather
from rheobase.knowledge import load_knowledge
from rheobase.labs.patterns import read_patterns
from rheobase.person import Answer, LabResult, Person, Status

CYCLES = ("nhanes_2013_2014", "nhanes_2015_2016", "nhanes_2017_2018")
MAGNESIUM = "nhanes_2021_2023_adults_serum_magnesium"
MEDICINES = "nhanes_2013_2014_medications"
VITAMIN_D = "nhanes_2011_2023_25ohd_healthy_adult_sample.csv"
NEEDED = (*(f"{each}.parquet" for each in (*CYCLES, MAGNESIUM, MEDICINES)), VITAMIN_D)
ADULT, OLDER = 20, 40
# Our analyte, the survey's variable, its unit.
MEASURED = (
    ("calcium_total", "LBXSCA", "mg/dL"),
    ("albumin", "LBXSAL", "g/dL"),
    ("potassium", "LBXSKSI", "mmol/L"),
    ("sodium", "LBXSNASI", "mmol/L"),
    ("chloride", "LBXSCLSI", "mmol/L"),
    ("bicarbonate", "LBXSC3SI", "mmol/L"),
    ("phosphate", "LBXSPH", "mg/dL"),
    ("creatinine", "LBXSCR", "mg/dL"),
    ("urea_nitrogen", "LBXSBU", "mg/dL"),
    ("glucose", "LBXSGL", "mg/dL"),
    ("ck", "LBXSCK", "IU/L"),
    ("magnesium", "LBXMAGN", "mg/dL"),
)
KNOWLEDGE = load_knowledge()
Row = Mapping[str, Any]
SEXES = {1: "male", 2: "female"}
Z = 1.96


@dataclass(frozen=True)
class Adult:
    """One adult: the survey's row, what was derived, the patterns seen."""

    row: Row
    values: Mapping[str, object]
    seen: tuple[str, ...]

    @property
    def weight(self) -> float:
        """Survey weight."""
        return float(self.row["weight"])


@dataclass(frozen=True)
class Estimate:
    """A weighted mean or share with its interval of 95 % from the survey's design."""

    value: float
    low: float
    high: float
    count: int


def rows(folder: Path, names: Sequence[str], *, age: int = ADULT, weight: str = "WTMEC2YR") -> list[dict[str, Any]]:
    """Return the adults of some files, the weight under ``weight`` and the sampling unit under ``unit``."""
    import polars as pl

    found = []
    for name in names:
        for row in pl.read_parquet(folder / f"{name}.parquet").iter_rows(named=True):
            if row["RIDAGEYR"] >= age and row.get("LBXSAL") is not None and (row.get(weight) or 0) > 0:
                unit = (name, row["SDMVSTRA"], row["SDMVPSU"])
                found.append({**row, "weight": row[weight], "unit": unit, "file": name})
    return found


def judged(row: Row) -> Adult:
    """Return an adult as the product reads them: US units in, everything derived out."""
    labs = tuple(LabResult(name, row[v], unit) for name, v, unit in MEASURED if row.get(v) is not None)
    told = {"age_years": Answer(Status.PRESENT, float(row["RIDAGEYR"]))}
    told["sex"] = Answer(Status.PRESENT, SEXES[row["RIAGENDR"]])
    values = gather(Person(labs=labs, answers=told), KNOWLEDGE).values
    return Adult(row, values, read_patterns(KNOWLEDGE, values)[0])


# ---- A second implementation, in conventional units ------------------------------------------------------------


def adjusted_calcium(row: Row) -> float:
    """Return albumin-adjusted calcium [mg/dL] by 0.8 for each g/dL below 4 or above 5."""
    albumin = row["LBXSAL"]
    return float(row["LBXSCA"] + 0.8 * (4.0 - albumin if albumin < 4.0 else min(5.0 - albumin, 0.0)))


def symmetrical_calcium(row: Row) -> float:
    """Return calcium [mg/dL] as the published formula adjusts it, on both sides of 4 g/dL."""
    return float(row["LBXSCA"] + 0.8 * (4.0 - row["LBXSAL"]))


def filtration(row: Row) -> float:
    """Return CKD-EPI 2021 [mL/min/1.73 m2], written out by branch."""
    creatinine, age = row["LBXSCR"], row["RIDAGEYR"]
    if row["RIAGENDR"] == 2:
        power = -0.241 if creatinine <= 0.7 else -1.2
        return float(142 * (creatinine / 0.7) ** power * 0.9938**age * 1.012)
    power = -0.302 if creatinine <= 0.9 else -1.2
    return float(142 * (creatinine / 0.9) ** power * 0.9938**age)


def gap(row: Row) -> float:
    """Return the anion gap [mEq/L]."""
    return float(row["LBXSNASI"] - (row["LBXSCLSI"] + row["LBXSC3SI"]))


def gap_at_albumin(row: Row) -> float:
    """Return the anion gap at an albumin of 4.4 g/dL [mEq/L]."""
    return gap(row) + 2.5 * (4.4 - float(row["LBXSAL"]))


def osmolality(row: Row) -> float:
    """Return 2 Na + glucose/18 + urea nitrogen/2.8 [mmol/kg]."""
    return float(2 * row["LBXSNASI"] + row["LBXSGL"] / 18 + row["LBXSBU"] / 2.8)


# Our value, the second one, the factor from its unit to ours, the largest difference allowed, why.
TWICE: tuple[tuple[str, Callable[[Row], float], float, float, str], ...] = (
    ("calcium_adjusted", adjusted_calcium, 0.2495, 0.002, "0.8 mg/dL is 0.01996, not 0.02 mmol/L"),
    ("egfr", filtration, 1.0, 1e-6, "the same coefficients, written out by branch"),
    ("anion_gap", gap, 1.0, 1e-9, ""),
    ("anion_gap_adjusted", gap_at_albumin, 1.0, 1e-9, ""),
    ("osmolality_calculated", osmolality, 1.0, 0.5, "1/18 and 1/2.8 are rounded factors"),
)


@dataclass(frozen=True)
class Agreement:
    """How far our values lie from a second implementation."""

    name: str
    people: int
    largest: float
    allowed: float
    why: str


def agreements(adults: Sequence[Adult]) -> Iterator[Agreement]:
    """Yield, for each derived value, the largest difference over everybody with all its inputs."""
    for name, second, factor, allowed, why in TWICE:
        off = []
        for adult in adults:
            ours = adult.values.get(f"lab.{name}")
            try:
                theirs = second(adult.row) * factor
            except TypeError:
                continue
            if isinstance(ours, float | int):
                off.append(abs(ours - theirs))
        yield Agreement(name, len(off), max(off), allowed, why)


# ---- Shares and means with the survey's design --------------------------------------------------------------------


def estimate(people: Sequence[Row], score: Callable[[Row], float]) -> Estimate:
    """Return a weighted mean with its interval, by linearisation over strata and sampling units."""
    total = math.fsum(row["weight"] for row in people)
    value = math.fsum(row["weight"] * score(row) for row in people) / total
    error = _error([(row["unit"], row["weight"] * (score(row) - value) / total) for row in people])
    return Estimate(value, value - Z * error, value + Z * error, len(people))


def difference(one: Sequence[Row], other: Sequence[Row], score: Callable[[Row], float]) -> Estimate:
    """Return the difference of two weighted means (one less other) with its interval."""
    parts: list[tuple[tuple[Any, ...], float]] = []
    means = []
    for people, sign in ((one, 1), (other, -1)):
        total = math.fsum(row["weight"] for row in people)
        mean = math.fsum(row["weight"] * score(row) for row in people) / total
        means.append(mean)
        parts += [(row["unit"], sign * row["weight"] * (score(row) - mean) / total) for row in people]
    error, value = _error(parts), means[0] - means[1]
    return Estimate(value, value - Z * error, value + Z * error, len(one))


def _error(parts: Sequence[tuple[tuple[Any, ...], float]]) -> float:
    """Return the standard error of a sum of linearised values: between sampling units within strata."""
    units: dict[tuple[Any, ...], float] = {}
    for unit, value in parts:
        units[unit] = units.get(unit, 0.0) + value
    strata: dict[tuple[Any, ...], list[float]] = {}
    for unit, value in units.items():
        strata.setdefault(unit[:-1], []).append(value)
    variance = 0.0
    for values in strata.values():
        if len(values) > 1:
            mean = math.fsum(values) / len(values)
            variance += len(values) / (len(values) - 1) * math.fsum((value - mean) ** 2 for value in values)
    return math.sqrt(variance)


@dataclass(frozen=True)
class Low:
    """One cut: our words, the survey's variable, the limit in its unit, and what was published."""

    words: str
    score: Callable[[Row], float | None]
    limit: float
    published: str = "none found"


def _ca(row: Row) -> float | None:
    return None if row["LBXSCA"] is None else adjusted_calcium(row) * 0.2495


def _symmetrical(row: Row) -> float | None:
    return None if row["LBXSCA"] is None else symmetrical_calcium(row) * 0.2495


def _of(name: str) -> Callable[[Row], float | None]:
    return lambda row: row[name]


PRIMARY_CARE = "1.7 % (0.8 to 3.7) in primary care with each laboratory's own slope (community_calcium2020, A)"
POTASSIUM = "3.8 % (1999) rising to 11.1 % (2016), NHANES, 12-80 years (Sun 2020, A); 0.84 % of older Poles (A)"
PHOSPHATE = "12 to 16 % at or below 0.8 in samples of general practice and hospital, England (Ann Clin Biochem 1999, A)"
CUTS = (
    Low("potassium below 3.5 mmol/L", _of("LBXSKSI"), 3.5, POTASSIUM),
    Low("potassium below 3.0", _of("LBXSKSI"), 3.0),
    Low("potassium below 2.5", _of("LBXSKSI"), 2.5),
    Low("adjusted calcium below 2.20 mmol/L (8.8 mg/dL counts as 2.20)", _ca, 2.195, PRIMARY_CARE),
    Low("the same by the published, symmetrical formula", _symmetrical, 2.195),
    Low("adjusted calcium below 2.1", _ca, 2.1),
    Low("adjusted calcium below 1.9", _ca, 1.9),
    Low("sodium below 135 mmol/L", _of("LBXSNASI"), 135, "2 %, NHANES 2009-2016 (Overwyk 2020, A)"),
    Low("sodium below 133", _of("LBXSNASI"), 133, "1.72 % (Mohan 2013, B)"),
    Low("sodium below 130", _of("LBXSNASI"), 130),
    Low("sodium below 125", _of("LBXSNASI"), 125),
    Low("phosphate below 0.8 mmol/L (2.48 mg/dL)", _of("LBXSPH"), 0.8 / 0.3229, PHOSPHATE),
    Low("phosphate below 0.6", _of("LBXSPH"), 0.6 / 0.3229),
    Low("phosphate below 0.3", _of("LBXSPH"), 0.3 / 0.3229),
)
NONE = "none found"
VITAMIN_D_PUBLISHED = {
    30: "5.0 % (4.1 to 6.2) from 1 year on; 2.9 to 7.6 % of adults by age, 2011-2014 (Herrick 2019, A)"
}
MAGNESIUM_CUTS = (
    Low("magnesium below 0.70 mmol/L (1.7 mg/dL)", _of("LBXMAGN"), 1.7, "2 to 2.5 % (J Fam Pract, A)"),
    Low("magnesium below 0.6 (1.5 mg/dL)", _of("LBXMAGN"), 1.5),
    Low("magnesium below 0.5 (1.2 mg/dL)", _of("LBXMAGN"), 1.2),
)


def shares(people: Sequence[Row], cuts: Sequence[Low]) -> Iterator[tuple[Low, Estimate, int]]:
    """Yield the share below each cut, and how many people that is."""
    for cut in cuts:
        known = [row for row in people if cut.score(row) is not None]

        def below(row: Row, cut: Low = cut) -> float:
            value = cut.score(row)
            return float(value is not None and value < cut.limit)

        yield cut, estimate(known, below), int(math.fsum(below(row) for row in known))


# ---- Hydrochlorothiazide --------------------------------------------------------------------------------------------


def thiazide(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return adults of 40 and over of 2013-2014 who take hydrochlorothiazide, and all others, with a potassium."""
    import polars as pl

    taken = pl.read_parquet(folder / f"{MEDICINES}.parquet")
    users = set(taken.filter(pl.col("RXDDRUG").str.contains("HYDROCHLOROTHIAZIDE"))["SEQN"].to_list())
    people = [row for row in rows(folder, CYCLES[:1], age=OLDER) if row["LBXSKSI"] is not None]
    return [row for row in people if row["SEQN"] in users], [row for row in people if row["SEQN"] not in users]


def thiazide_lines(folder: Path) -> Iterator[str]:
    """Yield what hydrochlorothiazide does to potassium."""
    users, others = thiazide(folder)
    mean, low = _of("LBXSKSI"), lambda row: float(row["LBXSKSI"] < 3.5)
    yield from HEAD_THIAZIDE
    for words, people in (("hydrochlorothiazide, alone or combined", users), ("none", others)):
        average, share = estimate(people, lambda row: float(mean(row) or 0)), estimate(people, low)
        yield f"| {words} | {len(people):,} | {_plain(average, 2)} | {_percent(share)} |"
    off = difference(users, others, lambda row: float(row["LBXSKSI"]))
    more = difference(users, others, low)
    yield from ("", f"Difference: {_plain(off, 2)} mmol/L, and {_percent(more)} more with a potassium below 3.5.", "")
    yield from (PUBLISHED_THIAZIDE, "")


# ---- The page --------------------------------------------------------------------------------------------------------


def _percent(each: Estimate) -> str:
    return f"{100 * each.value:.2f} % ({max(100 * each.low, 0):.2f} to {100 * each.high:.2f})"


def _plain(each: Estimate, places: int) -> str:
    return f"{each.value:.{places}f} ({each.low:.{places}f} to {each.high:.{places}f})"


def share_lines(people: Sequence[Row], magnesium: Sequence[Row], vitamin: Sequence[float]) -> Iterator[str]:
    """Yield how common low results are."""
    yield from HEAD_SHARES
    for group, cuts in ((magnesium, MAGNESIUM_CUTS), (people, CUTS)):
        for cut, share, below in shares(group, cuts):
            yield f"| {cut.words} | {share.count:,} | {below} | {_percent(share)} | {cut.published} |"
    for limit in (30, 25, 15):
        below = sum(value < limit for value in vitamin)
        words, found = f"25-OH vitamin D below {limit} nmol/L", f"{100 * below / len(vitamin):.2f} % (not weighted)"
        yield f"| {words} | {len(vitamin):,} | {below} | {found} | {VITAMIN_D_PUBLISHED.get(limit, NONE)} |"
    yield from ("", FAIRNESS, "")


def pattern_lines(adults: Sequence[Adult]) -> Iterator[str]:
    """Yield how often each pattern is named in people who were not chosen for an illness."""
    seen: Counter[str] = Counter()
    for adult in adults:
        seen.update(adult.seen)
    yield from HEAD_PATTERNS
    for name, count in seen.most_common():
        yield f"| {KNOWLEDGE.patterns[name].name} | {count:,} | {100 * count / len(adults):.2f} % |"
    yield ""


def cycle_lines(people: Sequence[Row]) -> Iterator[str]:
    """Yield what the survey's methods did to calcium, albumin and the anion gap."""
    yield from HEAD_CYCLES
    for name in dict.fromkeys(row["file"] for row in people):
        here = [row for row in people if row["file"] == name]
        calcium, albumin = ([row[each] for row in here if row[each] is not None] for each in ("LBXSCA", "LBXSAL"))
        parts = ("LBXSNASI", "LBXSCLSI", "LBXSC3SI")
        gaps = sorted(gap(row) for row in here if all(row[each] is not None for each in parts))
        top = gaps[int(0.975 * len(gaps))]
        means = (math.fsum(each) / len(each) for each in (calcium, albumin))
        years = name.removeprefix("nhanes_").split("_adults")[0].replace("_", "-")
        yield f"| {years} | {' | '.join(f'{each:.2f}' for each in means)} | {top:.0f} |"
    yield ""


def page(folder: Path) -> str:
    """Return the page in Markdown."""
    people, magnesium = rows(folder, CYCLES), rows(folder, [MAGNESIUM], weight="WTPH2YR")
    magnesium = [row for row in magnesium if row["LBXMAGN"] is not None]
    adults = [judged(row) for row in people]
    lines = [HEAD.format(people=f"{len(adults):,}", magnesium=f"{len(magnesium):,}"), *HEAD_TWICE]
    for each in agreements(adults):
        fine = "yes" if each.largest <= each.allowed else "NO"
        name = KNOWLEDGE.analytes[each.name].name
        lines.append(f"| {name} | {each.people:,} | {each.largest:.2g} | {each.allowed:g} | {fine} | {each.why} |")
    lines.append("")
    lines += [*share_lines(people, magnesium, vitamin_d(folder)), *cycle_lines([*people, *magnesium])]
    lines += thiazide_lines(folder)
    lines += pattern_lines([*adults, *(judged(row) for row in magnesium)])
    return "\n".join([*lines, NOTES])


def vitamin_d(folder: Path) -> list[float]:
    """Return the sample of 25-OH vitamin D [nmol/L] of healthy adults."""
    import polars as pl

    return [float(each) for each in pl.read_csv(folder / VITAMIN_D)["lbxvidms_nmol_l"].drop_nulls()]


HEAD = """# Blood tests against a national survey

Printed by `benchmarks/labs_nhanes.py FOLDER`; do not edit. NHANES 2013-2018, {people} adults (20+) with a blood sample,
and {magnesium} adults of 2021-2023 with serum magnesium. Shares and means carry the examination weights (blood weights
in 2021-2023); intervals of 95 % come from strata and sampling units.
"""
HEAD_TWICE = (
    "## Derived values, worked out twice",
    "",
    "Results go in as the survey has them (mg/dL, g/dL, mEq/L); the product converts, joins and derives them. The",
    "second value is worked out from the same row in conventional units by formulas written for this page.",
    "",
    "| | people | largest difference | allowed | agrees | why not 0 |",
    "|---|---|---|---|---|---|",
)
HEAD_SHARES = (
    "## How common low results are",
    "",
    "These are the rates without the cause behind the grades of `evidence.csv` (lab_grades.toml).",
    "",
    "| | people | below | share (95 %) | published |",
    "|---|---|---|---|---|",
)
FAIRNESS = """The magnesium sample leaves out heavy drinkers and people with hepatitis, and its values come in steps of
0.1 mg/dL, so that its share is near to, not equal to, a share below 0.70 mmol/L; it is twice the published one. The
vitamin D sample leaves out people with major illness. Low adjusted calcium is about as common as a reference interval
means (2.5 %), and depends on the cycle (below). By the published formula, which takes calcium off from 40 g/L of
albumin upwards, where most healthy people are, one adult in ten would be low: so an albumin of 40 to 50 g/L changes
nothing here (our decision, grade C). The laboratory's interval still wins, and a calcium between 2.1 and 2.2 weighs
much less than a lower one.
Low potassium was reported from the same survey by others, and rose over its years; in older Poles it is rarer by an
order: the country, the tube and the way to the laboratory matter as much as the limit. The English phosphates are
samples that a doctor asked for, not a population.
"None found": no share of the general population below that limit was found, by a short search."""
HEAD_CYCLES = (
    "## How much the method matters",
    "",
    "Plain means of adults by cycle, and the upper end (97.5 %) of the anion gap without potassium.",
    "",
    "| cycle | calcium, mg/dL | albumin, g/dL | upper end of the anion gap, mmol/L |",
    "|---|---|---|---|",
)
HEAD_THIAZIDE = (
    "## Hydrochlorothiazide and potassium",
    "",
    "Adults of 40 and over, 2013-2014.",
    "",
    "| takes | people | mean potassium, mmol/L | below 3.5 |",
    "|---|---|---|---|",
)
PUBLISHED_THIAZIDE = (
    "Published: 12.6 % of users below 3.5 (NHANES 1999-2018, A); 1.96 % of older Poles on diuretics (A)."
)
HEAD_PATTERNS = (
    "## How often a pattern is named",
    "",
    "In everybody above, nobody chosen for an illness and no symptom told; only some of the tests were done in each.",
    "",
    "| pattern | people | share (not weighted) |",
    "|---|---|---|",
)
NOTES = """## What is wrong with it

- It tests arithmetic and rates, not whether a pattern is right: nobody here has a diagnosis. No PTH, pH, ionised
  calcium or urine electrolytes were measured, so most patterns can't be tried.
- People who are tested because they twitch are more often ill than the population; the rates are a stand-in.
- No cycle was adjusted to another.
- Users of a thiazide differ from others in more than the tablet, and some take potassium with it.
"""


def main(arguments: Sequence[str]) -> int:
    """Print or write the page; 2 where the data are absent."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args(arguments)
    missing = [name for name in NEEDED if not (given.folder / name).exists()]
    if missing:
        print(f"skipped: no {missing[0]} in the folder given; it is a public-use survey file, not part of this package")
        return 2
    text = page(given.folder)
    if given.write:
        given.write.write_text(text, encoding="utf-8")
        print(f"written: {given.write.name}")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
