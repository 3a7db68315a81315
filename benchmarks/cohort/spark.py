"""The same run on Spark in local mode and on Polars, one core each: the fixed cost, and the cost of each person.

    .venv/bin/python benchmarks/cohort/spark.py [--few 50000] [--many 1000000]

Each engine runs ``rheobase cohort run`` over two files of made-up people; the difference of the two gives the cost of a
person, the rest is what it costs to start. Seconds are of the processor, all processes of a run together: on a busy
machine the clock says little. Needs Java 17 or newer.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

from scale import Spent, spent, write_people  # type: ignore[import-not-found] # beside this script

FEW, MANY = 50_000, 1_000_000
# One core of the driver and its workers; of Polars and the compiled loops.
ONE_CORE = {
    "spark": {"PYSPARK_SUBMIT_ARGS": "--master local[1] --driver-memory 4g pyspark-shell"},
    "polars": {},
}
SURROUNDINGS = {"POLARS_MAX_THREADS": "1", "NUMBA_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Engine:
    """What an engine took on one core.

    Attributes:
        name: spark or polars.
        few: A small run.
        many: A large one.
    """

    name: str
    few: Spent
    many: Spent

    @property
    def each(self) -> float:
        """Return the time on the processor of one more person [s]."""
        return float((self.many.cpu - self.few.cpu) / (self.many.people - self.few.people))

    @property
    def fixed(self) -> float:
        """Return the time on the processor of a run of nobody [s]."""
        return float(self.few.cpu - self.each * self.few.people)


def side_by_side(folder: Path, few: int = FEW, many: int = MANY) -> dict[str, Engine]:
    """Return what both engines took, measured one after the other; prints as it goes."""
    sources = {people: folder / f"spark-{people}.parquet" for people in (few, many)}
    for people, source in sources.items():
        write_people(source, people)
    found = {}
    for name, settings in ONE_CORE.items():
        one, other = (
            spent(source, folder / f"{name}-{people}", people, "--engine", name, **settings, **SURROUNDINGS)
            for people, source in sources.items()
        )
        each = found[name] = Engine(name, one, other)
        print(
            f"{name:7s} {few:,} people {one.cpu:6.1f} CPU s ({one.wall:.1f} s), {many:,} people {other.cpu:6.1f} CPU s "
            f"({other.wall:.1f} s): {each.fixed:5.1f} CPU s to start, {each.each * 1e6:6.1f} us for each person",
            flush=True,
        )
    spark, polars = found["spark"], found["polars"]
    print(
        f"Spark takes {spark.each / polars.each:.1f} times as long as Polars for each person, "
        f"and {spark.fixed - polars.fixed:.1f} CPU s more to start"
    )
    return found


def main() -> None:
    """Print both engines side by side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=FEW)
    parser.add_argument("--many", type=int, default=MANY)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rheobase-spark-") as made:
        side_by_side(Path(made), asked.few, asked.many)


if __name__ == "__main__":
    main()
