"""One body: sizes, flows that balance an ordinary day, and what a stretch of days does to them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from rheobase.knowledge.model_intake import IntakeFacts
from rheobase.nerve.plate.parameters import Parameters, within
from rheobase.nerve.plate.person import MOLAR, Patient, Phase

# One mL/min is so many litres a day.
LITRES_A_DAY = 1.44


def softplus(x: float) -> float:
    """Return log(1 + exp(x)): a corner, rounded."""
    return x if x > 30 else math.log1p(math.exp(x))


def softplus_inverse(y: float) -> float:
    """Return the x whose ``softplus`` is y; y above 0."""
    return y if y > 30 else math.log(math.expm1(y))


@dataclass(frozen=True, slots=True)
class Made:
    """A body ready to run: amounts in mmol, litres and days.

    Attributes:
        p: Parameters.
        size: Weight over that of the published body.
        gfr: Filtration [L/day].
        kidney: Filtration over that of a healthy body of this age.
        usual: Ordinary intake [mmol/day; water L, vitamin D micrograms].
        volumes: Space of each ion in blood and tissue fluid [L].
        vitamin_d: 25-OH vitamin D at the start [nmol/L].
        urine: Urine of a healthy body in balance [mmol/day; water L].
        urine_calcium_base: Inner value at which the rounded corner gives that urine calcium [mmol/day].
        phosphate_threshold: [mmol/L].
        magnesium_threshold: Of the filterable part [mmol/L].
        sodium: Exchangeable sodium [mmol].
        water: Body water [L].
        adh_middle: Serum sodium over usual at half concentration [mmol/L].
    """

    p: Parameters
    size: float
    gfr: float
    kidney: float
    usual: dict[str, float]
    volumes: dict[str, float]
    vitamin_d: float
    urine: dict[str, float]
    urine_calcium_base: float
    phosphate_threshold: float
    magnesium_threshold: float
    sodium: float
    water: float
    adh_middle: float


def make(patient: Patient, p: Parameters, shares: tuple[float, float]) -> Made:
    """Return the body of a person, in balance on ordinary food with the kidneys of a healthy one.

    Args:
        patient: Who.
        p: Parameters.
        shares: Share of calcium and of magnesium absorbed from ordinary food.
    """
    b = p.body
    weight = b.weight if patient.weight is None else patient.weight
    size = weight / b.weight
    age = b.gfr_age if patient.age is None else patient.age
    healthy = (b.gfr - b.gfr_slope * max(0.0, age - b.gfr_age)) * LITRES_A_DAY * size
    kidney = 1.0 if patient.gfr is None else patient.gfr * LITRES_A_DAY * size / healthy
    usual = {name: getattr(p.usual, f"{name}_mg") / molar * size for name, molar in MOLAR.items()}
    usual |= {"vitamin_d": p.usual.vitamin_d_ug, "water": p.usual.water_l * size}
    volumes = {
        "calcium": p.calcium.volume * weight,
        "magnesium": p.magnesium.volume * weight,
        "potassium": p.potassium.volume * weight,
    }
    urine = _urine(p, usual, shares, size)
    cal, mag = p.calcium, p.magnesium
    phosphate_over = cal.phosphate_width * softplus_inverse(urine["phosphorus"] / healthy / cal.phosphate_width)
    spilled = urine["magnesium"] - mag.urine_least * size
    magnesium_over = mag.urine_width * softplus_inverse(spilled / healthy / mag.urine_width)
    share = _water_share(patient, p)
    water = share * weight
    cells = p.potassium.cells * p.potassium.cells_volume * weight + b.potassium * volumes["potassium"]
    sodium = (b.sodium + p.water.edelman_offset) / p.water.edelman_slope * water - cells
    solute = 2 * (urine["sodium"] + urine["potassium"]) + p.water.urea * size
    relative = (solute / urine["water"] - p.water.dilute) / (p.water.concentrated - p.water.dilute)
    return Made(
        p=p,
        size=size,
        gfr=healthy * kidney,
        kidney=kidney,
        usual=usual,
        volumes=volumes,
        vitamin_d=b.vitamin_d if patient.vitamin_d is None else patient.vitamin_d,
        urine=urine,
        urine_calcium_base=cal.urine_width * size * softplus_inverse(urine["calcium"] / (cal.urine_width * size)),
        phosphate_threshold=b.phosphate - phosphate_over,
        magnesium_threshold=mag.filtered_share * b.magnesium - magnesium_over,
        sodium=sodium,
        water=water,
        adh_middle=-p.water.adh_width * math.log(relative / (1 - relative)),
    )


def _urine(p: Parameters, usual: dict[str, float], shares: tuple[float, float], size: float) -> dict[str, float]:
    """Return what an ordinary day leaves for the urine, so that nothing is gained or lost."""
    skin = p.water.skin_sodium + p.water.faeces_sodium
    return {
        "calcium": usual["calcium"] * shares[0] - (p.calcium.secreted + p.calcium.skin) * size,
        "magnesium": usual["magnesium"] * shares[1] - (p.magnesium.secreted + p.magnesium.skin) * size,
        "potassium": usual["potassium"] * p.potassium.absorbed - (p.potassium.secreted + p.potassium.skin) * size,
        "sodium": usual["sodium"] - skin * size,
        "phosphorus": usual["phosphorus"] * p.calcium.phosphate_absorbed,
        "water": usual["water"] - p.water.insensible * size,
    }


def _water_share(patient: Patient, p: Parameters) -> float:
    b = p.body
    ends = {"male": b.water_male, "female": b.water_female}
    share = ends[patient.sex] if patient.sex else (b.water_male + b.water_female) / 2
    age = b.water_age if patient.age is None else patient.age
    return share - b.water_slope * max(0.0, age - b.water_age)


@dataclass(frozen=True, slots=True)
class Given:
    """What a stretch of days does: intake [mmol/day] and factors on the flows."""

    phase: Phase
    intake: dict[str, float]
    calcium_share: float
    magnesium_share: float
    urine_calcium: float
    urine_potassium: float
    urine_sodium: float
    magnesium_threshold: float
    aldosterone: float
    formation: float
    resorption: float
    calcitriol: float
    dilute: float
    concentrated: float
    denosumab: tuple[float, float, float, float] | None


EFFECTS = (
    "calcium_absorbed",
    "magnesium_absorbed",
    "urine_calcium",
    "urine_potassium",
    "urine_sodium",
    "magnesium_threshold",
    "aldosterone",
    "formation",
    "resorption",
    "calcitriol",
    "dilute",
    "concentrated",
)


def medicine_effects(phase: Phase, facts: IntakeFacts, pull: Mapping[str, float]) -> dict[str, float]:
    """Return the product of what every medicine of a stretch does, by effect.

    Args:
        phase: The stretch.
        facts: Facts, of which those named ``plate.medicine.NAME.EFFECT`` are used.
        pull: Standard deviations from the middle by fact id; empty for the middle.
    """
    total = dict.fromkeys(EFFECTS, 1.0)
    for name in phase.medicines:
        for effect in EFFECTS:
            fact = facts.facts.get(f"plate.medicine.{name}.{effect}")
            # Denosumab comes and goes; it is reckoned by the day.
            if fact is not None and (name, effect) != ("denosumab", "resorption"):
                total[effect] *= within(fact, pull.get(fact.id, 0.0))
    return total


def given(phase: Phase, body: Made, facts: IntakeFacts, pull: Mapping[str, float]) -> Given:
    """Return the flows and factors of one stretch of days for one body."""
    p, eaten, lost = body.p, phase.eaten, phase.lost
    intake = dict(body.usual)
    for name, molar in MOLAR.items():
        told = getattr(eaten, f"{name}_mg")
        if told is not None:
            intake[name] = told / molar
    if eaten.water_l is not None:
        intake["water"] = eaten.water_l
    if eaten.vitamin_d_ug is not None:
        intake["vitamin_d"] = eaten.vitamin_d_ug
    effects = medicine_effects(phase, facts, pull)
    vomit = p.losses.vomit_urine_potassium**lost.vomiting
    spill = max(p.losses.alcohol_least, 1 - p.losses.alcohol_magnesium * lost.alcohol / 10)
    denosumab = None
    if "denosumab" in phase.medicines:
        rows = [facts.fact(f"plate.medicine.denosumab.{each}") for each in ("resorption", "days", "half_at", "fade")]
        left, days, half, fade = (within(each, pull.get(each.id, 0.0)) for each in rows)
        denosumab = (left, days, half, fade)
    return Given(
        phase=phase,
        intake=intake,
        calcium_share=eaten.calcium_share * effects["calcium_absorbed"],
        magnesium_share=eaten.magnesium_share * effects["magnesium_absorbed"],
        urine_calcium=effects["urine_calcium"],
        urine_potassium=effects["urine_potassium"] * vomit,
        urine_sodium=effects["urine_sodium"],
        magnesium_threshold=effects["magnesium_threshold"] * spill,
        aldosterone=effects["aldosterone"],
        formation=effects["formation"],
        resorption=effects["resorption"],
        calcitriol=effects["calcitriol"],
        dilute=effects["dilute"],
        concentrated=effects["concentrated"],
        denosumab=denosumab,
    )
