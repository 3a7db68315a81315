"""From planes and arrays back to columns of a frame, without copying what is large."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from rheobase.cohort.columns import Plane
from rheobase.cohort.kernels import count_set, list_set


def truths(plane: Plane, people: int) -> pl.Series:
    """Return a Boolean column of a plane; nobody is unknown."""
    return _column(pa.Array.from_buffers(pa.bool_(), people, [None, pa.py_buffer(plane.tobytes())]))


def three(true: Plane, false: Plane, people: int) -> pl.Series:
    """Return a Boolean column of a three-valued one."""
    known = pa.py_buffer((true | false).tobytes())
    return _column(pa.Array.from_buffers(pa.bool_(), people, [known, pa.py_buffer(true.tobytes())]))


def numbers(values: npt.NDArray[np.float64], known: Plane | None) -> pl.Series:
    """Return a Float64 column over an array, null for whoever is not in ``known``."""
    validity = None if known is None else pa.py_buffer(known.tobytes())
    return _column(pa.Array.from_buffers(pa.float64(), len(values), [validity, pa.py_buffer(values)]))


def codes(values: npt.NDArray[np.uint8], known: Plane | None = None) -> pl.Series:
    """Return a column of small numbers, null for whoever is not in ``known``; see ``as_words``."""
    validity = None if known is None else pa.py_buffer(known.tobytes())
    return _column(pa.Array.from_buffers(pa.uint8(), len(values), [validity, pa.py_buffer(values)]))


def as_words(frame: pl.DataFrame, words: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Return a frame in which the places of words, alone or in lists, have become the words (Enum).

    Args:
        frame: Columns as ``codes``, ``lists`` and ``fixed_lists`` return them.
        words: For each such column, its words.
    """
    casts = []
    for name, listed in words.items():
        kind = pl.Enum(list(listed))
        one = pl.col(name)
        many = isinstance(frame.schema[name], pl.List)
        casts.append(one.list.eval(pl.element().cat.to(kind)) if many else one.cat.to(kind))
    return frame.with_columns(casts)


def chosen(planes: Sequence[Plane], people: int) -> npt.NDArray[np.uint8]:
    """Return for each person the number of the one plane in which it stands."""
    codes = np.zeros(people, dtype=np.uint8)
    for code, plane in enumerate(planes):
        bits = np.unpackbits(plane.view(np.uint8), count=people, bitorder="little")
        codes += bits * np.uint8(code)
    return codes


def counted(rows: Plane, names: Mapping[str, int], people: int) -> npt.NDArray[np.int32]:
    """Return for each person in how many of the named rows it stands."""
    counts = np.zeros(people, dtype=np.int32)
    count_set(rows, np.array(list(names.values()), dtype=np.int64), people, counts)
    return counts


def lists(rows: Plane, names: Mapping[str, int], people: int) -> pl.Series:
    """Return a column of lists: for each person the names in whose row it stands, by their places in ``names``.

    Args:
        rows: uint64 (row, word).
        names: Row of each name.
        people: How many people there are.
    """
    taken = np.array(list(names.values()), dtype=np.int64)
    counts = counted(rows, names, people)
    offsets = np.zeros(people + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    values = np.empty(offsets[-1], dtype=_smallest(names))
    list_set(rows, taken, people, (offsets[:-1].copy(), values))
    return _listed(offsets, values, None)


def fixed_lists(values: npt.NDArray[np.uint8], known: Plane) -> pl.Series:
    """Return a column of lists of equal length, null for whoever is not in ``known``."""
    people, length = values.shape
    offsets = np.arange(people + 1, dtype=np.int64) * length
    return _listed(offsets, values.ravel(), known)


def _smallest(names: Collection[str]) -> type[np.unsignedinteger[Any]]:
    """Return the type that Polars itself gives the places of so many words."""
    return np.uint8 if len(names) < np.iinfo(np.uint8).max else np.uint16


def _listed(offsets: Any, values: Any, known: Plane | None) -> pl.Series:
    people = len(offsets) - 1
    validity = None if known is None else pa.py_buffer(known.tobytes())
    # `pa.array` would import pandas, which takes seconds.
    inner = pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [None, pa.py_buffer(values)])
    array = pa.Array.from_buffers(
        pa.large_list(inner.type), people, [validity, pa.py_buffer(offsets)], children=[inner]
    )
    return _column(array)


def _column(array: Any) -> pl.Series:
    return cast("pl.Series", pl.from_arrow(array))
