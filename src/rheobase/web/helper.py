"""A second process beside the server that judges, so that a page of a millisecond never waits for one of a hundred.

Python computes one thing at a time in a process. What takes long is asked of this helper over two pipes; nothing is
written anywhere. It is started once the first page was shown, ends with the server (its pipe closes, even when the
server is killed), and is ended when the data is locked. Wherever it is not there, is not ready yet, fails or takes too
long, ``ask`` says so and the page works the thing out itself: it is never needed.
"""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

# Longer than anything takes that is asked of it [s]; what takes longer hangs, and is ended.
MOST_S = 20.0
MOST_STARTS = 3
COMMAND = ("-P", "-m", "rheobase.web.helper_process")


@dataclass(slots=True)
class Helper:
    """The one helper of a running server; does one thing after the other.

    Attributes:
        wanted: Whether there is to be one; without, nothing is ever started.
    """

    wanted: bool = False
    _child: subprocess.Popen[bytes] | None = None
    _ready: bool = False
    _starts: int = 0
    _asking: threading.Lock = field(default_factory=threading.Lock)
    _changing: threading.RLock = field(default_factory=threading.RLock)

    @property
    def ready(self) -> bool:
        """Whether it can be asked."""
        return self._ready

    @property
    def process(self) -> int | None:
        """The number of its process, None where there is none."""
        child = self._child
        return None if child is None else child.pid

    def start(self) -> None:
        """Start it in the background, where it is wanted and not there; it is asked once it is ready."""
        with self._changing:
            if not self.wanted or self._child is not None or self._starts >= MOST_STARTS:
                return
            self._starts += 1
            try:
                # A session of its own: Ctrl+C is the server's, which then closes the pipe.
                child = subprocess.Popen(  # noqa: S603 - this Python, with words of ours
                    [sys.executable, *COMMAND],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except OSError:
                return
            self._child = child
        threading.Thread(target=self._await, args=(child,), daemon=True).start()

    def _await(self, child: subprocess.Popen[bytes]) -> None:
        """Wait for its word that it is ready."""
        said = _read(child)
        with self._changing:
            if self._child is child:
                if said is None:
                    self._end(child)
                else:
                    self._ready = True

    def ask(self, what: str, *about: Any) -> Any:
        """Return what it worked out; None where it could not, and the caller has to.

        Args:
            what: Name of one of the things that ``helper_process`` knows.
            about: What it is worked out from.
        """
        if not self._ready:
            self.start()
            return None
        try:
            asked = as_bytes((what, about))
        except (TypeError, AttributeError, ValueError, pickle.PicklingError):
            return None
        # Whoever waits too long for others does it alone.
        if not self._asking.acquire(timeout=MOST_S):
            return None
        try:
            child = self._child
            if child is None or not self._ready:
                return None
            watch = threading.Timer(MOST_S, child.kill)
            watch.daemon = True
            watch.start()
            try:
                _write(child, asked)
                found = _read(child)
            finally:
                watch.cancel()
        finally:
            self._asking.release()
        if found is None:
            with self._changing:
                self._end(child)
            return None
        return found[0]

    def stop(self) -> None:
        """End it, with everything that it holds; it may be started again."""
        with self._changing:
            if self._child is not None:
                self._end(self._child)
            self._starts = 0

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        if self._child is child:
            self._child, self._ready = None, False
        child.kill()
        with suppress(subprocess.TimeoutExpired):
            child.wait(MOST_S)
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def unchanging(things: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """Return a mapping that can't be changed; named here, for its own type has no name to be sent by."""
    return MappingProxyType(things)


class _Pickler(pickle.Pickler):
    """Pickles what a person is made of; mappings that can't be changed can't be pickled as they are."""

    def reducer_override(self, thing: Any) -> Any:
        """Return how a mapping that can't be changed is made again."""
        return (unchanging, (dict(thing),)) if isinstance(thing, MappingProxyType) else NotImplemented


def as_bytes(thing: Any) -> bytes:
    """Return a thing as it is sent.

    Raises:
        TypeError, AttributeError, ValueError, PicklingError: It can't be.
    """
    written = io.BytesIO()
    _Pickler(written, pickle.HIGHEST_PROTOCOL).dump(thing)
    return written.getvalue()


def _write(child: subprocess.Popen[bytes], asked: bytes) -> None:
    """Send; where nobody reads any more, the reading that follows says so."""
    with suppress(OSError, ValueError):
        if child.stdin is not None:
            child.stdin.write(asked)
            child.stdin.flush()


def _read(child: subprocess.Popen[bytes]) -> Any:
    """Return what came, None where it ended or what came is no answer."""
    try:
        return None if child.stdout is None else pickle.load(child.stdout)  # noqa: S301 - our own process wrote it
    except Exception:  # noqa: BLE001 - what can't be read may fail in any way; the caller ends the child
        return None
