"""Measure how long it takes to work out what would settle it, for the packaged examples.

    .venv/bin/python benchmarks/settle.py

Prints the median processor time per person beside the budget, and beside one assessment measured in the same run.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date

BUDGET_MS, RUNS = 40.0, 40


def median_ms(action: Callable[[], object]) -> float:
    """Return the median processor time of an action [ms], without the first run; other work does not count."""
    action()
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        action()
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print one line for each example."""
    from rheobase.assess import assess
    from rheobase.assess.settle import what_would_settle
    from rheobase.examples import example_bytes, example_names
    from rheobase.importers.case_file import read_case
    from rheobase.knowledge import load_knowledge

    knowledge, today = load_knowledge(), date(2026, 11, 24)
    for name in example_names():
        person = read_case(example_bytes(name), knowledge, name=name)
        assessment = assess(person, knowledge, on=today)
        judging = median_ms(lambda person=person: assess(person, knowledge, on=today))  # type: ignore[misc]
        settling = median_ms(lambda assessment=assessment: what_would_settle(assessment, knowledge))  # type: ignore[misc]
        found = len(what_would_settle(assessment, knowledge))
        verdict = "met" if settling <= BUDGET_MS else "MISSED"
        print(
            f"{name:16s} {settling:6.1f} ms for {found} settlings (budget {BUDGET_MS:g} ms: {verdict}); "
            f"one assessment {judging:.2f} ms"
        )


if __name__ == "__main__":
    main()
