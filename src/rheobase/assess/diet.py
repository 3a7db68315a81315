"""What a recorded diet says to the assessment: graded evidence, measured numbers, supplements, and foods eaten anyway.

Everything is worked out once for one diet and one person, and only where there is a diet; the food table is read then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rheobase.intake.record_facts import FoodEaten, Measured, Record, Supplements, Three, only_against
from rheobase.knowledge import Knowledge
from rheobase.person import Person, Value


@dataclass(frozen=True, slots=True)
class DietFacts:
    """What a diet says.

    Attributes:
        days: Days that count.
        records: For each finding, what the record says of it.
        numbers: Amounts that the record measures.
        taken: Findings on supplements that are so.
        eaten: Nutrient id to the foods that gave most of it.
        problems: What could not be used, in words.
        stands_days: From so many whole days on, a record stands in place of an answer.
    """

    days: int
    records: Mapping[str, Record]
    numbers: tuple[Measured, ...]
    taken: tuple[str, ...]
    eaten: Mapping[str, tuple[FoodEaten, ...]]
    problems: tuple[str, ...] = ()
    stands_days: float = 0

    def stands(self, finding: str) -> bool:
        """Whether the record is long enough to stand in place of an answer to the same question."""
        record = self.records.get(finding)
        return record is not None and record.whole_days >= self.stands_days

    def evidence(self, finding: str, values: Mapping[str, Value], knowledge: Knowledge) -> Record | None:
        """Return the record that counts for a finding, None where the answer does, or nothing.

        A short record gives way to an answer. A supplement that was told elsewhere, of unknown dose, may make up for
        what food lacks.
        """
        record = self.records.get(finding)
        if record is None or (finding in values and not self.stands(finding)):
            return None
        taken = record.row.taken
        # Where the record itself says what supplements gave, the other answer adds nothing.
        if taken is None or values.get(taken) is not True or record.supplements is not Supplements.UNTOLD:
            return record
        chance = Three(0, record.chance.best, record.chance.high)
        odds = only_against(record.odds, knowledge.intake)
        return replace(record, chance=chance, odds=odds, supplements=Supplements.UNCLEAR)


def diet_facts(person: Person, knowledge: Knowledge, values: Mapping[str, Value]) -> DietFacts | None:
    """Return what a person's diet says; None where there is none, or no day that counts.

    Args:
        person: Whose diet.
        knowledge: Reference intakes, norms, and what a record bears on.
        values: What is known of the person: age, sex and pregnancy.
    """
    if person.diet is None or not person.diet.days:
        return None
    # Reading foods costs a third of a second of a cold start; nobody without a diet pays for it.
    from rheobase.assess.diet_made import made_diet_facts  # noqa: PLC0415 - as said

    return made_diet_facts(person.diet, knowledge, values)
