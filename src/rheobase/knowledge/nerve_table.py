"""What the membrane model gives over a grid: thresholds, resting potentials, firing, multiples of twitching.

Made by ``tools/draw_nerve_table.py``, so that a report and a slider need neither numba nor a wait. Calcium, magnesium
and pH reach the membrane by two numbers alone: what they add to the field at the gates, and how many ions block.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from rheobase.errors import KnowledgeError
from rheobase.knowledge.nerve_facts import FOLDER
from rheobase.knowledge.read import DATA

TABLE, POOL = "table.csv", "table_pool.csv"
# Shift of the gates [mV], potassium [mmol/L], blocking ions counted as calcium [mmol/L], nerve [C], sodium [mmol/L].
SHIFTS = tuple(float(each) for each in range(-11, 12))
POTASSIUM = (1.5, 1.7, 1.9, 2.1, 2.3, 2.5, 2.7, 3.0, 3.4, 3.8, 4.2, 4.7, 5.2, 5.7, 6.2, 6.7, 7.3, 8.0)
IONS = (0.55, 1.0, 1.525, 3.0)
TEMPERATURE = (20.0, 25.0, 30.0, 34.0, 38.0, 42.0)
SODIUM = (110.0, 140.0, 170.0)
POOL_COLUMNS = ("ions", "shift", "low", "middle", "high", "along")
VALUES = ("threshold", "resting", "firing")
# What the grid stands at where nothing else is told.
NORMAL_SODIUM, NORMAL_TEMPERATURE = 140.0, 34.0

Cell = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class NerveTable:
    """The table. Compared by identity: one process has one.

    Attributes:
        membrane: For each value (threshold of a 1 ms pulse [pA], nan without an impulse; resting potential [mV];
            impulses a second of a prone ending), by sodium, temperature, potassium and ions: one figure for each shift.
        pool: For each ions: low, middle and high multiple of the normal rate and the share that fire all along, one
            quadruple for each shift.
    """

    membrane: Mapping[str, Mapping[Cell, tuple[float, ...]]]
    pool: Mapping[float, tuple[Cell, ...]]


@lru_cache(maxsize=1)
def load_nerve_table() -> NerveTable:
    """Return the packaged table, read once.

    Raises:
        KnowledgeError: It is not of the grid that is stated here.
    """
    membrane: dict[str, dict[Cell, tuple[float, ...]]] = {name: {} for name in VALUES}
    with (DATA / FOLDER / TABLE).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
        for name, sodium, temperature, potassium, ions, *found in rows:
            place = float(sodium), float(temperature), float(potassium), float(ions)
            membrane[name][place] = tuple(map(float, found))
    pool: dict[float, list[Cell]] = {each: [] for each in IONS}
    with (DATA / FOLDER / POOL).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            low, middle, high, along = (float(row[name]) for name in POOL_COLUMNS[2:])
            pool[float(row["ions"])].append((low, middle, high, along))
    if tuple(map(float, header[5:])) != SHIFTS or any(len(each) != len(SHIFTS) for each in pool.values()):
        raise KnowledgeError(f"{FOLDER}/{TABLE}: another grid than the code's; run tools/draw_nerve_table.py")
    return NerveTable(
        MappingProxyType({name: MappingProxyType(found) for name, found in membrane.items()}),
        MappingProxyType({ions: tuple(found) for ions, found in pool.items()}),
    )
