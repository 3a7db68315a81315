"""Compile kernels with numba, once: the result is kept in the user's cache folder."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])
# Its types know neither our functions nor its own settings.
_njit: Any = numba.njit
_config: Any = numba.config

# Without Python's check for division by zero (an early exit) LLVM vectorises; inputs are checked beforehand.
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": True}


# Everything that a kernel is compiled from.
_SOURCES = ("compiled.py", "fast_exp.py", "gate_step.py", "kernel.py", "layout.py")


@functools.cache
def cache_folder() -> Path | None:
    """Return the folder of the compiled kernels of exactly this code, None where nothing can be written.

    numba looks only at the file of the outermost function, so the name holds a hash of every file that it is made of.
    """
    root = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    digest = hashlib.sha256(numba.__version__.encode())
    for name in _SOURCES:
        digest.update((Path(__file__).parent / name).read_bytes())
    try:
        folder = (Path(root) if root else Path.home() / ".cache") / "rheobase" / f"nerve-{digest.hexdigest()[:16]}"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder if os.access(folder, os.W_OK) else None


def is_compiled(part: str = "nerve") -> bool:
    """Return whether a part's kernel of this code stands in the cache; if not, its first use takes a few seconds more.

    Args:
        part: The folder of the kernel: nerve, fibre or pool. numba names its own folders so.
    """
    folder = cache_folder()
    return folder is not None and any(folder.glob(f"{part}_*/*.nbc"))


def kernel(function: F) -> F:
    """Compile a function that Python calls, and keep the result on disc where that is possible."""
    folder = cache_folder()
    if folder is None:
        return cast("F", _njit(function, **OPTIONS))
    # The folder is read when the decorator runs; other users of numba in this process keep theirs.
    before = _config.CACHE_DIR
    _config.CACHE_DIR = str(folder)
    try:
        return cast("F", _njit(function, cache=True, **OPTIONS))
    finally:
        _config.CACHE_DIR = before


def part(function: F) -> F:
    """Compile a function that is put into the kernel that calls it: only there its loop becomes one of vectors."""
    return cast("F", _njit(function, forceinline=True, **OPTIONS))


def copied(function: F) -> F:
    """Compile a function by copying its lines into its only caller, so that nothing is optimised twice."""
    return cast("F", _njit(function, inline="always", **OPTIONS))
