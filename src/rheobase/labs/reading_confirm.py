"""Settle the lines that were in doubt: what a person chose counts, and nothing else does. What is new is added once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rheobase.errors import UsageError
from rheobase.labs.reading import same_result
from rheobase.labs.reading_line import Judged, State
from rheobase.person import LabResult, Person

_CHOICE = re.compile(r"(\d+)(?:=(.+))?")
LEAVE_OUT = "none"
HOW = "Write the place of the line, and if need be which reading: 3, 3=2 (its second), 3=mmol/L, 3=none (leave it out)."


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says of one line.

    Attributes:
        place: Of the line in the list of all lines, from 1.
        what: "" for the first reading, a number of a reading, a unit, a date, or "none".
    """

    place: int
    what: str


@dataclass(frozen=True, slots=True)
class LabPlan:
    """What would be added to a person.

    Attributes:
        new: Results that are not there yet.
        there: How many were there already.
        kept: Lines of other tests, to be kept as written.
    """

    new: tuple[LabResult, ...]
    there: int
    kept: tuple[str, ...]


def parse_choice(said: str) -> Choice:
    """Return a choice as it is typed: "3", "3=2", "3=mmol/L", "3=none".

    Raises:
        UsageError: It is none of these.
    """
    found = _CHOICE.fullmatch(said.strip())
    if found is None:
        raise UsageError(f"--choose {said!r} is not understood. {HOW}")
    return Choice(int(found[1]), (found[2] or "").strip())


def settle(lines: Sequence[Judged], choices: Sequence[Choice]) -> tuple[Judged, ...]:
    """Return the lines with a person's choices taken; every other line stays as it was.

    Args:
        lines: As they were judged.
        choices: What the person says.

    Raises:
        UsageError: A choice names a line that is not in doubt, or a reading that it does not have.
    """
    settled = list(lines)
    chosen: set[int] = set()
    for choice in choices:
        if choice.place in chosen:
            raise UsageError(f"--choose {choice.place} stands twice. Keep one of them.")
        if not 1 <= choice.place <= len(lines):
            raise UsageError(f"--choose {choice.place}: there is no line {choice.place}; lines are 1 to {len(lines)}.")
        chosen.add(choice.place)
        settled[choice.place - 1] = _settled(lines[choice.place - 1], choice)
    return tuple(settled)


def _settled(line: Judged, choice: Choice) -> Judged:
    if line.state is not State.DOUBT:
        raise UsageError(f"--choose {choice.place}: that line is {line.state}, not in doubt. Mend the file itself.")
    if choice.what.lower() == LEAVE_OUT:
        return replace(line, state=State.NO_RESULT, reasons=("left out, as you said",), candidates=())
    wanted = choice.what.lower()
    if not wanted:
        fitting = line.candidates[:1]
    elif wanted.isdigit():
        fitting = line.candidates[int(wanted) - 1 : int(wanted)] if int(wanted) else ()
    else:
        fitting = tuple(each for each in line.candidates if wanted in _marks(each))
    if len(fitting) != 1:
        count = len(line.candidates)
        many = "names several of its readings" if fitting else f"is none of its {count} readings"
        raise UsageError(f"--choose {choice.place}={choice.what}: {many}. {HOW}")
    return replace(line, state=State.ACCEPTED, result=fitting[0], candidates=(), notes=(*line.notes, "as you chose"))


def _marks(result: LabResult) -> tuple[str, ...]:
    """Return what a reading may be called."""
    taken = result.taken.isoformat() if result.taken else ""
    return (result.unit or "").lower(), taken, result.flag or ""


def plan_labs(person: Person, lines: Iterable[Judged]) -> LabPlan:
    """Return what the lines would add to a person; reading the same report twice adds nothing.

    Args:
        person: Whose results.
        lines: As they were judged and settled.
    """
    there = {same_result(each) for each in person.labs}
    kept_there = set(person.not_understood)
    new: list[LabResult] = []
    kept: list[str] = []
    already = 0
    for line in lines:
        if line.result is not None:
            if same_result(line.result) in there:
                already += 1
                continue
            there.add(same_result(line.result))
            new.append(line.result)
        elif line.state is State.OTHER:
            text = f"blood test {' '.join(line.line.text.split())[:200]}"
            if text not in kept_there:
                kept_there.add(text)
                kept.append(text)
    return LabPlan(tuple(new), already, tuple(kept))


def apply_plan(person: Person, plan: LabPlan) -> Person:
    """Return a person with what is planned."""
    return replace(person, labs=(*person.labs, *plan.new), not_understood=(*person.not_understood, *plan.kept))
