"""What was read of a file and waits for a person's yes; in memory only, and only the newest few."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MOST = 4
T = TypeVar("T")


@dataclass(slots=True)
class Waiting(Generic[T]):
    """Things that were shown and not yet agreed to, each by an unguessable name and of one person."""

    _held: dict[str, tuple[int, T]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()

    def keep(self, person: int, thing: T) -> str:
        """Keep something of a person; return its name. The oldest makes room."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._held[name] = (person, thing)
            while len(self._held) > MOST:
                del self._held[next(iter(self._held))]
        return name

    def get(self, person: int, name: str) -> T | None:
        """Return something; None where it is not there, or of another person."""
        with self._lock:
            owner, thing = self._held.get(name, (0, None))
            return thing if owner == person else None

    def take(self, person: int, name: str) -> T | None:
        """Return something as ``get`` does, and forget it."""
        thing = self.get(person, name)
        if thing is not None:
            with self._lock:
                self._held.pop(name, None)
        return thing
