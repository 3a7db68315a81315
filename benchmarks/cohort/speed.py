"""How fast a cohort is judged, beside its peers and beside the bare arithmetic, in one run.

    .venv/bin/python benchmarks/cohort/speed.py [--people 1000000] [--scale] [--most 1000000]

- ours: every red flag, every cause with interval and band (and, in another line, everything else);
- the limit: a bare numpy matrix product of as many people, findings and causes, and a bare two-valued evaluation of the
  same rules over numpy truths, neither with unknown, capping, sharing, intervals, bands or columns to give back;
- zen-engine with the same red flags (``pip install zen-engine``), one person at a time, as its interface is;
- a Python loop over ``assess``.

On a busy machine the ratios say more than the seconds. ``--scale`` judges 10^4 to ``--most`` people, a million at a
time at most, as ``cohort run`` does.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from people import scattered  # type: ignore[import-not-found] # beside this script

from rheobase.assess import assess
from rheobase.assess.weights import weighers
from rheobase.cohort.judge import judge
from rheobase.cohort.person_rows import people_of
from rheobase.cohort.plan import CAUSES, URGENCY, USUAL
from rheobase.knowledge import Knowledge, load_knowledge
from rheobase.logic import And, Expression, Not, Or, names

CORE = (URGENCY, CAUSES)
ONE_BY_ONE = 300
AT_ONCE = 131072
RUNS = 3


def seconds(action: Callable[[], object], runs: int = RUNS) -> float:
    """Return the shortest wall time of an action [s]."""
    return timed(action, runs)[0]


def timed(action: Callable[[], object], runs: int = RUNS) -> tuple[float, float]:
    """Return the shortest wall time of an action and the shortest time of all its threads on the processor [s]."""
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        action()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return min(walls), min(cpus)


def memory() -> float:
    """Return the most memory that this process has held [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def limit(knowledge: Knowledge, people: int) -> tuple[float, float]:
    """Return the time of the bare arithmetic over so many people, on the wall and on the processor [s]."""
    draw = np.random.default_rng(1)
    weighed = sorted({each.finding for table in weighers(knowledge).values() for each in table})
    answers = draw.standard_normal((min(people, AT_ONCE), len(weighed)))
    weights = draw.standard_normal((len(weighed), len(knowledge.causes)))
    rules = [rule.when for rule in knowledge.rules.values()]
    read = sorted({name for rule in rules for name in names(rule)})
    truths = {name: draw.random(min(people, AT_ONCE)) < 0.05 for name in read}
    halves = [slice(0, AT_ONCE // 2), slice(AT_ONCE // 2, None)]

    def rules_of(part: slice) -> list[npt.NDArray[np.bool_]]:
        here = {name: each[part] for name, each in truths.items()}
        return [plain(rule, here) for rule in rules]

    def block() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(rules_of, halves))
        answers @ weights

    blocks = max(1, people // AT_ONCE)

    def everyone() -> None:
        for _ in range(blocks):
            block()

    # Whole blocks are timed; the rest of the people would cost as much each.
    share = people / (blocks * min(people, AT_ONCE))
    wall, cpu = timed(everyone)
    return wall * share, cpu * share


def plain(expression: Expression, truths: dict[str, npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
    """Return a condition over truths, as if nothing were ever unknown and every leaf were at hand."""
    match expression:
        case And(parts) | Or(parts):
            join = np.logical_and if isinstance(expression, And) else np.logical_or
            found = plain(parts[0], truths)
            for part in parts[1:]:
                found = join(found, plain(part, truths))
            return found
        case Not(part):
            return ~plain(part, truths)
        case _:
            return truths[expression.name]


def zen_people(knowledge: Knowledge, told: pl.DataFrame) -> float | None:
    """Return how many people zen-engine judges in a second; None where it is not installed."""
    from zen_rules import engine_of  # type: ignore[import-not-found]

    decide = engine_of(knowledge)
    if decide is None:
        return None
    rows = [{k: v for k, v in row.items() if v is not None and "." not in k} for row in told.iter_rows(named=True)]
    fired = [decide(row) for row in rows]
    ours = judge(told, knowledge, parts=[URGENCY])["rules_fired"].to_list()
    same = sum(set(one) == set(other) for one, other in zip(fired, ours, strict=True))
    print(f"zen-engine, which works out no further findings, fires our red flags in {same} of {len(rows)} people")
    return len(rows) / seconds(lambda: [decide(row) for row in rows])


def side_by_side(knowledge: Knowledge, people: int) -> None:
    """Print everything beside everything."""
    told = scattered(knowledge, people)
    judge(told.head(AT_ONCE), knowledge, parts=CORE)
    before = limit(knowledge, people)
    core, core_cpu = timed(lambda: judge(told, knowledge, parts=CORE))
    bare, bare_cpu = (min(each) for each in zip(before, limit(knowledge, people), strict=True))
    usual = seconds(lambda: judge(told, knowledge, parts=USUAL), 1)
    few = told.head(ONE_BY_ONE)
    persons = people_of(few, knowledge)
    loop = len(persons) / seconds(lambda: [assess(each, knowledge, on=date(2026, 11, 24)) for each in persons], 1)
    # Only findings, since it derives nothing.
    findings = [name for name in few.columns if name in knowledge.findings]
    zen = zen_people(knowledge, few.select(name for name in findings if not knowledge.findings[name].implies))
    ours = people / core
    nulls = told.null_count().row(0, named=True)
    known = sum(told.height - count for name, count in nulls.items() if name not in ("person_id", "setting"))
    print(f"{people} people, {known / people:.0f} findings and results known of each, {pl.thread_pool_size()} threads")
    print(f"ours, urgency + every cause + every rule  {ours:12,.0f} people/s")
    print(f"ours, with patterns, labs, advice, known  {people / usual:12,.0f} people/s")
    print(f"bare matrix product + truths (the limit)  {people / bare:12,.0f} people/s")
    print(
        f"  ours takes {core / bare:.2f} times as long, and {core_cpu / bare_cpu:.2f} times the time on the processor:"
    )
    print(f"  {core_cpu / people * 1e6:.2f} us/person, or {2 * people / core_cpu:,.0f} people/s on two idle processors")
    print(f"Python loop over assess                   {loop:12,.0f} people/s  ours is {ours / loop:,.0f} times as fast")
    if zen is None:
        print("zen-engine: not installed (pip install zen-engine); left out")
    else:
        print(
            f"zen-engine, the red flags alone           {zen:12,.0f} people/s  ours is {ours / zen:,.0f} times as fast"
        )
    print(f"most memory held                          {memory():12,.0f} MB")


def scale(knowledge: Knowledge, most: int) -> None:
    """Print time and memory from 10^4 people up to ``most``, at most a million at a time."""
    print(f"{'people':>10s} {'s':>8s} {'us/person':>10s} {'MB':>8s}")
    judge(scattered(knowledge, 1000), knowledge, parts=CORE)
    people = 10_000
    while people <= most:
        at_once = min(people, 1_000_000)
        spent = 0.0
        for part in range(people // at_once):
            told = scattered(knowledge, at_once, seed=part)
            spent += seconds(lambda told=told: judge(told, knowledge, parts=CORE), 1)  # type: ignore[misc]
        print(f"{people:10d} {spent:8.2f} {spent / people * 1e6:10.2f} {memory():8.0f}")
        people *= 10


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--scale", action="store_true", help="the scale law instead")
    parser.add_argument("--most", type=int, default=1_000_000, help="the largest number of people of the scale law")
    told: Any = parser.parse_args()
    knowledge = load_knowledge()
    if told.scale:
        scale(knowledge, told.most)
    else:
        side_by_side(knowledge, told.people)


if __name__ == "__main__":
    main()
