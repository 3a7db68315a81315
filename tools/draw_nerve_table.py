"""Reckon the table that reports and the web page read instead of running the membrane model.

.venv/bin/python tools/draw_nerve_table.py           # a few minutes; writes table.csv and table_pool.csv
.venv/bin/python tools/draw_nerve_table.py membrane  # only the former
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from rheobase.knowledge.nerve_facts import FOLDER, load_nerve_facts
from rheobase.knowledge.nerve_table import IONS, POOL, POOL_COLUMNS, POTASSIUM, SHIFTS, SODIUM, TABLE, TEMPERATURE
from rheobase.knowledge.pool_facts import load_pool_facts
from rheobase.knowledge.read import DATA
from rheobase.nerve import layout as at
from rheobase.nerve.concentrations import Serum, normal_serum
from rheobase.nerve.membrane import Membrane, membrane
from rheobase.nerve.normal import MOTOR, prone_factors
from rheobase.nerve.pool import rates
from rheobase.nerve.pool.simulate import Noise, watch
from rheobase.nerve.pool.sites import possible_spreads, usual_spread
from rheobase.nerve.protocols.excitable import excitable
from rheobase.nerve.protocols.settled import settle
from rheobase.nerve.protocols.spontaneous import spontaneous

WATCHED = 10.0


def screened(built: Membrane, shifts: np.ndarray, ions: float) -> Membrane:
    """Return axons of normal calcium, magnesium and pH as if these shifted the gates [mV] and blocked [mmol/L]."""
    known, rows = load_nerve_facts(), built.rows
    change = known["potassium_gate_share"] * (shifts - rows[at.SHIFT_NA])
    rows[at.SHIFT_K] += change
    rows[at.SHIFT_Q] += change
    rows[at.SHIFT_NA] = shifts
    per_mv = 2 * known["block_depth"] / built.thermal
    rows[at.BLOCK] = ions / known["block_dissociation"] * np.exp(-per_mv * shifts)
    return built


def axon(place: tuple[float, float, float, float], factors: dict[str, float]) -> Membrane:
    """Return one axon for each shift at a sodium, temperature, potassium and blocking ions."""
    sodium, temperature, potassium, ions = place
    usual = normal_serum()
    bath = Serum(usual.calcium_ionised, usual.magnesium_ionised, potassium, sodium, usual.ph, temperature)
    vary = {name: np.full(len(SHIFTS), factor) for name, factor in factors.items()}
    return screened(membrane(MOTOR, [bath] * len(SHIFTS), vary=vary), np.array(SHIFTS), ions)


def places() -> Iterator[tuple[float, float, float, float]]:
    """Yield where the model is run: every temperature in normal sodium, every sodium at the normal temperature."""
    usual = normal_serum()
    for sodium in SODIUM:
        for temperature in TEMPERATURE:
            if usual.sodium == sodium or usual.temperature == temperature:
                for potassium in POTASSIUM:
                    for ions in IONS:
                        yield sodium, temperature, potassium, ions


def membrane_rows() -> Iterator[list[Any]]:
    """Yield the rows of the membrane's table."""
    prone = prone_factors(load_nerve_facts())
    for place in places():
        settled = settle(axon(place, {}))
        # Of an axon that has lost its impulse a threshold means nothing.
        fires = np.where(excitable(settled), settled.control, np.nan)
        yield ["threshold", *place, *(f"{each:.0f}" for each in fires)]
        yield ["resting", *place, *(f"{each:.1f}" for each in settled.rest)]
        yield ["firing", *place, *(f"{each:g}" for each in spontaneous(axon(place, prone)))]


def pool_rows() -> Iterator[list[Any]]:
    """Yield the multiples of the normal rate of twitching, at normal potassium, sodium and temperature."""
    known, sites, usual = load_pool_facts(), rates.crowd(), normal_serum()
    normal = rates.events(usual)
    noise = Noise(sites.noise, known["noise_time"], rates.SEED)
    spreads = list(possible_spreads(known, rates.SPREADS, rates.SEED))
    for ions in IONS:
        for shift in SHIFTS:
            shifts = np.full(normal.size, shift)
            seen = watch(screened(sites.membrane(usual), shifts, ions), WATCHED, noise, hold=sites.current)
            person, rng = seen.events / WATCHED, np.random.default_rng(rates.SEED)
            weights = [sites.weights(each) * rng.exponential(1.0, normal.size) for each in spreads]
            low, high = np.quantile([(each @ person) / (each @ normal) for each in weights], rates.ENDS)
            own = sites.weights(usual_spread(known))
            middle = float(own @ person / (own @ normal))
            along = float(own @ (person > known["restless"]))
            ends = (min(low, middle), middle, max(high, middle), along)
            yield [ions, shift, *(f"{each:.4g}" for each in ends)]


def write(path: Path, header: tuple[str, ...], rows: Iterator[list[Any]]) -> None:
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(path.name, path.stat().st_size)


def main() -> None:
    """Write both files, or that of the membrane alone."""
    header = ("value", "sodium", "temperature", "potassium", "ions", *(f"{each:g}" for each in SHIFTS))
    write(DATA / FOLDER / TABLE, header, membrane_rows())
    if sys.argv[1:] != ["membrane"]:
        write(DATA / FOLDER / POOL, POOL_COLUMNS, pool_rows())


if __name__ == "__main__":
    main()
