"""Values worked out from measured ones. Pure arithmetic; every number comes from ``lab_formulas.toml``.

Amounts are in SI throughout: mmol/L, albumin g/L, creatinine umol/L in serum and mmol/L in urine, osmolality mmol/kg.
Each function takes the ``constants`` of its formula.
"""

from __future__ import annotations

from collections.abc import Mapping

from rheobase.knowledge.albumin import missing_albumin

Constants = Mapping[str, float]


def adjusted_calcium(constants: Constants, calcium: float, albumin: float) -> float:
    """Return calcium adjusted for albumin [mmol/L]: what the total would be at a usual albumin.

    An albumin within its usual range changes nothing. The published formula takes calcium off from 40 g/L upwards,
    where most healthy people are.

    Args:
        constants: ``slope`` [mmol/L per g/L], ``albumin_reference`` and ``albumin_usual_high`` [g/L].
        calcium: Total calcium [mmol/L].
        albumin: Albumin [g/L].

    Source:
        Payne RB et al. Br Med J 1973;4:643-646; the slope as in ``lab_formulas.toml``.
    """
    return calcium + constants["slope"] * missing_albumin(constants, albumin)


def ionised_estimate(constants: Constants, adjusted: float, ph: float) -> tuple[float, float]:
    """Return the ends of a rough estimate of ionised calcium [mmol/L], the smaller shift with pH first.

    Args:
        constants: ``share`` of adjusted calcium that is ionised at ``ph_reference``; ``fall_least`` and ``fall_most``
            [mmol/L] for each rise of ``ph_step``.
        adjusted: Albumin-adjusted calcium [mmol/L].
        ph: Blood pH.
    """
    steps = (ph - constants["ph_reference"]) / constants["ph_step"]
    at_rest = constants["share"] * adjusted
    return at_rest - steps * constants["fall_least"], at_rest - steps * constants["fall_most"]


def filtration_rate(constants: Constants, creatinine: float, age: float, sex: str) -> float:
    """Return the estimated glomerular filtration rate [mL/min/1.73 m2] by CKD-EPI 2021.

    Args:
        constants: ``kappa_female``, ``kappa_male``, ``alpha_female``, ``alpha_male``, ``factor``, ``exponent``,
            ``age_base``, ``female_factor``, ``umol_per_mg_dl`` of the formula.
        creatinine: Serum creatinine [umol/L].
        age: Years.
        sex: ``female`` or ``male``.

    Source:
        Inker LA et al. N Engl J Med 2021;385:1737-1749.
    """
    ratio = creatinine / constants["umol_per_mg_dl"] / constants[f"kappa_{sex}"]
    rate: float = constants["factor"] * min(ratio, 1) ** constants[f"alpha_{sex}"]
    rate *= max(ratio, 1) ** constants["exponent"] * constants["age_base"] ** age
    return rate * (constants["female_factor"] if sex == "female" else 1)


def anion_gap(sodium: float, chloride: float, bicarbonate: float, potassium: float = 0.0) -> float:
    """Return the anion gap [mmol/L], with potassium if it is given."""
    return sodium + potassium - chloride - bicarbonate


def anion_gap_at_usual_albumin(constants: Constants, gap: float, albumin: float) -> float:
    """Return the anion gap that would be seen at a usual albumin [mmol/L].

    Args:
        constants: ``slope`` [mmol/L per g/L], ``albumin_reference`` [g/L].
        gap: Anion gap [mmol/L].
        albumin: Albumin [g/L].

    Source:
        Figge J et al. Crit Care Med 1998;26:1807-1810.
    """
    return gap + constants["slope"] * (constants["albumin_reference"] - albumin)


def sodium_at_usual_glucose(constants: Constants, sodium: float, glucose: float) -> float:
    """Return the sodium that would be seen at a usual glucose [mmol/L].

    Args:
        constants: ``fall`` [mmol/L of sodium] for each ``glucose_step`` above ``glucose_reference`` [mmol/L].
        sodium: Measured sodium [mmol/L].
        glucose: Glucose [mmol/L].

    Source:
        Katz MA. N Engl J Med 1973;289:843-844; Hillier TA et al. Am J Med 1999;106:399-403.
    """
    above = max(glucose - constants["glucose_reference"], 0.0)
    return sodium + constants["fall"] * above / constants["glucose_step"]


def osmolality(constants: Constants, sodium: float, glucose: float, urea: float) -> float:
    """Return the calculated serum osmolality [mmol/kg].

    Args:
        constants: ``sodium_factor``, ``offset``.
        sodium: [mmol/L].
        glucose: [mmol/L].
        urea: [mmol/L].
    """
    return constants["sodium_factor"] * sodium + glucose + urea + constants["offset"]


def fractional_excretion(
    constants: Constants, urine: float, serum: float, *, urine_creatinine: float, serum_creatinine: float
) -> float:
    """Return the share of what is filtered that is lost in the urine [%].

    Args:
        constants: ``filterable`` share of the serum level; ``umol_per_mmol``.
        urine: In urine [mmol/L, or mmol/day with creatinine in mmol/day].
        serum: In serum [mmol/L].
        urine_creatinine: [mmol/L, or mmol/day].
        serum_creatinine: [umol/L].
    """
    filtered = constants["filterable"] * serum * urine_creatinine * constants["umol_per_mmol"]
    return constants["percent"] * urine * serum_creatinine / filtered


def transtubular_gradient(
    urine_potassium: float, serum_potassium: float, urine_osmolality: float, serum_osmolality: float
) -> float:
    """Return the transtubular potassium gradient, without unit."""
    return (urine_potassium / serum_potassium) / (urine_osmolality / serum_osmolality)
