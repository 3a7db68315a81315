"""Bring a body to rest, run stretches of days, and draw bands: the equations solved by SciPy's stiff solvers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rheobase.errors import RheobaseError, UsageError
from rheobase.knowledge.model_intake import IntakeFacts
from rheobase.nerve.plate.body import Given, Made, given, make
from rheobase.nerve.plate.flows import At, Moment, flows, ratios, serum_sodium
from rheobase.nerve.plate.parameters import standard
from rheobase.nerve.plate.person import Eaten, Patient, Phase, check
from rheobase.nerve.plate.regulators import rates

SHOWN = ("calcium", "ionised", "phosphate", "magnesium", "potassium", "sodium", "pth", "calcitriol", "vitamin_d")
# What adds up for ever and steers nothing: bone's store and the world outside.
_LEDGERS = frozenset(
    (
        At.CA_BONE,
        At.CA_OUTSIDE,
        At.P_BONE,
        At.P_OUTSIDE,
        At.MG_OUTSIDE,
        At.K_OUTSIDE,
        At.NA_OUTSIDE,
        At.WATER_OUTSIDE,
    )
)
_REST_DAYS = 6000.0
# What SciPy calls a run that one of its events ended.
_ENDED = 1
_VALID = "plate.valid."


@dataclass(frozen=True, slots=True)
class Run:
    """What happened.

    Attributes:
        body: Whose.
        days: Moments [days], the first is 0.
        values: Each of ``SHOWN`` at each moment, in mmol/L, pmol/L (PTH, calcitriol) or nmol/L (vitamin D).
        states: Every state at each moment.
        flows: Every flow by name at the start and at the end [mmol/day; water L/day].
        ended: Which value left the ends within which the model says something, and so ended the run; "" for none.
    """

    body: Made
    days: tuple[float, ...]
    values: dict[str, tuple[float, ...]]
    states: tuple[tuple[float, ...], ...]
    flows: tuple[dict[str, float], dict[str, float]]
    ended: str = ""


def at_balance(body: Made) -> list[float]:
    """Return the state of a healthy body on ordinary food; the worlds outside are empty."""
    p, size = body.p, body.size
    weight = p.body.weight * size
    y = [0.0] * len(At)
    y[At.CA_BLOOD] = p.body.calcium * body.volumes["calcium"]
    y[At.CA_BONE] = p.calcium.bone * size
    y[At.P_BLOOD] = p.body.phosphate * body.volumes["calcium"]
    y[At.P_CELLS] = p.calcium.phosphate_cells * size
    y[At.P_BONE] = p.calcium.bone * size * p.calcium.bone_phosphate
    y[At.MG_BLOOD] = p.body.magnesium * body.volumes["magnesium"]
    y[At.MG_FAST] = p.magnesium.fast * weight
    y[At.MG_SLOW] = p.magnesium.slow * weight
    y[At.K_BLOOD] = p.body.potassium * body.volumes["potassium"]
    y[At.K_CELLS] = p.potassium.cells * p.potassium.cells_volume * weight
    y[At.NA_BODY] = body.sodium
    y[At.WATER] = body.water
    for each in At:
        if each >= At.PTH:
            y[each] = 1.0
    y[At.GLAND] = 0.5
    y[At.VITAMIN_D] = body.vitamin_d
    return y


def change(t: float, y: Sequence[float], body: Made, day: Given) -> list[float]:
    """Return the change a day of every state at a moment."""
    moved = [0.0] * At.PTH
    moment = Moment(t, y, body, day, ratios(y, body))
    for _, source, target, rate in flows(moment):
        moved[source] -= rate
        moved[target] += rate
    if day.phase.held_calcium is not None:
        moved[At.CA_BLOOD] = 0.0
    return [*moved, *rates(moment)]


def rest(body: Made, facts: IntakeFacts, shares: tuple[float, float]) -> list[float]:
    """Return the state in which this body stays for ever on ordinary food: with its own kidneys and vitamin D.

    Args:
        body: The body.
        facts: Facts.
        shares: Share of calcium and of magnesium absorbed from ordinary food.

    Raises:
        UsageError: SciPy is missing.
        RheobaseError: No such state was found.
    """
    start = at_balance(body)
    usual = given(Phase(1, Eaten(calcium_share=shares[0], magnesium_share=shares[1])), body, facts, {})
    if body.kidney == 1 and body.vitamin_d == body.p.body.vitamin_d:
        return start
    solve_ivp, root = _scipy()
    free = [each for each in At if each not in _LEDGERS]
    scale = [abs(start[each]) or 1.0 for each in free]

    def pull(x: Sequence[float]) -> list[float]:
        y = list(start)
        for each, value, unit in zip(free, x, scale, strict=True):
            y[each] = value * unit
        moved = change(0.0, y, body, usual)
        return [moved[each] / unit for each, unit in zip(free, scale, strict=True)]

    # A long wait comes near; the root then ends all drift.
    waited = solve_ivp(change, (0, _REST_DAYS), start, method="BDF", args=(body, usual), rtol=1e-4, atol=1e-7)
    near = [waited.y[each][-1] / unit for each, unit in zip(free, scale, strict=True)]
    found = root(pull, near, method="hybr", tol=1e-13)
    if not waited.success or max(abs(each) for each in found.fun) > 1e-7 or min(found.x) <= 0:
        raise RheobaseError("The model finds no balance for this body. Look at weight, kidney function and vitamin D.")
    for each, value, unit in zip(free, found.x, scale, strict=True):
        start[each] = float(value * unit)
    return start


def run(
    patient: Patient, phases: Sequence[Phase], facts: IntakeFacts, *, shares: tuple[float, float], per_day: float = 1.0
) -> Run:
    """Return what happens to a person at rest who then lives through some stretches of days.

    Args:
        patient: Who.
        phases: Stretches, one after the other.
        facts: Facts.
        shares: Share of calcium and of magnesium absorbed from ordinary food.
        per_day: Moments a day that are returned.

    Raises:
        DataRefusedError: A number is not plausible.
        UsageError: SciPy is missing.
        RheobaseError: The equations can't be solved.
    """
    check(patient, phases, facts)
    body = make(patient, standard(facts), shares)
    return live(body, phases, facts, Reading(shares, per_day))


@dataclass(frozen=True, slots=True)
class Reading:
    """How a body is run.

    Attributes:
        shares: Share of calcium and of magnesium absorbed from ordinary food.
        per_day: Moments a day that are returned.
        pull: How many standard deviations a medicine's effect lies from its middle, by fact id; none for the middle.
        exact: Relative error allowed at each step.
    """

    shares: tuple[float, float]
    per_day: float = 1.0
    pull: Mapping[str, float] = field(default_factory=dict)
    exact: float = 1e-7


def live(body: Made, phases: Sequence[Phase], facts: IntakeFacts, how: Reading) -> Run:
    """Return what happens to one body; numbers are taken as checked.

    Raises:
        UsageError: SciPy is missing.
        RheobaseError: The equations can't be solved.
    """
    solve_ivp, _ = _scipy()
    y = rest(body, facts, how.shares)
    moments, states = [0.0], [tuple(y)]
    usual = given(Phase(1, Eaten(calcium_share=how.shares[0], magnesium_share=how.shares[1])), body, facts, {})
    first = {name: rate for name, _, _, rate in flows(Moment(0.0, y, body, usual, ratios(y, body)))}
    day, begun, ended = usual, 0.0, ""
    for phase in phases:
        day = given(phase, body, facts, how.pull)
        count = max(1, math.ceil(phase.days * how.per_day))
        at = [phase.days * each / count for each in range(1, count + 1)]
        if phase.held_calcium is not None:
            y = list(y)
            y[At.CA_BLOOD] *= phase.held_calcium
        done = solve_ivp(
            change,
            (0, phase.days),
            y,
            method="LSODA",
            t_eval=at,
            args=(body, day),
            events=_edge(facts),
            rtol=how.exact,
            atol=how.exact,
        )
        if not done.success:
            message = f"The equations can't be solved for these numbers ({done.message}). Ask for less at once."
            raise RheobaseError(message)
        for index, moment in enumerate(done.t):
            moments.append(begun + float(moment))
            states.append(tuple(float(row[index]) for row in done.y))
        if done.status == _ENDED:
            moments.append(begun + float(done.t_events[0][0]))
            states.append(tuple(float(each) for each in done.y_events[0][0]))
            ended = _beyond(_shown(states[-1], body), facts)[1]
        begun, y = begun + phase.days, list(states[-1])
        if ended:
            break
    last = {name: rate for name, _, _, rate in flows(Moment(phases[-1].days, y, body, day, ratios(y, body)))}
    shown = [_shown(each, body) for each in states]
    values = {name: tuple(each[name] for each in shown) for name in SHOWN}
    return Run(body, tuple(moments), values, tuple(states), (first, last), ended)


def _shown(y: Sequence[float], body: Made) -> dict[str, float]:
    v, b = body.volumes, body.p.body
    calcium = y[At.CA_BLOOD] / v["calcium"]
    return {
        "calcium": calcium,
        "ionised": calcium * b.ionised,
        "phosphate": y[At.P_BLOOD] / v["calcium"],
        "magnesium": y[At.MG_BLOOD] / v["magnesium"],
        "potassium": y[At.K_BLOOD] / v["potassium"],
        "sodium": serum_sodium(y, body),
        "pth": y[At.PTH] * b.pth,
        "calcitriol": y[At.CALCITRIOL] * b.calcitriol,
        "vitamin_d": y[At.VITAMIN_D],
    }


def _beyond(shown: Mapping[str, float], facts: IntakeFacts) -> tuple[float, str]:
    """Return how far within its valid ends the value nearest to one of them lies, as a share, and its name."""
    near = []
    for name in SHOWN:
        if (fact := facts.facts.get(f"{_VALID}{name}")) is not None:
            low, high = fact.range
            near.append((min(shown[name] - low, high - shown[name]) / (high - low), name))
    return min(near)


def _edge(facts: IntakeFacts) -> Callable[..., float]:
    def margin(_: float, y: Sequence[float], body: Made, __: Given) -> float:
        return _beyond(_shown(y, body), facts)[0]

    margin.terminal = True  # type: ignore[attr-defined]
    return margin


def _scipy() -> tuple[Any, Any]:
    try:
        # Only here: the rest of the package starts without SciPy.
        from scipy.integrate import solve_ivp  # noqa: PLC0415
        from scipy.optimize import root  # noqa: PLC0415
    except ModuleNotFoundError as problem:
        raise UsageError("This needs SciPy. Install it with: pip install 'rheobase[nerve]'") from problem
    return solve_ivp, root
