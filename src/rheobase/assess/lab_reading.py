"""One laboratory result as it was understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rheobase.person import LabResult, Value

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
        formula: Id of the formula of a derived value; empty for a measured one.
    """

    analyte: str
    value: float | None
    flag: str | None
    words: str
    sets: Mapping[str, Value]
    result: LabResult | None
    formula: str = ""
