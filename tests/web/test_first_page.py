"""The first page comes before everything else, and everything else is there when it is asked for."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from starlette.testclient import TestClient

from rheobase.knowledge import load_knowledge
from rheobase.knowledge.regions import region_names
from rheobase.web.app import create_app
from rheobase.web.rest import Rest
from rheobase.web.security import Keys
from rheobase.web.settings import Settings
from tests.web.visitor import PORT, Visitor


def test_the_regions_read_alone_are_those_of_the_knowledge() -> None:
    """Whoever reads only the regions gets the same as whoever reads everything."""
    assert dict(region_names()) == {key: each.name for key, each in load_knowledge().regions.items()}


def test_the_app_begins_without_what_only_later_pages_need() -> None:
    """Neither the interview nor the knowledge nor the food table is imported before the first page."""
    code = "import rheobase.web.app, sys; print(*sorted(name for name in sys.modules if name.startswith('rheobase.')))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(found.stdout.split())
    assert "rheobase.web.first_page" in loaded
    late = {"interview", "knowledge.load", "report.html", "foods", "diet", "assess", "web.desk"}
    assert not loaded & {f"rheobase.{name}" for name in late}


def test_the_first_request_for_any_page_makes_the_rest_ready(tmp_path: Path) -> None:
    """Begun as the command begins it, the first page, a person's page and a wrong address all answer rightly."""
    keys = Keys("launch")
    app = create_app(Settings(PORT, tmp_path, "launch"), keys, whole=False)
    with TestClient(app, base_url=f"http://127.0.0.1:{PORT}", raise_server_exceptions=False) as client:
        visitor = Visitor(client, keys)
        visitor.get("/open?token=launch")
        assert "A muscle that twitches" in visitor.page
        assert not hasattr(app.state, "desk")
        visitor.get("/nowhere")
        assert visitor.status == 404
        assert (
            client.put("/", headers={"origin": f"http://127.0.0.1:{PORT}", "sec-fetch-site": "same-origin"}).status_code
            == 405
        )
        visitor.post("/begin", {"name": "Me"})
        assert visitor.address == "/1/questions"
        assert app.state.desk.store is app.state.desk.shelf.store


def test_the_sooner_of_two_delays_counts() -> None:
    """Asked for soon and then sooner, or the other way round, the app is made once, at the sooner time."""
    for delays in ((60.0, 0.0), (0.0, 60.0)):
        made = threading.Event()
        rest = Rest(made.set)  # type: ignore[arg-type]
        for each in delays:
            rest.soon(each)
        assert made.wait(10)
        rest.stop(1.0)


def test_what_is_behind_the_first_page_is_made_once() -> None:
    """Of many who come at once one makes it, and all get the same."""
    made: list[object] = []

    async def answer(*_: object) -> None:
        """Answer nothing."""

    def make() -> object:
        made.append(answer)
        return answer

    rest = Rest(make)  # type: ignore[arg-type]
    rest.soon(0.0)
    threads = [threading.Thread(target=rest.ready) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    rest.stop(1.0)
    assert len(made) == 1


def test_a_database_that_cannot_be_read_is_told_on_the_first_page(tmp_path: Path) -> None:
    """A file that is no database of ours is refused in words, as on every other page."""
    (tmp_path / "rheobase.db").write_bytes(b"SQLite format 3\x00" + b"no database" * 100)
    keys = Keys("launch")
    app = create_app(Settings(PORT, tmp_path, "launch"), keys, whole=False)
    with TestClient(app, base_url=f"http://127.0.0.1:{PORT}", raise_server_exceptions=False) as client:
        visitor = Visitor(client, keys)
        visitor.get("/open?token=launch")
        assert visitor.status == 400
        assert "rheobase.db" in visitor.text()
