"""Tables of a QTRAC file: each kind with its columns, their units, and what can stand in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rheobase.importers.nerve_recording_draft import Draft
from rheobase.importers.nerve_recording_numbers import in_unit
from rheobase.nerve.recording import CURRENT_THRESHOLD, RECOVERY, RESPONSE, STRENGTH, Electrotonus

ROW = re.compile(r"\s*([A-Z]{2,3}\d*\.\d+)\s+(\S.*)")
_UNIT = re.compile(r"\(([^()]{1,12})\)")
_LABEL = re.compile(r"[A-Z]+(\d*)\.")
ELECTROTONUS = "electrotonus"
_FEWEST = 2
# A threshold cannot fall by more than all of it [%].
_WHOLE = 100.0
# How many neighbouring points may be averaged for the sign of electrotonus.
_SETTLED = 5.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table: what its columns are, with ends and unit; "" where no unit is written."""

    id: str
    columns: tuple[tuple[str, float, float, str], ...]


KINDS = {
    "RESPONSE": Kind(RESPONSE, (("share of the largest response", 0, 100, ""), ("stimulus", 0.01, 200, ""))),
    "CHARGE": Kind(STRENGTH, (("duration", 0.01, 20, "ms"), ("threshold", 0.01, 200, "mA"))),
    "ELECTROTONUS": Kind(
        ELECTROTONUS, (("delay", 0, 1000, "ms"), ("current", -500, 200, "%"), ("fall of threshold", -2000, 2000, "%"))
    ),
    "RECOVERY": Kind(RECOVERY, (("interval", 0.1, 2000, "ms"), ("change of threshold", -100, 5000, "%"))),
    "I/V": Kind(CURRENT_THRESHOLD, (("current", -500, 200, "%"), ("fall of threshold", -2000, 100, "%"))),
}
Row = tuple[int, str, tuple[float, ...]]


def cells(line: str) -> list[str]:
    """Return the cells of a line: between tabs, or between wide gaps where there is no tab."""
    parts = line.split("\t") if "\t" in line else re.split(r"\s{2,}", line.strip())
    return [each.strip() for each in parts]


def check_heading(draft: Draft, kind: Kind, line: int, text: str) -> bool:
    """Return whether a line is the table's heading; its units must be the expected ones.

    Raises:
        DataRefusedError: A column is in another unit.
    """
    units = _UNIT.findall(text)
    named = [unit for _, _, _, unit in kind.columns if unit]
    if not units or not named or len(units) < len(named):
        return False
    for (what, _, _, unit), written in zip(kind.columns, units, strict=False):
        if unit and in_unit(written, unit) != 1.0:
            draft.refuse(line, f"{what} is in {written}, expected {unit}. Export the recording in QTRAC's own units.")
    return True


def read_row(draft: Draft, kind: Kind, line: int, found: re.Match[str]) -> Row | None:
    """Return one row, None (with a note) where a value is missing.

    Raises:
        DataRefusedError: A cell is no number, or cannot be.
    """
    label, rest = found.group(1), cells(found.group(2))
    if len(rest) < len(kind.columns) and "\t" not in found.group(2):
        rest = found.group(2).split()
    if len(rest) < len(kind.columns):
        draft.note(line, f"{label} has {len(rest)} of {len(kind.columns)} values; left out")
        return None
    values = []
    for (what, low, high, unit), text in zip(kind.columns, rest, strict=False):
        value = draft.number(line, f"{label}, {what}", text)
        if value is None:
            return None
        values.append(draft.within(line, f"{label}, {what}", value, (low, high, unit)))
    return line, label, tuple(values)


def keep(draft: Draft, kind: Kind, rows: Sequence[Row], start: int) -> None:
    """Keep a whole table: in order, each place once.

    Raises:
        DataRefusedError: Electrotonus has its signs reversed.
    """
    if kind.id == ELECTROTONUS:
        _electrotonus(draft, rows)
        return
    if kind.id in draft.curves:
        draft.note(start, f"a second table of {kind.id.replace('_', ' ')} ({len(rows)} rows); the first is kept")
        return
    points = _once(draft, [(line, label, (values[0], values[-1 if len(values) < _FEWEST else 1])) for line, label,
                           values in rows])  # fmt: skip
    if len(points) < _FEWEST:
        draft.note(start, f"the table of {kind.id.replace('_', ' ')} has {len(points)} points; left out")
        return
    draft.curves[kind.id] = tuple(points)


def _once(draft: Draft, rows: Sequence[tuple[int, str, tuple[float, float]]]) -> list[tuple[float, float]]:
    """Return points in ascending order; of two at one place the first is kept."""
    found: dict[float, float] = {}
    for line, label, (at, value) in rows:
        if at in found:
            draft.note(line, f"{label} is at {at:g} again; the first value ({found[at]:g}) is kept, not {value:g}")
            continue
        found[at] = value
    return sorted(found.items())


def _electrotonus(draft: Draft, rows: Sequence[Row]) -> None:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        number = _LABEL.match(row[1])
        groups.setdefault(number.group(1) if number else "", []).append(row)
    for group in groups.values():
        line, first = group[0][0], group[0][1].split(".")[0]
        currents = {values[1] for _, _, values in group} - {0.0}
        if len(currents) != 1:
            draft.note(line, f"{first}: {len(currents)} currents in one curve, expected one; left out")
            continue
        share = currents.pop()
        if any(each.share == share for each in draft.electrotonus):
            draft.note(line, f"{first}: a second curve under {share:+g} %; the first is kept")
            continue
        begins = min(values[0] for _, _, values in group if values[1])
        last = max(values[0] for _, _, values in group if values[1])
        after = [values[0] for _, _, values in group if values[0] > last]
        points = _once(draft, [(at, label, (values[0], values[2])) for at, label, values in group])
        curve = Electrotonus(share, tuple(points), begins, min(after, default=last + 1))
        _check_sign(draft, line, first, curve)
        draft.electrotonus.append(curve)


def _check_sign(draft: Draft, line: int, name: str, curve: Electrotonus) -> None:
    falls = [fall for at, fall in curve.during if at > _SETTLED]
    if falls and sum(falls) * curve.share < 0:
        draft.refuse(
            line,
            f"{name}: under {curve.share:+g} % the threshold moves the wrong way. Expected a fall above 0 under a "
            "depolarising current and below 0 under a hyperpolarising one: are the signs reversed?",
        )
    if (most := max(fall for _, fall in curve.points)) > _WHOLE:
        draft.refuse(line, f"{name}: the threshold falls by {most:g} %, expected at most {_WHOLE:g} %.")
