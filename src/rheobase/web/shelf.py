"""Where the database stands, and whether it is open. The first page needs no more."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from rheobase.errors import DataRefusedError
from rheobase.storage import Store
from rheobase.storage.database import is_encrypted
from rheobase.storage.store import FILE
from rheobase.web.settings import Settings


@dataclass(slots=True)
class Shelf:
    """The one database of a running server."""

    settings: Settings
    _store: Store | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def path(self) -> Path:
        """The database's file."""
        return self.settings.data_dir / FILE

    @property
    def locked(self) -> bool:
        """Whether a passphrase is wanted first."""
        return self._store is None and is_encrypted(self.path)

    @property
    def store(self) -> Store:
        """The open store; opened by the first who needs it.

        Raises:
            DataRefusedError: A passphrase is wanted first.
        """
        with self._lock:
            if self._store is None:
                if is_encrypted(self.path):
                    raise DataRefusedError("The data is locked. Give its passphrase first.")
                self._store = Store(self.path)
            return self._store

    def unlock(self, passphrase: str) -> None:
        """Open an encrypted store.

        Raises:
            DataRefusedError: The passphrase is wrong.
        """
        with self._lock:
            if self._store is None:
                self._store = Store(self.path, passphrase=passphrase)

    def close(self) -> None:
        """Close the store."""
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None
