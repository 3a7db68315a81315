"""Judge one printed line: accepted, to be confirmed, or refused. A value is never guessed.

What a line says many times over (name, code, unit, value, interval, flag) has to agree. Where it does not, the line is
refused with what it looks like, or waits for a person's word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product

from rheobase.knowledge import Analyte
from rheobase.labs.reading_dates import DateText, date_order, is_short_year, read_date
from rheobase.labs.reading_line import HAEMOLYSED, Judged, LabLine, State
from rheobase.labs.reading_names import LabFacts
from rheobase.labs.reading_numbers import Ends, end, has_comma, interval, split_limit
from rheobase.labs.reading_twin import twin_of
from rheobase.labs.reading_unit import Asked, Choice, UnitFound, find_unit
from rheobase.labs.reading_which import StopError, WhichTest, find_test
from rheobase.labs.reading_words import ValueText, flag_of, folded, read_value, specimen_flags
from rheobase.person import LabResult
from rheobase.plain_text import in_sentence, printable

MOST_CANDIDATES, LONGEST = 6, 300
_LONG_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_MINUS = frozenset({"-", "--", "\u2212"})


def judge_all(lines: Sequence[LabLine], facts: LabFacts, on: date, *, order: str | None = None) -> tuple[Judged, ...]:
    """Return what is made of every line of one report.

    The order of day and month, and the decimal mark, are taken from the lines that prove them.

    Args:
        lines: Of one report.
        facts: Names, codes, units.
        on: Today; later results are refused.
        order: "dmy" or "mdy" when a person says so.
    """
    order = order or date_order(line.date for line in lines)
    comma = has_comma(text for line in lines for text in (line.value, line.range, line.low, line.high))
    short = (
        sum(is_short_year(line.date) for line in lines) if any(_LONG_YEAR.search(each.date) for each in lines) else 0
    )
    judged: list[Judged] = []
    seen: dict[tuple[object, ...], int] = {}
    ids: dict[tuple[str, str], Judged] = {}
    for line in lines:
        known = line if line.comma is not None else replace(line, comma=comma)
        found = judge(known, facts, on, order=order)
        if short and found.result is not None and is_short_year(line.date):
            reason = f"the date {line.date.strip()!r} has two figures for its year, others have four; is it cut off?"
            found = replace(found, state=State.DOUBT, result=None, reasons=(reason,), candidates=(found.result,))
        judged.append(_once(replace(found, line=line), seen, ids))
    return tuple(judged)


def _once(found: Judged, seen: dict[tuple[object, ...], int], ids: dict[tuple[str, str], Judged]) -> Judged:
    """Return a line, left out when the same result stands before it, refused when its id is another result's."""
    if found.result is None:
        return found
    before = ids.setdefault((found.line.id, found.result.analyte), found) if found.line.id else found
    if before.result is not None and same_result(before.result) != same_result(found.result):
        reason = (
            f"its id {printable(found.line.id, limit=40)!r} is that of line {before.line.number} with another result"
        )
        return replace(found, state=State.REFUSED, result=None, reasons=(f"{reason}. Which one is right?",))
    first = seen.setdefault(same_result(found.result), found.line.number)
    if first != found.line.number:
        reason = f"the same result as line {first}; counted once"
        return replace(found, state=State.NO_RESULT, result=None, reasons=(reason,))
    return found


def same_result(result: LabResult) -> tuple[object, ...]:
    """Return what makes a result the same as another."""
    return (
        *(result.analyte, result.value, result.unit, result.comparator, result.flag if result.value is None else None),
        *(result.taken, result.time),
    )


def judge(line: LabLine, facts: LabFacts, on: date, *, order: str | None = None) -> Judged:
    """Return what is made of one line.

    Args:
        line: As printed.
        facts: Names, codes, units.
        on: Today; later results are refused.
        order: "dmy" or "mdy" when the report proves one.
    """
    try:
        return _judge(line, facts, on, order)
    except StopError as stop:
        return Judged(line, stop.state, reasons=(stop.reason,), looks_like=stop.looks_like)


def _judge(line: LabLine, facts: LabFacts, on: date, order: str | None) -> Judged:
    if line.broken:
        raise StopError(State.REFUSED, line.broken)
    test = find_test(line, facts)
    analyte = facts.analyte(test.analyte)
    value = _value(line, facts)
    sample = specimen_flags(f"{line.note} . {line.value} . {line.flag}", facts.words)
    if value.nothing:
        raise StopError(State.NO_RESULT, _nothing(line, specimen_flags(f"{line.value} . {line.flag}", facts.words)))
    days = _days(line, facts, on, order)
    doubts, notes = [*test.doubts, *line.doubts], list[str]()
    if days.problem:
        doubts.append(days.problem)
    elif len(days.days) > 1:
        both = " or ".join(each.isoformat() for each in days.days)
        doubts.append(f"the date {line.date.strip()!r} may be {both}")
    if HAEMOLYSED in sample and test.analyte in facts.reading.leaking.analytes:
        notes.append(facts.reading.leaking.says)
    base = LabResult(
        test.analyte,
        time=days.time,
        sample=sample,
        code=test.code.code if test.code else "",
        original=printable(line.text, limit=LONGEST),
    )
    if not value.numbers:
        own = _flag(line, value, facts, doubts)
        value = replace(value, flag=value.flag or (own if value.titre and own != "abnormal" else None))
        results = _in_words(value, analyte, doubts, base)
        found = UnitFound([])
    else:
        results, found = _in_numbers((line, value), (analyte, test), facts, base)
    doubts.extend(found.doubts)
    candidates = tuple(replace(result, taken=day) for result, day in product(results, days.days or (None,)))[
        :MOST_CANDIDATES
    ]
    looks = tuple(dict.fromkeys(found.looks_like))
    told = (*notes, *found.notes)
    if doubts:
        return Judged(line, State.DOUBT, None, tuple(doubts), looks, candidates, told)
    return Judged(line, State.ACCEPTED, candidates[0], notes=told)


def _value(line: LabLine, facts: LabFacts) -> ValueText:
    value = read_value(line.value, facts.words, comma=line.comma)
    if value.nothing and not line.value.strip() and not line.unit.strip():
        # A flag alone is a result where neither a value nor a unit is printed.
        flag = flag_of(line.flag, facts.words)
        return value if flag in (None, "abnormal") else ValueText(flag=flag)
    if line.comparator.strip():
        sign, _ = split_limit(f"{line.comparator.strip()}1")
        if not sign or (value.comparator and value.comparator != sign):
            raise StopError(
                State.REFUSED, f"the sign {line.comparator.strip()[:5]!r} before the value is not understood."
            )
        value = replace(value, comparator=sign)
    if not value.nothing and (value.rest or not (value.numbers or value.flag or value.titre)):
        shown = printable(line.value, limit=40)
        raise StopError(State.REFUSED, f"the value {shown!r} is not understood, expected a number, a limit or a word.")
    return value


def _nothing(line: LabLine, sample: tuple[str, ...]) -> str:
    if sample:
        return f"no value: the sample was {' and '.join(sample)}"
    said = printable(line.value, limit=40)
    return f"no result is printed ({said})" if said else "no result is printed"


def _days(line: LabLine, facts: LabFacts, on: date, order: str | None) -> DateText:
    found = read_date(line.date, order, line.time)
    oldest = int(facts.reading.limits["oldest_year"])
    right = tuple(each for each in found.days if oldest <= each.year and each <= on)
    if found.days and not right:
        when = "has not been yet" if found.days[0] > on else "is too long ago to be right"
        raise StopError(State.REFUSED, f"the date {found.days[0].isoformat()} {when} (today is {on}). Mend the date.")
    return (
        found
        if len(right) == len(found.days)
        else DateText((*right, *(d for d in found.days if d not in right)), found.time, found.problem)
    )


def _in_words(value: ValueText, analyte: Analyte, doubts: list[str], base: LabResult) -> list[LabResult]:
    """Return a result that is a word: a flag, positive, negative, or a titre."""
    flag = value.flag
    counted = bool(analyte.units) and not (analyte.positive_finding or analyte.negative_finding)
    if flag in ("positive", "negative") and counted:
        raise StopError(State.REFUSED, f"it says {flag}, expected a number for {in_sentence(analyte.name)}.")
    if value.titre and counted:
        raise StopError(State.REFUSED, f"it is a titre, expected a number for {in_sentence(analyte.name)}.")
    if flag == "abnormal":
        raise StopError(State.REFUSED, "it says abnormal, and neither a value nor whether it is low or high.")
    if flag is None:
        doubts.append("whether this titre is positive or negative is not printed")
        return [replace(base, flag="positive"), replace(base, flag="negative")]
    return [replace(base, flag=flag)]


def _in_numbers(
    printed: tuple[LabLine, ValueText], test: tuple[Analyte, WhichTest], facts: LabFacts, base: LabResult
) -> tuple[list[LabResult], UnitFound]:
    """Return the readings of a number with its unit, interval and flag."""
    line, value = printed
    analyte, found_test = test
    problems: list[str] = []
    ends, ends_unit = _ends(line, facts, problems)
    said = _unit_text(line, value, facts, problems)
    flag = _flag(line, value, facts, problems)
    if flag is None and line.flag.strip() in _MINUS and ends and any(each < (ends.low or 0) for each in value.numbers):
        # In a column of flags a minus is a low mark, or none; below the interval it is the mark.
        flag = "low"
    if ends_unit and said and _differ(analyte, facts, (said, ends_unit)):
        problems.append(f"its interval is in {ends_unit}, the value in {said}")
    asked = Asked(analyte, found_test, value.numbers, value.comparator, ends, flag)
    found = find_unit(line, said or ends_unit or "", asked, facts)
    found.doubts[:0] = problems
    found.doubts.extend(_flag_problems(found.choices[0], asked, line, facts))
    if flag == "abnormal":
        found.notes.append("marked as abnormal")
    spelt = facts.accepted(analyte.id)
    results = [
        replace(
            base,
            value=each.value,
            unit=spelt[each.unit][0],
            comparator=value.comparator or None,
            flag=flag if flag in ("low", "normal", "high") else None,
            low=ends.low if ends else None,
            high=ends.high if ends else None,
            printed_unit=said if said and said != spelt[each.unit][0] and each.unit == facts.units.read(said) else "",
        )
        for each in found.choices
    ]
    if (twin := twin_of(results[0], asked, facts)) is not None:
        own, other = (in_sentence(facts.analyte(each).name) for each in (analyte.id, twin.analyte))
        found.doubts.append(f"{results[0].value:g} {results[0].unit} is far from usual for {own}, usual for {other}")
        results.append(twin)
    return results, found


def _ends(line: LabLine, facts: LabFacts, problems: list[str]) -> tuple[Ends | None, str | None]:
    """Return the interval as printed, and the unit that stands in it."""
    if line.low.strip() or line.high.strip():
        low, high = (end(split_limit(each)[1], comma=line.comma) for each in (line.low, line.high))
        for text, side in ((line.low, low), (line.high, high)):
            if text.strip() and side is None and folded(text) not in facts.words["no_result"]:
                problems.append(f"the end {printable(text, limit=20)!r} of its interval is not understood")
        if low is not None and high is not None and low > high:
            problems.append(f"its interval {low:g}-{high:g} is the wrong way round")
            return None, None
        return (Ends(low, high), None) if (low, high) != (None, None) else (None, None)
    found = interval(line.range, comma=line.comma)
    if found is not None and found.low is not None and found.high is not None and found.low > found.high:
        problems.append(f"its interval {found.low:g}-{found.high:g} is the wrong way round")
        return None, None
    return found, facts.units.read(found.rest) if found and found.rest else None


def _unit_text(line: LabLine, value: ValueText, facts: LabFacts, problems: list[str]) -> str:
    """Return the unit as printed, in its own column or beside the value."""
    own = printable(line.unit)
    beside = value.unit
    if not beside:
        return own
    if facts.units.read(beside) is None:
        if not own and not any(each.isspace() for each in beside):
            return beside
        problems.append(f"{printable(beside, limit=30)!r} beside the value is not understood")
        return own
    if own and facts.units.read(own) not in (facts.units.read(beside), None):
        raise StopError(State.REFUSED, f"two units are printed, {own} and {beside}. Which one is right?")
    return own or beside


def _differ(analyte: Analyte, facts: LabFacts, both: tuple[str, str]) -> bool:
    """Return whether two units are of different size for this test."""
    known = facts.accepted(analyte.id)
    first, second = (known.get(facts.units.read(each) or each) for each in both)
    if facts.units.read(both[0]) in (None, facts.units.read(both[1])):
        return False
    return first is None or second is None or abs(first[1] / second[1] - 1) > facts.reading.limits["same_factor"]


def _flag(line: LabLine, value: ValueText, facts: LabFacts, problems: list[str]) -> str | None:
    own = flag_of(line.flag, facts.words)
    if own is None and any(each.isdigit() for each in line.flag):
        problems.append(f"{printable(line.flag, limit=30)!r} stands where a mark is expected")
    if own and value.flag and own != value.flag and "abnormal" not in (own, value.flag):
        problems.append(f"it is marked {value.flag} and {own}")
    return own if own and own != "abnormal" else value.flag or own


def _flag_problems(choice: Choice, asked: Asked, line: LabLine, facts: LabFacts) -> list[str]:
    """Return where a flag contradicts the value: by the printed interval, or by far."""
    flag, ends = asked.flag, asked.ends
    if flag in ("positive", "negative"):
        return [f"it is marked {flag} beside a number"]
    if ends is None or ends.low is ends.high is None:
        usual = facts.reading.usual.get(asked.analyte.id)
        if usual is None or flag not in ("low", "high"):
            return []
        wrong = (
            choice.si > max(h for _, h in usual.intervals)
            if flag == "low"
            else choice.si < min(i for i, _ in usual.intervals)
        )
        return [f"{choice.value:g} {choice.unit} is marked {flag}, which does not fit"] if wrong else []
    below = ends.low is not None and choice.value < ends.low
    above = ends.high is not None and choice.value > ends.high
    where = "below" if below else "above" if above else "inside"
    fits = {
        "low": below,
        "high": above,
        "normal": not below and not above,
        "abnormal": below or above,
        None: not line.flagged or not (below or above),
    }
    if fits.get(flag, True):
        return []
    said = f"marked {flag}" if flag else "not marked, where the report marks what is abnormal"
    return [f"{choice.value:g} is {where} its interval and {said}"]
