"""Compiled loops: gates over planes of bits, weights of causes over people, lists of names out of planes.

Each releases the interpreter's lock and works on a range, so that two threads can share a block of people.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

from rheobase.nerve.compiled import cache_folder

F = TypeVar("F", bound=Callable[..., object])
_config: Any = numba.config
_njit: Any = numba.njit
WORD = 64
# Words of people, and people, that are worked on while they are still in the fastest cache.
STRIP = 64
BLOCK = 128
# A de Bruijn sequence: multiplied by a single bit, its top six bits say which of the 64 places that bit has.
_SEQUENCE = np.uint64(0x03F79D71B4CB0A89)
_TOP, _ONE = np.uint64(58), np.uint64(1)
_PLACES = np.zeros(WORD, dtype=np.int64)
for _place in range(WORD):
    _PLACES[((int(_SEQUENCE) << _place) & 0xFFFFFFFFFFFFFFFF) >> 58] = _place
# exp(x) = 2^k 2^f: adding it rounds to the nearest whole number, which its bits then hold; 2^f is a series.
_ROUNDER, _ROUNDER_BITS = 6755399441055744.0, int(np.float64(6755399441055744.0).view(np.int64))
_LOG2_E = math.log2(math.e)
_SERIES = np.array([math.log(2) ** power / math.factorial(power) for power in range(14)])
_BIAS, _FRACTION = 1023, 52
# Log-odds beyond it are 0 or 1 to every digit.
_MOST = 700.0


def _kernel(function: F) -> F:
    """Compile when first called, without the lock; the result is kept in the user's cache folder where it can be."""
    folder = cache_folder()
    if folder is None:
        return cast("F", _njit(function, nogil=True, error_model="numpy"))
    before = _config.CACHE_DIR
    _config.CACHE_DIR = str(folder)
    try:
        return cast("F", _njit(function, nogil=True, error_model="numpy", cache=True))
    finally:
        _config.CACHE_DIR = before


@_kernel
def run_gates(rows: Any, steps: Any, start: int, end: int) -> None:
    """Work out every gate for a range of words.

    Args:
        rows: uint64 (row, word); inputs are filled.
        steps: int32 (gate, 4): kind, target, first, second.
        start: First word.
        end: Word after the last.
    """
    for low in range(start, end, STRIP):
        high = min(low + STRIP, end)
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
        codes: uint8 (column, person of the block); written anew.
    """
    codes[:] = 0
    for wire in range(wires.shape[0]):
        column = codes[wires[wire, 0]]
        row = rows[wires[wire, 1]]
        step = np.uint8(wires[wire, 2])
        for word in range(codes.shape[1] // WORD):
            bits = row[first + word]
            base = word * WORD
            for place in range(WORD):
                column[base + place] += step * np.uint8((bits >> np.uint64(place)) & _ONE)


@_kernel
def exponentials(x: Any, whole: Any, y: Any) -> None:
    """Write exp of each x, which lies within +-700, into y; ``whole`` is a scratch array of float64."""
    bits = whole.view(np.int64)
    for i in range(x.shape[0]):
        scaled = x[i] * _LOG2_E
        rounded = scaled + _ROUNDER
        whole[i] = rounded
        f = scaled - (rounded - _ROUNDER)
        total = _SERIES[13]
        for power in range(12, -1, -1):
            total = total * f + _SERIES[power]
        y[i] = total
    for i in range(x.shape[0]):
        bits[i] = (bits[i] - _ROUNDER_BITS + _BIAS) << _FRACTION
    for i in range(x.shape[0]):
        y[i] *= whole[i]


@_kernel
def fit_causes(inputs: Any, tables: Any, outputs: Any, blocks: Any) -> None:
    """Work out posterior, interval and band of every cause for a range of blocks of people.

    Args:
        inputs: ``(rows uint64, wires int32, columns int, setting uint8 per person)``.
        tables: ``(prior [nats] (setting, cause), its variance, first pack of each cause, first member of each pack,
            column of each member, stride of each member, first entry of each pack, weight, variance of each entry,
            (interval z, fits well, possible, undecided width))``.
        outputs: ``(posterior, low, high float64, band uint8)``, each (cause, person).
        blocks: First block and the one after the last; a block has ``BLOCK`` people.
    """
    rows, wires, columns, setting = inputs
    prior, prior_variance, packs, members, member_column, member_stride, entries, weight, variance, scale = tables
    posterior, low, high, band = outputs
    z, fits_well, possible, widest = scale
    people = setting.shape[0]
    codes = np.zeros((columns, BLOCK), dtype=np.uint8)
    index = np.zeros(BLOCK, dtype=np.uint16)
    odds, spread, told = np.zeros(BLOCK), np.zeros(BLOCK), np.zeros(BLOCK)
    turned, widened, whole = np.zeros(BLOCK), np.zeros(BLOCK), np.zeros(BLOCK)
    for block in range(blocks[0], blocks[1]):
        start = block * BLOCK
        count = min(BLOCK, people - start)
        add_codes(rows, wires, block * (BLOCK // WORD), codes)
        for cause in range(prior.shape[1]):
            for i in range(count):
                odds[i] = prior[setting[start + i], cause]
            told[:] = 0.0
            for pack in range(packs[cause], packs[cause + 1]):
                index[:] = 0
                for member in range(members[pack], members[pack + 1]):
                    column = codes[member_column[member]]
                    stride = np.uint16(member_stride[member])
                    for i in range(BLOCK):
                        index[i] += np.uint16(stride * column[i])
                first = entries[pack]
                last = entries[pack + 1]
                pack_weight, pack_variance = weight[first:last], variance[first:last]
                for i in range(BLOCK):
                    odds[i] += pack_weight[index[i]]
                    told[i] += pack_variance[index[i]]
            for i in range(count):
                spread[i] = z * math.sqrt(prior_variance[setting[start + i], cause] + told[i])
            for i in range(BLOCK):
                turned[i] = min(max(-odds[i], -_MOST), _MOST)
                spread[i] = min(spread[i], _MOST)
            exponentials(turned, whole, turned)
            exponentials(spread, whole, widened)
            for i in range(count):
                centre = 1 / (1 + turned[i])
                lower, upper = 1 / (1 + turned[i] * widened[i]), 1 / (1 + turned[i] / widened[i])
                posterior[cause, start + i], low[cause, start + i], high[cause, start + i] = centre, lower, upper
                each = np.uint8(0) if centre >= fits_well else np.uint8(1) if centre >= possible else np.uint8(2)
                band[cause, start + i] = np.uint8(3) if told[i] == 0 or upper - lower > widest else each


@_kernel
def most_probable(posterior: Any, candidates: Any, best: Any, people: Any) -> None:
    """Write for a range of people the most probable causes, the first of equals first.

    Args:
        posterior: float64 (cause, person).
        candidates: Causes to choose from, those that win a tie first.
        best: uint8 (person, place); what is written is the cause's place among the candidates.
        people: First person and the one after the last.
    """
    places = best.shape[1]
    for person in range(people[0], people[1]):
        filled = 0
        for k in range(candidates.shape[0]):
            here = posterior[candidates[k], person]
            at = filled
            while at > 0 and posterior[candidates[best[person, at - 1]], person] < here:
                if at < places:
                    best[person, at] = best[person, at - 1]
                at -= 1
            if at < places:
                best[person, at] = k
                filled = min(filled + 1, places)
