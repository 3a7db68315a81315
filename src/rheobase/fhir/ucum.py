"""UCUM codes of the units that the knowledge uses, for writing; reading has more spellings.

Source:
    The Unified Code for Units of Measure, version 2.1 (Regenstrief Institute).
"""

from __future__ import annotations

# Only where UCUM writes a unit otherwise than a laboratory prints it.
_OTHERWISE = {
    "mEq/L": "meq/L",
    "IU/L": "[IU]/L",
    "IU/mL": "[IU]/mL",
    "mIU/L": "m[IU]/L",
    "uIU/mL": "u[IU]/mL",
    "10^9/L": "10*9/L",
    "mL/min/1.73m2": "mL/min/{1.73_m2}",
    "mmHg": "mm[Hg]",
    "pH": "[pH]",
    "ratio": "1",
    "10^3/uL": "10*3/uL",
    "mmol/day": "mmol/d",
    "mg/day": "mg/d",
    "mg/24 h": "mg/(24.h)",
    "": "1",
}


def ucum_of(unit: str) -> str:
    """Return the UCUM code of a unit of the knowledge, such as ``mL/min/{1.73_m2}`` for ``mL/min/1.73m2``."""
    return _OTHERWISE.get(unit, unit)
