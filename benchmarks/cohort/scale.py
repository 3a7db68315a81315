"""Time and memory of whole runs as the input grows: ``rheobase cohort run`` in a process of its own, file to folder.

    .venv/bin/python benchmarks/cohort/scale.py [--most 1000000] [--page]

The people are 50,000 made-up ones (``cohort dummy``) over and over, each with an id of its own, in one Parquet file.
Seconds are of the processor, all threads together, and on the wall; memory is the most that the process held. Ten
times as many people must take little more memory: a run reads batch after batch.

``--most 10000000`` takes some minutes and some 5 GB of disc. ``--page`` writes docs/validation/cohort.md with its
pictures, with the figures of spark.py beside it.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from rheobase.cohort.dummy import dummy_frames
from rheobase.cohort.frame import PERSON
from rheobase.knowledge import load_knowledge
from rheobase.report.document import Picture
from rheobase.report.nerve_chart import Lines
from rheobase.report.pictures import FIXED_STYLE, picture_svg

ROOT = Path(__file__).parents[2]
PAGE, IMAGES = ROOT / "docs" / "validation" / "cohort.md", ROOT / "docs" / "images"
BATCH = 50_000
LEAST = 10_000


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
    began = time.perf_counter()
    running = subprocess.Popen(command, env={**os.environ, **surroundings}, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(running.pid, 0)
    # Already waited for.
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise SystemExit(f"cohort run ended with {running.returncode}")
    wall = time.perf_counter() - began
    return Spent(people, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def scale(most: int, folder: Path) -> list[Spent]:
    """Return what runs of 10^4 people and ten times as many each, up to ``most``, took; prints as it goes."""
    print(f"{'people':>12s} {'wall s':>8s} {'CPU s':>8s} {'us/person':>10s} {'MB':>7s}")
    found = []
    people = LEAST
    while people <= most:
        source, out = folder / f"{people}.parquet", folder / f"{people}"
        write_people(source, people)
        each = spent(source, out, people)
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
        names=("measured", "a fixed cost and so much for each person"),
    )
    memory_chart = Lines(
        "people, as a power of ten",
        "most memory held, MB",
        tuple((at, run.memory) for at, run in zip(places, found, strict=True)),
        least=max(run.memory for run in found),
    )
    words = "; ".join(f"{run.people:,} people: {run.cpu:.1f} CPU s, {run.memory:.0f} MB" for run in found)
    charts = {"cohort_time.svg": time_chart, "cohort_memory.svg": memory_chart}
    return {
        name: picture_svg(
            Picture("A whole run as the input grows", words, chart, None), name=name[:-4], style=FIXED_STYLE
        )
        for name, chart in charts.items()
    }


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
            from scale_page import page  # type: ignore[import-not-found]
            from spark import side_by_side  # type: ignore[import-not-found] # beside this script

            drawn = pictures(found)
            for name, svg in drawn.items():
                (IMAGES / name).write_text(svg + "\n", encoding="utf-8")
            PAGE.write_text(page(found, law(found), side_by_side(Path(made))), encoding="utf-8")


if __name__ == "__main__":
    main()
