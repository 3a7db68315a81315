"""Conduction velocity of a fibre: an impulse started near one end is timed over its middle part."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rheobase.errors import DataRefusedError
from rheobase.nerve.fibre.fibre import Fibre
from rheobase.nerve.fibre.simulate import STEP, Pulse, advance, one_node

Array = NDArray[np.float64]
# As in the runs of the published model that it is compared with: started at the sixth node, timed from 16th to 36th.
NODES, START, FROM, TO = 41, 5, 15, 35
STRONG, WIDTH, AT = 4.0, 0.1, 1.0
# Longer than the slowest fibre takes, cooled by ten degrees [ms].
_LONGEST = 8.0


def velocity(fibres: Fibre, *, step: float = STEP, dtype: type[np.floating] = np.float32) -> Array:
    """Return the conduction velocity [m/s] of every fibre; NaN where the impulse does not arrive.

    Args:
        fibres: Of ``NODES`` nodes or more.
        step: Of the integration [ms].
        dtype: Floats of the integration.

    Raises:
        DataRefusedError: The fibres are too short.
    """
    if fibres.length < NODES:
        raise DataRefusedError(f"fibre of {fibres.length} nodes: conduction velocity needs {NODES} or more")
    pulse = Pulse(one_node(fibres, START, STRONG), AT, WIDTH)
    run = advance(fibres, _LONGEST, pulse=pulse, step=step, dtype=dtype, until=TO, keep=1)
    micrometres = (TO - FROM) * fibres.size.spacing
    return np.asarray(micrometres / (run.times[0, TO] - run.times[0, FROM]) / 1000)
