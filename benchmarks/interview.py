"""How soon does the interview know enough? Simulated people and published cases, beside two other orders of questions.

    .venv/bin/python benchmarks/interview.py [--people 300] [--cases tests/cases/dev] [--most 25]

For each way of asking it prints how often, after so many questions, the urgency and the first three causes are those of
a person about whom everything was asked; and the time that the choice of the next question takes.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rheobase.evaluation.interviewing import Answered, Next, Point, adaptive, answered, in_order, interview, progress
from rheobase.evaluation.simulated_people import simulated_person
from rheobase.importers.published_case import FULL, HISTORY, person_of, read_published_case
from rheobase.interview import Conversation, Question, look_ahead
from rheobase.knowledge import Knowledge, load_knowledge
from rheobase.person import Person

SEED = 20261124
AFTER = (5, 10, 15, 20, 25)
EMERGENCY = "emergency"


@dataclass
class Tally:
    """How one way of asking went, over all people."""

    urgency: dict[int, list[bool]] = field(default_factory=dict)
    same: dict[int, list[bool]] = field(default_factory=dict)
    shared: dict[int, list[float]] = field(default_factory=dict)
    first: dict[int, list[bool]] = field(default_factory=dict)
    questions: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    lower: int = 0

    def add(self, name: str, goal: Answered, points: Sequence[Point], after: Sequence[int]) -> None:
        """Take one person's interview."""
        for count in after:
            reached = [point for point in points if point.questions <= count]
            answer = reached[-1].answer if reached else Answered("insufficient", ())
            self.urgency.setdefault(count, []).append(answer.urgency == goal.urgency)
            self.same.setdefault(count, []).append(set(answer.top) == set(goal.top))
            share = len(set(answer.top) & set(goal.top)) / len(goal.top) if goal.top else 1.0
            self.shared.setdefault(count, []).append(share)
            self.first.setdefault(count, []).append(answer.top[:1] == goal.top[:1])
        last = points[-1].answer if points else Answered("insufficient", ())
        if goal.urgency == EMERGENCY and last.urgency != EMERGENCY:
            self.missed.append(name)
        self.questions.append(points[-1].questions if points else 0)
        self.lines.append(points[-1].lines if points else 0)


def run(
    people: Sequence[tuple[str, Person]], knowledge: Knowledge, ways: dict[str, Next], most: int
) -> dict[str, Tally]:
    """Interview everybody in every way."""
    tallies = {name: Tally() for name in ways}
    for who, truth in people:
        goal = answered(truth, knowledge)
        for name, ask in ways.items():
            tallies[name].add(who, goal, list(interview(truth, knowledge, ask, most=most)), [*AFTER, most])
    return tallies


def show(title: str, tallies: dict[str, Tally], most: int) -> None:
    """Print one table."""
    print(f"\n{title}")
    print(
        f"  {'way of asking':14s} {'after':>5s} {'urgency':>8s} {'same top-3':>10s} {'shared':>7s} {'same first':>10s}"
    )
    for name, tally in tallies.items():
        for count in sorted({*(each for each in AFTER if each < most), most}):
            print(
                f"  {name:14s} {count:5d} {statistics.fmean(tally.urgency[count]):8.1%} "
                f"{statistics.fmean(tally.same[count]):10.1%} {statistics.fmean(tally.shared[count]):7.1%} "
                f"{statistics.fmean(tally.first[count]):10.1%}"
            )
        who = f" ({', '.join(tally.missed[:8])})" if tally.missed else ""
        asked, read = statistics.fmean(tally.questions), statistics.fmean(tally.lines)
        print(f"    questions {asked:.1f}, lines {read:.1f}; emergencies missed: {len(tally.missed)}{who}")


def timed(ask: Next) -> tuple[Next, list[float]]:
    """Return the same way of asking, and the times that it takes [ms]."""
    times: list[float] = []

    def clocked(talk: Conversation, count: int) -> Question | None:
        started = time.perf_counter()
        question = ask(talk, count)
        times.append((time.perf_counter() - started) * 1000)
        return question

    return clocked, times


def main() -> None:
    """Print the figures of the issue."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--cases", type=Path, default=Path("tests/cases/dev"))
    parser.add_argument("--most", type=int, default=25)
    parser.add_argument("--only-ours", action="store_true")
    options = parser.parse_args()
    knowledge, draw = load_knowledge(), random.Random(SEED)
    look_ahead(Conversation(), knowledge)
    ours, times = timed(adaptive(knowledge))
    ways = {"adaptive": ours}
    if not options.only_ours:
        ways |= {"fixed order": in_order(knowledge), "random order": in_order(knowledge, random.Random(SEED))}
    print(f"Knowledge {knowledge.version}; seed {SEED}; a list counts as one question, its lines are counted too.")
    people = [
        (f"{setting} {at}", simulated_person(knowledge, draw, setting=setting).person)
        for setting in ("home", "primary_care")
        for at in range(options.people // 2)
    ]
    show(
        f"{len(people)} simulated people, half at home, half at their doctor's",
        run(people, knowledge, ways, options.most),
        options.most,
    )
    cases = [read_published_case(f.read_bytes(), name=f.name) for f in sorted(options.cases.glob("c*.yaml"))]
    for kind in (HISTORY, FULL):
        told = [(case.id, person_of(case, knowledge, run=kind).person) for case in cases]
        show(f"{len(told)} published cases, {kind}", run(told, knowledge, ways, options.most), options.most)
    pairs = [progress(truth, knowledge) for _, truth in people[:: max(1, len(people) // 20)]]
    for at in (0, 5, 10, 15, 20):
        here = [each[at] for each in pairs if len(each) > at]
        off = statistics.fmean(abs(left - real) for left, real in here)
        said, real = (statistics.fmean(pair[which] for pair in here) for which in (0, 1))
        print(f"After {at} questions it says about {said:.0f} more; there are {real:.0f}; off by {off:.1f} on average.")
    times.sort()
    p99 = times[int(len(times) * 0.99)]
    print(f"\nNext question: median {statistics.median(times):.1f} ms, 99th percentile {p99:.1f} ms (budget 30 ms).")


if __name__ == "__main__":
    main()
