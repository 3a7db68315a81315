"""How differently bodies would react: the same days lived by bodies drawn from the ranges of the facts."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rheobase.errors import RheobaseError
from rheobase.knowledge.model_intake import IntakeFacts
from rheobase.nerve.plate.body import make
from rheobase.nerve.plate.parameters import draw, pulled
from rheobase.nerve.plate.person import Patient, Phase
from rheobase.nerve.plate.simulate import SHOWN, Reading, Run, live, run

# Of a hundred bodies, so many lie below the lower edge and as many above the upper.
EDGE = 0.05
_TRIES = 20
# A band needs no more digits than are shown.
_EXACT = 1e-5


@dataclass(frozen=True, slots=True)
class Band:
    """The middle run, and between which values nine in ten of the drawn bodies lie at the same moments.

    Attributes:
        run: With every fact at its middle.
        low: Lower edge by value of ``SHOWN``; the run itself where nothing was drawn.
        high: Upper edge.
        draws: How many bodies were drawn.
    """

    run: Run
    low: dict[str, tuple[float, ...]]
    high: dict[str, tuple[float, ...]]
    draws: int


def band(  # noqa: PLR0913 - draws, seed and progress are named
    patient: Patient,
    phases: Sequence[Phase],
    facts: IntakeFacts,
    *,
    shares: tuple[float, float],
    draws: int,
    seed: int = 1,
    told: Callable[[int], None] = lambda _: None,
) -> Band:
    """Return the run with a band around it; the same seed gives the same band.

    Args:
        patient: Who.
        phases: Stretches of days, one after the other.
        facts: Facts.
        shares: Share of calcium and of magnesium absorbed from ordinary food.
        draws: How many bodies to draw; 0 for no band.
        seed: Starts the draws.
        told: Called after each body with how many are done.

    Raises:
        DataRefusedError: A number is not plausible.
        UsageError: SciPy is missing.
        RheobaseError: The equations can't be solved.
    """
    middle = run(patient, phases, facts, shares=shares)
    chance = random.Random(seed)  # noqa: S311 - draws of bodies, no secrets
    lived: list[Run] = []
    for done in range(draws):
        lived.append(_one(patient, phases, facts, _Draw(shares, chance)))
        told(done + 1)
    edges = [_edges([_until(each.values[name], len(middle.days)) for each in (*lived, middle)]) for name in SHOWN]
    return Band(
        middle,
        {name: low for name, (low, _) in zip(SHOWN, edges, strict=True)},
        {name: high for name, (_, high) in zip(SHOWN, edges, strict=True)},
        draws,
    )


@dataclass(frozen=True, slots=True)
class _Draw:
    shares: tuple[float, float]
    chance: random.Random


def _one(patient: Patient, phases: Sequence[Phase], facts: IntakeFacts, drawn: _Draw) -> Run:
    """Draw bodies until one can be in balance on ordinary food and lives through the days."""
    shares, chance = drawn.shares, drawn.chance
    problem: RheobaseError | None = None
    for _ in range(_TRIES):
        parameters = draw(facts, chance)
        gut = [1 + pulled(chance) / 2 * facts.value(f"absorb.{each}.spread") for each in ("calcium", "magnesium")]
        pull = {name: pulled(chance) for name in sorted(facts.facts) if name.startswith("plate.medicine.")}
        mine = (shares[0] * gut[0], shares[1] * gut[1])
        try:
            body = make(patient, parameters, mine)
        except ValueError:
            # Ordinary food would leave nothing for the urine of such a body.
            continue
        eaten = [
            replace(
                phase,
                eaten=replace(
                    phase.eaten,
                    calcium_share=min(1.0, phase.eaten.calcium_share * gut[0]),
                    magnesium_share=min(1.0, phase.eaten.magnesium_share * gut[1]),
                ),
            )
            for phase in phases
        ]
        try:
            return live(body, eaten, facts, Reading(mine, pull=pull, exact=_EXACT))
        except RheobaseError as caught:
            problem = caught
    raise problem or RheobaseError("No body drawn from the ranges can be in balance. Ask without a band: --draws 0.")


def _until(values: Sequence[float], count: int) -> Sequence[float]:
    """Return so many values; one that ended sooner stays where it ended."""
    return [*values[:count], *[values[-1]] * (count - len(values))]


def _edges(rows: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    low, high = [], []
    for moment in zip(*rows, strict=True):
        ordered = sorted(moment)
        skip = int(EDGE * len(ordered))
        low.append(ordered[skip])
        high.append(ordered[-1 - skip])
    return tuple(low), tuple(high)
