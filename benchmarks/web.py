"""Load the app as browsers would, and print what each page takes, its weight, and how memory and the start behave.

    .venv/bin/python benchmarks/web.py                   50 requests a second for 60 seconds
    .venv/bin/python benchmarks/web.py --seconds 10      a short look

The server is ``rheobase serve`` in its own process. Requests are sent at fixed times whether or not earlier ones are
answered, so that a slow answer is not hidden by asking less often; the time of an answer counts from when it was due.
The mix: each page that a person opens, every hundredth request a line written into the diary and every hundredth a
reply of the interview, so that what is kept of a state is worked out anew as in use. Beside it the same pages are asked
for one at a time. The processor time of the server for each request does not depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import count, cycle
from pathlib import Path

RATE, SECONDS, ALONE, LATE, IDLE_S = 50, 60, 30, 30.0, 0.03
PAGE_MS, NERVE_MS, FIRST_S, MOST_BYTES, MOST_GROWTH = 50.0, 100.0, 1.0, 150_000, 1.10
# What a slider of the nerve asks for.
NERVE = "/nerve/seen?calcium_ionised={calcium:.2f}&magnesium_ionised=0.3&potassium=4.2&ph=7.5&temperature=37&pulse=97"
PAGES = (
    "/",
    "/1/answer",
    "/1/doctor",
    "/1/what-if",
    "/1/data",
    "/1/food",
    "/1/food/enough",
    "/1/food/import",
    "/1/labs",
    "/2/questions",
    "/data",
    "/learn",
    "/learn?q=magnesium",
    "/learn/cause/als_mnd",
    "/learn/compare",
    "/nerve",
    "/1/nerve",
    NERVE,
    "/foods.json?q=2+cups+cof",
)


@dataclass
class Server:
    """A running server: its process, its port, the cookie and the token that a browser holds."""

    child: subprocess.Popen[str]
    port: int
    cookie: str = ""
    token: str = ""
    first_s: float = 0.0
    said: list[str] = field(default_factory=list)

    def ask(self, path: str, form: str = "") -> tuple[int, dict[str, str], bytes]:
        """Send one request on a connection of its own, with a form where there is one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LATE)
        headers = {"cookie": self.cookie, "origin": f"http://127.0.0.1:{self.port}", "sec-fetch-site": "same-origin"}
        if form:
            headers["content-type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if form else "GET", path, form or None, headers)
        answer = connection.getresponse()
        found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def processes(self) -> list[int]:
        """Return the server's process and those that it started and that are there."""
        found = [self.child.pid]
        for task in Path(f"/proc/{self.child.pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text(encoding="utf-8").split())
        return found

    def processor_s(self) -> float:
        """Return the processor time of the server and its helper [s], by the system's clock of a hundredth."""
        ticks = 0
        for each in self.processes():
            with suppress(OSError):
                fields = Path(f"/proc/{each}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def rest(self, most: float = 60.0) -> None:
        """Wait until the server has nothing more to make ready: a second in which it does nothing."""
        ends = time.perf_counter() + most
        while time.perf_counter() < ends:
            before = self.processor_s()
            time.sleep(1.0)
            if self.processor_s() - before < IDLE_S:
                return

    def memory_mb(self) -> float:
        """Return how much memory the server and its helper hold [MB]; what both share counts twice."""
        found = 0
        for each in self.processes():
            with suppress(OSError):
                status = Path(f"/proc/{each}/status").read_text(encoding="utf-8")
                found += int(status.split("VmRSS:")[1].split()[0])
        return found / 1000


def unexpected(child: subprocess.Popen[str]) -> Iterator[str]:
    """Yield what a server says after its address, without the sentence that always follows."""
    for line in child.stderr or ():
        if line.strip() and not line.startswith("The address works once"):
            yield line.strip()


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """Start the command, take its address, and open it as the browser does."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "rheobase", "serve", "--no-browser", "--data-dir", str(folder), "--port", "8797"]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        said = child.stderr.readline() if child.stderr is not None else ""
        found = re.search(r"http://127\.0\.0\.1:(\d+)(/open\?token=\S+)", said)
        if found is None:
            raise SystemExit(f"the server did not start: {said}")
        server = Server(child, int(found[1]))
        # What it says later is an error; unread, it would fill the pipe and stop the server.
        threading.Thread(target=lambda: server.said.extend(unexpected(child)), daemon=True).start()
        _, headers, _ = server.ask(found[2])
        server.cookie = headers["set-cookie"].partition(";")[0]
        _, _, page = server.ask("/")
        server.first_s = time.perf_counter() - started
        server.token = re.findall(rb'name="form_token" value="([^"]+)"', page)[0].decode()
        yield server
    finally:
        child.terminate()
        child.wait()


def people(folder: Path) -> None:
    """Write two people: one who told everything and kept a diary, one who begins."""
    from rheobase.examples import example_bytes
    from rheobase.importers.case_file import read_case
    from rheobase.web.desk import Desk
    from rheobase.web.settings import Settings

    desk = Desk(Settings(1, folder, "x"))
    desk.begin("Robin (made up)", read_case(example_bytes("worried-28"), desk.knowledge, name="example"))
    desk.begin("Kim (made up)")
    desk.close()


@dataclass
class Found:
    """What was measured.

    Attributes:
        times: Of each page [ms].
        weights: Of each page [bytes].
        processor: What one request for a page takes of the server's processor [ms].
        errors: In words.
        memory: Over time [MB].
    """

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    weights: dict[str, int] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def one(server: Server, found: Found, what: tuple[str, str], due: float) -> None:
    """Send one request and note how late its answer came."""
    path, form = what
    name = path.partition("?")[0] + (" (write)" if form else "")
    try:
        status, _, body = server.ask(path, form)
    except OSError as problem:
        found.errors.append(f"{name}: {problem}")
        return
    found.times[name].append((time.perf_counter() - due) * 1000)
    if status not in (200, 303):
        found.errors.append(f"{name}: {status}")
    found.weights[name] = max(found.weights.get(name, 0), len(body))


def requests(server: Server) -> Iterator[tuple[str, str]]:
    """Yield what is asked for: pages in turn, among them lines of the diary and replies."""
    pages, day = cycle(PAGES), date.today().isoformat()  # noqa: DTZ011 - the server's own day
    start = f"form_token={server.token}&"
    for number in range(10**9):
        if number % 100 == 25:
            _, _, page = server.ask("/2/questions")
            shown = dict(re.findall(r'name="(asked|number)" value="([^"]*)"', page.decode()))
            if len(shown) == 2:
                yield "/2/questions/reply", f"{start}asked={shown['asked']}&number={shown['number']}&do=skip"
                continue
        if number % 100 == 75:
            yield "/1/food/add", f"{start}day={day}&kind=meals&do=add&text={1 + number % 300}+g+spinach"
            continue
        yield next(pages).format(calcium=slid(number)), ""


async def load(server: Server, found: Found, seconds: int) -> None:
    """Send requests at fixed times for a while."""
    begun, waiting = time.perf_counter(), []
    mix = requests(server)
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(64))
    for number in range(RATE * seconds):
        what = await loop.run_in_executor(None, next, mix)
        due = begun + number / RATE
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        waiting.append(loop.run_in_executor(None, one, server, found, what, due))
        if number % RATE == 0:
            found.memory.append(server.memory_mb())
    await asyncio.gather(*waiting)


def slid(number: int) -> float:
    """Return where the slider of calcium stands: seldom twice at the same place, as under a hand [mmol/l]."""
    return 0.85 + number % 47 / 100


def alone(server: Server, found: Found) -> None:
    """Ask for each page many times, one after the other, and note what processor time the server took for it."""
    numbers = count()
    for path in PAGES:
        before = server.processor_s()
        for _ in range(ALONE):
            one(server, found, (path.format(calcium=slid(next(numbers))), ""), time.perf_counter())
        found.processor[path.partition("?")[0]] = (server.processor_s() - before) * 1000 / ALONE


def table(found: Found, title: str) -> tuple[float, float]:
    """Print every page; return the worst 99th percentile of a page, and that of the nerve [ms]."""
    print(f"\n{title}\n{'page':32s} {'n':>5s} {'median':>8s} {'p99':>8s} {'most':>8s}  [ms]   kB", end="")
    print("  server's processor [ms]" if found.processor else "")
    worst = {False: 0.0, True: 0.0}
    for name, times in sorted(found.times.items()):
        p99 = statistics.quantiles(times, n=100)[98] if len(times) > 1 else times[0]
        nerve = "nerve" in name
        worst[nerve] = max(worst[nerve], p99)
        figures = f"{len(times):5d} {statistics.median(times):8.1f} {p99:8.1f} {max(times):8.1f}"
        taken = f"  {found.processor[name]:6.1f}" if name in found.processor else ""
        print(f"{name:32s} {figures}       {found.weights[name] / 1000:5.1f}{taken}")
    return worst[False], worst[True]


def main() -> int:
    """Start, warm, load, and print each figure beside its budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=SECONDS, help="how long to load")
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder:
        people(Path(folder))
        with served(Path(folder)) as server:
            print(f"first page {server.first_s:.2f} s after the command (budget {FIRST_S:g} s)")
            first, single, loaded = Found(), Found(), Found()
            for path in PAGES:
                one(server, first, (path.format(calcium=slid(0)), ""), time.perf_counter())
            table(first, "Each page for the first time, one after the other")
            server.rest()
            alone(server, single)
            table(single, f"Each page {ALONE} times, one after the other")
            before = server.processor_s()
            asyncio.run(load(server, loaded, seconds))
            used = (server.processor_s() - before) * 1000 / (RATE * seconds)
            worst, nerve = table(loaded, f"{RATE} requests a second for {seconds} s, counted from when each was due")
            early, late = statistics.mean(loaded.memory[: len(loaded.memory) // 4 + 1]), loaded.memory[-1]
            errors = [*first.errors, *single.errors, *loaded.errors, *server.said]
            heaviest = max(*loaded.weights.values(), 0)
            print(f"\nworst p99 {worst:.1f} ms (budget {PAGE_MS:g}), of the nerve {nerve:.1f} ms (budget {NERVE_MS:g})")
            print(f"heaviest page {heaviest / 1000:.1f} kB of HTML (budget {MOST_BYTES / 1000:g})")
            print(f"processor time of the server {used:.1f} ms a request, of {1000 / RATE:g} ms on one core")
            print(f"memory {early:.0f} MB at first, {late:.0f} MB at the end (budget: {MOST_GROWTH:.0%} of it)")
            print(f"errors {len(errors)}: {', '.join(errors[:5]) or 'none'}")
            met = worst <= PAGE_MS and nerve <= NERVE_MS and not errors and heaviest < MOST_BYTES
            met = met and server.first_s < FIRST_S and late <= early * MOST_GROWTH
            print("met" if met else "MISSED")
    return 0


if __name__ == "__main__":
    sys.exit(main())
