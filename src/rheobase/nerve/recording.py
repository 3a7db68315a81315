"""A recording of nerve excitability as a laboratory made it: figures, curves, what was not understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

RECOVERY, CURRENT_THRESHOLD, STRENGTH, RESPONSE = "recovery", "current_threshold", "strength_duration", "response"
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Electrotonus:
    """Threshold electrotonus under one current.

    Attributes:
        share: The current as a share of the threshold [%]; below 0 hyperpolarises.
        points: Delay [ms] and fall of threshold [%].
        begins: Delay at which the current sets in [ms].
        ends: Delay from which it no longer flows [ms].
    """

    share: float
    points: Points
    begins: float
    ends: float

    @property
    def during(self) -> Points:
        """Time since the current set in [ms] and fall of threshold [%], while it flows."""
        return tuple((at - self.begins, fall) for at, fall in self.points if self.begins <= at < self.ends)


@dataclass(frozen=True, slots=True)
class Note:
    """Something in the file that was left out or read with a doubt, with its line (0 for the file as a whole)."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording of one nerve.

    Attributes:
        kind: Of the file: "QTRAC" or "table".
        indices: Figures by the ids of the norms.
        worked_out: Ids of those that were not in the file, but follow from its curves.
        curves: By name: strength-duration (width [ms], threshold [mA]), response (share of the largest [%], stimulus
            [mA]), recovery (delay [ms], change of threshold [%]), current-threshold (current [%], fall of threshold
            [%]).
        electrotonus: One for each current.
        header: What the file says of itself, as written.
        age: [years], None where it is not known.
        sex: "male" or "female", None where it is not known.
        temperature: Of the skin [C], None where it is not known.
        potassium: Of the serum [mmol/L], None where it is not known.
        others: Figures that are kept, but not read here, by their name in the file.
        notes: What was left out, and why.
    """

    kind: str
    indices: Mapping[str, float]
    worked_out: tuple[str, ...] = ()
    curves: Mapping[str, Points] = field(default_factory=dict)
    electrotonus: tuple[Electrotonus, ...] = ()
    header: Mapping[str, str] = field(default_factory=dict)
    age: float | None = None
    sex: str | None = None
    temperature: float | None = None
    potassium: float | None = None
    others: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def under(self, share: float) -> Electrotonus | None:
        """Return electrotonus under a current [%], None where it was not recorded."""
        return next((each for each in self.electrotonus if each.share == share), None)
