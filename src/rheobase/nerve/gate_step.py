"""One gate over one step, in the model of a node and in that of a fibre alike."""

from __future__ import annotations

from typing import Any

from rheobase.nerve.compiled import part
from rheobase.nerve.fast_exp import bounded_exp


@part
def moved(g: Any, u: Any, t: Any, h: Any) -> Any:
    """Return a gate after h [ms] at the potential u that it sees; t: its row of the table."""
    xa = (u - t[1]) * t[0]
    xb = (u - t[7]) * t[6]
    near = t[12]
    xa = near if abs(xa) < near else xa
    xb = near if abs(xb) < near else xb
    da = t[4] + t[5] * bounded_exp(-xa)
    db = t[10] + t[11] * bounded_exp(-xb)
    w = da * db
    opening = (t[2] + t[3] * xa) * db * h
    s = opening + (t[8] + t[9] * xb) * da * h
    even = w * w + t[13] * s * s
    odd = t[14] * s * w
    return (g * (even - odd) + opening * w) / (even + odd)
