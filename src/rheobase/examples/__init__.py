"""Packaged examples: made-up people, each a case file to read and to try, and a simulated recording of a nerve."""

from __future__ import annotations

import difflib
from importlib.resources import files

from rheobase.errors import UsageError

_SUFFIX = ".yaml"
_RECORDING = "nerve_recording.mem"


def example_names() -> tuple[str, ...]:
    """Return the names of the examples, in alphabetical order."""
    names = (each.name for each in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


def example_bytes(name: str) -> bytes:
    """Return the case file of one example.

    Args:
        name: One of ``example_names()``.

    Raises:
        UsageError: There is no such example; says which there are.
    """
    known = example_names()
    if name not in known:
        near = difflib.get_close_matches(name, known, 1, 0.4)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        message = f"{name!r} is not an example.{hint} There are: {', '.join(known)}."
        raise UsageError(message)
    return files(__package__).joinpath(name + _SUFFIX).read_bytes()


def example_recording() -> bytes:
    """Return a recording of nerve excitability as QTRAC writes it: simulated (``tools/draw_nerve_recording.py``)."""
    return files(__package__).joinpath(_RECORDING).read_bytes()
