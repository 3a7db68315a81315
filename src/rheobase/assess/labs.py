"""Blood tests: to SI units, to the findings that they set, and to the two values derived from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rheobase.knowledge import Analyte, Knowledge
from rheobase.person import LabResult, Person, Value
from rheobase.units import convert

LOW, NORMAL, HIGH, POSITIVE, NEGATIVE = "low", "normal", "high", "positive", "negative"


@dataclass(frozen=True, slots=True)
class Reading:
    """One result in SI, its flag, and every value that it sets.

    Attributes:
        analyte: Analyte id.
        value: In the analyte's SI unit; None for a flag alone.
        flag: ``low``, ``normal``, ``high``, ``positive``, ``negative`` or None when no interval is known.
        words: The result as the laboratory wrote it, for the ledger.
        sets: Values by name, ``lab.<analyte>`` and findings.
        result: The original result; None for a derived value.
    """

    analyte: str
    value: float | None
    flag: str | None
    words: str
    sets: Mapping[str, Value]
    result: LabResult | None


def read_labs(
    person: Person, knowledge: Knowledge, values: Mapping[str, Value]
) -> tuple[tuple[Reading, ...], list[str]]:
    """Return the readings of a person's results, the newest of each analyte deciding, and notes on what was assumed.

    Args:
        person: Whose results.
        knowledge: Analytes, units, formulas.
        values: What else is known (age and sex for the filtration rate).
    """
    notes: list[str] = []
    newest: dict[str, LabResult] = {}
    for result in person.labs:
        previous = newest.get(result.analyte)
        undated = previous is None or previous.taken is None or result.taken is None
        if undated or (previous and previous.taken and result.taken and result.taken >= previous.taken):
            newest[result.analyte] = result
    readings = [_read(knowledge.analytes[r.analyte], r) for r in newest.values() if r.analyte in knowledge.analytes]
    readings.extend(_derived(knowledge, {r.analyte: r for r in readings}, values, notes))
    return tuple(readings), notes


def in_si(analyte: Analyte, value: float, unit: str) -> float:
    """Return a value in the analyte's SI unit.

    Raises:
        UnknownUnitError: The unit is not one of the analyte's.
    """
    return convert(value, unit, {accepted.unit: accepted.to_si for accepted in analyte.units})


def _read(analyte: Analyte, result: LabResult) -> Reading:
    value = None if result.value is None else in_si(analyte, result.value, result.unit or analyte.unit_si or "")
    flag = result.flag or _flag(result)
    sets: dict[str, Value] = dict(_findings(analyte, flag))
    if value is not None:
        sets[f"lab.{analyte.id}"] = value
    number = "" if result.value is None else f" {result.comparator or ''}{result.value:g} {result.unit or ''}".rstrip()
    words = f"{analyte.name}{number}" + (f" ({flag})" if flag else "")
    return Reading(analyte.id, value, flag, words, sets, result)


def _flag(result: LabResult) -> str | None:
    """Return the flag by the laboratory's own interval; none is made up where it printed none."""
    if result.value is None:
        return None
    if result.low is not None and result.value < result.low:
        return LOW
    if result.high is not None and result.value > result.high:
        return HIGH
    return NORMAL if result.low is not None and result.high is not None else None


def _findings(analyte: Analyte, flag: str | None) -> Iterator[tuple[str, Value]]:
    by_flag = {
        LOW: analyte.low_finding,
        HIGH: analyte.high_finding,
        POSITIVE: analyte.positive_finding,
        NEGATIVE: analyte.negative_finding,
    }
    if flag is None:
        return
    for each, finding in by_flag.items():
        if finding is None:
            continue
        yield finding, each == flag


def _derived(
    knowledge: Knowledge, readings: Mapping[str, Reading], values: Mapping[str, Value], notes: list[str]
) -> Iterator[Reading]:
    if "calcium_adjusted" not in readings and (calcium := readings.get("calcium_total")) is not None:
        yield _adjusted_calcium(knowledge, calcium, readings.get("albumin"), notes)
    if "egfr" not in readings and (creatinine := readings.get("creatinine")) is not None and creatinine.value:
        age, sex = values.get("age_years"), values.get("sex")
        if isinstance(age, float) and isinstance(sex, str) and sex in ("female", "male"):
            rate = filtration_rate(knowledge.formulas["egfr_ckd_epi_2021"].constants, creatinine.value, age, sex)
            words = f"kidney filtration rate about {rate:.0f}, from creatinine"
            yield Reading("egfr", rate, None, words, {"lab.egfr": rate}, None)


def _adjusted_calcium(knowledge: Knowledge, calcium: Reading, albumin: Reading | None, notes: list[str]) -> Reading:
    """Return albumin-adjusted calcium; without an albumin the total stands in, and that is said."""
    constants = knowledge.formulas["albumin_adjusted_calcium_si"].constants
    value, words = calcium.value, f"{calcium.words}, albumin not known"
    sets = dict(calcium.sets)
    analyte = knowledge.analytes["calcium_adjusted"]
    usable = albumin is not None and albumin.value is not None and albumin.value >= constants["albumin_lowest"]
    if value is not None and usable and albumin is not None and albumin.value is not None:
        value += constants["slope"] * (constants["albumin_reference"] - albumin.value)
        words = f"calcium {value:.2f} mmol/L after adjustment for albumin"
        # The laboratory's flag was for the total; the adjusted value is judged by our own interval.
        sets = {}
    elif value is not None:
        notes.append("Calcium could not be adjusted for albumin; the total was used as it stands.")
    sets.pop("lab.calcium_total", None)
    if calcium.flag and not (usable and calcium.value is not None):
        sets.update(_findings(analyte, calcium.flag))
    if value is not None:
        sets["lab.calcium_adjusted"] = value
    return Reading("calcium_adjusted", value, calcium.flag if sets else None, words, sets, None)


def filtration_rate(constants: Mapping[str, float], creatinine: float, age: float, sex: str) -> float:
    """Return the estimated glomerular filtration rate [mL/min/1.73 m2] by CKD-EPI 2021.

    Args:
        constants: ``kappa_female``, ``kappa_male``, ``alpha_female``, ``alpha_male``, ``factor``, ``exponent``,
            ``age_base``, ``female_factor``, ``umol_per_mg_dl`` of the formula.
        creatinine: Serum creatinine [umol/L].
        age: Years.
        sex: ``female`` or ``male``.

    Source:
        Inker LA et al. N Engl J Med 2021;385:1737-1749.
    """
    ratio = creatinine / constants["umol_per_mg_dl"] / constants[f"kappa_{sex}"]
    rate: float = constants["factor"] * min(ratio, 1) ** constants[f"alpha_{sex}"]
    rate *= max(ratio, 1) ** constants["exponent"] * constants["age_base"] ** age
    return rate * (constants["female_factor"] if sex == "female" else 1)
