"""A million people: the judgement of ``assess`` over the columns of a dataframe. ``assess`` is the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rheobase.cohort.doors import judge_any

__all__ = ["judge_any"]


def __getattr__(name: str) -> object:
    """Return the door when it is asked for: its libraries take long to load, and the commands do without it."""
    if name in __all__:
        from rheobase.cohort import doors  # noqa: PLC0415 - see above

        return getattr(doors, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
