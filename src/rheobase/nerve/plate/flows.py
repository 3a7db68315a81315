"""Every flow by name, from where to where: what leaves one place arrives in another, so nothing is lost on the way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from rheobase.nerve.plate.body import Given, Made, softplus


class At(IntEnum):
    """Places of matter [mmol; water L], then regulators (1 is usual unless said)."""

    CA_BLOOD = 0
    CA_BONE = 1
    CA_OUTSIDE = 2
    P_BLOOD = 3
    P_CELLS = 4
    P_BONE = 5
    P_OUTSIDE = 6
    MG_BLOOD = 7
    MG_FAST = 8
    MG_SLOW = 9
    MG_OUTSIDE = 10
    K_BLOOD = 11
    K_CELLS = 12
    K_OUTSIDE = 13
    NA_BODY = 14
    NA_OUTSIDE = 15
    WATER = 16
    WATER_OUTSIDE = 17
    PTH = 18
    STORE = 19
    GLAND = 20  # 0 to 1, usual 0.5
    GROWTH = 21
    HYDROXYLASE = 22
    CALCITRIOL = 23
    GUT = 24  # follows calcitriol
    VITAMIN_D = 25  # nmol/L
    RESORPTION = 26
    FORMATION = 27
    ALDOSTERONE = 28
    ADAPTED = 29


PLACES = tuple(each for each in At if each < At.PTH)
GROUPS = {
    "calcium": (At.CA_BLOOD, At.CA_BONE, At.CA_OUTSIDE),
    "phosphorus": (At.P_BLOOD, At.P_CELLS, At.P_BONE, At.P_OUTSIDE),
    "magnesium": (At.MG_BLOOD, At.MG_FAST, At.MG_SLOW, At.MG_OUTSIDE),
    "potassium": (At.K_BLOOD, At.K_CELLS, At.K_OUTSIDE),
    "sodium": (At.NA_BODY, At.NA_OUTSIDE),
    "water": (At.WATER, At.WATER_OUTSIDE),
}
Flow = tuple[str, At, At, float]


class Moment(NamedTuple):
    """A state at a time of a stretch of days, with its ``ratios``; a tuple, because it is made at every step."""

    t: float
    y: Sequence[float]
    body: Made
    day: Given
    now: dict[str, float]


LEAST = 1e-3


def ratios(y: Sequence[float], body: Made) -> dict[str, float]:
    """Return each ion in blood over its usual level, and the force that magnesium and kidneys leave PTH."""
    b, v = body.p.body, body.volumes
    calcium = y[At.CA_BLOOD] / (b.calcium * v["calcium"])
    magnesium = max(LEAST, y[At.MG_BLOOD] / (b.magnesium * v["magnesium"]))
    # Low magnesium both stops the glands and dulls what PTH does.
    half, power = body.p.hormones.magnesium_half, body.p.hormones.magnesium_power
    able = (1 + (half / b.magnesium) ** power) / (1 + (half / (magnesium * b.magnesium)) ** power)
    dulled = body.kidney**body.p.hormones.kidney_resistance
    return {
        "calcium": max(LEAST, calcium),
        "phosphate": max(LEAST, y[At.P_BLOOD] / (b.phosphate * v["calcium"])),
        "magnesium": magnesium,
        "potassium": max(LEAST, y[At.K_BLOOD] / (b.potassium * v["potassium"])),
        "sodium": y[At.NA_BODY] / body.sodium,
        "able": able,
        "pth": max(LEAST, y[At.PTH] * able * dulled),
    }


def serum_sodium(y: Sequence[float], body: Made) -> float:
    """Return serum sodium [mmol/L] (Edelman 1958)."""
    w = body.p.water
    return w.edelman_slope * (y[At.NA_BODY] + y[At.K_BLOOD] + y[At.K_CELLS]) / y[At.WATER] - w.edelman_offset


def flows(moment: Moment) -> list[Flow]:
    """Return every flow [mmol/day; water L/day] at one moment."""
    return [
        *_calcium(moment),
        *_phosphate(moment),
        *_magnesium(moment),
        *_potassium(moment),
        *_sodium_and_water(moment),
    ]


def _bone(moment: Moment) -> tuple[float, float]:
    """Return the flow of calcium out of bone and into bone [mmol/day]."""
    y, now, c = moment.y, moment.now, moment.body.p.calcium
    exchange = c.bone_exchange * moment.body.size
    lining = (1 - c.resorption_share) * (1 + c.lining_reach * (now["pth"] - 1) / (now["pth"] + 1))
    out = exchange * (lining + c.resorption_share * y[At.RESORPTION])
    into = exchange * now["calcium"] * (1 - c.formation_share + c.formation_share * y[At.FORMATION])
    return out, into


def _calcium(moment: Moment) -> list[Flow]:
    y, body, day, now = moment.y, moment.body, moment.day, moment.now
    c, lost, losses = body.p.calcium, day.phase.lost, body.p.losses
    level = y[At.GUT]
    active = (1 + c.gut_half**2) * level**2 / (c.gut_half**2 + level**2)
    share = min(c.most_absorbed, day.calcium_share * (c.gut_fixed + (1 - c.gut_fixed) * active))
    out, into = _bone(moment)
    extra = lost.sweat * losses.sweat_calcium + lost.diarrhoea * losses.stool_calcium
    return [
        ("calcium absorbed", At.CA_OUTSIDE, At.CA_BLOOD, share * day.intake["calcium"]),
        ("calcium into the gut", At.CA_BLOOD, At.CA_OUTSIDE, c.secreted * body.size * now["calcium"]),
        ("calcium through the skin", At.CA_BLOOD, At.CA_OUTSIDE, c.skin * body.size * now["calcium"]),
        ("calcium lost", At.CA_BLOOD, At.CA_OUTSIDE, extra * now["calcium"]),
        ("calcium urine", At.CA_BLOOD, At.CA_OUTSIDE, _urine_calcium(moment)),
        ("calcium out of bone", At.CA_BONE, At.CA_BLOOD, out),
        ("calcium into bone", At.CA_BLOOD, At.CA_BONE, into),
    ]


def _urine_calcium(moment: Moment) -> float:
    """Half of what is filtered is kept whatever PTH does; of the other half, PTH and calcitriol keep most."""
    y, body, day, now = moment.y, moment.body, moment.day, moment.now
    c, usual = body.p.calcium, body.p.body.calcium
    concentration = now["calcium"] * usual
    half = c.filtered_share * body.gfr / 2
    span = c.reabsorption_most - c.reabsorption_least
    needed = span / (1 - c.reabsorption_least) - 1
    effect = c.reabsorption_least + span * now["pth"] / (now["pth"] + needed)
    most = (half * usual - body.urine_calcium_base) * (c.reabsorbed_half + usual) / usual
    spilled = half * concentration - most * concentration / (c.reabsorbed_half + concentration) * effect
    width = c.urine_width * body.size
    by_calcitriol = 2 / (1 + y[At.CALCITRIOL]) if c.urine_calcitriol else 1.0
    return width * softplus(spilled / width) * by_calcitriol * day.urine_calcium


def _phosphate(moment: Moment) -> list[Flow]:
    y, body, day, now = moment.y, moment.body, moment.day, moment.now
    c = body.p.calcium
    out, into = _bone(moment)
    threshold = body.phosphate_threshold * (1 - c.phosphate_reach * (now["pth"] - 1) / (now["pth"] + 1))
    over = now["phosphate"] * body.p.body.phosphate - threshold
    urine = body.gfr * c.phosphate_width * softplus(over / c.phosphate_width)
    cells = c.phosphate_cells * body.size
    return [
        ("phosphorus absorbed", At.P_OUTSIDE, At.P_BLOOD, c.phosphate_absorbed * day.intake["phosphorus"]),
        ("phosphorus urine", At.P_BLOOD, At.P_OUTSIDE, urine),
        ("phosphorus out of bone", At.P_BONE, At.P_BLOOD, c.bone_phosphate * out),
        ("phosphorus into bone", At.P_BLOOD, At.P_BONE, c.bone_phosphate * into),
        ("phosphorus into cells", At.P_BLOOD, At.P_CELLS, cells / c.phosphate_days * now["phosphate"]),
        ("phosphorus out of cells", At.P_CELLS, At.P_BLOOD, y[At.P_CELLS] / c.phosphate_days),
    ]


def _magnesium(moment: Moment) -> list[Flow]:
    y, body, day, now = moment.y, moment.body, moment.day, moment.now
    m, lost, losses = body.p.magnesium, day.phase.lost, body.p.losses
    size, level = body.size, now["magnesium"]
    fast = m.fast * body.p.body.weight * size
    slow = m.slow * body.p.body.weight * size
    over = m.filtered_share * level * body.p.body.magnesium - body.magnesium_threshold * day.magnesium_threshold
    urine = body.gfr * m.urine_width * softplus(over / m.urine_width) + m.urine_least * size * level
    extra = lost.sweat * losses.sweat_magnesium + lost.diarrhoea * losses.stool_magnesium
    exchange = m.slow_exchange * size
    return [
        ("magnesium absorbed", At.MG_OUTSIDE, At.MG_BLOOD, day.magnesium_share * day.intake["magnesium"]),
        ("magnesium into the gut", At.MG_BLOOD, At.MG_OUTSIDE, m.secreted * size * level),
        ("magnesium through the skin", At.MG_BLOOD, At.MG_OUTSIDE, m.skin * size * level),
        ("magnesium lost", At.MG_BLOOD, At.MG_OUTSIDE, extra * level),
        ("magnesium urine", At.MG_BLOOD, At.MG_OUTSIDE, urine),
        ("magnesium into soft tissue", At.MG_BLOOD, At.MG_FAST, fast / m.fast_days * level),
        ("magnesium out of soft tissue", At.MG_FAST, At.MG_BLOOD, y[At.MG_FAST] / m.fast_days),
        ("magnesium into bone and cells", At.MG_BLOOD, At.MG_SLOW, exchange * level),
        ("magnesium out of bone and cells", At.MG_SLOW, At.MG_BLOOD, exchange * y[At.MG_SLOW] / slow),
    ]


def _potassium(moment: Moment) -> list[Flow]:
    y, body, day, now = moment.y, moment.body, moment.day, moment.now
    k, lost, losses = body.p.potassium, day.phase.lost, body.p.losses
    size, level, usual = body.size, now["potassium"], body.p.body.potassium
    sodium_delivered = _urine_sodium(moment) / body.urine["sodium"]
    more = max(0.0, day.intake["potassium"] / body.usual["potassium"] - 1)
    urine = (
        body.urine["potassium"]
        * (1 + k.feedforward * more * body.kidney)
        * sodium_delivered**k.sodium_power
        * body.kidney**k.kidney_power
        * level**k.urine_power
        * y[At.ALDOSTERONE] ** k.aldosterone_power
        * y[At.ADAPTED]
        * now["magnesium"] ** -k.magnesium_power
        * day.urine_potassium
    )
    pump = k.pump * size
    resting = pump * usual / (k.pump_half + usual) / (k.cells * k.cells_volume * body.p.body.weight * size)
    extra = (
        lost.sweat * losses.sweat_potassium
        + lost.diarrhoea * losses.stool_potassium
        + lost.vomiting * losses.vomit_potassium
    )
    return [
        ("potassium absorbed", At.K_OUTSIDE, At.K_BLOOD, k.absorbed * day.intake["potassium"]),
        ("potassium into the gut", At.K_BLOOD, At.K_OUTSIDE, k.secreted * size * level),
        ("potassium through the skin", At.K_BLOOD, At.K_OUTSIDE, k.skin * size * level),
        ("potassium lost", At.K_BLOOD, At.K_OUTSIDE, extra * level),
        ("potassium urine", At.K_BLOOD, At.K_OUTSIDE, urine),
        ("potassium into cells", At.K_BLOOD, At.K_CELLS, pump * level * usual / (k.pump_half + level * usual)),
        ("potassium out of cells", At.K_CELLS, At.K_BLOOD, resting * y[At.K_CELLS]),
    ]


def _urine_sodium(moment: Moment) -> float:
    body = moment.body
    filled = math.exp(body.p.water.sodium_power * (moment.now["sodium"] - 1))
    return body.urine["sodium"] * filled * moment.day.urine_sodium


def _sodium_and_water(moment: Moment) -> list[Flow]:
    y, body, day, now = moment.y, moment.body, moment.day, moment.now
    w, lost, losses = body.p.water, day.phase.lost, body.p.losses
    size, filled = body.size, now["sodium"]
    sodium = _urine_sodium(moment)
    extra = (
        lost.sweat * losses.sweat_sodium + lost.diarrhoea * losses.stool_sodium + lost.vomiting * losses.vomit_sodium
    )
    # Potassium in the urine is near what comes in; that is close enough for how much water it carries.
    solute = 2 * (sodium + body.urine["potassium"]) + w.urea * size
    above = serum_sodium(y, body) - body.p.body.sodium
    drive = (above - body.adh_middle - w.adh_volume * (filled - 1)) / w.adh_width
    dilute = w.dilute * day.dilute / body.kidney**w.kidney_power
    concentrated = max(w.least_span * dilute, w.concentrated * day.concentrated * body.kidney**w.kidney_power)
    strength = dilute + (concentrated - dilute) / (1 + math.exp(-max(-60.0, min(60.0, drive))))
    drunk = (
        w.thirst
        * size
        * w.adh_width
        * (softplus((above - w.thirst_above) / w.adh_width) - softplus(-w.thirst_above / w.adh_width))
    )
    gone = lost.sweat + lost.diarrhoea + lost.vomiting
    return [
        ("sodium absorbed", At.NA_OUTSIDE, At.NA_BODY, day.intake["sodium"]),
        ("sodium urine", At.NA_BODY, At.NA_OUTSIDE, sodium),
        ("sodium through skin and stool", At.NA_BODY, At.NA_OUTSIDE, (w.skin_sodium + w.faeces_sodium) * size * filled),
        ("sodium lost", At.NA_BODY, At.NA_OUTSIDE, extra * filled),
        ("water in food and drink", At.WATER_OUTSIDE, At.WATER, day.intake["water"]),
        ("water from thirst", At.WATER_OUTSIDE, At.WATER, drunk),
        ("water urine", At.WATER, At.WATER_OUTSIDE, solute / strength),
        ("water through skin and breath", At.WATER, At.WATER_OUTSIDE, w.insensible * size),
        ("water lost", At.WATER, At.WATER_OUTSIDE, gone),
    ]
