"""Vitamin D from the sun, as roughly as it can honestly be said: by latitude, date, skin and exposed skin.

The height of the noon sun gives the clear-sky UV index; the dose in reddening doses of the skin type gives vitamin D by
the rule that a quarter of a reddening dose on a quarter of the skin stands for 1,000 IU by mouth. Where the noon sun is
low the rule does not hold, and this says so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from rheobase.errors import DataRefusedError
from rheobase.intake.amounts import Range, amount
from rheobase.knowledge.model_intake import IntakeFacts

Sky = Literal["clear", "partly", "overcast"]
_DAYS_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_MIDDLE = 15
_TYPES = 6


class Season(StrEnum):
    """What the noon sun allows."""

    MADE = "made"
    DOUBTFUL = "doubtful"
    PRACTICALLY_NONE = "practically_none"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Sun:
    """An exposure near noon; None is not known.

    Attributes:
        latitude: Degrees, north positive.
        month: 1 to 12.
        minutes: Minutes outdoors within about two hours of noon.
        skin_type: Fitzpatrick type 1 (always burns) to 6 (deeply pigmented).
        exposed: Share of the skin uncovered, 0 to 1.
        sky: clear, partly or overcast.
        shade: Whether in the shade.
        sunscreen: Whether sunscreen was on.
        age: Age [years].
    """

    latitude: float
    month: int
    minutes: float
    skin_type: int | None = None
    exposed: float | None = None
    sky: Sky | None = None
    shade: bool | None = False
    sunscreen: bool | None = None
    age: float | None = None

    def __post_init__(self) -> None:
        amount("latitude in degrees", self.latitude, least=-90, most=90)
        if self.month not in range(1, 13):
            raise DataRefusedError(f"month: expected 1 to 12, got {self.month!r}")
        amount("minutes in the sun", self.minutes, most=1440)
        if self.skin_type not in (None, *range(1, _TYPES + 1)):
            raise DataRefusedError(f"skin type: expected 1 to {_TYPES} (Fitzpatrick), got {self.skin_type!r}")
        if self.exposed is not None:
            amount("share of skin exposed", self.exposed, most=1)
        if self.sky not in (None, "clear", "partly", "overcast"):
            raise DataRefusedError(f"sky: expected clear, partly or overcast, got {self.sky!r}")
        if self.age is not None:
            amount("age in years", self.age, most=130)


@dataclass(frozen=True, slots=True)
class Made:
    """What the exposure made.

    Attributes:
        season: What the noon sun allows.
        zenith: Noon sun's distance from overhead [degree].
        uv_index: Clear-sky UV index at noon.
        iu: Vitamin D [IU].
        burns: Whether the skin would redden: None where it may.
    """

    season: Season
    zenith: float
    uv_index: Range
    iu: Range
    burns: bool | None


def noon_zenith(latitude: float, month: int, intake: IntakeFacts) -> float:
    """Return how far from overhead the sun stands at noon in mid-month [degree], at most 90."""
    day = _DAYS_BEFORE[month - 1] + _MIDDLE
    turn = 2 * math.pi * (intake.value("sun.tilt_phase") + day) / intake.value("sun.year")
    return min(90.0, abs(latitude - intake.value("sun.tilt") * math.sin(turn)))


def uv_index(zenith: float, ozone: float, intake: IntakeFacts) -> float:
    """Return the clear-sky UV index.

    Args:
        zenith: Sun's distance from overhead [degree].
        ozone: Ozone column [DU].
        intake: Facts on intake.
    """
    cosine = max(0.0, math.cos(math.radians(zenith)))
    layer = (ozone / intake.value("sun.ozone_standard")) ** intake.value("sun.ozone_power")
    return float(intake.value("sun.uvi_scale") * cosine ** intake.value("sun.uvi_power") * layer)


def season(zenith: float, intake: IntakeFacts) -> Season:
    """Return what a noon sun at this distance from overhead allows."""
    if zenith >= intake.value("sun.dark_zenith"):
        return Season.NONE
    if zenith >= intake.value("sun.none_zenith"):
        return Season.PRACTICALLY_NONE
    return Season.DOUBTFUL if zenith > intake.value("sun.sure_zenith") else Season.MADE


def vitamin_d_from_sun(sun: Sun, intake: IntakeFacts) -> Made:
    """Return the vitamin D that an exposure made, with its uncertainty.

    Args:
        sun: The exposure; what is not known spans its whole range.
        intake: Facts on intake.
    """
    zenith = noon_zenith(sun.latitude, sun.month, intake)
    ozone = intake.fact("sun.ozone")
    thin, thick = ozone.range
    index = Range(*(uv_index(zenith, each, intake) for each in (thick, ozone.value, thin)))
    light = _light(sun, intake)
    dose = index.times(light.low, light.value, light.high)
    joules = intake.value("sun.joule_per_uvi_minute") * sun.minutes
    med = _reddening(sun.skin_type, intake)
    # More joules and a lower reddening dose both mean more reddening doses.
    doses = Range(joules * dose.low / med.high, joules * dose.value / med.value, joules * dose.high / med.low)
    rule = intake.fact("sun.rule_iu")
    most = intake.value("sun.most_med")
    bare = intake.fact("sun.bare_skin")
    skin = Range(*([sun.exposed] * 3)) if sun.exposed is not None else Range(bare.range[0], bare.value, bare.range[1])
    per = intake.value("sun.rule_med") * intake.value("sun.rule_skin")
    made = Range(min(doses.low, most), min(doses.value, most), min(doses.high, most))
    made = made.times(skin.low / per, skin.value / per, skin.high / per).times(rule.range[0], rule.value, rule.range[1])
    made = _by_age(made, sun.age, intake)
    allowed = season(zenith, intake)
    if allowed is Season.NONE:
        made = Range(0, 0, 0)
    elif allowed is Season.PRACTICALLY_NONE:
        # Radiative models and measurements disagree here: none was measured, a little is calculated.
        made = Range(0, 0, made.value)
    elif allowed is Season.DOUBTFUL:
        made = Range(0, made.value / 2, made.high)
    burns = True if doses.low >= 1 else (None if doses.high >= 1 else False)
    return Made(allowed, zenith, index, made, burns)


def _light(sun: Sun, intake: IntakeFacts) -> Range:
    seen = intake.fact(f"sun.sky.{sun.sky or 'partly'}")
    light = Range(seen.range[0], seen.value, seen.range[1])
    if sun.sky is None:
        light = Range(intake.fact("sun.sky.overcast").range[0], seen.value, intake.fact("sun.sky.clear").range[1])
    for holds, name in ((sun.shade, "sun.shade"), (sun.sunscreen, "sun.sunscreen")):
        fact = intake.fact(name)
        if holds:
            light = light.times(fact.range[0], fact.value, fact.range[1])
        elif holds is None:
            light = light.times(fact.range[0], 1, 1)
    return light


def _reddening(skin_type: int | None, intake: IntakeFacts) -> Range:
    types = range(1, _TYPES + 1) if skin_type is None else (skin_type,)
    doses = [intake.value(f"sun.med.{each}") for each in types]
    return Range(doses[0], math.sqrt(doses[0] * doses[-1]), doses[-1])


def _by_age(made: Range, age: float | None, intake: IntakeFacts) -> Range:
    old = intake.fact("sun.old_skin")
    if age is None:
        return made.times(old.range[0], 1, 1)
    return made.times(old.range[0], old.value, old.range[1]) if age >= intake.value("sun.old_age") else made
