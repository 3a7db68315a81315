"""Hormones and what follows them slowly: how fast each moves towards what the blood asks of it."""

from __future__ import annotations

import math

from rheobase.nerve.plate.body import Given, Made
from rheobase.nerve.plate.flows import LEAST, At, Moment


def secretion(calcium: float, body: Made) -> float:
    """Return how much PTH the glands want to let go, over usual, at a serum calcium over usual (Peterson & Riggs)."""
    h = body.p.hormones
    span = h.secretion_most - h.secretion_least
    # The middle of the sigmoid follows from secretion being basal at the usual calcium.
    middle = span / (h.secretion_most - h.secretion_basal) - 1
    # No calcium is as good as a tenth of it: the glands can't do more.
    power = max(0.1, calcium) ** h.secretion_power
    return float((h.secretion_most - span * power / (power + middle)) / h.secretion_basal)


def rates(moment: Moment) -> list[float]:
    """Return the change a day of every regulator, in the order of ``At`` from ``PTH`` on."""
    wanted = secretion(moment.now["calcium"], moment.body)
    return [
        *_gland(moment, wanted),
        *_vitamin_d(moment),
        *_bone_cells(moment),
        *_potassium(moment),
    ]


def _gland(moment: Moment, wanted: float) -> tuple[float, float, float, float]:
    y, body, day, now = moment.y, moment.body, moment.day, moment.now
    h, p = body.p.hormones, body.p.body
    level = y[At.CALCITRIOL]
    let_go = wanted * y[At.STORE] * y[At.GLAND] / 0.5 * y[At.GROWTH] * now["able"]
    if day.phase.without_glands:
        let_go = 0.0
    store = max(1.0, wanted) ** -h.store_power
    heeded = 1 + h.gland_calcitriol_share * (level - 1)
    turn = math.tanh(h.gland_slope * p.calcitriol * (heeded - now["calcium"] ** -h.gland_calcium_power))
    grow = h.gland_rate * (h.gland_span * (1 - turn) + 1 - h.gland_span)
    shrink = h.gland_rate * (h.gland_span * (1 + turn) + 1 - h.gland_span)
    middle = (h.growth_most - h.growth_least) / (h.growth_most - 1) - 1
    power = max(LEAST, level) ** h.growth_power
    growth = h.growth_most - (h.growth_most - h.growth_least) * power / (power + middle)
    return (
        h.pth_rate * (let_go - y[At.PTH]),
        (store - y[At.STORE]) / h.store_days,
        (1 - y[At.GLAND]) * grow - y[At.GLAND] * shrink,
        h.growth_rate * (growth - y[At.GROWTH]),
    )


def _vitamin_d(moment: Moment) -> tuple[float, float, float, float]:
    y, body, day, now = moment.y, moment.body, moment.day, moment.now
    h, usual = body.p.hormones, body.p.body.vitamin_d
    store = max(0.0, y[At.VITAMIN_D])
    substrate = store / (store + h.vitamin_d_substrate) * (usual + h.vitamin_d_substrate) / usual
    power = now["pth"] ** h.calcitriol_pth_power
    by_pth = power * (1 + h.calcitriol_pth_half) / (power + h.calcitriol_pth_half)
    made = (
        (h.calcitriol_least + (1 - h.calcitriol_least) * by_pth)
        * now["phosphate"] ** -h.calcitriol_phosphate_power
        * body.kidney**h.calcitriol_kidney_power
        * substrate
    )
    kept = body.vitamin_d + h.vitamin_d_per_ug * (day.intake["vitamin_d"] - body.usual["vitamin_d"])
    return (
        h.hydroxylase_rate * (made - y[At.HYDROXYLASE]),
        h.calcitriol_rate * (y[At.HYDROXYLASE] + day.calcitriol - 1 - y[At.CALCITRIOL]),
        (y[At.CALCITRIOL] - y[At.GUT]) / body.p.calcium.gut_days,
        math.log(2) / h.vitamin_d_half_life * (max(0.0, kept) - y[At.VITAMIN_D]),
    )


def denosumab_left(t: float, day: Given) -> float:
    """Return what denosumab leaves of resorption at a day of the stretch; it is given again when its time is over."""
    if day.denosumab is None:
        return 1.0
    left, days, half, fade = day.denosumab
    since = max(0.0, t) % days
    return left + (1 - left) / (1 + math.exp(-(since - half) / fade))


def _bone_cells(moment: Moment) -> tuple[float, float]:
    t, y, body, day, now = moment.t, moment.y, moment.body, moment.day, moment.now
    c = body.p.calcium
    wanted = now["pth"] ** c.resorption_power * day.resorption * denosumab_left(t, day)
    return (
        (wanted - y[At.RESORPTION]) / c.resorption_days,
        (y[At.RESORPTION] * day.formation - y[At.FORMATION]) / c.formation_days,
    )


def _potassium(moment: Moment) -> tuple[float, float]:
    y, body, day, now = moment.y, moment.body, moment.day, moment.now
    k = body.p.potassium
    asked = 1 + k.aldosterone_slope * (now["potassium"] - 1)
    # Renin: less body sodium, more aldosterone, whatever potassium says.
    asked = max(k.aldosterone_least, asked * math.exp(-k.aldosterone_volume * (now["sodium"] - 1)) * day.aldosterone)
    busy = now["potassium"] ** k.urine_power * y[At.ALDOSTERONE] ** k.aldosterone_power * y[At.ADAPTED]
    return (
        (asked - y[At.ALDOSTERONE]) / k.aldosterone_days,
        (max(LEAST, busy) ** k.adapt_power - y[At.ADAPTED]) / k.adapt_days,
    )
