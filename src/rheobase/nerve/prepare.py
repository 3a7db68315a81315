"""Compile every kernel ahead, so that no first use waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rheobase.nerve.compiled import is_compiled
from rheobase.nerve.concentrations import normal_serum

# A run long enough to be one: steps and beats count, not what comes of them [ms, s].
_SHORT, _MOMENT = 0.1, 0.001


def _axon() -> None:
    from rheobase.nerve.membrane import membrane  # noqa: PLC0415 - each part is imported when it is prepared
    from rheobase.nerve.protocols.settled import settle  # noqa: PLC0415

    settle(membrane("motor", normal_serum()))


def _fibre() -> None:
    from rheobase.nerve.fibre.fibre import fibre  # noqa: PLC0415
    from rheobase.nerve.fibre.simulate import advance  # noqa: PLC0415

    advance(fibre(), _SHORT)


def _pool() -> None:
    from rheobase.nerve.membrane import membrane  # noqa: PLC0415
    from rheobase.nerve.pool.simulate import Noise, watch  # noqa: PLC0415

    watch(membrane("motor", normal_serum()), _MOMENT, Noise(1.0, 1.0))


PARTS: dict[str, Callable[[], None]] = {"nerve": _axon, "fibre": _fibre, "pool": _pool}


def prepare() -> Iterator[tuple[str, bool]]:
    """Yield each part once it is compiled: its name, and whether it is kept on disc for the next time."""
    for name, work in PARTS.items():
        work()
        yield name, is_compiled(name)
