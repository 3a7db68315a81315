"""Time and memory of whole runs as the input grows: ``rheobase cohort run`` in a process of its own, file to folder.

    .venv/bin/python benchmarks/cohort/scale.py [--most 1000000] [--page]

The people are 50,000 made-up ones (``cohort dummy``) over and over, each with an id of its own, in one Parquet file.
Seconds are of the processor, all threads together, and on the wall; memory is the most that the process held (both as
Linux says in /proc). Ten times as many people must take little more memory: a run reads batch after batch.

``--most 10000000`` takes some minutes and some 5 GB of disc. ``--page`` writes docs/validation/cohort.md with its
pictures.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import polars as pl
import pyarrow.parquet as pq

from rheobase.cohort.dummy import dummy_frames
from rheobase.cohort.frame import PERSON
from rheobase.knowledge import load_knowledge
from rheobase.report.document import Picture, Table
from rheobase.report.nerve_chart import Lines
from rheobase.report.pictures import FIXED_STYLE, picture_svg

ROOT = Path(__file__).parents[2]
PAGE, IMAGES = ROOT / "docs" / "validation" / "cohort.md", ROOT / "docs" / "images"
BATCH = 50_000
LEAST = 10_000
HEAD = ("people", "seconds", "CPU seconds", "us of CPU for each person", "most memory, MB")
# Seconds between two looks at the processes of a run.
EVERY = 0.05


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run took.

    Attributes:
        people: How many were judged.
        wall: Seconds on the clock.
        cpu: Seconds of the processor, of all threads and child processes.
        memory: Most memory held [MB].
    """

    people: int
    wall: float
    cpu: float
    memory: float


def write_people(path: Path, people: int) -> None:
    """Write so many made-up people."""
    first = next(dummy_frames(load_knowledge(), min(people, BATCH), 1))
    writer: pq.ParquetWriter | None = None
    for start in range(0, people, BATCH):
        ids = pl.int_range(start, min(start + BATCH, people), eager=True).cast(pl.String).alias(PERSON)
        table = first.head(len(ids)).with_columns(ids).to_arrow(compat_level=pl.CompatLevel.oldest())
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def spent(source: Path, out: Path, people: int, *words: str, **surroundings: str) -> Spent:
    """Run ``cohort run`` to its end and return what it took."""
    command = [sys.executable, "-m", "rheobase", "cohort", "run", str(source), "-o", str(out), *words]
    began, most = time.perf_counter(), 0.0
    used: dict[int, float] = {}
    # A file, because a pipe that nobody reads fills with what Spark says.
    said = tempfile.TemporaryFile()  # noqa: SIM115 - read after the run
    running = subprocess.Popen(
        command,
        env={**os.environ, **surroundings},
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=True,
    )
    done = False
    while not done:
        # Spark's processes are nobody's children in the end, so all of the session are looked at, again and again.
        done = running.poll() is not None
        for process in _session(running.pid):
            used[process], held = _usage(process, used.get(process, 0.0))
            most = max(most, held) if process == running.pid else most
        time.sleep(EVERY)
    if running.returncode:
        raise SystemExit(f"cohort run ended with {running.returncode}: {_last(_all(said))}")
    return Spent(people, time.perf_counter() - began, sum(used.values()), most)


def _session(leader: int) -> list[int]:
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            with contextlib.suppress(OSError):
                # Process, name in brackets, state, parent, group, session.
                fields = (each / "stat").read_text().rpartition(")")[2].split()
                found += [int(each.name)] if int(fields[3]) == leader else []
    return found


def _usage(process: int, before: float) -> tuple[float, float]:
    """Return the time on the processor [s] and the most memory held [MB] of a process, as far as they can be read."""
    with contextlib.suppress(OSError, StopIteration):
        folder = Path("/proc") / str(process)
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        lines = (folder / "status").read_text().splitlines()
        held = next((line.split()[1] for line in lines if line.startswith("VmHWM")), "0")
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(held) / 1024
    return before, 0.0


def _all(said: IO[bytes]) -> bytes:
    said.seek(0)
    return said.read()


def _last(words: bytes) -> str:
    return (words.decode(errors="replace").strip().splitlines() or [""])[-1]


def scale(most: int, folder: Path) -> list[Spent]:
    """Return what runs of 10^4 people and ten times as many each, up to ``most``, took; prints as it goes."""
    print(f"{'people':>12s} {'wall s':>8s} {'CPU s':>8s} {'us/person':>10s} {'MB':>7s}")
    # The first run ever on a machine compiles the kernels and keeps them; that is no part of the law.
    write_people(folder / "first.parquet", 100)
    spent(folder / "first.parquet", folder / "first", 100)
    found = []
    people = LEAST
    while people <= most:
        source, out = folder / f"{people}.parquet", folder / f"{people}"
        write_people(source, people)
        each = spent(source, out, people)
        # Ten times as many need the room.
        source.unlink()
        shutil.rmtree(out)
        found.append(each)
        print(
            f"{people:12,d} {each.wall:8.1f} {each.cpu:8.1f} {each.cpu / people * 1e6:10.1f} {each.memory:7.0f}",
            flush=True,
        )
        people *= 10
    return found


def law(found: Sequence[Spent]) -> tuple[float, float]:
    """Return the fixed cost [CPU s] and the cost of one person [CPU s], from the smallest and the largest run."""
    one, other = found[0], found[-1]
    each = (other.cpu - one.cpu) / (other.people - one.people)
    return one.cpu - each * one.people, each


def pictures(found: Sequence[Spent]) -> dict[str, str]:
    """Return the plots of time and of memory as SVG, by file name."""
    fixed, each = law(found)
    places = [math.log10(run.people) for run in found]
    fine = [places[0] + step * (places[-1] - places[0]) / 40 for step in range(41)]
    time_chart = Lines(
        "people, as a power of ten",
        "CPU seconds, as a power of ten",
        tuple((at, math.log10(run.cpu)) for at, run in zip(places, found, strict=True)),
        tuple((at, math.log10(fixed + each * 10**at)) for at in fine),
        names=("measured", "fixed + so much each"),
    )
    memory_chart = Lines(
        "people, as a power of ten",
        "most memory held, MB",
        tuple((at, run.memory) for at, run in zip(places, found, strict=True)),
        names=("measured", ""),
        least=max(run.memory for run in found),
    )
    words = "; ".join(f"{run.people:,} people: {run.cpu:.1f} CPU s, {run.memory:.0f} MB" for run in found)
    charts = {"cohort_time.svg": time_chart, "cohort_memory.svg": memory_chart}
    table = Table("Runs", HEAD, tuple(tuple(_row(run)) for run in found))
    return {
        name: picture_svg(
            Picture("A whole run as the input grows", words, chart, table), name=name[:-4], style=FIXED_STYLE
        )
        for name, chart in charts.items()
    }


def _row(run: Spent) -> list[str]:
    each = run.cpu / run.people * 1e6
    return [f"{run.people:,}", f"{run.wall:.1f}", f"{run.cpu:.1f}", f"{each:.0f}", f"{run.memory:.0f}"]


def spark_words(folder: Path) -> str:
    """Return what Spark took beside Polars, as a part of the page."""
    from spark import side_by_side  # type: ignore[import-not-found]

    both = side_by_side(folder)
    rows = "\n".join(
        f"| {name} | {each.many.people:,} | {each.many.wall:.1f} | {each.many.cpu:.1f} | {each.fixed:.1f} | "
        f"{each.each * 1e6:.0f} |"
        for name, each in both.items()
    )
    return f"""## Spark beside Polars

`benchmarks/cohort/spark.py`, {datetime.now(tz=UTC).date().isoformat()}: the same run on one core each, Spark in
local mode (`local[1]`), all processes of a run counted, {platform.machine()}. Its workers read,
judge and write the parts; Java hands out the pieces.

| engine | people | seconds | CPU seconds | of these to start | us of CPU for each person |
| --- | ---: | ---: | ---: | ---: | ---: |
{rows}

Spark takes {both["spark"].each / both["polars"].each:.1f} times as long for each person, and
{both["spark"].fixed - both["polars"].fixed:.0f} CPU seconds more to start (Java, Spark, the imports of the workers).
"""


def page(found: Sequence[Spent], spark: str) -> str:
    """Return docs/validation/cohort.md."""
    fixed, each = law(found)
    before, last = found[-2:]
    more = last.people // before.people
    rows = "\n".join(f"| {' | '.join(_row(run))} |" for run in found)
    return f"""# The cohort as it grows: time and memory

Written by `benchmarks/cohort/scale.py --page`: `rheobase cohort run` in a process of its own, from a Parquet file of
made-up people to the judged folder (reading, the mapping, every rule, cause, pattern and advice block, hashes,
compressed parts), on {os.cpu_count()} cores that others may have used at the same time: the seconds of the processor
say more than those of the clock.

| {" | ".join(HEAD)} |
| ---: | ---: | ---: | ---: | ---: |
{rows}

- **Growth is linear**: about {fixed:.1f} CPU seconds to start (libraries, knowledge, its compilation) whatever the
  size, then {each * 1e6:.0f} microseconds of the processor for each person.
- **Memory is flat**: {more} times as many people took {last.memory / before.memory:.2f} times the memory.
  A run holds one batch ({BATCH:,} people unless `--batch` says otherwise); with fewer people than that it holds less.

![Time: measured, and a fixed cost and so much for each person](../images/cohort_time.svg)

![Most memory held](../images/cohort_memory.svg)

For 10^7 people: `benchmarks/cohort/scale.py --most 10000000`.

{spark}"""


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--page", action="store_true", help="write docs/validation/cohort.md and its pictures")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rheobase-scale-") as made:
        found = scale(asked.most, Path(made))
        fixed, each = law(found)
        print(f"about {fixed:.1f} CPU s whatever the size, and {each * 1e6:.1f} us for each person")
        before, last = found[-2:]
        print(
            f"{last.people // before.people} times as many people: {last.memory / before.memory:.2f} times the memory"
        )
        if asked.page:
            for name, svg in pictures(found).items():
                (IMAGES / name).write_text(svg + "\n", encoding="utf-8")
            PAGE.write_text(page(found, spark_words(Path(made))), encoding="utf-8")


if __name__ == "__main__":
    main()
