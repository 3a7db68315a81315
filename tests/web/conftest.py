"""A server in the test's own process, and a browser's place before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from starlette.testclient import TestClient

from rheobase.web.app import create_app
from rheobase.web.security import Keys
from rheobase.web.settings import Settings
from tests.web.browsing import CHROMIUM, Served, serving
from tests.web.every_page import ON, seeded
from tests.web.visitor import PORT, Visitor

TOKEN = "launch"  # noqa: S105 - of a test


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings with an empty data folder and a fixed day."""
    return Settings(PORT, tmp_path / "data", TOKEN, today=lambda: date(2026, 11, 24))


@pytest.fixture
def keys() -> Keys:
    """Return fresh keys."""
    return Keys(TOKEN)


@pytest.fixture
def stranger(settings: Settings, keys: Keys) -> Iterator[TestClient]:
    """Return a client that has not opened the launch address."""
    app = create_app(settings, keys)
    with TestClient(app, base_url=f"http://127.0.0.1:{PORT}", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def visitor(stranger: TestClient, keys: Keys) -> Visitor:
    """Return somebody who opened the launch address."""
    visitor = Visitor(stranger, keys)
    visitor.get(f"/open?token={TOKEN}")
    return visitor


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one browser for all tests; Debian's chromium, nothing is downloaded."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, dict[str, str]]]:
    """Serve the people of ``every_page``; return the server, and what stands for a word in the addresses."""
    with serving(tmp_path_factory.mktemp("everybody"), today=lambda: ON, hour=lambda: 15.5) as served:
        yield served, seeded(served.desk)
