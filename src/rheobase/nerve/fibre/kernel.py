"""The compiled integrator of fibres, float32 for use and float64 for comparison; one fibre or many side by side.

A vector lane holds one node of one fibre and the internode to its right (lane = node x fibres + fibre), so that one
fibre fills the vectors with its nodes and a group with its fibres: one code for both. Second order: gates move over
a step with the potential in its middle, then the potential with the gates in its middle (Crank-Nicolson), from one
tridiagonal system along each fibre; the internodes' modes are carried on exactly (``internode``), so that nothing
stiff is left to ring. Potentials are distances from where the internode's leak reverses.
"""

from __future__ import annotations

from typing import Any

from rheobase.nerve.compiled import kernel, part
from rheobase.nerve.fast_exp import bounded_exp
from rheobase.nerve.gate_step import moved

# Lanes of a block, worked through together: constant, so that LLVM makes vectors of them. A full group has as many
# fibres, and then a block is one node of each.
LANES = 16
PAIRS = 10

# Rows of a block: what it is given, the work of a step, then the modes of its internodes, even and odd in turn.
ROWS = (
    "V", "M", "H", "P", "S", "SHIFT_NA", "SHIFT_K", "G_NA", "G_NAP", "G_KS", "G_LIN", "I_LIN", "E_NA", "E_K",
    "BLOCK", "NORMAL", "HOLD", "PULSE", "LEVEL", "EVEN", "ODD", "MEAN_EVEN", "MEAN_ODD",
)  # fmt: skip
(
    V, M, H, P, S, SHIFT_NA, SHIFT_K, G_NA, G_NAP, G_KS, G_LIN, I_LIN, E_NA, E_K,
    BLOCK, NORMAL, HOLD, PULSE, LEVEL, EVEN, ODD, MEAN_EVEN, MEAN_ODD,
    DIAGONAL, MIDDLE, FACTOR, RIGHT, SUM, DIFFERENCE, FIRST_MODE,
) = (row * LANES for row in range(len(ROWS) + 7))  # fmt: skip
FIRST_MODE_ROW = len(ROWS) + 6
BLOCK_ROWS = FIRST_MODE_ROW + 2 * PAIRS
SIZE = BLOCK_ROWS * LANES
# Scalars of a run.
PER_STEP, OWN, CROSS, ALPHA_EVEN, ALPHA_ODD, DEPTH = range(6)
SCALARS = 6


@part
def _gates(B: Any, T: Any, h: Any) -> None:  # noqa: N803
    """Move the gates of a block of nodes over h [ms]."""
    for j in range(LANES):
        B[j + M] = moved(B[j + M], B[j + V] + B[j + SHIFT_NA], T[0], h)
    for j in range(LANES):
        B[j + H] = moved(B[j + H], B[j + V] + B[j + SHIFT_NA], T[1], h)
    for j in range(LANES):
        B[j + P] = moved(B[j + P], B[j + V] + B[j + SHIFT_NA], T[2], h)
    for j in range(LANES):
        B[j + S] = moved(B[j + S], B[j + V] + B[j + SHIFT_K], T[3], h)


@part
def _balance(B: Any, C: Any, pulse: Any, plug: bool) -> None:  # noqa: FBT001, N803
    """Set up each node's equation for the middle of the step, without neighbours; with block of sodium or without."""
    one, c = B.dtype.type(1), C[PER_STEP]
    for j in range(LANES):
        v, m, p = B[j + V], B[j + M], B[j + P]
        na = B[j + G_NA] * m * m * m * B[j + H] + B[j + G_NAP] * p * p * p
        if plug:
            field = bounded_exp(C[DEPTH] * v)
            na *= (one + B[j + NORMAL] * field) / (one + B[j + BLOCK] * field)
        k = B[j + G_KS] * B[j + S]
        B[j + DIAGONAL] = c + na + k + B[j + G_LIN]
        given = B[j + I_LIN] + B[j + HOLD] + pulse * B[j + PULSE]
        B[j + MIDDLE] = c * v + na * B[j + E_NA] + k * B[j + E_K] + given


@part
def _first(B: Any, C: Any) -> None:  # noqa: N803
    """Begin to eliminate: the first node of a full group."""
    one, own, cross = B.dtype.type(1), C[OWN], C[CROSS]
    for j in range(LANES):
        t = one / (B[j + DIAGONAL] + own)
        B[j + FACTOR] = cross * t
        B[j + MIDDLE] = (B[j + MIDDLE] + B[j + MEAN_EVEN] + B[j + MEAN_ODD]) * t


@part
def _next(A: Any, B: Any, C: Any, last: Any) -> None:  # noqa: N803
    """Eliminate one node more; A: the one to its left, last: 0 where there is none to its right, else 1."""
    one, own, cross = B.dtype.type(1), C[OWN], C[CROSS]
    links = own + last * own
    for j in range(LANES):
        t = one / (B[j + DIAGONAL] + links - cross * A[j + FACTOR])
        pushed = last * (B[j + MEAN_EVEN] + B[j + MEAN_ODD]) + A[j + MEAN_EVEN] - A[j + MEAN_ODD]
        B[j + MIDDLE] = (B[j + MIDDLE] + pushed + cross * A[j + MIDDLE]) * t
        B[j + FACTOR] = cross * t


@part
def _back(B: Any, A: Any) -> None:  # noqa: N803
    """Put the potential of the node to the right, A, into that of a node."""
    for j in range(LANES):
        B[j + MIDDLE] += B[j + FACTOR] * A[j + MIDDLE]


@part
def _along_group(N: Any, C: Any) -> None:  # noqa: N803
    """Solve the tridiagonal system along a full group of fibres, a block a node: MIDDLE becomes the potential."""
    kind, nodes = N.dtype.type, N.shape[0]
    _first(N[0], C)
    for node in range(1, nodes):
        _next(N[node - 1], N[node], C, kind(0) if node == nodes - 1 else kind(1))
    for back in range(nodes - 1):
        _back(N[nodes - 2 - back], N[nodes - 1 - back])


@part
def _along_few(N: Any, C: Any, nodes: int, fibres: int) -> None:  # noqa: N803
    """Solve the same system for fibres whose nodes share blocks."""
    zero, one = N.dtype.type(0), N.dtype.type(1)
    own, cross = C[OWN], C[CROSS]
    for fibre in range(fibres):
        factor, before, from_left = zero, zero, zero
        for node in range(nodes):
            lane = node * fibres + fibre
            b, j = lane // LANES, lane % LANES
            links = (zero if node == 0 else own) + (zero if node == nodes - 1 else own)
            to_right = zero if node == nodes - 1 else N[b, j + MEAN_EVEN] + N[b, j + MEAN_ODD]
            t = one / (N[b, j + DIAGONAL] + links - cross * factor)
            before = (N[b, j + MIDDLE] + to_right + from_left + cross * before) * t
            factor = cross * t
            N[b, j + MIDDLE], N[b, j + FACTOR] = before, factor
            from_left = N[b, j + MEAN_EVEN] - N[b, j + MEAN_ODD]
        for back in range(nodes - 1):
            lane = (nodes - 2 - back) * fibres + fibre
            b, j = lane // LANES, lane % LANES
            before = N[b, j + MIDDLE] + N[b, j + FACTOR] * before
            N[b, j + MIDDLE] = before


@part
def _moved_on(B: Any) -> Any:  # noqa: N803
    """Carry a block's potentials to the end of the step; return how many crossed the level upwards."""
    kind = B.dtype.type
    up, one, two, zero = kind(0), kind(1), kind(2), kind(0)
    for j in range(LANES):
        v, level = B[j + V], B[j + LEVEL]
        w = two * B[j + MIDDLE] - v
        B[j + V] = w
        up += one if (v < level) & (w >= level) else zero
    return up


@part
def _two_pairs(B: Any, Z: Any, pair: int) -> None:  # noqa: N803
    """Carry two pairs of modes on and add them to what the internodes push."""
    first = FIRST_MODE + 2 * pair * LANES
    a, b, c, d = Z[pair, 0], Z[pair, 1], Z[pair, 2], Z[pair, 3]
    e, f, g, h = Z[pair + 1, 0], Z[pair + 1, 1], Z[pair + 1, 2], Z[pair + 1, 3]
    for j in range(LANES):
        even, odd = B[j + SUM], B[j + DIFFERENCE]
        w = a * B[j + first] + b * even
        x = c * B[j + first + LANES] + d * odd
        y = e * B[j + first + 2 * LANES] + f * even
        z = g * B[j + first + 3 * LANES] + h * odd
        B[j + first], B[j + first + LANES] = w, x
        B[j + first + 2 * LANES], B[j + first + 3 * LANES] = y, z
        B[j + EVEN] += w + y
        B[j + ODD] += x + z


@part
def _internodes(B: Any, Z: Any, C: Any, pairs: int) -> None:  # noqa: N803
    """Carry a block of internodes on under the nodes' potentials; leave the mean of what they push now and then."""
    half = B.dtype.type(0.5)
    for j in range(LANES):
        even, odd = B[j + V] + B[j + RIGHT], B[j + V] - B[j + RIGHT]
        B[j + SUM], B[j + DIFFERENCE] = even, odd
        B[j + MEAN_EVEN], B[j + MEAN_ODD] = half * B[j + EVEN], half * B[j + ODD]
        B[j + EVEN], B[j + ODD] = C[ALPHA_EVEN] * even, C[ALPHA_ODD] * odd
    _two_pairs(B, Z, 0)
    if pairs > 2:
        _two_pairs(B, Z, 2)
    if pairs > 4:
        _two_pairs(B, Z, 4)
    if pairs > 6:
        _two_pairs(B, Z, 6)
    if pairs > 8:
        _two_pairs(B, Z, 8)
    for j in range(LANES):
        B[j + MEAN_EVEN] += half * B[j + EVEN]
        B[j + MEAN_ODD] += half * B[j + ODD]


@part
def _right_of_group(B: Any, A: Any) -> None:  # noqa: N803
    """Put beside each node's potential that of its right neighbour, in A."""
    for j in range(LANES):
        B[j + RIGHT] = A[j + V]


@part
def _rights(N: Any, nodes: int, fibres: int) -> None:  # noqa: N803
    """Put beside each node's potential that of its right neighbour."""
    if fibres == LANES:
        for node in range(nodes - 1):
            _right_of_group(N[node], N[node + 1])
    else:
        for lane in range((nodes - 1) * fibres):
            right = lane + fibres
            N[lane // LANES, lane % LANES + RIGHT] = N[right // LANES, right % LANES + V]


@part
def _count(B: Any, time: tuple[Any, Any], places: tuple[int, int, tuple[int, int]], kept: tuple[Any, Any]) -> int:  # noqa: N803
    """Note every crossing of a block from lane ``first`` on; return at how many awaited nodes it was the first one."""
    step, h = time
    first, lanes, stop = places
    times, count = kept
    two, anew = B.dtype.type(2), 0
    for j in range(min(LANES, lanes - first)):
        now, level, lane = B[j + V], B[j + LEVEL], first + j
        before = two * B[j + MIDDLE] - now
        if before < level and now >= level:
            if count[lane] < times.shape[1]:
                times[lane, count[lane]] = (step + (level - before) / (now - before)) * h
            count[lane] += 1
            if stop[0] <= lane < stop[1] and count[lane] == 1:
                anew += 1
    return anew


@kernel
def advance(N: Any, model: Any, run: Any, record: Any) -> None:  # noqa: N803
    """Carry a group of fibres on; blocks and records are changed in place. See ``simulate.advance``.

    Args:
        N: Blocks, shape (blocks, SIZE).
        model: Rows of the gates, gains of the modes (PAIRS, 4), scalars, pairs of modes that are there.
        run: Nodes and fibres; step [ms], steps, first and last step of the pulse, whether sodium is plugged; the node
            at which every fibre must have fired for the run to end, below 0 for none.
        record: Times of crossings [ms], shape (lanes, kept); their number; potentials (samples, lanes), and of every
            how many steps; 0 for none.
    """
    T, Z, C, pairs = model  # noqa: N806
    (nodes, fibres), (h, steps, begin, end, plug), stop = run
    times, count, trace, every = record
    kind = N.dtype.type
    hh, zero, one = kind(h), kind(0), kind(1)
    waiting, awaited = fibres, (stop * fibres, stop * fibres + fibres)
    for step in range(steps):
        pulse = one if (step >= begin) & (step < end) else zero
        for b in range(N.shape[0]):
            _gates(N[b], T, hh)
            if plug:
                _balance(N[b], C, pulse, True)
            else:
                _balance(N[b], C, pulse, False)
        if fibres == LANES:
            _along_group(N, C)
        else:
            _along_few(N, C, nodes, fibres)
        for b in range(N.shape[0]):
            if _moved_on(N[b]) > zero:
                waiting -= _count(N[b], (step, h), (b * LANES, nodes * fibres, awaited), (times, count))
        _rights(N, nodes, fibres)
        for b in range(N.shape[0]):
            _internodes(N[b], Z, C, pairs)
        if stop >= 0 and waiting == 0:
            break
        if every > 0 and (step + 1) % every == 0:
            for lane in range(nodes * fibres):
                trace[(step + 1) // every - 1, lane] = N[lane // LANES, lane % LANES + V]
