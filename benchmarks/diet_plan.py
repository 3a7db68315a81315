"""Measure plans for a diet: the proven least, with three others, beside a greedy rule in the same run.

    .venv/bin/python benchmarks/diet_plan.py

The greedy peer takes, again and again, the change that closes most of what is missing for its effort and keeps every
limit, until the target is reached or six changes are made: what one would do by hand with a table. Times are of this
process (budget: 1 s for a plan); the gap is the solver's own. Diets are made up with a seed.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Mapping
from datetime import date, timedelta

from rheobase.diet.reading import read_diet_lines
from rheobase.diet.summary import Summary, summarise
from rheobase.foods import load_foods
from rheobase.intake.life_stage import Who
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.menu import load_menu
from rheobase.knowledge.supplements import load_supplements
from rheobase.menu.aims import Aims, set_aims
from rheobase.menu.blocks import judge_blocks
from rheobase.menu.eaten import usual_foods
from rheobase.menu.options import Option, Table, build_options
from rheobase.menu.planner import Health, plan_diet
from rheobase.menu.programme import AIM, Programme, write_programme
from rheobase.menu.wishes import Wishes
from rheobase.person import Diet, DietDay, Eaten, Value
from rheobase.report.enough_section import judged

ON, SEED, DIETS = date(2026, 11, 24), 20261124, 12
FOODS = {
    "18069": 90, "20045": 200, "20121": 180, "05064": 150, "13454": 110, "09003": 180, "09040": 118, "11124": 80,
    "01079": 200, "01009": 30, "01129": 60, "19411": 30, "14148": 340, "01001": 15, "11674": 173, "14209": 240,
}  # fmt: skip
WELL: dict[str, Value] = dict.fromkeys(
    ("hx_ckd", "hx_dialysis", "med_raise_potassium", "hx_eating_disorder", "diet_very_little", "hx_kidney_stones"),
    False,
)
ASKED = (
    ("magnesium_mg",),
    ("calcium_mg",),
    ("magnesium_mg", "calcium_mg"),
    ("magnesium_mg", "calcium_mg", "vitamin_d_ug"),
)


def diet(chance: random.Random, days: int) -> Summary:
    """Return some days of twelve lines, summed."""
    made = []
    for number in range(days):
        chosen = chance.sample(sorted(FOODS), 12)
        meals = tuple(Eaten(food=food, grams=FOODS[food] * chance.uniform(0.5, 1.5)) for food in chosen)
        made.append(DietDay(day=ON - timedelta(days=number), complete=True, meals=meals))
    return summarise(read_diet_lines(Diet(tuple(made)), load_foods(), load_supplements()))


def greedy(programme: Programme) -> float | None:
    """Return the effort of the plan that the greedy rule finds, None when it finds none."""
    aims = [row for row in programme.rows if row.family == AIM]
    rest = [row for row in programme.rows if row.family != AIM]
    chosen: list[int] = []

    def missing(places: list[int]) -> float:
        return sum(max(0.0, row.low - sum(row.coefficients[at] for at in places)) for row in aims)

    def kept(places: list[int]) -> bool:
        totals = ((row, sum(row.coefficients[at] for at in places)) for row in rest)
        return all(row.low - 1e-9 <= total <= row.high + 1e-9 for row, total in totals)

    while (now := missing(chosen)) > 1e-9:
        ranked = sorted(
            (
                ((missing([*chosen, at]) - now) / option.price, at)
                for at, option in enumerate(programme.options)
                if at not in chosen
            ),
        )
        place = next((at for gain, at in ranked if gain < 0 and kept([*chosen, at])), None)
        if place is None:
            return None
        chosen.append(place)
    return sum(programme.options[at].price for at in chosen)


def programme_of(summary: Summary, who: Who, columns: tuple[str, ...]) -> Programme | None:
    """Return the programme that the planner solves, None where nothing is short."""
    knowledge, menu = load_knowledge(), load_menu()
    blocks = judge_blocks(knowledge, menu, WELL)
    wishes = Wishes(columns)
    aims: Aims = set_aims(summary, judged(summary, who, knowledge), blocks, wishes, intake=knowledge.intake)
    if not aims.aims:
        return None
    table = Table(knowledge, menu, load_foods(), WELL, blocks, (), wishes)
    options: tuple[Option, ...] = build_options(usual_foods(summary), aims, table)
    kinds: Mapping[str, float] = {each.id: each.most for each in menu.kinds.values()}
    return write_programme(options, aims, kinds=dict(kinds), most_changes=table.number("most_changes"))


def main() -> None:
    """Print the times, the gaps and the peer."""
    knowledge, foods = load_knowledge(), load_foods()
    chance = random.Random(SEED)
    people = [
        Who(chance.randint(19, 80), chance.choice(("female", "male")), pregnant=False, lactating=False)
        for _ in range(DIETS)
    ]
    diets = [diet(chance, chance.choice((1, 3, 7, 30))) for _ in range(DIETS)]
    health = Health(WELL, takes_no_medicine=True)
    # SciPy is imported once, outside the times.
    plan_diet(
        diets[0],
        judged(diets[0], people[0], knowledge),
        Wishes(("calcium_mg",)),
        health,
        knowledge=knowledge,
        foods=foods,
    )
    for columns in ASKED:
        times: list[float] = []
        alone: list[float] = []
        gaps, failed, unreached = [0.0], 0, 0
        prices: list[tuple[float, float | None]] = []
        for summary, who in zip(diets, people, strict=True):
            found = judged(summary, who, knowledge)
            for others, taken in ((3, times), (0, alone)):
                started = time.process_time()
                answer = plan_diet(
                    summary, found, Wishes(columns, alternatives=others), health, knowledge=knowledge, foods=foods
                )
                if answer.aims.aims:
                    taken.append(time.process_time() - started)
                if others:
                    gaps.extend(each.gap for each in answer.plans)
                    failed += len(answer.failed)
            unreached += bool(answer.out_of_reach)
            programme = programme_of(summary, who, columns)
            if programme is not None and answer.plans and not answer.out_of_reach:
                prices.append((answer.plans[0].price, greedy(programme)))
        both = [(least, other) for least, other in prices if other is not None]
        more = statistics.mean(other / least - 1 for least, other in both) if both else 0.0
        print(f"{', '.join(columns)}: {len(times)} diets, {unreached} out of reach by food")
        print(
            f"  one plan          {statistics.median(alone):6.2f} s (middle), {max(alone):6.2f} s (longest; budget 1 s)"
        )
        print(f"  and three others  {statistics.median(times):6.2f} s (middle), {max(times):6.2f} s (longest)")
        print(f"  largest gap {max(gaps):.2g}; plans that failed the second check: {failed}")
        print(f"  greedy: {len(prices) - len(both)} of {len(prices)} without a plan; effort {100 * more:+.0f} %")


if __name__ == "__main__":
    main()
