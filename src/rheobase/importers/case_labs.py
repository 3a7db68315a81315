"""Blood tests of a case file: name, value and unit checked; the original value and unit are what is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rheobase.errors import UnknownUnitError
from rheobase.importers.case_problems import Names, Problems, did_you_mean, names_of, shown
from rheobase.knowledge import Analyte, Knowledge
from rheobase.person import LabResult
from rheobase.plain_text import printable
from rheobase.units import convert

KEYS = ("name", "value", "unit", "low", "high", "flag", "taken", "time", "sample", "code", "printed_unit", "written")
FLAGS = ("low", "normal", "high", "positive", "negative")
SAMPLES = ("haemolysed", "lipaemic", "icteric")
MOST = 500

_SHORT_FLAGS = {
    "l": "low",
    "n": "normal",
    "h": "high",
    "pos": "positive",
    "neg": "negative",
    "+": "positive",
    "-": "negative",
}
_LIMIT = re.compile(r"([<>]=?)\s*([-+]?\d{1,15}(?:\.\d{1,15})?(?:e[-+]?\d{1,3})?)", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d{1,15}(?:\.\d{1,15})?(?:e[-+]?\d{1,3})?", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-]\d{2}:\d{2})?")
# A name this near to a known one is a slip of the pen; anything further is another test, kept as written.
_SLIP = 0.8


class _RefusedError(Exception):
    """One result cannot be used; says why."""


@dataclass(slots=True)
class LabReader:
    """Reads the results of one file."""

    knowledge: Knowledge
    problems: Problems

    def read(self, items: object) -> tuple[tuple[LabResult, ...], tuple[str, ...]]:
        """Return the results, and what was given of tests that the knowledge does not have.

        Args:
            items: What stands under ``labs``.
        """
        if items is None:
            return (), ()
        if not isinstance(items, list):
            expected = "{name: potassium, value: 3.1, unit: mmol/L}"
            self.problems.add(f"labs: expected a list of results such as {expected}, got {shown(items)}.")
            return (), ()
        if len(items) > MOST:
            self.problems.add(f"labs: {len(items)} results, at most {MOST} are read. Keep the newest.")
            return (), ()
        names = analyte_names(self.knowledge)
        results: list[LabResult] = []
        others: list[str] = []
        for item in items:
            try:
                analyte = self._analyte(names, item)
                if isinstance(analyte, str):
                    others.append(analyte)
                elif isinstance(item, dict):
                    results.append(_result(analyte, item))
            except _RefusedError as problem:
                self.problems.add(f"labs: {problem}")
        return tuple(results), tuple(others)

    def _analyte(self, names: Names, item: object) -> Analyte | str:
        """Return what was measured, or the line to keep when the knowledge does not have it."""
        if not isinstance(item, dict):
            message = f"expected {{name: potassium, value: 3.1, unit: mmol/L}}, got {shown(item)}."
            raise _RefusedError(message)
        name = item.get("name")
        if not isinstance(name, str) or not name.strip():
            message = f"a result has no name, expected name: potassium (or another test), got {shown(name)}."
            raise _RefusedError(message)
        if extra := sorted(item.keys() - set(KEYS)):
            message = f"{shown(name)}: {shown(extra[0])} is not one of {', '.join(KEYS)}."
            raise _RefusedError(message)
        analyte = names.find(name)
        if analyte is not None:
            return self.knowledge.analytes[analyte]
        near = () if self.problems.full else names.near(name, cutoff=_SLIP)
        if near:
            message = f"{shown(name)} is not a test that is known.{did_you_mean(near)}"
            raise _RefusedError(message)
        words = " ".join(printable(str(item[key]), limit=80) for key in KEYS if item.get(key) is not None)
        return f"blood test {words}"


def analyte_names(knowledge: Knowledge) -> Names:
    """Return every name of every analyte: id, name, short name, aliases."""
    return names_of((each.id, (each.name, each.short, *each.aliases)) for each in knowledge.analytes.values())


def accepted_units(analyte: Analyte) -> dict[str, float]:
    """Return the units of an analyte with the factor that turns each into its SI unit."""
    return {accepted.unit: accepted.to_si for accepted in analyte.units}


def _result(analyte: Analyte, item: dict[str, object]) -> LabResult:
    flag = _flag(analyte, item.get("flag"))
    value, comparator, flag = _value(analyte, item.get("value"), flag)
    unit = _unit(analyte, item.get("unit"), value)
    low, high = (_end(analyte, key, item.get(key)) for key in ("low", "high"))
    if low is not None and high is not None and low > high:
        message = f"{analyte.id}: low {low:g} is above high {high:g}. Swap them."
        raise _RefusedError(message)
    taken = _taken(analyte, item.get("taken"))
    result = LabResult(
        *(analyte.id, value, unit, comparator, flag, low, high, taken),
        original=_text(analyte, "written", item),
        time=_time(analyte, item.get("time")),
        sample=_sample(analyte, item.get("sample")),
        code=_text(analyte, "code", item),
        printed_unit=_text(analyte, "printed_unit", item),
    )
    for problem in _impossible(analyte, result):
        message = f"{analyte.id}: {problem}"
        raise _RefusedError(message)
    return result


def _text(analyte: Analyte, key: str, item: dict[str, object]) -> str:
    given = item.get(key)
    if isinstance(given, str | None):
        return given or ""
    message = f"{analyte.id}: {key}: expected text, got {shown(given)}."
    raise _RefusedError(message)


def _time(analyte: Analyte, given: object) -> str:
    if given is None:
        return ""
    if isinstance(given, str) and _TIME.fullmatch(given.strip()):
        return given.strip()
    message = f"{analyte.id}: time: expected a time such as 08:15 or 08:15+01:00, got {shown(given)}."
    raise _RefusedError(message)


def _sample(analyte: Analyte, given: object) -> tuple[str, ...]:
    said = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    if given is None or (said and all(each in SAMPLES for each in said)):
        return tuple(dict.fromkeys(str(each) for each in said))
    message = f"{analyte.id}: sample: expected any of {', '.join(SAMPLES)}, got {shown(given)}."
    raise _RefusedError(message)


def _value(analyte: Analyte, given: object, flag: str | None) -> tuple[float | None, str | None, str | None]:
    if given is None:
        if flag is None:
            message = f"{analyte.id}: neither a value nor a flag. Write value: and unit:, or flag: low."
            raise _RefusedError(message)
        return None, None, flag
    if isinstance(given, int | float) and not isinstance(given, bool):
        return float(given), None, flag
    if isinstance(given, str):
        text = given.strip()
        if (match := _LIMIT.fullmatch(text)) is not None:
            return float(match[2]), match[1], flag
        if _NUMBER.fullmatch(text):
            return float(text), None, flag
        word = _SHORT_FLAGS.get(text.lower(), text.lower())
        if word in FLAGS and flag in (None, word):
            return None, None, word
    hint = " Write decimals with a point." if isinstance(given, str) and "," in given else ""
    message = f"{analyte.id}: value: expected a number, got {shown(given)}.{hint}"
    raise _RefusedError(message)


def _unit(analyte: Analyte, given: object, value: float | None) -> str | None:
    units = accepted_units(analyte)
    if given is None:
        if value is None or all(unit in ("", "1") for unit in units):
            return None
        message = f"{analyte.id} {value:g}: the unit is missing. Add unit: {' or '.join(units)}."
        raise _RefusedError(message)
    if not isinstance(given, str):
        message = f"{analyte.id}: unit: expected text such as {analyte.unit_si or 'mmol/L'}, got {shown(given)}."
        raise _RefusedError(message)
    try:
        convert(1.0, given, units)
    except UnknownUnitError as problem:
        message = f"{analyte.id}: {problem}"
        raise _RefusedError(message) from problem
    return given


def _end(analyte: Analyte, key: str, given: object) -> float | None:
    if given is None or (isinstance(given, int | float) and not isinstance(given, bool)):
        return None if given is None else float(given)
    message = f"{analyte.id}: {key}: expected a number in the unit of the value, got {shown(given)}."
    raise _RefusedError(message)


def _flag(analyte: Analyte, given: object) -> str | None:
    if given is None:
        return None
    if isinstance(given, str):
        word = _SHORT_FLAGS.get(given.strip().lower(), given.strip().lower())
        if word in FLAGS:
            return word
    message = f"{analyte.id}: flag: expected one of {', '.join(FLAGS)}, got {shown(given)}."
    raise _RefusedError(message)


def _taken(analyte: Analyte, given: object) -> date | None:
    if given is None:
        return None
    if isinstance(given, str) and _DATE.fullmatch(given.strip()):
        try:
            return date.fromisoformat(given.strip())
        except ValueError:
            pass  # such as 30 February: refused below with the same words
    message = f"{analyte.id}: taken: expected a date such as 2026-11-02, got {shown(given)}."
    raise _RefusedError(message)


def _impossible(analyte: Analyte, result: LabResult) -> Iterator[str]:
    if result.value is None:
        return
    written = f"{result.value:g} {result.unit or ''}".strip()
    value = convert(result.value, result.unit, accepted_units(analyte)) if result.unit else result.value
    low, high = analyte.plausible_min, analyte.plausible_max
    if (low is not None and value < low) or (high is not None and value > high) or value < 0:
        ends = f"{low if low is not None else 0:g} to {high:g}" if high is not None else f"{low or 0:g} or more"
        expected = f"{ends} {analyte.unit_si or ''}".strip()
        yield f"{written} is impossible, expected {expected}. Check the value, the unit and the test."
    below = result.low is not None and result.value < result.low
    above = result.high is not None and result.value > result.high
    if (below and result.flag == "high") or (above and result.flag == "low"):
        side = "below" if below else "above"
        yield f"{written} is {side} its own interval but marked {result.flag}. Change one of them."
