"""Check the plan's facts: every item can be followed, judged and blocked, and nothing dangerous has a schedule."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rheobase.knowledge.load import Knowledge
from rheobase.knowledge.model_advice import DOWN, UP, Advice, Food, FoodRule, Substance
from rheobase.logic import Expression

EVERYONE = "*"
MEDICAL = frozenset({"doctor", "test", "medicine"})
AT_HOME = frozenset(
    {"rest", "breathing", "exercise", "caffeine", "alcohol", "lifestyle", "eye", "fluids", "food", "supplement"}
)
KINDS = MEDICAL | AT_HOME | {"prevention"}
STRENGTHS = frozenset({"strong", "moderate", "weak"})
GRADES = frozenset({"A", "B", "C"})
CUT_DOWN = frozenset({"", "taper", "prescriber", "help"})
# Stopping alcohol or a sedative can kill; a list of dates for home exists for caffeine only.
HOME_TAPER = frozenset({"caffeine"})
NEEDS_FIT = frozenset({"", "always", "calm"})
BENEFITS = frozenset({1, 2, 3})

Conditions = Callable[[Knowledge, str, Expression], Iterator[str]]


def advice_problems(knowledge: Knowledge, conditions: Conditions) -> Iterator[str]:
    """Yield every problem of advice, substances, foods and food rules, one line each.

    Args:
        knowledge: As loaded.
        conditions: Yields the problems of one condition: unknown names, comparisons that do not suit.
    """
    for cause in knowledge.causes:
        if not any(cause in item.for_causes and item.offer_when is None for item in knowledge.advice.values()):
            yield f"cause {cause}: no advice that anyone who has it may get (each has an 'offer_when')"
    for item in knowledge.advice.values():
        where = f"advice {item.id}"
        yield from _words(where, item)
        yield from _references(where, item, knowledge)
        yield from _cutting_down(where, item, knowledge)
        yield from _judging(where, item)
        cautions = (caution.when for caution in item.cautions)
        for expression in (item.offer_when, item.do_not_offer_when, *cautions):
            if expression is not None:
                yield from conditions(knowledge, where, expression)
    for substance in knowledge.substances.values():
        yield from _substance(substance, knowledge, conditions)
    for food in knowledge.foods.values():
        yield from _food(food, knowledge)
    for rule in knowledge.food_rules.values():
        yield from _food_rule(rule, knowledge, conditions)


def _words(where: str, item: Advice) -> Iterator[str]:
    if item.kind not in KINDS:
        yield f"{where}: unknown kind {item.kind!r}; one of {', '.join(sorted(KINDS))}"
    if item.strength not in STRENGTHS:
        yield f"{where}: strength {item.strength!r} is not strong, moderate or weak"
    if item.grade not in GRADES:
        yield f"{where}: grade {item.grade!r} is not A, B or C"
    if item.benefit not in BENEFITS:
        yield f"{where}: benefit {item.benefit!r} is not 1, 2 or 3"
    if not item.title:
        yield f"{where}: no title"
    if not item.sources:
        yield f"{where}: no source"
    if item.do_not_offer_when is not None and bool(item.blocked_because) == item.quiet:
        yield f"{where}: 'do_not_offer_when' needs either 'blocked_because' or 'quiet'"
    if item.reassures and not item.only_when_calm:
        yield f"{where}: what reassures must be 'only_when_calm'"
    if item.needs_fit not in NEEDS_FIT:
        yield f"{where}: needs_fit {item.needs_fit!r} is not 'always' or 'calm'"
    if item.only_when_calm and item.only_when_urgent:
        yield f"{where}: can't be both only when calm and only when urgent"


def _references(where: str, item: Advice, knowledge: Knowledge) -> Iterator[str]:
    for cause in item.for_causes:
        if cause != EVERYONE and cause not in knowledge.causes:
            yield f"{where}: unknown cause {cause!r}"
    for other in (*item.conflicts_with, *item.covers):
        if other not in knowledge.advice:
            yield f"{where}: names unknown advice {other!r}"
        elif other == item.id:
            yield f"{where}: names itself"
    for finding in item.ask_first:
        if finding not in knowledge.findings:
            yield f"{where}: unknown finding {finding!r}"
    yield from _pushes(where, item, knowledge)
    if item.nutrient and not any(item.nutrient in food.good_for for food in knowledge.foods.values()):
        yield f"{where}: no food is good for {item.nutrient!r}"
    if item.limits and not any(item.limits in food.rich_in for food in knowledge.foods.values()):
        yield f"{where}: no food is rich in {item.limits!r}"
    clashes = {clash.get("with") for medicine in knowledge.medicines.values() for clash in medicine.interactions}
    for name in item.keeps_away:
        if name not in clashes:
            yield f"{where}: no medicine has to be kept away from {name!r}"


def _pushes(where: str, item: Advice, knowledge: Knowledge) -> Iterator[str]:
    for name, direction in item.pushes.items():
        substance = knowledge.substances.get(name)
        if substance is None:
            yield f"{where}: pushes unknown substance {name!r}"
        elif direction not in (UP, DOWN):
            yield f"{where}: pushes {name} {direction!r}; it can be 'up' or 'down'"
        elif substance.never_up and direction == UP:
            yield f"{where}: pushes {name} up, which no advice may"


def _cutting_down(where: str, item: Advice, knowledge: Knowledge) -> Iterator[str]:
    if item.cut_down not in CUT_DOWN:
        yield f"{where}: cut_down {item.cut_down!r} is not taper, prescriber or help"
    taper = item.taper
    if (taper is not None) != (item.cut_down == "taper"):
        yield f"{where}: 'taper' and cut_down = \"taper\" go together"
    if taper is None:
        return
    if item.kind not in HOME_TAPER:
        yield f"{where}: a schedule for home is for caffeine only; send for help instead"
    finding = knowledge.findings.get(taper.finding)
    if finding is None or finding.type != "number":
        yield f"{where}: the taper's finding {taper.finding!r} is not a number that is asked"
    if not (0 < taper.step_share < 1 and taper.target > 0 and taper.round_to > 0 and taper.every_days > 0):
        yield f"{where}: the taper needs a share between 0 and 1, and target, rounding and days above 0"


def _judging(where: str, item: Advice) -> Iterator[str]:
    parts = (item.recheck_days is not None, bool(item.better_if), bool(item.worse_if))
    if any(parts) and not all(parts):
        yield f"{where}: recheck_days, better_if and worse_if go together"
    if item.recheck_days is not None and item.recheck_days <= 0:
        yield f"{where}: recheck_days must be above 0"
    if item.kind in AT_HOME and not item.warns:
        if not item.steps:
            yield f"{where}: done at home, so it needs 'steps'"
        if item.recheck_days is None:
            yield f"{where}: done at home, so it needs 'recheck_days'"


def _substance(substance: Substance, knowledge: Knowledge, conditions: Conditions) -> Iterator[str]:
    where = f"substance {substance.id}"
    pairs = ((substance.never_up_when, substance.because_up), (substance.never_down_when, substance.because_down))
    for when, because in pairs:
        if when is not None:
            yield from conditions(knowledge, where, when)
            if not because:
                yield f"{where}: a block needs a reason in words"
    if not substance.sources:
        yield f"{where}: no source"


def _food(food: Food, knowledge: Knowledge) -> Iterator[str]:
    where = f"food {food.id}"
    if food.grade not in GRADES:
        yield f"{where}: grade {food.grade!r} is not A, B or C"
    if food.per_100g and not (food.grams and food.grams > 0):
        yield f"{where}: amounts per 100 g need 'grams' above 0"
    for nutrient in (*food.good_for, *food.rich_in, *food.per_100g, *food.as_told):
        if nutrient not in knowledge.food_units:
            yield f"{where}: no unit for {nutrient!r}"
    for nutrient in (*food.good_for, *food.rich_in):
        if nutrient not in food.per_100g and nutrient not in food.as_told:
            yield f"{where}: listed for {nutrient}, but its amount is not given"
    for nutrient, amount in food.per_100g.items():
        if amount < 0:
            yield f"{where}: {nutrient} is below 0"


def _food_rule(rule: FoodRule, knowledge: Knowledge, conditions: Conditions) -> Iterator[str]:
    where = f"food rule {rule.id}"
    yield from conditions(knowledge, where, rule.when)
    if (rule.nutrient is None) != (rule.over is None):
        yield f"{where}: 'nutrient' and 'over' go together"
    if not any(rule.concerns(food) for food in knowledge.foods.values()):
        yield f"{where}: concerns no food"
