"""Pages that take long to work out, kept while nothing that they rest on changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from rheobase.report.document import Document

MOST = 16


@dataclass(slots=True)
class Kept:
    """The newest few documents by everything that they follow from; in memory only."""

    _held: dict[Hashable, Document] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Hashable, make: Callable[[], Document]) -> Document:
        """Return the document of a key, made if it is not there."""
        with self._lock:
            if (found := self._held.get(key)) is not None:
                return found
        made = make()
        with self._lock:
            self._held[key] = made
            while len(self._held) > MOST:
                del self._held[next(iter(self._held))]
        return made
