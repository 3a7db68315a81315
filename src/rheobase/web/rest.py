"""Every page but the first, made ready behind it: the person reads the first one meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

# The first page asks for its style and scripts right after; they need not share the processor [s].
DELAY = 0.3


class Rest:
    """The app behind the first page; made once, by whoever comes first: a request, or ``soon``."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        """Make nothing yet."""
        self._make = make
        self._made: ASGIApp | None = None
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._due = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; who comes before it is ready waits for it."""
        app = self._made
        if app is None:
            app = await run_in_threadpool(self.ready)
        await app(scope, receive, send)

    def ready(self) -> ASGIApp:
        """Return the app, made if it is not there."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    def soon(self, delay: float = DELAY) -> None:
        """Make it in the background after a delay [s], once; of two delays the one that ends first counts."""
        due = time.monotonic() + delay
        if self._made is not None or (self._timer is not None and self._due <= due):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._due = threading.Timer(delay, self.ready), due
        self._timer.daemon = True
        self._timer.start()

    def stop(self, wait: float) -> None:
        """Begin nothing more; wait at most so long for what was begun [s]."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join(wait)
