"""What was read of an uploaded file and waits for a person's yes; in memory only, and only the newest few."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field

from rheobase.diet.plan import ImportedFile

MOST = 4


@dataclass(slots=True)
class Waiting:
    """Imports that were shown and not yet applied, by an unguessable name."""

    _held: dict[str, tuple[int, ImportedFile]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, person: int, imported: ImportedFile) -> str:
        """Keep an import of a person; return its name. The oldest makes room."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._held[name] = (person, imported)
            while len(self._held) > MOST:
                del self._held[next(iter(self._held))]
        return name

    def take(self, person: int, name: str) -> ImportedFile | None:
        """Return an import and forget it; None where it is not there, or of another person."""
        with self._lock:
            owner, imported = self._held.get(name, (0, None))
            if owner != person:
                return None
            del self._held[name]
            return imported
