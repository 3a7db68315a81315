"""Measure the budgets of the core: cold commands, loading the knowledge, one assessment in process.

    .venv/bin/python benchmarks/speed.py

Prints medians beside the budgets, and a bare interpreter start beside the cold commands, measured in the same run.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date

COLD_RUNS, WARM_RUNS = 9, 200


def median_ms(action: Callable[[], object], runs: int) -> float:
    """Return the median wall time of an action [ms], after one run that is not counted."""
    action()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        action()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def cold(*arguments: str) -> float:
    """Return the median wall time of a fresh process [ms]."""
    command = [sys.executable, *arguments]
    return median_ms(lambda: subprocess.run(command, check=True, capture_output=True), COLD_RUNS)


def main() -> None:
    """Print each figure with its budget."""
    from rheobase.assess import assess
    from rheobase.examples import example_bytes
    from rheobase.importers.case_file import read_case
    from rheobase.knowledge import build_knowledge, load_knowledge
    from rheobase.knowledge.read import read_tables

    knowledge = load_knowledge()
    person = read_case(example_bytes("omeprazole-67"), knowledge, name="omeprazole-67")
    today = date(2026, 11, 24)
    rows = [
        ("bare interpreter (for comparison)", cold("-c", "pass"), None),
        ("cold rheobase --help", cold("-m", "rheobase", "--help"), 300.0),
        ("cold rheobase assess --example", cold("-m", "rheobase", "assess", "--example", "omeprazole-67"), 800.0),
        ("knowledge loaded (cached tables)", median_ms(lambda: build_knowledge(*read_tables()), 20), 150.0),
        ("one assessment in process", median_ms(lambda: assess(person, knowledge, on=today), WARM_RUNS), 3.0),
    ]
    for name, value, budget in rows:
        verdict = "" if budget is None else f"  budget {budget:g} ms: {'met' if value <= budget else 'MISSED'}"
        print(f"{name:36s} {value:8.2f} ms{verdict}")


if __name__ == "__main__":
    main()
