"""What nobody takes of a nutrient in a day: slips of the unit. Expert, grade C: far beyond any real diet."""

from __future__ import annotations

_MOST = {"energy_kcal": 30_000.0, "water_g": 40_000.0, "caffeine_mg": 20_000.0, "vitamin_d_ug": 50_000.0}
_MOST_BY_UNIT = {"g": 5_000.0, "mg": 100_000.0, "ug": 100_000.0}


def too_much(nutrient: str, amount: float) -> str:
    """Return why so much of a nutrient cannot be taken in a day, "" where it can.

    Args:
        nutrient: One of ``NUTRIENTS``.
        amount: In the unit of its column.
    """
    unit = nutrient.rpartition("_")[2]
    most = _MOST.get(nutrient, _MOST_BY_UNIT.get(unit, 0.0))
    return "" if amount <= most else f"nobody takes more than {most:,.0f} {unit} in a day"
