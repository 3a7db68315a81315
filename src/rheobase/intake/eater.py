"""What a person told that bears on caffeine, water, sun and absorption; what was not told stays unknown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from rheobase.intake.life_stage import Who, references_for
from rheobase.intake.water import Losses
from rheobase.knowledge.model_intake import IntakeFacts
from rheobase.person import Value

NICOTINE, PREGNANT = "nicotine_daily", "pregnant"
ACID_BLOCKER, VITAMIN_D, LITTLE_SUN = "med_ppi", "lab.vitamin_d_25oh", "sun_low"
EXERCISE, HEAT, FEVER = "hard_exercise_recent", "heat_exposure", "fever"
STOOLS, VOMITING = "diarrhoea", "vomiting"
PILL = "combined_contraceptive"
SMOKING, PREGNANCY, CONTRACEPTIVE, CIRRHOSIS = "smoking", "pregnancy", "oral_contraceptive", "cirrhosis"
# Medicines that slow caffeine, by the id of the medicine and of the modifier.
SLOWING = ("fluvoxamine", "ciprofloxacin")


@dataclass(frozen=True, slots=True)
class Eater:
    """What is known of the person beside age and sex; None is not known.

    Attributes:
        who: Age, sex, pregnancy.
        present: What changes the half-life of caffeine and holds.
        possible: What changes it and may hold; common enough to widen the range.
        rare: What changes it, was not asked, and is rare; it is named and said apart, not taken for no.
        vitamin_d_nmol_l: Serum 25-OH vitamin D, newest [nmol/L].
        acid_blocker: Whether a proton pump inhibitor is taken.
        little_sun: Whether little sun reaches the skin.
        losses: Losses of water beyond an ordinary day.
        expecting: Whether a pregnancy or the weeks after birth were told.
    """

    who: Who
    present: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    vitamin_d_nmol_l: float | None = None
    acid_blocker: bool | None = None
    little_sun: bool | None = None
    losses: Losses = field(default_factory=lambda: Losses(None, None, None, None, None))
    expecting: bool = False


def eater_from(
    who: Who,
    told: Mapping[str, Value],
    intake: IntakeFacts,
    *,
    medicines: Collection[str] = (),
    no_medicine: bool = False,
    hours: tuple[float | None, float | None] = (None, None),
) -> Eater:
    """Return what is known of the person.

    Args:
        who: Age, sex, pregnancy.
        told: Values by finding id, and laboratory values in SI as ``lab.<analyte>``.
        intake: Facts on intake.
        medicines: Ids of the medicines that are taken.
        no_medicine: Whether it was said that none is taken.
        hours: Hours of sweating exercise and of great heat, where they were said.
    """
    present: list[str] = []
    possible: list[str] = []
    # Cirrhosis is not asked anywhere.
    rare = [CIRRHOSIS]
    # Nicotine may come without smoke, and only smoke speeds caffeine up: a yes leaves it open, a no settles it.
    if told.get(NICOTINE) is not False:
        possible.append(SMOKING)
    if may_be_pregnant(who, intake):
        if PILL in medicines:
            present.append(CONTRACEPTIVE)
        elif told.get(PREGNANT) is not False and who.pregnant is not False:
            # Pregnancy slows caffeine at least as much as the pill, and the two do not go together.
            possible.append(PREGNANCY)
        elif not no_medicine:
            possible.append(CONTRACEPTIVE)
    for name in SLOWING:
        if name in medicines:
            present.append(name)
        elif not no_medicine:
            rare.append(name)
    level, blocker, sun = told.get(VITAMIN_D), told.get(ACID_BLOCKER), told.get(LITTLE_SUN)
    return Eater(
        who=who,
        present=tuple(present),
        possible=tuple(possible),
        rare=tuple(rare),
        vitamin_d_nmol_l=float(level) if isinstance(level, int | float) else None,
        acid_blocker=blocker if isinstance(blocker, bool) else None,
        little_sun=sun if isinstance(sun, bool) else None,
        losses=_losses(told, hours, intake),
        expecting=told.get(PREGNANT) is True and who.sex != "male",
    )


def may_be_pregnant(who: Who, intake: IntakeFacts) -> bool:
    """Whether a life stage of pregnancy is among those that the person may be in."""
    if who.sex == "male":
        return False
    return any(row.state for row in references_for(intake, "water", Who(who.age, who.sex)))


def _losses(told: Mapping[str, Value], hours: tuple[float | None, float | None], intake: IntakeFacts) -> Losses:
    """A no makes a loss zero; a yes does not say how much, so it stays unknown."""

    def none_of(name: str) -> float | None:
        return 0.0 if told.get(name) is False else None

    exercise, heat = hours
    return Losses(
        exercise_hours=none_of(EXERCISE) if exercise is None else exercise,
        heat_hours=none_of(HEAT) if heat is None else heat,
        # Normal body temperature adds nothing.
        temperature=intake.value("water.body_temperature") if told.get(FEVER) is False else None,
        loose_stools=none_of(STOOLS),
        vomits=none_of(VOMITING),
    )
