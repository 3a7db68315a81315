"""Pools of three kinds beside published rates, and what a person's blood does to each; potassium is left out.

Healthy and benign pools differ in how many prone endings a muscle has, which is fitted to the published mean. The
ALS-like pool has the endings of the benign one with more persistent sodium, set to the published ratio of rates; its
rate is then the model's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rheobase.knowledge.pool_facts import Rate, load_pool_facts
from rheobase.nerve.concentrations import Serum, normal_serum
from rheobase.nerve.pool.rates import Multiple, Rates, multiple, muscle_rates

KINDS = ("healthy", "benign", "als")


@dataclass(frozen=True, slots=True)
class Pool:
    """One kind of pool.

    Attributes:
        id: Of ``KINDS``.
        published: What was counted in people.
        na: Factor on the persistent sodium of its endings.
        mean: Rate in normal serum that the number of its endings is fitted to, before that factor [1/min].
    """

    id: str
    published: Rate
    na: float
    mean: float


@dataclass(frozen=True, eq=False)
class PoolSeen:
    """One kind of pool: rates of many people in normal serum; in the person's, and the multiple, where it differs."""

    pool: Pool
    normal: Rates
    here: Rates | None
    multiple: Multiple | None


@dataclass(frozen=True, eq=False)
class PoolView:
    """Every kind of pool.

    Attributes:
        serum: The person's, as given.
        used: The same at normal potassium and at the normal temperature: what is reckoned with.
        pools: In the order of ``KINDS``.
    """

    serum: Serum
    used: Serum
    pools: tuple[PoolSeen, ...]

    @property
    def potassium_left_out(self) -> bool:
        """Return whether the person's potassium is not the normal one, and so was left out."""
        return self.serum.potassium != self.used.potassium


def pools() -> tuple[Pool, ...]:
    """Return the three kinds of pool."""
    known = load_pool_facts()
    rates, more = known.rates, known["als_na_persistent"]
    few, many = rates["healthy"].per_minute, rates["benign"].per_minute
    return (
        Pool("healthy", rates["healthy"], 1.0, few),
        Pool("benign", rates["benign"], 1.0, many),
        Pool("als", rates["als"], more, many),
    )


def pool_view(serum: Serum, told: Callable[[int], object] = lambda _: None) -> PoolView:
    """Return what a person's blood does to each kind of pool.

    Potassium is taken as normal: the model makes far more of it than people show. So is the temperature.

    Args:
        serum: The person's.
        told: Called with 1 after each pool.
    """
    usual = normal_serum()
    used = replace(serum, potassium=usual.potassium, temperature=usual.temperature)
    found = []
    for each in pools():
        normal = muscle_rates(na=each.na, mean=each.mean)
        differs = used != usual
        here = muscle_rates(used, na=each.na, mean=each.mean) if differs else None
        found.append(PoolSeen(each, normal, here, _against_normal(used, each.na) if differs else None))
        told(1)
    return PoolView(serum, used, tuple(found))


def _against_normal(serum: Serum, na: float) -> Multiple:
    """Return the multiple of this pool's own rate in normal serum."""
    return multiple(serum, na=na, against=na)
