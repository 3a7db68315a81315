"""What was made of the lines of a report, as the specs in ``layouts`` say it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rheobase.labs.reading_line import Judged, State
from rheobase.person import LabResult

ON = date(2026, 11, 24)


def result_words(result: LabResult) -> str:
    """Return a result in one line: test, value, unit, flag, interval, day, time, sample."""
    parts = [result.analyte]
    if result.value is not None:
        parts.append(f"{result.comparator or ''}{result.value:.10g}")
    parts += [result.unit or "", result.flag or ""]
    if result.low is not None or result.high is not None:
        low, high = ("" if each is None else f"{each:g}" for each in (result.low, result.high))
        parts.append(f"[{low}..{high}]")
    parts += [result.taken.isoformat() if result.taken else "", result.time, *result.sample]
    return " ".join(part for part in parts if part)


def words(lines: Sequence[Judged]) -> list[str]:
    """Return one line of words for each line."""
    said = []
    for each in lines:
        looks = f", looks like {' or '.join(each.looks_like)}" if each.looks_like else ""
        if each.state is State.ACCEPTED and each.result is not None:
            said.append(f"read {result_words(each.result)}")
        elif each.state is State.DOUBT:
            said.append(f"ask {' or '.join(map(result_words, each.candidates))}{looks}")
        else:
            said.append(f"{each.state}{looks}")
    return said
