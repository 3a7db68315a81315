"""The threshold of a motor nerve over one blood value, with the person's point on it."""

from __future__ import annotations

from dataclasses import replace

from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.knowledge.nerve_presets import load_nerve_presets
from rheobase.nerve.concentrations import Serum, normal_serum
from rheobase.nerve.tabled import tabled
from rheobase.report.document import Picture, Table
from rheobase.report.nerve_chart import Lines

OVER = ("calcium_ionised", "magnesium_ionised", "potassium", "ph", "temperature")
PIECES = 14


def alone(serum: Serum, names: tuple[str, ...] = OVER) -> dict[str, float]:
    """Return by what each value moves the threshold on its own [%], the others normal; only values that differ."""
    usual, found = normal_serum(), {}
    for name in names:
        value = getattr(serum, name)
        if value != getattr(usual, name):
            seen = tabled(replace(usual, **{name: value}))
            if seen is not None and seen.change is not None:
                found[name] = seen.change
    return found


def most_telling(serum: Serum, names: tuple[str, ...] = OVER) -> str:
    """Return the value that moves the threshold most on its own; the first of them where none does."""
    return max(names, key=lambda name: abs(alone(serum, (name,)).get(name, 0.0)))


def threshold_picture(serum: Serum, over: str, *, whose: str = "your other values") -> Picture | None:
    """Return the threshold over one value as the slider goes, the others kept; None where there is none.

    Args:
        serum: The person's.
        over: Name of the value.
        whose: Names the person's line.
    """
    slider, asked, usual = load_nerve_presets().sliders[over], load_nerve_facts().inputs[over], normal_serum()
    here = getattr(serum, over)
    low, high = min(slider.low, here), max(slider.high, here)
    # Ends of the axis that are near the person and normal: beyond, the model was compared with nothing.
    low, high = max(low, min(asked.checked_low, here)), min(high, max(asked.checked_high, here))
    places = sorted({low + (high - low) * step / PIECES for step in range(PIECES + 1)} | {here})
    own = _line(serum, over, places)
    others_normal = replace(serum, **{over: getattr(usual, over)}) == usual
    compared = () if others_normal else _line(usual, over, places)
    stands = next((point for point in own if point[0] == here), None)
    if len(own) < 2 or stands is None:
        return None
    unit = f" [{asked.unit}]" if asked.unit else ""
    normal_at = f"{asked.normal:.3g} {asked.unit}".rstrip()
    name = asked.heading
    shown = own[:: max(1, len(own) // 8)]
    rows = sorted({*shown, stands})
    return Picture(
        title=f"How easily a nerve is set off, over {asked.name}",
        description=(
            "Threshold of a motor nerve in per cent of normal; lower is easier to set off. It is "
            f"{stands[1]:.0f} % at {here:.3g}, and 100 % in normal serum, at {normal_at}."
        ),
        chart=Lines(
            f"{name}{unit}", "Threshold [% of normal]", own, compared, stands, (asked.normal, 100.0),
            (whose, "all else normal"),
        ),
        table=Table(
            "Threshold [% of normal]", (f"{name}{unit}", "Threshold"),
            tuple((f"{x:.3g}" + (" (here)" if x == here else ""), f"{y:.0f}") for x, y in rows),
        ),
    )  # fmt: skip


def _line(serum: Serum, over: str, places: list[float]) -> tuple[tuple[float, float], ...]:
    found = ((each, tabled(replace(serum, **{over: each}))) for each in places)
    return tuple((each, seen.threshold) for each, seen in found if seen is not None and seen.threshold is not None)
