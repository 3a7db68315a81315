"""Work out what a recorded diet says: once for one diet and one person, as the food table and all lines are read."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from rheobase.assess.diet import DietFacts
from rheobase.diet.reading import read_diet_lines
from rheobase.diet.summary import Summary, summarise
from rheobase.diet.sums import ENERGY
from rheobase.errors import DataRefusedError
from rheobase.foods import load_foods
from rheobase.intake.eaten import column_of, foods_eaten
from rheobase.intake.life_stage import Who
from rheobase.intake.record import measured, record_of
from rheobase.intake.record_facts import Measured, Record
from rheobase.intake.recorded_days import dose_of
from rheobase.knowledge import Knowledge
from rheobase.knowledge.supplements import load_supplements
from rheobase.person import Diet, Value

AGE, SEX, PREGNANT = "age_years", "sex", "pregnant"


class _Same:
    """A diet compared by identity, so that what is worked out of it can be kept."""

    __slots__ = ("diet",)

    def __init__(self, diet: Diet) -> None:
        self.diet = diet

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.diet is self.diet

    def __hash__(self) -> int:
        return id(self.diet)


def made_diet_facts(diet: Diet, knowledge: Knowledge, values: Mapping[str, Value]) -> DietFacts | None:
    """Return what a diet says; None where no day counts. Arguments as of ``diet_facts``."""
    return _diet_facts(_Same(diet), knowledge, _who(values))


def _who(values: Mapping[str, Value]) -> Who:
    age, sex, pregnant = values.get(AGE), values.get(SEX), values.get(PREGNANT)
    years = float(age) if isinstance(age, int | float) and not isinstance(age, bool) else None
    # The question is about pregnancy and the weeks after birth: a yes does not say which, a no denies it.
    no = False if pregnant is False else None
    return Who(years, "female" if sex == "female" else "male" if sex == "male" else None, no)


def _columns(knowledge: Knowledge) -> tuple[str, ...]:
    """Return every column that is read, and the energy."""
    intake = knowledge.intake
    evidence = (row.column for row in intake.evidence)
    measures = (row.column for row in intake.numbers)
    doses = (row.column for row in intake.taken)
    return tuple(dict.fromkeys((ENERGY, *evidence, *measures, *doses, *map(column_of, knowledge.food_units))))


@functools.lru_cache(maxsize=4)
def _summed(same: _Same, knowledge: Knowledge) -> Summary:
    return summarise(read_diet_lines(same.diet, load_foods(), load_supplements()), _columns(knowledge))


@functools.lru_cache(maxsize=4)
def _diet_facts(same: _Same, knowledge: Knowledge, who: Who) -> DietFacts | None:
    summary, intake = _summed(same, knowledge), knowledge.intake
    if not summary.coverage.used:
        return None
    records: dict[str, Record] = {}
    problems: list[str] = []
    for row in intake.evidence:
        try:
            record = record_of(row, summary, who, intake)
        except DataRefusedError as problem:
            problems.append(f"What you ate was not used for {row.nutrient.replace('_', ' ')}: {problem}.")
            continue
        if record is not None:
            records[row.finding] = record
    if waiting := summary.reading.open:
        lines = (
            "1 line waits for your word and counts" if waiting == 1 else f"{waiting} lines wait for your word and count"
        )
        problems.append(f"What you ate: {lines} as unknown until you say what is meant.")
    if who.age is None:
        problems.append("What you ate is not weighed: what is enough depends on your age, which is not known.")
    numbers = (measured(row, summary, intake) for row in intake.numbers)
    eats = knowledge.food_units
    return DietFacts(
        days=summary.coverage.used,
        records=records,
        numbers=tuple(each for each in numbers if each is not None and _possible(each, knowledge)),
        taken=tuple(row.id for row in intake.taken if dose_of(summary, row.column) >= row.at_least),
        eaten={nutrient: tuple(foods_eaten(nutrient, summary, load_foods(), knowledge)) for nutrient in eats},
        problems=tuple(problems),
        stands_days=intake.value("evidence.stands_days"),
    )


def _possible(each: Measured, knowledge: Knowledge) -> bool:
    """Whether an amount is one that could be answered too."""
    most = knowledge.findings[each.row.id].maximum
    return most is None or each.value <= most
