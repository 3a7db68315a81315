"""Compiled loops: gates over planes of bits, weights of causes over people, lists of names out of planes.

Each releases the interpreter's lock, so that every thread can work on its own block of people.
"""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np

from rheobase.nerve.compiled import cache_folder

F = TypeVar("F", bound=Callable[..., object])
_config: Any = numba.config
_njit: Any = numba.njit
# A product and a sum may be one step, which rounds once instead of twice; nothing else is taken lightly.
_FUSED = {"contract"}
WORD = 64
# Words of people, and people, that are worked on while they are still in the fastest cache.
STRIP = 64
BLOCK = 512
# A de Bruijn sequence: multiplied by a single bit, its top six bits say which of the 64 places that bit has.
_SEQUENCE = np.uint64(0x03F79D71B4CB0A89)
_TOP, _ONE = np.uint64(58), np.uint64(1)
_BYTE, _BITS = np.uint64(0xFF), 8
# For each byte, its eight bits as eight bytes of 0 or 1.
_SPREAD = np.array([sum(((byte >> bit) & 1) << (8 * bit) for bit in range(8)) for byte in range(256)], dtype=np.uint64)
_PLACES = np.zeros(WORD, dtype=np.int64)
for _place in range(WORD):
    _PLACES[((int(_SEQUENCE) << _place) & 0xFFFFFFFFFFFFFFFF) >> 58] = _place
# exp(x) = 2^k 2^f: adding it rounds to the nearest whole number, which its bits then hold; 2^f is a series.
_ROUNDER, _ROUNDER_BITS = 6755399441055744.0, int(np.float64(6755399441055744.0).view(np.int64))
_LOG2_E = math.log2(math.e)
_SERIES = tuple(math.log(2) ** power / math.factorial(power) for power in range(14))
# One by one, since LLVM makes vectors of it only where no loop over them is left.
_A0, _A1, _A2, _A3, _A4, _A5, _A6, _A7, _A8, _A9, _A10, _A11, _A12, _A13 = _SERIES
_BIAS, _FRACTION = 1023, 52
# Of a probability's last bits so many tell its cause.
CODES = 255
# Log-odds beyond it are 0 or 1 to every digit.
_MOST = 700.0


@functools.cache
def _folder() -> Path | None:
    """Return the folder of these kernels, beside those of the nerve; None where nothing can be written."""
    beside = cache_folder()
    if beside is None:
        return None
    digest = hashlib.sha256(numba.__version__.encode() + Path(__file__).read_bytes()).hexdigest()
    folder = beside.parent / f"cohort-{digest[:16]}"
    folder.mkdir(exist_ok=True)
    return folder


def _kernel(function: F) -> F:
    """Compile when first called; the result is kept in the user's cache folder where that is possible."""
    folder = _folder()
    if folder is None:
        return cast("F", _njit(function, nogil=True, error_model="numpy", fastmath=_FUSED))
    before = _config.CACHE_DIR
    _config.CACHE_DIR = str(folder)
    try:
        return cast("F", _njit(function, nogil=True, error_model="numpy", fastmath=_FUSED, cache=True))
    finally:
        _config.CACHE_DIR = before


@_kernel
def run_gates(rows: Any, steps: Any) -> None:
    """Work out every gate.

    Args:
        rows: uint64 (row, word); inputs are filled.
        steps: int32 (gate, 4): kind, target, first, second.
    """
    for low in range(0, rows.shape[1], STRIP):
        high = min(low + STRIP, rows.shape[1])
        for step in range(steps.shape[0]):
            kind = steps[step, 0]
            target = rows[steps[step, 1], low:high]
            one = rows[steps[step, 2], low:high]
            other = rows[steps[step, 3], low:high]
            if kind == 0:
                for i in range(high - low):
                    target[i] = one[i] & other[i]
            elif kind == 1:
                for i in range(high - low):
                    target[i] = one[i] | other[i]
            else:
                for i in range(high - low):
                    target[i] = one[i] & ~other[i]


@_kernel
def count_set(rows: Any, chosen: Any, people: int, counts: Any) -> None:
    """Count for each person (int32) in how many of the chosen rows it stands."""
    for k in range(chosen.shape[0]):
        row = rows[chosen[k]]
        for word in range((people + WORD - 1) // WORD):
            bits = row[word]
            while bits:
                low = bits & (~bits + _ONE)
                counts[word * WORD + _PLACES[(low * _SEQUENCE) >> _TOP]] += 1
                bits ^= low


@_kernel
def list_set(rows: Any, chosen: Any, people: int, lists: Any) -> None:
    """Write for each person the number of every chosen row in which it stands.

    ``lists`` is where each person's list goes on (int64), which moves on, and the values of all lists.
    """
    at, values = lists
    for k in range(chosen.shape[0]):
        row = rows[chosen[k]]
        for word in range((people + WORD - 1) // WORD):
            bits = row[word]
            while bits:
                low = bits & (~bits + _ONE)
                person = word * WORD + _PLACES[(low * _SEQUENCE) >> _TOP]
                values[at[person]] = k
                at[person] += 1
                bits ^= low


@_kernel
def add_codes(rows: Any, wires: Any, first: int, codes: Any) -> None:
    """Write the code of each answer of a block of people.

    Args:
        rows: uint64 (row, word).
        wires: int32 (wire, 3): column of ``codes``, row, and what a person in that row adds to its code.
        first: First word of the block.
        codes: uint64 (column, eight people of the block), a byte for each person; written anew.
    """
    codes[:] = 0
    for wire in range(wires.shape[0]):
        column = codes[wires[wire, 0]]
        row = rows[wires[wire, 1]]
        step = np.uint64(wires[wire, 2])
        for word in range(codes.shape[1] // _BITS):
            bits = row[first + word]
            for byte in range(_BITS):
                # Eight people at once; no code is so large that it runs into the next one.
                column[word * _BITS + byte] += _SPREAD[(bits >> np.uint64(byte * _BITS)) & _BYTE] * step


@_kernel
def exponentials(x: Any, whole: Any, y: Any) -> None:
    """Write exp of each x, which lies within +-700, into y; ``whole`` is a scratch array of float64."""
    bits = whole.view(np.int64)
    for i in range(BLOCK):
        scaled = x[i] * _LOG2_E
        rounded = scaled + _ROUNDER
        whole[i] = rounded
        f = scaled - (rounded - _ROUNDER)
        high = (((((_A13 * f + _A12) * f + _A11) * f + _A10) * f + _A9) * f + _A8) * f + _A7
        y[i] = ((((((high * f + _A6) * f + _A5) * f + _A4) * f + _A3) * f + _A2) * f + _A1) * f + _A0
    for i in range(BLOCK):
        bits[i] = (bits[i] - _ROUNDER_BITS + _BIAS) << _FRACTION
    for i in range(BLOCK):
        y[i] *= whole[i]


@_kernel
def combine(members: Any, tables: Any, codes: Any, index: Any) -> None:
    """Write which entry of a pack's table each person's answers are.

    Args:
        members: The first of its members and the one after the last.
        tables: Code column of each member, its stride, and what each entry adds.
        codes: uint8 (column, person).
        index: uint16 (person,).
    """
    member_column, member_stride, _ = tables
    index[:] = 0
    for member in range(members[0], members[1]):
        column = codes[member_column[member]]
        stride = np.uint16(member_stride[member])
        for i in range(BLOCK):
            index[i] += np.uint16(stride * np.uint16(column[i]))


@_kernel
def look_up(reach: Any, tables: Any, codes: Any, sums: Any) -> None:
    """Add up what a block of people's answers weigh for one cause.

    Args:
        reach: First member and first entry of each of its packs, and the ends.
        tables: Code column of each member, its stride, and what each entry adds.
        codes: uint8 (column, person).
        sums: Two indices as scratch (uint16), and the log-odds with their variance (person, 2), which are added to.
    """
    members, entries = reach
    adds = tables[2]
    index, other, told = sums
    last = members.shape[0] - 2
    # Two packs at a time, so that the sums are read and written half as often.
    for pack in range(0, last + 1, 2):
        combine((members[pack], members[pack + 1]), tables, codes, index)
        table = adds[entries[pack] : entries[pack + 1]]
        if pack < last:
            combine((members[pack + 1], members[pack + 2]), tables, codes, other)
            after = adds[entries[pack + 1] : entries[pack + 2]]
            for i in range(BLOCK):
                told[i, 0] = told[i, 0] + table[index[i], 0] + after[other[i], 0]
                told[i, 1] = told[i, 1] + table[index[i], 1] + after[other[i], 1]
        else:
            for i in range(BLOCK):
                told[i, 0] += table[index[i], 0]
                told[i, 1] += table[index[i], 1]


@_kernel
def keep_highest(values: Any, code: int, highest: Any, rest: Any) -> None:
    """Let one cause of a block of people take its place among the most probable.

    The last bits of a probability make room for the cause's code, so that a value and its cause move together.

    Args:
        values: Its probabilities, float64 (person,), none below 0.
        code: Of the cause, 0 to ``CODES``; of equals the higher one comes first.
        highest: float64 (place, person), the highest first; they are moved down.
        rest: Scratch, float64 (person,).
    """
    bits, whole = values.view(np.int64), rest.view(np.int64)
    for i in range(BLOCK):
        whole[i] = (bits[i] & ~CODES) | code
    for place in range(highest.shape[0]):
        here = highest[place]
        for i in range(BLOCK):
            one, other = here[i], rest[i]
            here[i] = max(other, one)
            rest[i] = min(one, other)


@_kernel
def intervals(told: Any, scale: Any, scratch: Any, found: Any) -> None:
    """Work out probability, interval and band of one cause for a block of people.

    Args:
        told: Its log-odds [nats], the variance of what was told (person, 2), and the variance of what was before.
        scale: Interval z, fits well, possible, undecided width.
        scratch: Five arrays of float64 (person,).
        found: Probability, low and high end of its interval (float64) and band (int64), (person,).
    """
    sums, before = told
    z, fits_well, possible, widest = scale
    turned, widened, odds, spread, whole = scratch
    centre, lower, upper, band = found
    for i in range(BLOCK):
        turned[i] = min(max(-sums[i, 0], -_MOST), _MOST)
        widened[i] = min(z * math.sqrt(before[i] + sums[i, 1]), _MOST)
    exponentials(turned, whole, odds)
    exponentials(widened, whole, spread)
    for i in range(BLOCK):
        centre[i] = 1 / (1 + odds[i])
        lower[i] = 1 / (1 + odds[i] * spread[i])
        upper[i] = spread[i] / (spread[i] + odds[i])
    for i in range(BLOCK):
        unsure = np.int64(sums[i, 1] == 0) | np.int64(upper[i] - lower[i] > widest)
        # 3 for can't tell; else 0, 1 or 2 by how probable it is.
        band[i] = 3 if unsure else 2 - np.int64(centre[i] >= fits_well) - np.int64(centre[i] >= possible)


@_kernel
def fit_causes(inputs: Any, tables: Any, outputs: Any) -> None:
    """Work out posterior, interval and band of every cause for people, and which causes are the most probable.

    Args:
        inputs: ``(rows uint64, wires int32, columns int, setting uint8 per person)``.
        tables: ``(prior [nats] (setting, cause), its variance, first pack of each cause, first member of each pack,
            column of each member, stride of each member, first entry of each pack, what each entry adds to log-odds and
            variance (entry, 2), the place of each cause among those that may be named, or -1, (interval z, fits well,
            possible, undecided width))``.
        outputs: ``(posterior, low, high float64, band uint8)``, each (cause, person), and the most probable of those
            that may be named, by their places, uint8 (person, place).
    """
    rows, wires, columns, setting = inputs
    prior, prior_variance, packs, members, member_column, member_stride, entries, adds, named, scale = tables
    posterior, low, high, band, best = outputs
    people = setting.shape[0]
    spread_codes = np.zeros((columns, BLOCK // _BITS), dtype=np.uint64)
    codes = spread_codes.view(np.uint8)
    indices = (np.zeros(BLOCK, dtype=np.uint16), np.zeros(BLOCK, dtype=np.uint16))
    told, at = np.zeros((BLOCK, 2)), np.zeros(BLOCK, dtype=np.int64)
    scratch = (np.zeros(BLOCK), np.zeros(BLOCK), np.zeros(BLOCK), np.zeros(BLOCK), np.zeros(BLOCK))
    before, rest = np.zeros(BLOCK), np.zeros(BLOCK)
    centre, lower, upper, level = np.zeros(BLOCK), np.zeros(BLOCK), np.zeros(BLOCK), np.zeros(BLOCK, dtype=np.int64)
    highest = np.zeros((best.shape[1], BLOCK))
    for start in range(0, people, BLOCK):
        count = min(BLOCK, people - start)
        end = start + count
        at[:count] = setting[start:end]
        add_codes(rows, wires, start // WORD, spread_codes)
        highest[:] = 0.0
        for cause in range(prior.shape[1]):
            for i in range(BLOCK):
                told[i, 0] = prior[at[i], cause]
                told[i, 1] = 0.0
                before[i] = prior_variance[at[i], cause]
            reach = members[packs[cause] : packs[cause + 1] + 1], entries[packs[cause] : packs[cause + 1] + 1]
            look_up(reach, (member_column, member_stride, adds), codes, (indices[0], indices[1], told))
            intervals((told, before), scale, scratch, (centre, lower, upper, level))
            here = (posterior[cause, start:end], low[cause, start:end], high[cause, start:end], band[cause, start:end])
            for i in range(count):
                here[0][i] = centre[i]
                here[1][i] = lower[i]
                here[2][i] = upper[i]
                here[3][i] = level[i]
            if named[cause] >= 0:
                keep_highest(centre, CODES - named[cause], highest, rest)
        for place in range(best.shape[1]):
            found = highest[place].view(np.int64)
            for i in range(count):
                best[start + i, place] = CODES - (found[i] & CODES)


@_kernel
def below_requirement(amounts: Any, norm: Any, need: Any, chances: Any) -> None:
    """Raise each chance to that of a usual intake below the person's own requirement, after one recorded day.

    Args:
        amounts: float64 (person,), the day [unit of the norm].
        norm: Positions after a day of nothing with their weights, float64 (position, 2); by how much the root of the
            day moves them; the root; factor and power of each term of the mean over days, float64 (term, 2).
        need: Mean and standard deviation of requirements [unit of the norm].
        chances: float64 (person,), never lowered.
    """
    positions, share, root, terms = norm
    wide = need[1] * math.sqrt(2.0)
    for person in range(amounts.shape[0]):
        moved = amounts[person] ** (1 / root) * share
        total = 0.0
        for step in range(positions.shape[0]):
            base = max(positions[step, 0] + moved, 0.0)
            usual = 0.0
            for term in range(terms.shape[0]):
                usual += terms[term, 0] * base ** terms[term, 1]
            total += positions[step, 1] * math.erfc((usual - need[0]) / wide) / 2
        chances[person] = max(chances[person], min(max(total, 0.0), 1.0))
