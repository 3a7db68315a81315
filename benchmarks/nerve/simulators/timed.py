"""What every simulator's script shares: timing, and writing down what came of it. Needs numpy alone."""

# ruff: noqa: PLR0917 - one for each column

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPEATS = 3


def one_core() -> None:
    """Keep this process on one core, so that threads that wait for work do not count as work."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def best(work: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float]:
    """Return the best wall time and the best processor time of several repeats [s]: others use the machine too."""
    walls, processors = [], []
    for _ in range(repeats):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return min(walls), min(processors)


class Record:
    """What a simulator did, written as JSON for the command that called it."""

    def __init__(self, folder: Path, name: str, version: str) -> None:
        """Begin with the name and version of the simulator."""
        self.path, self.name = folder / f"{name}.json", name
        self.found: dict[str, Any] = {"version": version, "rows": []}

    def row(self, task: str, count: int, times: tuple[float, float], work: float, said: str = "") -> None:
        """Note the time of one run.

        Args:
            task: node, pool or fibre.
            count: How many cells.
            times: Best wall and processor time [s].
            work: Compartments times steps of 5 us.
            said: What else is worth saying.
        """
        row = {"task": task, "count": count, "wall": times[0], "cpu": times[1], "work": work, "said": said}
        self.found["rows"].append(row)
        self.write()

    def write(self) -> None:
        """Write what there is so far."""
        self.path.write_text(json.dumps(self.found), encoding="utf-8")
