"""Draw the crowd of endings of the motor pool, keep the calm ones, and watch them in normal serum for long.

.venv/bin/python tools/draw_pool.py            # a minute or two; writes knowledge/data/nerve/pool_crowd.csv
"""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np

from rheobase.knowledge.nerve_facts import FOLDER
from rheobase.knowledge.pool_facts import CROWD, CROWD_COLUMNS, load_pool_facts
from rheobase.knowledge.read import DATA
from rheobase.nerve.concentrations import Serum, normal_serum
from rheobase.nerve.pool.rates import SEED
from rheobase.nerve.pool.simulate import Noise, watch
from rheobase.nerve.pool.sites import Sites, draw

DRAWN, JUDGED, WATCHED = 1536, 6.0, 60.0


def seen(sites: Sites, serum: Serum, seconds: float) -> np.ndarray:
    """Return the events a second of every site."""
    noise = Noise(sites.noise, load_pool_facts()["noise_time"], SEED)
    return watch(sites.membrane(serum), seconds, noise, hold=sites.current).events / seconds


def main() -> None:
    """Write the file."""
    known, usual = load_pool_facts(), normal_serum()
    # Rounded as they are written, so that the file says all.
    rows = draw(DRAWN, SEED)
    sites = Sites(rows.spread, *(np.round(each, 4) for each in (rows.na, rows.k, rows.current, rows.noise)))
    strained = (
        replace(usual, calcium_ionised=known["calm_calcium"]),
        replace(usual, potassium=known["calm_potassium"]),
    )
    calm = np.all([seen(sites, each, JUDGED) <= known["restless"] for each in strained], axis=0)
    kept = Sites(sites.spread, sites.na[calm], sites.k[calm], sites.current[calm], sites.noise[calm])
    normal = np.round(seen(kept, usual, WATCHED), 4)
    with (DATA / FOLDER / CROWD).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(CROWD_COLUMNS)
        writer.writerows(zip(kept.na, kept.k, kept.current, kept.noise, normal, strict=True))
    print(f"{DRAWN} drawn, {calm.sum()} calm, {normal.mean():.4f} events/s in normal serum")


if __name__ == "__main__":
    main()
