"""What takes long to work out, kept while nothing that it rests on changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MOST = 16
T = TypeVar("T")


@dataclass(slots=True)
class Kept(Generic[T]):
    """The few things that were asked for last, each by everything that it follows from; in memory only."""

    most: int = MOST
    _held: dict[Hashable, T] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the thing of a key, made if it is not there.

        Args:
            key: Everything that it follows from.
            make: Works it out; never called while others wait for something else.
        """
        with self._lock:
            if key in self._held:
                # What was asked for last goes last.
                self._held[key] = self._held.pop(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._held[key] = made
            while len(self._held) > self.most:
                del self._held[next(iter(self._held))]
        return made
