"""What takes long to work out, kept while nothing that it rests on changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MOST = 16
T = TypeVar("T")


@dataclass(slots=True)
class Kept(Generic[T]):
    """The few things that were asked for last, each by everything that it follows from; in memory only."""

    most: int = MOST
    _held: dict[Hashable, Future[T]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def clear(self) -> None:
        """Forget everything; what is being made is given to who waits for it, and not held."""
        with self._lock:
            self._held.clear()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the thing of a key, made if it is not there.

        Who asks for what another is making waits for it rather than making it too. A failure is told to all who wait,
        and is not kept.

        Args:
            key: Everything that it follows from.
            make: Works it out; never called while others wait for something else.

        Raises:
            BaseException: Whatever ``make`` raises.
        """
        with self._lock:
            found = self._held.pop(key, None)
            mine: Future[T] = found or Future()
            # What was asked for last goes last.
            self._held[key] = mine
            while len(self._held) > self.most:
                del self._held[next(iter(self._held))]
        if found is None:
            try:
                mine.set_result(make())
            except BaseException as problem:
                with self._lock:
                    if self._held.get(key) is mine:
                        del self._held[key]
                mine.set_exception(problem)
                raise
        return mine.result()
