"""Which values are worked out from a person's results, and what is said of each; the sums are in ``labs.derived``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rheobase.assess.lab_reading import HIGH, LOW, NORMAL, Reading
from rheobase.knowledge import Formula, Knowledge
from rheobase.labs import derived
from rheobase.person import Value
from rheobase.plain_text import in_sentence

AGE, SEX, SEXES = "age_years", "sex", ("female", "male")
PREGNANT = "pregnant"
PER_DAY = ("/day", "/24", "/d")


@dataclass(slots=True)
class Deriving:
    """Works out values from readings.

    Attributes:
        knowledge: The formulas.
        readings: The newest reading of each analyte.
        values: What else is known (age, sex, pregnancy).
        notes: Takes what was assumed.
        made: What has been worked out so far.
        mixed: Whether results with and without a date were put together, as if of one day: unknown is not old.
    """

    knowledge: Knowledge
    readings: Mapping[str, Reading]
    values: Mapping[str, Value]
    notes: list[str]
    made: dict[str, Reading] = field(default_factory=dict)
    mixed: bool = False

    def all(self) -> Iterator[Reading]:
        """Yield every value that can be worked out and was not measured."""
        steps = (self._calcium, self._rate, self._ionised, self._gaps, self._sodium, self._osmolality, self._urine)
        for step in steps:
            for reading in step():
                if reading.analyte not in self.readings:
                    self.made[reading.analyte] = reading
                    yield reading
        if self.mixed:
            self.notes.append("Results with and without a date were put together as if all were of one day.")

    def _formula(self, name: str) -> Formula:
        return self.knowledge.formulas[name]

    def _get(self, name: str) -> Reading | None:
        return self.readings.get(name) or self.made.get(name)

    def _inputs(self, formula: Formula, *names: str) -> list[float] | None:
        """Return the values of some analytes in SI, if all are known and of near enough days."""
        found = [self._get(name) for name in names]
        days = {each.result.taken for each in found if each is not None and each.result is not None} - {None}
        values = [each.value for each in found if each is not None and each.value is not None and not _bound(each)]
        if len(values) != len(names):
            return None
        taken = sorted(day for day in days if day is not None)
        apart = (taken[-1] - taken[0]).days if taken else 0
        if apart > formula.constants.get("days_apart", 0):
            return None
        undated = any(each is not None and each.result is not None and each.result.taken is None for each in found)
        self.mixed |= undated and bool(taken)
        return values

    def _reading(self, analyte: str, value: float, words: str, formula: Formula) -> Reading:
        return Reading(analyte, value, None, words, {f"lab.{analyte}": value}, None, formula.id)

    def _calcium(self) -> Iterator[Reading]:
        calcium = self.readings.get("calcium_total")
        if calcium is None or "calcium_adjusted" in self.readings:
            return
        formula = self._formula("albumin_adjusted_calcium_si")
        analyte = self.knowledge.analytes["calcium_adjusted"]
        known = self._inputs(formula, "calcium_total", "albumin")
        if known is not None and known[1] >= formula.constants["albumin_lowest"]:
            # The laboratory's flag was for the total; the adjusted value is judged by our own interval.
            value = derived.adjusted_calcium(formula.constants, *known)
            words = f"calcium {value:.2f} mmol/L after adjustment for albumin"
            self._disputed(known)
            yield self._reading("calcium_adjusted", value, words, formula)
            return
        sets = {name: value for name, value in calcium.sets.items() if name != "lab.calcium_total"}
        if calcium.value is not None:
            self.notes.append("Calcium could not be adjusted for albumin; the total was used as it stands.")
            sets["lab.calcium_adjusted"] = calcium.sets["lab.calcium_total"]
        by_flag = {analyte.low_finding: LOW, analyte.high_finding: HIGH}
        if calcium.flag in (LOW, NORMAL, HIGH):
            sets.update({name: flag == calcium.flag for name, flag in by_flag.items() if name is not None})
        albumin = self.readings.get("albumin")
        why = "albumin not known" if albumin is None or albumin.value is None else "not adjusted for this albumin"
        words = f"{calcium.words}, {why}"
        yield Reading("calcium_adjusted", calcium.value, calcium.flag, words, sets, None)

    def _disputed(self, known: list[float]) -> None:
        """Say so where another published way to adjust would put calcium on the other side of a limit."""
        limits = self.knowledge.analytes["calcium_total"].reference_adult_si
        names = ("albumin_adjusted_calcium_si", "albumin_adjusted_calcium_payne_original")
        values = [derived.adjusted_calcium(self._formula(name).constants, *known) for name in names]
        if limits and len({(value < limits[0], value > limits[1]) for value in values}) > 1:
            ours, payne = values
            self.notes.append(
                f"Two published ways to adjust calcium for albumin disagree here: {ours:.2f} mmol/L (used) and "
                f"{payne:.2f}. Ionised calcium would settle it."
            )

    def _rate(self) -> Iterator[Reading]:
        formula = self._formula("egfr_ckd_epi_2021")
        known = self._inputs(formula, "creatinine")
        age, sex = self.values.get(AGE), self.values.get(SEX)
        if not known or not known[0] or not isinstance(age, float | int) or sex not in SEXES:
            return
        if age < formula.constants["age_least"]:
            return
        rate = derived.filtration_rate(formula.constants, known[0], age, str(sex))
        yield self._reading("egfr", rate, f"kidney filtration rate about {rate:.0f}, from creatinine", formula)

    def _ionised(self) -> Iterator[Reading]:
        formula = self._formula("ionised_ca_ph")
        # The day and the sign of an adjusted calcium are those of the total that it was worked out from.
        measured = () if "calcium_adjusted" in self.readings else ("calcium_total",)
        known = self._inputs(formula, "calcium_adjusted", "ph", *measured)
        if known is None or "calcium_ionised" in self.readings:
            return
        first, last = sorted(derived.ionised_estimate(formula.constants, known[0], known[1]))
        words = (
            f"ionised calcium roughly {first:.2f} to {last:.2f} mmol/L by total calcium and pH: a guess, to be measured"
        )
        yield self._reading("calcium_ionised_estimate", (first + last) / 2, words, formula)

    def _gaps(self) -> Iterator[Reading]:
        formula = self._formula("anion_gap")
        parts = ("sodium", "chloride", "bicarbonate")
        if (known := self._inputs(formula, *parts)) is not None:
            gap = derived.anion_gap(*known)
            yield self._reading("anion_gap", gap, f"anion gap {gap:.0f} mmol/L", formula)
        if (known := self._inputs(formula, *parts, "potassium")) is not None:
            gap = derived.anion_gap(*known)
            words = f"anion gap with potassium {gap:.0f} mmol/L"
            yield self._reading("anion_gap_with_potassium", gap, words, formula)
        albumin = self._formula("anion_gap_albumin")
        if (known := self._inputs(albumin, *parts, "albumin")) is not None:
            gap = derived.anion_gap(*known[:3])
            adjusted = derived.anion_gap_at_usual_albumin(albumin.constants, gap, known[3])
            yield self._reading("anion_gap_adjusted", adjusted, f"anion gap {adjusted:.0f} at a usual albumin", albumin)

    def _sodium(self) -> Iterator[Reading]:
        formula = self._formula("sodium_for_glucose")
        known = self._inputs(formula, "sodium", "glucose")
        if known is None or known[1] < formula.constants["glucose_least"]:
            return
        katz = derived.sodium_at_usual_glucose(formula.constants, *known)
        hillier = derived.sodium_at_usual_glucose(self._formula("sodium_for_glucose_hillier").constants, *known)
        words = f"sodium {katz:.0f} mmol/L at a usual sugar ({hillier:.0f} by another formula)"
        yield self._reading("sodium_corrected", katz, words, formula)

    def _osmolality(self) -> Iterator[Reading]:
        formula = self._formula("osmolality")
        # The same molecule, reported by its nitrogen in the United States.
        urea = "urea" if "urea" in self.readings else "urea_nitrogen"
        parts = ("sodium", "glucose", urea)
        if (known := self._inputs(formula, *parts)) is None:
            return
        worked_out = derived.osmolality(formula.constants, *known)
        yield self._reading("osmolality_calculated", worked_out, f"osmolality {worked_out:.0f} worked out", formula)
        if (measured := self._inputs(formula, "osmolality", *parts)) is not None:
            gap = measured[0] - worked_out
            yield self._reading("osmolal_gap", gap, f"osmolality {gap:.0f} above what is worked out", formula)

    def _urine(self) -> Iterator[Reading]:
        yield from self._excreted(
            "fractional_excretion_mg", "fe_magnesium", "magnesium", "magnesium lost in urine {:.1f} %"
        )
        yield from self._excreted(
            "fractional_excretion_k", "fe_potassium", "potassium", "potassium lost in urine {:.0f} %"
        )
        yield from self._excreted(
            "calcium_creatinine_clearance", "calcium_creatinine_clearance", "calcium", "calcium clearance ratio {:.4f}"
        )
        creatinine = "urine_creatinine"
        yield from self._ratio("urine_potassium_creatinine", "urine_potassium", creatinine)
        yield from self._ratio("urine_calcium_creatinine", "urine_calcium", creatinine)
        yield from self._ratio("urine_sodium_chloride", "urine_sodium", "urine_chloride")
        formula = self._formula("transtubular_potassium_gradient")
        names = ("urine_potassium", "potassium", "urine_osmolality", "osmolality")
        known, sodium = self._inputs(formula, *names), self._inputs(formula, "urine_sodium")
        if known is None or sodium is None or _per_day(self.readings["urine_potassium"]) or not all(known):
            return
        # It holds only where the urine is more concentrated than the blood and sodium reaches the last tubule.
        if known[2] > known[3] and sodium[0] > formula.constants["urine_sodium_least"]:
            gradient = derived.transtubular_gradient(*known)
            yield self._reading("ttkg", gradient, f"transtubular potassium gradient {gradient:.1f}", formula)

    def _excreted(self, name: str, analyte: str, substance: str, words: str) -> Iterator[Reading]:
        formula = self._formula(name)
        serum = "calcium_total" if substance == "calcium" else substance
        urine = f"urine_{substance}"
        known = self._inputs(formula, urine, serum, "urine_creatinine", "creatinine")
        if known is None or not all(known[1:]) or not self._alike(urine, "urine_creatinine"):
            return
        value = derived.fractional_excretion(
            formula.constants, known[0], known[1], urine_creatinine=known[2], serum_creatinine=known[3]
        )
        yield self._reading(analyte, value, words.format(value), formula)

    def _ratio(self, name: str, above: str, below: str) -> Iterator[Reading]:
        formula = self._formula(name)
        known = self._inputs(formula, above, below)
        if known is None or not known[1] or not self._alike(above, below):
            return
        value = known[0] / known[1]
        words = f"{in_sentence(self.knowledge.analytes[name].name)} {value:.2f}"
        yield self._reading(name, value, words, formula)

    def _alike(self, *names: str) -> bool:
        """Whether urine results are all per volume, or all per day: a mixture says nothing."""
        return len({_per_day(self.readings[name]) for name in names}) == 1


def _bound(reading: Reading) -> bool:
    """Whether the laboratory gave only ``<`` or ``>``: no arithmetic is done on that."""
    return reading.result is not None and reading.result.comparator is not None


def _per_day(reading: Reading) -> bool:
    unit = (reading.result.unit if reading.result is not None else None) or ""
    return unit.replace(" ", "").endswith(PER_DAY) or "/24" in unit
