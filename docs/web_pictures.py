"""Pictures of the app at both widths, of one made-up person on one day, into docs/images.

.venv/bin/python docs/web_pictures.py            take them
.venv/bin/python docs/web_pictures.py --whole    each page from top to end, into a folder for looking at

Needs chromium. The first screen of each page is what is kept: pictures of whole pages would outweigh the code.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from rheobase.examples import example_bytes
from rheobase.importers.case_file import read_case
from rheobase.interview import Reply
from rheobase.person import Diet, DietDay, Eaten, LabResult, Taken
from rheobase.web.app import create_app
from rheobase.web.desk import Desk
from rheobase.web.launch import bound_socket
from rheobase.web.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
ON, HOUR = date(2026, 11, 24), 15.5
MEALS = ("2 slices white bread", "200 g white rice", "150 g chicken breast", "50 g butter", "2 eggs", "1 banana")
RESULTS = (
    ("potassium", 3.9, "mmol/L", 3.5, 5.3),
    ("magnesium", 0.72, "mmol/L", 0.7, 1.0),
    ("calcium_total", 2.28, "mmol/L", 2.2, 2.6),
    ("albumin", 41.0, "g/L", 35.0, 50.0),
)
SIZES = {360: 760, 1280: 900}
TOKEN = "pictures"  # noqa: S105 - opens a server that lives for a minute
HOST, LONGEST_MS = "127.0.0.1", 120_000
# A page of somebody else's branch is one more line here.
PAGES = {
    "home": "/",
    "questions": "/2/questions",
    "answer": "/1/answer",
    "doctor": "/1/doctor",
    "what-if": "/1/what-if",
    "food": "/1/food",
    "food-enough": "/1/food/enough",
    "food-plan": "/1/food/plan",
    "labs": "/1/labs",
    "data": "/1/data",
    "keeping": "/data",
    "learn": "/learn?q=magnesium",
    "learn-cause": "/learn/cause/eyelid_myokymia",
    "learn-compare": "/learn/compare",
    "nerve": "/nerve",
    "nerve-own": "/1/nerve",
}


@contextmanager
def served() -> Iterator[str]:
    """Yield the address of a server with two made-up people, on a day that stays the same."""
    with tempfile.TemporaryDirectory() as folder:
        listener = bound_socket(HOST, None)
        port = int(listener.getsockname()[1])
        settings = Settings(port, Path(folder), TOKEN, today=lambda: ON, hour=lambda: HOUR)
        app = create_app(settings)
        people(app.state.desk)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://{HOST}:{port}"
        server.should_exit = True
        thread.join()


def people(desk: Desk) -> None:
    """Add a made-up person who told everything, kept a diary and had blood taken, and one who begins."""
    case = read_case(example_bytes("worried-28"), desk.knowledge, name="example")
    labs = tuple(
        LabResult(name, value, unit, low=low, high=high, taken=ON - timedelta(9))
        for name, value, unit, low, high in RESULTS
    )
    days = tuple(
        DietDay(
            ON - timedelta(ago),
            ago > 0,
            tuple(Eaten(text=each) for each in MEALS),
            (Eaten(text="2 cups brewed coffee", time="08:00"), Eaten(text="1 l tap water")),
            (Taken(text="magnesium citrate 200 mg"),),
        )
        for ago in (2, 1, 0)
    )
    desk.begin("Robin (made up)", replace(case, labs=labs, diet=Diet(days)))
    desk.begin("Kim (made up)")
    papers = desk.papers(2)
    asked = desk.outlook(papers).question
    if asked is not None:
        desk.answered(papers, asked, Reply())


def shots(browser: Browser, base: str, folder: Path, *, whole: bool) -> None:
    """Take a picture of every page at both widths; of a whole page in both themes."""
    context = browser.new_context(color_scheme="light")
    context.new_page().goto(f"{base}/open?token={TOKEN}")
    state = context.storage_state()
    for scheme in ("light", "dark") if whole else ("light",):
        for width, height in SIZES.items():
            page = browser.new_context(
                storage_state=state, color_scheme=scheme, viewport={"width": width, "height": height}
            ).new_page()
            for name, path in PAGES.items():
                page.goto(base + path)
                if path.endswith("/nerve"):
                    # The trace is compiled once; the page asks again until it is there.
                    page.wait_for_selector(".answer:not([data-waits])", timeout=LONGEST_MS)
                file = folder / (f"{scheme}-{name}-{width}.png" if whole else f"web-{name}-{width}.png")
                page.screenshot(path=file, full_page=whole)
                print(f"written: {file} ({file.stat().st_size} bytes)")


def main() -> int:
    """Take every picture."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium here: apt-get install chromium")
        return 1
    whole = "--whole" in sys.argv
    folder = Path(tempfile.mkdtemp(prefix="rheobase-pages-")) if whole else IMAGES
    with (
        served() as base,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as browser,
    ):
        shots(browser, base, folder, whole=whole)
    return 0


if __name__ == "__main__":
    sys.exit(main())
