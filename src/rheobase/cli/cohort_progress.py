"""How far it is, on a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_EVERY = 0.2


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Yield a function that is told how many more rows are done.

    Args:
        label: What they are.
        total: How many there will be; None when that is not known.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    began, shown, done = time.monotonic(), 0.0, 0

    def tell(more: int) -> None:
        nonlocal shown, done
        done += more
        now = time.monotonic()
        if now - shown > _EVERY:
            shown = now
            of = f" of {total:,} ({done * 100 // total} %)" if total else ""
            speed = f", {done / max(now - began, 1e-9):,.0f} a second"
            sys.stderr.write(f"\r{label}: {done:,}{of}{speed}\x1b[K")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
