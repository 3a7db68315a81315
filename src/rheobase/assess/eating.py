"""What is known of a person that bears on what they eat and drink, from everything that they told."""

from __future__ import annotations

from collections.abc import Mapping

from rheobase.assess.facts import gather
from rheobase.intake.eater import Eater, eater_from
from rheobase.intake.life_stage import Who
from rheobase.knowledge import Knowledge
from rheobase.person import Person, Status, Value

PREGNANT, AGE, SEX = "pregnant", "age_years", "sex"


def eater_of_person(
    person: Person, knowledge: Knowledge, *, hours: tuple[float | None, float | None] = (None, None)
) -> Eater:
    """Return what bears on intake, caffeine, water and sun; what was not told stays unknown.

    Args:
        person: As told.
        knowledge: What medicines and blood tests mean.
        hours: Hours of sweating exercise and of great heat a day, where they were said.
    """
    taken = [use.medicine for use in person.medicines if use.medicine and use.status is Status.PRESENT]
    return eater_from(
        who_is(person),
        gather(person, knowledge).values,
        knowledge.intake,
        medicines=taken,
        no_medicine=person.takes_no_medicine,
        hours=hours,
    )


def who_is(person: Person) -> Who:
    """Return age, sex and pregnancy as far as they are told; what is not told is None."""
    told: Mapping[str, Value | None] = {name: answer.value for name, answer in person.answers.items()}
    years, recorded = told.get(AGE), told.get(SEX)
    return Who(
        float(years) if isinstance(years, int | float) else None,
        "female" if recorded == "female" else "male" if recorded == "male" else None,
        # The question is about pregnancy and the weeks after birth: a yes does not say which, a no denies it.
        pregnant=False if told.get(PREGNANT) is False else None,
    )
