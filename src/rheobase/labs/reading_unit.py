"""The unit of one line: said, or proved by the printed interval; and what speaks against it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from rheobase.knowledge import Analyte
from rheobase.knowledge.lab_reading import Usual
from rheobase.labs.reading_line import LabLine, State
from rheobase.labs.reading_names import LabFacts
from rheobase.labs.reading_numbers import Ends
from rheobase.labs.reading_units import Speaks, apart, distinct, interval_speaks, met, nearest_tests, others
from rheobase.labs.reading_which import StopError, WhichTest
from rheobase.plain_text import in_sentence, printable

URINE = "urine_"
_KINDS = {"moles": "an amount (moles)", "mass": "a mass", "enzyme": "an activity", "units": "units of a hormone"}
_NONE = frozenset({"ratio", "pH"})


@dataclass(slots=True)
class Choice:
    """A number with its unit, as it may be meant.

    Attributes:
        value: As printed.
        unit: In our spelling.
        si: In the analyte's SI unit.
    """

    value: float
    unit: str
    si: float


@dataclass(slots=True)
class UnitFound:
    """Readings of a value with its unit, the likeliest first, and what is in doubt."""

    choices: list[Choice]
    doubts: list[str] = field(default_factory=list)
    looks_like: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a line before its unit: the test, the numbers, the interval, the flag.

    Attributes:
        analyte: The test.
        test: How it was found.
        numbers: What the number may be.
        comparator: "" for none.
        ends: The interval as printed, None for none.
        flag: What the flag says, None for nothing.
    """

    analyte: Analyte
    test: WhichTest
    numbers: tuple[float, ...]
    comparator: str
    ends: Ends | None
    flag: str | None


def find_unit(line: LabLine, said: str, asked: Asked, facts: LabFacts) -> UnitFound:
    """Return the value with its unit.

    Args:
        line: As printed.
        said: The unit as printed, "" for none.
        asked: What is known of the line.
        facts: Units and what is usual.

    Raises:
        StopError: The unit is not known, not of this test, contradicts the code, or the value is impossible.
    """
    factors = {unit: factor for unit, (_, factor) in facts.accepted(asked.analyte.id).items()}
    if not said and not (set(factors) & _NONE):
        return _without_unit(asked, facts, factors)
    unit = _named(said, asked, facts, factors)
    if asked.test.code is not None and facts.units.kinds.get(unit) != asked.test.code.kind:
        raise StopError(State.REFUSED, *_kind_problem(unit, asked, facts, factors))
    choices = [Choice(number, unit, number * factors[unit]) for number in asked.numbers]
    possible = [each for each in choices if _possible(each.si, asked)]
    if not possible:
        raise StopError(State.REFUSED, *_impossible(choices[0], asked, facts, factors))
    found = UnitFound(possible)
    if len(possible) > 1:
        both = " or ".join(f"{each.value:g}" for each in possible)
        found.doubts.append(f"{printable(line.value, limit=30)!r} may be {both}: a decimal mark or one of thousands")
    _weigh(found, asked, facts, factors)
    return found


def _named(said: str, asked: Asked, facts: LabFacts, factors: dict[str, float]) -> str:
    """Return the unit that is said, in our spelling."""
    analyte = asked.analyte
    wanted = ", ".join(dict.fromkeys(unit for unit in factors)) or "no unit"
    if not said:
        return next(iter(set(factors) & _NONE))
    unit = facts.units.read(said)
    if unit is None:
        message = f"the unit {printable(said, limit=30)!r} is not known, expected one of {wanted}."
        raise StopError(State.REFUSED, message)
    if unit not in factors:
        tests = nearest_tests(asked.numbers[0], unit, _same_sample(asked, facts), facts.reading)
        message = f"{in_sentence(analyte.name)} is not measured in {unit} here, expected one of {wanted}."
        raise StopError(State.REFUSED, message, tests[:2])
    return unit


def _kind_problem(unit: str, asked: Asked, facts: LabFacts, factors: dict[str, float]) -> tuple[str, tuple[str, ...]]:
    kinds, code, usual = facts.units.kinds, asked.test.code, facts.reading.usual.get(asked.analyte.id)
    if code is None:
        return "", ()
    own, wanted = (_KINDS.get(kind, kind) for kind in (kinds.get(unit, ""), code.kind))
    said = f"the unit {unit} is for {own}, its code {code.code} ({code.says}) for {wanted}. One of them is wrong."
    near = [each for each in factors if kinds.get(each) == code.kind and usual]
    near = [each for each in near if usual and met(asked.numbers[0] * factors[each], usual)]
    codes = (each for each in facts.reading.codes.values() if each.analyte == code.analyte)
    fitting = [f"code {each.code}" for each in codes if each.kind == kinds.get(unit)]
    return said, (*fitting[:1], *near[:1])


def _possible(si: float, asked: Asked) -> bool:
    """Return whether a living person can have the value; a limit need only leave room for one that is possible."""
    low, high = asked.analyte.plausible_min, asked.analyte.plausible_max
    below = low is not None and si < low and not asked.comparator.startswith(">")
    above = high is not None and si > high and not asked.comparator.startswith("<")
    far = not math.isfinite(si) or si < 0
    # A limit beyond every possible value says nothing, either.
    outside = (asked.comparator.startswith("<") and low is not None and si < low) or (
        asked.comparator.startswith(">") and high is not None and si > high
    )
    return not (below or above or far or outside)


def _same_sample(asked: Asked, facts: LabFacts) -> list[Analyte]:
    """Return the tests of the same sample: a value that can't be chloride in blood is not offered as one in urine."""
    urine = asked.analyte.id.startswith(URINE)
    return [each for each in facts.knowledge.analytes.values() if each.id.startswith(URINE) == urine]


def _impossible(
    choice: Choice, asked: Asked, facts: LabFacts, factors: dict[str, float]
) -> tuple[str, tuple[str, ...]]:
    analyte, usual = asked.analyte, facts.reading.usual.get(asked.analyte.id)
    low, high = analyte.plausible_min, analyte.plausible_max
    ends = f"{low or 0:g} to {high:g}" if high is not None else f"{low or 0:g} or more"
    said = f"{choice.value:g} {choice.unit} is impossible for {in_sentence(analyte.name)}, expected {ends} "
    said += f"{analyte.unit_si or ''}".rstrip()
    looks = [unit for unit, factor in factors.items() if usual and met(choice.value * factor, usual)]
    tests = nearest_tests(choice.value, choice.unit, _same_sample(asked, facts), facts.reading)
    return f"{said.rstrip()}.", (*looks[:2], *(() if looks else tests[:2]))


def _without_unit(asked: Asked, facts: LabFacts, factors: dict[str, float]) -> UnitFound:
    """Return what a value without a unit may be; certain only where one unit is possible and the interval proves it."""
    if not factors:
        raise StopError(State.REFUSED, f"{asked.analyte.name} has no number here, expected positive or negative.")
    code, usual = asked.test.code, facts.reading.usual.get(asked.analyte.id)
    same = facts.reading.limits["same_factor"]
    kinds = {unit for unit in factors if code is None or facts.units.kinds.get(unit) == code.kind}
    choices = [
        Choice(number, unit, number * factors[unit])
        for unit in distinct(factors, factors, same)
        for number in asked.numbers
        if (unit in kinds or not others(unit, factors, same)) and _possible(number * factors[unit], asked)
    ]
    if not choices:
        guess = Choice(asked.numbers[0], next(iter(factors)), asked.numbers[0] * next(iter(factors.values())))
        raise StopError(State.REFUSED, *_impossible(guess, asked, facts, factors))
    ends, margin = asked.ends, facts.reading.limits["margin"]
    proved = [
        each
        for each in choices
        if ends is not None
        and usual is not None
        and interval_speaks((ends.low, ends.high), each.unit, _rivals(each.unit, factors, same), (usual, margin))[0]
        is Speaks.FOR
    ]
    choices.sort(key=lambda each: (each not in proved, not (usual and met(each.si, usual))))
    if len(choices) == 1 and proved:
        return UnitFound(choices, notes=[f"no unit is printed; its interval shows that it is {choices[0].unit}"])
    wanted = " or ".join(dict.fromkeys(each.unit for each in choices))
    return UnitFound(choices, [f"no unit is printed; it may be {wanted}"], [each.unit for each in proved[:1]])


def _rivals(unit: str, factors: dict[str, float], same: float) -> dict[str, float]:
    return {unit: factors[unit], **others(unit, factors, same)}


def _weigh(found: UnitFound, asked: Asked, facts: LabFacts, factors: dict[str, float]) -> None:
    """Add what speaks against the unit or the test: the interval, or a value usual only in another unit."""
    usual, limits = facts.reading.usual.get(asked.analyte.id), facts.reading.limits
    first, code = found.choices[0], asked.test.code
    rivals = others(first.unit, factors, limits["same_factor"])
    if code is not None:
        rivals = {unit: factor for unit, factor in rivals.items() if facts.units.kinds.get(unit) == code.kind}
    rivals = {unit: factor for unit, factor in rivals.items() if _possible(first.value * factor, asked)}
    if usual is None:
        if rivals and code is None:
            found.doubts.append("what is usual for this test is not known here, so its unit can't be checked")
        return
    ends = asked.ends
    speaks, better = Speaks.NOTHING, tuple[str, ...]()
    if ends is not None:
        facts_of = (usual, limits["margin"])
        speaks, better = interval_speaks(
            (ends.low, ends.high),
            first.unit,
            _rivals(first.unit, factors, limits["same_factor"]),
            facts_of,
        )
        better = distinct(better, factors, limits["same_factor"])
        _weigh_interval(found, asked, facts, (speaks, better, factors[first.unit]))
    fitting = [
        unit
        for unit, factor in rivals.items()
        if met(first.value * factor, usual) and _flag_fits(first.value * factor, usual, asked.flag)
    ]
    fitting = list(distinct(fitting, factors, limits["same_factor"]))
    odd = (
        not met(first.si, usual)
        and fitting
        and not _limit_of_test(first, fitting, asked, (usual.intervals, factors, limits["limit_of_test"]))
    )
    agrees = speaks is Speaks.FOR and ends is not None and _flag_agrees(first.value, ends, asked.flag)
    if odd and not agrees:
        found.doubts.append(f"{first.value:g} {first.unit} would be far from usual, {first.value:g} {fitting[0]} not")
        found.looks_like.extend(fitting[:2])
    _add_rivals(found, (first, rivals))


def _weigh_interval(
    found: UnitFound, asked: Asked, facts: LabFacts, spoken: tuple[Speaks, tuple[str, ...], float]
) -> None:
    speaks, better, factor = spoken
    ends, usual, first = asked.ends, facts.reading.usual[asked.analyte.id], found.choices[0]
    if ends is None:
        return
    printed = _interval_words(ends)
    scaled = [None if each is None else each * factor for each in (ends.low, ends.high)]
    far = apart(scaled[0], scaled[1], usual)
    if speaks is Speaks.AGAINST and better:
        found.doubts.append(f"its interval {printed} fits {better[0]}, not {first.unit}")
        found.looks_like.extend(better[:2])
    elif (speaks is Speaks.AGAINST or far) and (asked.test.code is None or far):
        tests = [
            name
            for each in (ends.low, ends.high)
            if each
            for name in nearest_tests(each, first.unit, _same_sample(asked, facts), facts.reading)
            if name != in_sentence(asked.analyte.name)
        ]
        found.doubts.append(f"its interval {printed} is not one of {in_sentence(asked.analyte.name)} in {first.unit}")
        found.looks_like.extend(tuple(dict.fromkeys(tests))[:2])
    elif speaks is Speaks.NOTHING and better and asked.test.code is None:
        found.doubts.append(f"its interval {printed} fits {first.unit} and {better[0]} alike")
        found.looks_like.extend(better[:1])


def _interval_words(ends: Ends) -> str:
    if ends.low is None:
        return f"up to {ends.high:g}"
    return f"from {ends.low:g}" if ends.high is None else f"{ends.low:g}-{ends.high:g}"


def _limit_of_test(
    first: Choice,
    fitting: list[str],
    asked: Asked,
    facts: tuple[tuple[tuple[float, float], ...], dict[str, float], float],
) -> bool:
    """Return whether "<0.62" is a limit of measurement only in the unit that is said: far below what is usual."""
    intervals, factors, apart_by = facts
    lowest, highest = min(low for low, _ in intervals), max(high for _, high in intervals)
    values = [first.value * factors[unit] for unit in fitting]
    if asked.comparator.startswith("<"):
        return all(each > lowest / apart_by for each in values)
    return asked.comparator.startswith(">") and all(each < highest * apart_by for each in values)


def _flag_fits(si: float, usual: Usual, flag: str | None) -> bool:
    """Return whether a value would be marked so; with room for the intervals of other laboratories."""
    room = math.sqrt(usual.factor)
    if flag == "low":
        return si < max(low for low, _ in usual.intervals) * room
    return flag != "high" or si > min(high for _, high in usual.intervals) / room


def _flag_agrees(value: float, ends: Ends, flag: str | None) -> bool:
    below = ends.low is not None and value < ends.low
    above = ends.high is not None and value > ends.high
    return (below and flag == "low") or (above and flag == "high")


def _add_rivals(found: UnitFound, rivals: tuple[Choice, dict[str, float]]) -> None:
    """Add the readings in the units that it looks like, so that a person can choose them."""
    first, factors = rivals
    if found.doubts:
        for unit in dict.fromkeys(found.looks_like):
            if unit in factors:
                found.choices.append(Choice(first.value, unit, first.value * factors[unit]))
