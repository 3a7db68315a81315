"""A lock that the system takes back when its process ends, however it ends."""

from __future__ import annotations

from importlib import import_module
from typing import IO


def lock(stream: IO[bytes]) -> bool:
    """Lock an open file for this process; return False if another process has it.

    Where the system or the file system knows no locks, every process gets it: a lock is a courtesy, not a promise.

    Args:
        stream: Open for writing; closing it gives the lock back.
    """
    try:
        fcntl = import_module("fcntl")
    except ImportError:  # not a Unix
        return True
    try:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
