"""Made-up diets and people for the tests of plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from rheobase.diet.reading import read_diet_lines
from rheobase.diet.summary import Summary, summarise
from rheobase.foods import load_foods
from rheobase.intake.life_stage import Who
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.supplements import load_supplements
from rheobase.menu.planner import Health, Proposal, plan_diet
from rheobase.menu.wishes import Wishes
from rheobase.person import Diet, DietDay, Eaten, MedicineUse, Taken, Value
from rheobase.report.enough_section import judged

ON = date(2026, 11, 24)
# Ordinary food: bread, rice, pasta, chicken, beef, apple, banana, carrot, milk, cheddar, egg, crisps, cola, butter.
ORDINARY = (
    "18069", "20045", "20121", "05064", "13454", "09003", "09040", "11124", "01079", "01009", "01129", "19411",
    "14148", "01001",
)  # fmt: skip
USUAL = {
    "18069": 87, "20045": 200, "05064": 150, "09003": 180, "11124": 80, "01079": 122, "19411": 28, "14148": 340,
    "01001": 15, "20121": 150, "01129": 50,
}  # fmt: skip
WOMAN = Who(40, "female", pregnant=False, lactating=False)
NOTHING_WRONG: dict[str, Value] = dict.fromkeys(
    ("hx_ckd", "hx_dialysis", "med_raise_potassium", "hx_eating_disorder", "diet_very_little"), False
)


def summary_of(days: Iterable[Mapping[str, float]], taken: tuple[str, ...] = ()) -> Summary:
    """Return days of grams by food id, summed."""
    made = [
        DietDay(
            day=ON - timedelta(days=number),
            complete=True,
            meals=tuple(Eaten(food=food, grams=float(grams)) for food, grams in day.items()),
            supplements=tuple(Taken(text=text) for text in taken),
        )
        for number, day in enumerate(days)
    ]
    return summarise(read_diet_lines(Diet(tuple(made)), load_foods(), load_supplements()))


def planned(
    wishes: Wishes,
    *,
    summary: Summary | None = None,
    values: Mapping[str, Value] | None = None,
    medicines: tuple[str, ...] = (),
    who: Who = WOMAN,
) -> Proposal:
    """Return the plans for a diet; that of an ordinary day unless another is given."""
    knowledge = load_knowledge()
    diet = summary_of([USUAL]) if summary is None else summary
    uses = tuple(MedicineUse(each, each) for each in medicines)
    health = Health(NOTHING_WRONG if values is None else values, uses, takes_no_medicine=not medicines)
    return plan_diet(diet, judged(diet, who, knowledge), wishes, health, knowledge=knowledge, foods=load_foods())
