"""Plans for a diet: the least change first, then others with other foods, each checked again; or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rheobase.diet.span import Span
from rheobase.diet.summary import Summary
from rheobase.errors import DataRefusedError
from rheobase.foods import FoodTable
from rheobase.intake.adequacy import Adequacy
from rheobase.knowledge import Knowledge
from rheobase.knowledge.menu import load_menu
from rheobase.menu.aims import Aim, Aims, Limit, Why, set_aims
from rheobase.menu.blocks import FOOD, Block, FixedFoods, State, fixed_foods, judge_blocks
from rheobase.menu.eaten import usual_foods
from rheobase.menu.options import Option, Table, build_options
from rheobase.menu.programme import (
    AIM,
    CHANGES,
    LIMIT,
    NO_ANSWER,
    PORTIONS,
    TIME_LIMIT,
    Programme,
    Row,
    Solution,
    at_least,
    cut,
    solve,
    write_programme,
)
from rheobase.menu.recheck import Demand, Moved, recheck, recheck_contents
from rheobase.menu.wishes import Wishes
from rheobase.person import MedicineUse, Value

TOGETHER = "several limits together"


@dataclass(frozen=True, slots=True)
class Health:
    """What is known of the person beyond the diet; nothing at all without a case file.

    Attributes:
        values: Facts, as the assessment gathers them.
        medicines: What is taken, as far as told.
        takes_no_medicine: Whether that was said.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    medicines: tuple[MedicineUse, ...] = ()
    takes_no_medicine: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """One set of changes.

    Attributes:
        changes: In order of what they give.
        after: Known sum a day by column.
        price: Effort.
        bound: No plan can have less effort, by the solver's proof.
        gap: Relative difference of the two.
        status: The solver's own word.
        ask_first: Findings that would forbid it and are not known.
        fixed: Rules of medicines that would forbid it and are not known.
    """

    changes: tuple[Option, ...]
    after: Mapping[str, Span]
    price: float
    bound: float
    gap: float
    status: str
    ask_first: tuple[str, ...]
    fixed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """A target that food does not reach within the limits.

    Attributes:
        column: Column of the food table.
        goal: The target.
        reachable: The most that can be reached.
        stopped_by: Each limit without which it could be reached; empty when no single one is it.
        with_others: Reachable alone, not together with the other targets.
    """

    column: str
    goal: float
    reachable: float
    stopped_by: tuple[str, ...]
    with_others: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """The answer.

    Attributes:
        aims: What was to be reached and kept.
        blocks: What forbids, or may forbid, pushing what.
        fixed: Foods that a medicine fixes, or may.
        plans: The best first, then others; none where nothing may or can be done.
        careful: A plan that raises neither potassium nor phosphorus, where it is not known whether they may rise.
        careful_sought: Whether such a plan was looked for.
        out_of_reach: Targets that food does not reach.
        options: How many changes were weighed.
        refused: Why no plan is made at all, in words; "" where one is.
        failed: Plans that did not pass the second check, with why; they are not shown.
    """

    aims: Aims
    blocks: Mapping[str, Block]
    fixed: tuple[FixedFoods, ...]
    plans: tuple[Plan, ...] = ()
    careful: Plan | None = None
    careful_sought: bool = False
    out_of_reach: tuple[OutOfReach, ...] = ()
    options: int = 0
    refused: str = ""
    failed: tuple[str, ...] = ()


@dataclass(slots=True)
class _Work:
    """What every step needs; gathers the plans that failed the second check."""

    summary: Summary
    aims: Aims
    table: Table
    failed: list[str] = field(default_factory=list)

    def programme(self, aims: Aims, options: tuple[Option, ...]) -> Programme:
        kinds = {each.id: each.most for each in self.table.menu.kinds.values()}
        return write_programme(options, aims, kinds=kinds, most_changes=self.table.number("most_changes"))


def plan_diet(
    summary: Summary,
    found: Mapping[str, Adequacy],
    wishes: Wishes,
    health: Health,
    *,
    knowledge: Knowledge,
    foods: FoodTable,
) -> Proposal:
    """Return plans for a diet.

    Args:
        summary: The diet, summed.
        found: How probable it is that each nutrient is too little, by column.
        wishes: What was asked for and what is left out.
        health: What is known of the person.
        knowledge: Blocks, food rules and reference intakes.
        foods: The food table.

    Raises:
        UsageError: An own target is beyond reason.
        DataRefusedError: The recorded days are no usual day, SciPy is missing, or no answer was found in time.
    """
    menu = load_menu()
    blocks = judge_blocks(knowledge, menu, health.values)
    fixed = fixed_foods(menu, health.medicines, takes_none=health.takes_no_medicine)
    aims = set_aims(summary, found, blocks, wishes, intake=knowledge.intake)
    empty = Proposal(aims, blocks, fixed)
    if blocks[FOOD].state is State.FORBIDDEN:
        return replace(empty, refused=" ".join(blocks[FOOD].because))
    if not aims.aims:
        return empty
    table = Table(knowledge, menu, foods, health.values, blocks, fixed, wishes)
    work = _Work(summary, aims, table)
    options = build_options(usual_foods(summary), aims, table)
    programme = work.programme(aims, options)
    first = solve(programme)
    if first.status == NO_ANSWER:
        raise DataRefusedError(f"No plan was found within {TIME_LIMIT:g} seconds. Ask for fewer nutrients at a time.")
    missed: tuple[OutOfReach, ...] = ()
    if not first.chosen:
        missed, programme = _closest(work, programme)
        first = solve(programme)
    plans = tuple(_plans(work, programme, first, wishes.alternatives))
    careful, sought = _careful(work, programme)
    return replace(
        empty,
        plans=plans,
        careful=careful,
        careful_sought=sought,
        out_of_reach=missed,
        options=len({each.item for each in options}),
        failed=tuple(work.failed),
    )


def _plans(work: _Work, programme: Programme, first: Solution, alternatives: int) -> Iterator[Plan]:
    """Yield the best plan and others; a plan that fails the second check is noted and left out."""
    cuts: list[Row] = []
    solution = first
    for left in range(alternatives, -1, -1):
        if not solution.chosen:
            return
        plan = _plan(work, programme, solution)
        if plan is not None:
            yield plan
        if left:
            cuts.extend(cut(programme, solution.chosen))
            # Leaving plans out never makes the least effort smaller: this helps the solver's proof.
            solution = solve(programme, [*cuts, at_least(programme, solution.bound)])


def _plan(work: _Work, programme: Programme, solution: Solution) -> Plan | None:
    changes = tuple(programme.options[at] for at in solution.chosen)
    problems = _wrong(work, changes, programme)
    if problems:
        work.failed.extend(problems)
        return None
    after = {
        column: Span(span.best + gain, span.low + gain, span.high + gain)
        for column, span in work.aims.before.items()
        for gain in (sum(each.gains[column] for each in changes),)
    }
    changes = tuple(sorted(changes, key=lambda each: (-_worth(each, work.aims), each.item)))
    asked = dict.fromkeys(name for each in changes for name in each.ask_first)
    for aim in work.aims.aims:
        block = work.table.blocks[aim.column]
        asked.update(dict.fromkeys(block.findings if block.state is State.ASK else ()))
    food = work.table.blocks[FOOD]
    asked.update(dict.fromkeys(food.findings if food.state is State.ASK else ()))
    return Plan(
        changes,
        after,
        solution.price,
        solution.bound,
        solution.gap,
        solution.status,
        tuple(asked),
        tuple(dict.fromkeys(rule for each in changes for rule in each.fixed)),
    )


def _worth(option: Option, aims: Aims) -> float:
    return sum(option.gains[each.column] / each.goal for each in aims.aims)


def _wrong(work: _Work, changes: Sequence[Option], programme: Programme) -> tuple[str, ...]:
    """Return what the second check finds wrong; targets are those of the programme, which may be what is reachable."""
    moved = []
    for each in changes:
        if each.more is not None:
            moved.append(Moved(each.more.food.id, each.helpings * each.more.grams))
        if each.less is not None:
            moved.append(Moved(each.less.food.id, -each.helpings * each.less.grams))
    goals = {row.name: row.low for row in programme.rows if row.family == AIM}
    demands = [
        Demand(each.column, each.before + goals[each.column] * each.goal, None)
        for each in work.aims.aims
        if each.column in goals
    ]
    demands += [Demand(each.column, each.least, each.most) for each in work.aims.limits]
    table = work.table
    styles = {each: table.menu.styles[each].leaves_out for each in sorted(table.wishes.styles)}
    return (
        *recheck(moved, work.summary.reading, demands, table=table.foods, menu=table.menu),
        *recheck_contents(moved, styles, table=table.foods, menu=table.menu),
    )


def _closest(work: _Work, programme: Programme) -> tuple[tuple[OutOfReach, ...], Programme]:
    """Return which targets are out of reach and why, and the programme with what can be reached of them."""
    missed = []
    for aim in work.aims.aims:
        alone = solve(programme, only=aim.column)
        if not alone.chosen:
            best = solve(programme, only=aim.column, fall_short=True)
            reach = _reached(aim, programme, best)
            missed.append(OutOfReach(aim.column, aim.goal, reach, tuple(_stoppers(programme, aim.column))))
    together = solve(programme, fall_short=True)
    if not missed:
        # Each can be reached, all of them can't.
        short = dict(together.short)
        missed = [
            OutOfReach(
                aim.column,
                aim.goal,
                _reached(aim, programme, together),
                tuple(_stoppers(programme, "")),
                with_others=True,
            )
            for aim in work.aims.aims
            if short.get(aim.column, 0.0) > 0
        ]
    share = work.table.number("enough_of_reach")
    goals: dict[str, float] = {}
    for aim in work.aims.aims:
        gained = max(0.0, _reached(aim, programme, together) - aim.before) / aim.goal
        wanted = aim.missing / aim.goal
        goals[aim.column] = wanted if gained >= wanted else gained * share
    rows = tuple(replace(row, low=goals[row.name]) if row.family == AIM else row for row in programme.rows)
    return tuple(missed), replace(programme, rows=rows)


def _reached(aim: Aim, programme: Programme, solution: Solution) -> float:
    return aim.before + sum(programme.options[at].gains[aim.column] for at in solution.chosen)


def _stoppers(programme: Programme, column: str) -> Iterator[str]:
    """Yield each limit without which the target could be reached."""
    families: list[str] = [f"{LIMIT} {row.name}" for row in programme.rows if row.family == LIMIT]
    single = False
    for family in (*families, PORTIONS, CHANGES):
        if solve(programme, without=family, only=column).chosen:
            single = True
            yield family.removeprefix(f"{LIMIT} ")
    if not single and solve(programme, without=LIMIT, only=column).chosen:
        yield TOGETHER


def _careful(work: _Work, programme: Programme) -> tuple[Plan | None, bool]:
    """Return a plan that keeps from rising what may not be allowed to rise, where that is not known.

    Its targets are those of the programme, which may be what is reachable; what must not rise is none of them.
    """
    unsure = [column for column, block in work.table.blocks.items() if block.medical and block.state is State.ASK]
    if not unsure:
        return None, False
    limits = tuple(
        Limit(column, None, work.aims.before[column].best if column in work.aims.before else 0.0, Why.CAREFUL)
        for column in unsure
    )
    kept = tuple(each for each in work.aims.aims if each.column not in unsure)
    if not kept:
        return None, True
    fall = 1 - work.table.number("may_fall")
    present = tuple(
        replace(each, least=each.least * fall)
        if each.why is Why.NOT_LESS and each.column in unsure and each.least is not None
        else each
        for each in work.aims.limits
    )
    aims = Aims(kept, (*present, *limits), work.aims.not_aimed, work.aims.before)
    # What has no value of these can't be said to keep them.
    usable = tuple(each for each in programme.options if not each.unknown.intersection(unsure))
    inner = _Work(work.summary, aims, work.table, work.failed)
    strict = inner.programme(aims, usable)
    goals = {row.name: row.low for row in programme.rows if row.family == AIM}
    strict = replace(
        strict, rows=tuple(replace(row, low=goals[row.name]) if row.family == AIM else row for row in strict.rows)
    )
    solution = solve(strict)
    return (_plan(inner, strict, solution) if solution.chosen else None), True
