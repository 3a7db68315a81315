"""A server in the test's own process, and a browser's place before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rheobase.web.app import create_app
from rheobase.web.security import Keys
from rheobase.web.settings import Settings
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
