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
from datetime import date
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from rheobase.examples import example_bytes
from rheobase.web.app import create_app
from rheobase.web.launch import bound_socket
from rheobase.web.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
ON = date(2026, 11, 24)
SIZES = {360: 760, 1280: 900}
TOKEN = "pictures"  # noqa: S105 - opens a server that lives for a minute
HOST = "127.0.0.1"
# A page of somebody else's branch is one more line here.
PAGES = {
    "home": "/",
    "questions": "/2/questions",
    "answer": "/1/answer",
    "doctor": "/1/doctor",
    "what-if": "/1/what-if",
    "data": "/1/data",
    "keeping": "/data",
    "learn": "/learn?q=magnesium",
    "learn-cause": "/learn/cause/eyelid_myokymia",
    "learn-compare": "/learn/compare",
}


@contextmanager
def served() -> Iterator[str]:
    """Yield the address of a server with an empty folder, on a day that stays the same."""
    with tempfile.TemporaryDirectory() as folder:
        listener = bound_socket(HOST, None)
        port = int(listener.getsockname()[1])
        settings = Settings(port, Path(folder), TOKEN, today=lambda: ON)
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://{HOST}:{port}"
        server.should_exit = True
        thread.join()


def people(page: Page, base: str) -> None:
    """Bring in a made-up person, and begin an interview with another."""
    page.goto(f"{base}/open?token={TOKEN}")
    page.get_by_label("What to call you here").fill("Robin (made up)")
    page.get_by_role("button", name="Begin").click()
    page.goto(f"{base}/1/data")
    case = example_bytes("worried-28")
    page.set_input_files("#file", {"name": "case.yaml", "mimeType": "text/yaml", "buffer": case})
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Take the file").click()
    page.goto(base)
    page.get_by_label("What to call them here").fill("Kim (made up)")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="None of these").click()


def shots(browser: Browser, base: str, folder: Path, *, whole: bool) -> None:
    """Take a picture of every page at both widths; of a whole page in both themes."""
    context = browser.new_context(color_scheme="light")
    people(context.new_page(), base)
    state = context.storage_state()
    for scheme in ("light", "dark") if whole else ("light",):
        for width, height in SIZES.items():
            page = browser.new_context(
                storage_state=state, color_scheme=scheme, viewport={"width": width, "height": height}
            ).new_page()
            for name, path in PAGES.items():
                page.goto(base + path)
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
