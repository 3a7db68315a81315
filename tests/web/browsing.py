"""Debian's chromium before a server in a thread: one browser and one server for all tests of a session."""

from __future__ import annotations

import functools
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Page
from starlette.applications import Starlette

from rheobase.web.app import create_app
from rheobase.web.desk import Desk
from rheobase.web.launch import bound_socket
from rheobase.web.settings import Settings

CHROMIUM = shutil.which("chromium")
# What every module of tests in a browser is marked with.
IN_BROWSER = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"),
]
WIDTHS, SCHEMES = (360, 1280), ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN_ALL = "() => document.querySelectorAll('details').forEach(each => { each.open = true })"
LAUNCH = "launch"


@dataclass(frozen=True)
class Served:
    """A running app: what its addresses begin with, and its desk, to look at what it keeps."""

    base: str
    desk: Desk
    cookie: dict[str, Any]

    def state(self) -> Any:
        """Return what a browser holds that has opened the app."""
        return {"cookies": [self.cookie], "origins": []}


@contextmanager
def serving(folder: Path, **more: Any) -> Iterator[Served]:
    """Serve an app from a thread.

    Args:
        folder: Of its data.
        more: Further settings, such as the day.
    """
    listener = bound_socket("127.0.0.1", None)
    settings = Settings(int(listener.getsockname()[1]), folder, LAUNCH, **more)
    app: Starlette = create_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    cookie = {"name": "rheobase", "value": app.state.keys.cookie, "domain": "127.0.0.1", "path": "/"}
    yield Served(f"http://127.0.0.1:{settings.port}", app.state.desk, cookie)
    server.should_exit = True
    thread.join()
    listener.close()


@functools.cache
def axe() -> str:
    """Return the checker that runs in the page."""
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def faults(page: Page, rules: Sequence[str] = RULES) -> list[Any]:
    """Return what axe finds, everything that is folded opened.

    Args:
        page: What is looked at.
        rules: Names of rules or of sets of them.
    """
    page.evaluate(OPEN_ALL)
    page.evaluate(axe())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", list(rules))
    return [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found["violations"]]
