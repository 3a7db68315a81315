"""The compiled integrator: axons side by side in vector lanes, float32 for use and float64 for comparison.

Second order: gates move over a step with the potential in its middle, then the potential with the gates in its middle
(linearised Crank-Nicolson). A gate's step is the [2/2] Pade form of its exact exponential, so that one gate needs two
exponentials and a single division. Potentials are kept as their distance from ORIGIN, where floats are dense.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rheobase.nerve import layout as at
from rheobase.nerve.compiled import copied, kernel, part
from rheobase.nerve.fast_exp import bounded_exp
from rheobase.nerve.gate_step import moved

# Lanes of a block: a few vectors, so that one fills the waits of another.
LANES = 32
ORIGIN = -80.0

# Rows of a block: states, parameters, then what the run needs.
FIRST = at.STATES
HOLD, PULSE, WIDTH, BEFORE = range(at.STATES + at.PARAMETERS, at.STATES + at.PARAMETERS + 4)
ROWS = BEFORE + 1

# Flat places of rows within a block; constants, so that LLVM knows the distances.
V, VI, M, H, P, N, S, SI, Q, NI = (row * LANES for row in range(at.STATES))
(
    SHIFT_NA, SHIFT_K, SHIFT_Q, NA_FAST, NA_KEPT, BLOCK_NORMAL, BLOCK, NA_OUT, G_KF, G_KS, E_K, G_LIN, I_LIN,
    G_KSI, G_KFI, G_H, E_H, G_LIN_I, I_LIN_I, G_BB, C_NODE, C_MYELIN, C_INTERNODE,
) = ((FIRST + row) * LANES for row in range(at.PARAMETERS))  # fmt: skip
B_HOLD, B_PULSE, B_WIDTH, B_BEFORE = (row * LANES for row in (HOLD, PULSE, WIDTH, BEFORE))
# Scalars of a run.
TO_X, X_ORIGIN, INSIDE, DEPTH, LEVEL = range(5)
SCALARS = 5


@copied
def _gates(B: Any, T: Any, h: Any, two: Any) -> None:  # noqa: N803
    """Move every gate over h [ms]."""
    for j in range(LANES):
        B[M + j] = moved(B[M + j], B[V + j] + B[SHIFT_NA + j], T[0], h)
    for j in range(LANES):
        B[H + j] = moved(B[H + j], B[V + j] + B[SHIFT_NA + j], T[1], h)
    for j in range(LANES):
        B[P + j] = moved(B[P + j], B[V + j] + B[SHIFT_NA + j], T[2], h)
    for j in range(LANES):
        B[N + j] = moved(B[N + j], B[V + j] + B[SHIFT_K + j], T[3], h)
    for j in range(LANES):
        B[S + j] = moved(B[S + j], B[V + j] + B[SHIFT_K + j], T[4], h)
    if two:
        for j in range(LANES):
            B[SI + j] = moved(B[SI + j], B[VI + j] + B[SHIFT_K + j], T[5], h)
        for j in range(LANES):
            B[Q + j] = moved(B[Q + j], B[VI + j] + B[SHIFT_Q + j], T[6], h)
        for j in range(LANES):
            B[NI + j] = moved(B[NI + j], B[VI + j] + B[SHIFT_K + j], T[7], h)


@part
def _node(B: Any, C: Any, j: int) -> tuple[Any, Any]:  # noqa: N803
    """Return the node's ionic current [pA] and its slope over the potential [nS]."""
    kind = B.dtype.type
    one, near = kind(1), kind(1e-3)
    v = B[V + j]
    x = v * C[TO_X] + C[X_ORIGIN]
    x = near if abs(x) < near else x
    e = bounded_exp(x)
    field = bounded_exp(C[DEPTH] * x)
    out = B[NA_OUT + j]
    inside = C[INSIDE] * e
    # One division for 1 / (e - 1) and the share not plugged.
    less, open_ = e - one, one + B[BLOCK + j] * field
    r = one / (less * open_)
    per = r * open_
    free = (one + B[BLOCK_NORMAL + j] * field) * r * less
    top = inside - out
    drive = x * top * per
    slope = (top + x * inside - drive * e) * per * C[TO_X]
    m, h, p, n = B[M + j], B[H + j], B[P + j], B[N + j]
    na = (B[NA_FAST + j] * m * m * m * h + B[NA_KEPT + j] * p * p * p) * free
    n2 = n * n
    k = B[G_KF + j] * n2 * n2 + B[G_KS + j] * B[S + j]
    current = na * drive + k * (v - B[E_K + j]) + B[G_LIN + j] * v + B[I_LIN + j]
    return current, na * slope + k + B[G_LIN + j]


@copied
def _one(B: Any, C: Any, h: Any, k: Any) -> Any:  # noqa: N803
    """Move the potential of a node alone; return how many crossed the level upwards."""
    kind = B.dtype.type
    zero, one, two, per = kind(0), kind(1), kind(2), kind(2) / h
    level = C[LEVEL]
    up = zero
    for j in range(LANES):
        current, slope = _node(B, C, j)
        stimulus = B[B_HOLD + j] + B[B_PULSE + j] * (one if k < B[B_WIDTH + j] else zero)
        v = B[V + j]
        w = v + two * (stimulus - current) / (B[C_NODE + j] * per + slope)
        B[B_BEFORE + j] = v
        B[V + j] = w
        up += one if (v < level) & (w >= level) else zero
    return up


@copied
def _two(B: Any, C: Any, h: Any, k: Any) -> Any:  # noqa: N803
    """Move the potentials of node and internode; return how many nodes crossed the level upwards."""
    kind = B.dtype.type
    zero, one, two, per = kind(0), kind(1), kind(2), kind(2) / h
    level = C[LEVEL]
    up = zero
    for j in range(LANES):
        current, slope = _node(B, C, j)
        stimulus = B[B_HOLD + j] + B[B_PULSE + j] * (one if k < B[B_WIDTH + j] else zero)
        v, vi = B[V + j], B[VI + j]
        n = B[NI + j]
        n2 = n * n
        potassium = B[G_KSI + j] * B[SI + j] + B[G_KFI + j] * n2 * n2
        rectifier = B[G_H + j] * B[Q + j]
        inner = potassium * (vi - B[E_K + j]) + rectifier * (vi - B[E_H + j]) + B[G_LIN_I + j] * vi + B[I_LIN_I + j]
        inner_slope = potassium + rectifier + B[G_LIN_I + j]
        bb, my = B[G_BB + j], B[C_MYELIN + j] * per
        between = bb * (v - vi)
        f1, f2 = stimulus - current - between, between - inner
        a11 = B[C_NODE + j] * per + my + slope + bb
        a21, a22 = my + bb, B[C_INTERNODE + j] * per + inner_slope + bb
        r = two / (a11 * a22 - bb * a21)
        w = v + (f1 * a22 + f2 * bb) * r
        B[B_BEFORE + j] = v
        B[V + j] = w
        B[VI + j] = vi + (a11 * f2 + a21 * f1) * r
        up += one if (v < level) & (w >= level) else zero
    return up


@copied
def _load(B: Any, states: Any, filled: tuple[Any, Any, Any, Any], lo: int) -> Any:  # noqa: N803
    """Fill a block from axon ``lo`` on; spare lanes repeat its last axon. Return how many lanes count."""
    width = min(LANES, states.shape[1] - lo)
    parameters, hold, pulse, steps = filled
    for j in range(LANES):
        c = lo + min(j, width - 1)
        for row in range(states.shape[0]):
            B[row * LANES + j] = states[row, c]
        for row in range(parameters.shape[0]):
            B[(FIRST + row) * LANES + j] = parameters[row, c]
        B[B_HOLD + j], B[B_PULSE + j], B[B_WIDTH + j] = hold[c], pulse[c], steps[c]
    return width


@copied
def _note(B: Any, level: Any, place: tuple[Any, Any, Any], kept: tuple[Any, Any, Any]) -> Any:  # noqa: N803
    """Write down who crossed the level in this step; return how many did so for the first time."""
    lo, width, k = place
    times, counts, h = kept
    fresh = 0
    for j in range(width):
        before, now = B[B_BEFORE + j], B[V + j]
        if before < level and now >= level:
            if counts[lo + j] == 0:
                fresh += 1
            if counts[lo + j] < times.shape[1]:
                times[lo + j, counts[lo + j]] = (k + (level - before) / (now - before)) * h
            counts[lo + j] += 1
    return fresh


@kernel
def advance(states: Any, model: Any, run: Any, record: Any) -> None:
    """Carry axons on, block by block; states and records are changed in place. See ``simulate.advance``.

    Args:
        states: Shape (layout.STATES, axons).
        model: Parameters (rows, axons), gates, scalars, whether there is an internode.
        run: Held currents, pulses and their widths in steps, one for each axon; then the step [ms], the number of
            steps, whether to stop when all axons of a block have fired.
        record: Times of impulses (axons, kept), their number (axons,), potentials (axons, samples), and of every how
            many steps; 0 for none.
    """
    parameters, gates, scalars, two = model
    hold, pulse, pulse_steps, h, steps, stop = run
    times, counts, trace, every = record
    kind = states.dtype.type
    whole, half = kind(h), kind(h / 2)
    B = np.zeros(ROWS * LANES, states.dtype)  # noqa: N806
    for lo in range(0, states.shape[1], LANES):
        width = _load(B, states, (parameters, hold, pulse, pulse_steps), lo)
        waiting = width
        for k in range(steps + 1):
            # Gates stand half a step from the potential in between, and with it at both ends.
            _gates(B, gates, whole if 0 < k < steps else half, two)
            if k == steps or (stop and waiting == 0):
                break
            up = _two(B, scalars, whole, kind(k)) if two else _one(B, scalars, whole, kind(k))
            if up > 0:
                waiting -= _note(B, scalars[LEVEL], (lo, width, k), (times, counts, h))
            if every > 0 and (k + 1) % every == 0:
                for j in range(width):
                    trace[lo + j, (k + 1) // every - 1] = B[V + j]
        for j in range(width):
            for row in range(states.shape[0]):
                states[row, lo + j] = B[row * LANES + j]
