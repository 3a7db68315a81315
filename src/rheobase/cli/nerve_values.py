"""The values that the nerve is shown with: from options, else from a case file, else normal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rheobase.errors import DataRefusedError, UsageError

if TYPE_CHECKING:
    from rheobase.nerve.concentrations import Serum
    from rheobase.person import LabResult

# Blood tests of a case file that the model reads: by analyte, the name here.
ANALYTES = {
    "calcium_ionised": "calcium_ionised",
    "calcium_total": "calcium_total",
    "calcium_adjusted": "calcium_adjusted",
    "albumin": "albumin",
    "magnesium": "magnesium_total",
    "potassium": "potassium",
    "sodium": "sodium",
    "ph": "ph",
}
_EITHER = (("calcium_ionised", "calcium_total", "--ca", "--total-ca"),
           ("magnesium_ionised", "magnesium_total", "--mg", "--total-mg"))  # fmt: skip


@dataclass(slots=True)
class NerveValues:
    """What is known of the serum.

    Attributes:
        told: By options, by name.
        read: From a case file.
        steady: Whether the pH has been so for hours, not minutes.
        said: After ``serum()``: what each value was taken from, in words, by the name of the input.
    """

    told: Mapping[str, float]
    read: Mapping[str, float]
    steady: bool = False
    said: dict[str, str] = field(default_factory=dict)

    def serum(self) -> Serum:
        """Return the serum.

        Raises:
            DataRefusedError: A value is impossible; says what is possible.
            UsageError: Both the ionised and the total value were given.
        """
        from rheobase.knowledge.nerve_facts import load_nerve_facts
        from rheobase.nerve.concentrations import possible, serum_of

        for ionised, total, one, other in _EITHER:
            if ionised in self.told and total in self.told:
                raise UsageError(f"Give {one} or {other}, not both.")
        inputs, names = load_nerve_facts().inputs, ("potassium", "sodium", "ph", "temperature", "albumin")
        plain = {name: self._value(name) for name in names}
        checked = {name: possible(inputs[name], value) for name, value in plain.items() if value is not None}
        ions = {"calcium_ionised": self._calcium(checked.get("ph")), "magnesium_ionised": self._magnesium()}
        known = {name: value for name, value in (checked | ions).items() if value is not None and name != "albumin"}
        if "albumin" in self.told and "calcium" not in self.said.get("calcium_ionised", ""):
            raise UsageError("--albumin serves to judge total calcium by: give --total-ca too, or leave it out.")
        for name in known:
            self.said.setdefault(name, "as given")
        return serum_of(known)

    def _calcium(self, ph: float | None) -> float | None:
        """Return ionised calcium: as given, or estimated from the total or from what a laboratory adjusted."""
        from rheobase.nerve.concentrations import ionised_calcium

        albumin, total, how = self._value("albumin"), self._chosen("calcium"), "total"
        if total is None:
            own, adjusted = self._value("calcium_ionised"), self.read.get("calcium_adjusted")
            if own is not None or adjusted is None:
                return own
            albumin, total, how = None, adjusted, "adjusted"
        estimate = ionised_calcium(total, albumin=albumin, ph=ph, breathing="steady" if self.steady else "minutes")
        words = f"estimated from {how} calcium {total:g} mmol/L"
        self.said["calcium_ionised"] = words + (f" and albumin {albumin:g} g/L" if albumin is not None else "")
        return estimate

    def _magnesium(self) -> float | None:
        """Return ionised magnesium: as given, or estimated from the total."""
        from rheobase.nerve.concentrations import ionised_magnesium

        if (total := self._chosen("magnesium")) is None:
            return self._value("magnesium_ionised")
        self.said["magnesium_ionised"] = f"estimated from total magnesium {total:g} mmol/L"
        return ionised_magnesium(total)

    def _value(self, name: str) -> float | None:
        return self.told.get(name, self.read.get(name))

    def _chosen(self, element: str) -> float | None:
        """Return the total to estimate from, or None where the ionised value itself is known."""
        ionised, total = f"{element}_ionised", f"{element}_total"
        if total in self.told:
            return self.told[total]
        return None if ionised in self.told or ionised in self.read else self.read.get(total)


def told_values(file: str | None, given: Mapping[str, float | str | None]) -> NerveValues:
    """Return what a command was told.

    Args:
        file: A case file, - for standard input, None for none.
        given: The options of ``nerve_options.serum_options``.

    Raises:
        DataRefusedError: The file cannot be read, or holds none of these blood tests.
    """
    numbers = {name: each for name, each in given.items() if name != "breathing"}
    told = {name: float(value) for name, value in numbers.items() if value is not None}
    return NerveValues(told, {} if file is None else values_of_file(file), steady=given.get("breathing") == "steady")


def values_of_file(file: str) -> dict[str, float]:
    """Return what a case file's blood tests say, in SI units, the newest of each.

    Raises:
        DataRefusedError: The file cannot be read, or holds none of these blood tests.
    """
    from rheobase.assess.labs import in_si
    from rheobase.importers.case_file import read_case
    from rheobase.importers.text_file import read_limited
    from rheobase.knowledge import load_knowledge

    knowledge = load_knowledge()
    name = "standard input" if file == "-" else file
    person = read_case(read_limited("-" if file == "-" else Path(file)), knowledge, name=name)
    newest: dict[str, LabResult] = {}
    for result in person.labs:
        before = newest.get(result.analyte)
        older = before and before.taken and result.taken and result.taken < before.taken
        if result.analyte in ANALYTES and result.value is not None and not result.comparator and not older:
            newest[result.analyte] = result
    if not newest:
        raise DataRefusedError(
            f"{name}: holds no blood test that the nerve feels. Add one under `labs:`, such as "
            "{name: potassium, value: 3.1, unit: mmol/L}, or give values with --ca, --mg, --k, --na, --ph."
        )
    return {
        ANALYTES[each.analyte]: in_si(knowledge.analytes[each.analyte], each.value or 0.0, each.unit or "")
        for each in newest.values()
    }
