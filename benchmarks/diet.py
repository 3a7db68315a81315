"""Measure a diet of 30 days: reading the file, its lines, the sums and the page (budget 50 ms in process).

    .venv/bin/python benchmarks/diet.py

Two diets of 15 lines a day: one whose lines are confirmed (ids and grams, as ``rheobase diet read --confirm`` and the
imports write them), and one of free text, where each line has to be searched once.
"""

from __future__ import annotations

import csv
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from rheobase.diet.reading import _line, read_diet_lines
from rheobase.diet.summary import Summary, summarise
from rheobase.foods import load_foods, read_line
from rheobase.importers.diet_file import read_diet
from rheobase.importers.diet_writer import write_diet
from rheobase.knowledge.supplements import load_supplements
from rheobase.person import Diet, DietDay, Eaten, Taken
from rheobase.report.diet_page import diet_page
from rheobase.report.terminal import render

DAYS, LINES = 30, 15
ON = date(2026, 11, 24)
SPECIFICATION = Path(__file__).parents[1] / "tests" / "foods" / "lines.csv"


def diet(*, confirmed: bool) -> Diet:
    """Return a diet of 30 days from the committed food lines."""
    table = load_foods()
    with SPECIFICATION.open(encoding="utf-8", newline="") as file:
        texts = [row["line"] for row in csv.DictReader(file)]
    days = []
    for number in range(DAYS):
        lines = [texts[(number * LINES + at) % len(texts)] for at in range(LINES)]
        eaten = tuple(Eaten(text=text) for text in lines)
        if confirmed:
            found = [read_line(text, table) for text in lines]
            eaten = tuple(
                Eaten(text=text, food=line.matches[0].food.id if line.matches else None, grams=100.0)
                for text, line in zip(lines, found, strict=True)
            )
        taken = (Taken(text="vitamin D3 1000 IU"), Taken(text="magnesium 100 mg (as citrate)"))
        days.append(DietDay(day=ON - timedelta(days=number), complete=True, meals=eaten, supplements=taken))
    return Diet(tuple(days))


def timed(function: Callable[[], object], times: int = 9) -> float:
    """Return the middle of several times of this process [ms]; other programs on the machine do not count."""
    taken = []
    for _ in range(times):
        started = time.process_time()
        function()
        taken.append((time.process_time() - started) * 1000)
    return statistics.median(taken)


def whole(data: bytes) -> Summary:
    """Return everything that ``rheobase diet show`` does, in process."""
    reading = read_diet_lines(read_diet(data, name="x", on=ON), load_foods(), load_supplements())
    summary = summarise(reading)
    render(diet_page(summary, name="x"))
    return summary


def main() -> None:
    """Print the times."""
    table, facts = load_foods(), load_supplements()
    data = write_diet(diet(confirmed=True)).encode()
    read = read_diet(data, name="x", on=ON)
    reading = read_diet_lines(read, table, facts)
    summary = summarise(reading)
    print(f"{DAYS} days, {DAYS * LINES} lines, {len(data) / 1000:.0f} kB, confirmed")
    print(f"  read the file        {timed(lambda: read_diet(data, name='x', on=ON)):7.1f} ms")
    print(f"  read the lines       {timed(lambda: read_diet_lines(read, table, facts)):7.1f} ms")
    print(f"  sum 19 nutrients     {timed(lambda: summarise(reading)):7.1f} ms")
    print(f"  page                 {timed(lambda: render(diet_page(summary, name='x'))):7.1f} ms")
    print(f"  all of it            {timed(lambda: whole(data)):7.1f} ms (budget 50 ms)")
    text = write_diet(diet(confirmed=False)).encode()
    _line.cache_clear()
    print(
        f"free text, first time  {timed(lambda: whole(text), times=1):7.1f} ms ({min(216, DAYS * LINES)} other lines)"
    )
    print(f"free text, again       {timed(lambda: whole(text)):7.1f} ms")


if __name__ == "__main__":
    main()
