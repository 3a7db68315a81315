"""Turn a supplement into amounts of nutrients: by compound or by element, and asked where a label leaves it open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rheobase.diet.limits import too_much
from rheobase.diet.span import Span
from rheobase.diet.supplement_lines import Dose, may_hold, read_supplement
from rheobase.foods import NUTRIENTS
from rheobase.knowledge.supplements import ELEMENTAL, SALT, Form, Supplements, Tracked
from rheobase.person import Taken
from rheobase.plain_text import printable

# What one of a mass unit is in grams.
GRAMS = {"g": 1.0, "mg": 1e-3, "ug": 1e-6}
MOLES = {"mmol": 1e-3, "meq": 1e-3}
# More than this in one day is a slip of the pen, whatever it is [g].
MOST_GRAMS = 100.0


@dataclass(frozen=True, slots=True)
class TakenReading:
    """What a supplement was read as.

    Attributes:
        taken: As it was told.
        gives: Nutrient column to its amount over the day; empty when it is not known.
        what: In plain words, what was read.
        doubts: What a person has to say before it counts; empty when it counts.
        may_hold: While it is in doubt, the columns of which it may give something; what it gives of them is not known.
    """

    taken: Taken
    gives: Mapping[str, Span]
    what: str
    doubts: tuple[str, ...]
    may_hold: frozenset[str] = frozenset()


def salt_gives(form: Form, grams: float, facts: Supplements) -> dict[str, Span]:
    """Return what some grams of a compound hold of every nutrient that is followed.

    Args:
        form: The compound.
        grams: Mass of the whole compound [g].
        facts: Atomic weights and nutrients.

    Returns:
        Nutrient column to amount in its unit: the usual form as best, its other forms as the range.
    """
    found = {}
    for nutrient in facts.nutrients.values():
        shares = [facts.mass_share(formula, nutrient.element) if nutrient.element else 0.0 for formula in form.formulas]
        if max(shares) > 0:
            each = Span(shares[0], min(shares), max(shares))
            found[nutrient.column] = each.times(grams / GRAMS[nutrient.column.rpartition("_")[2]])
    return found


def _of_element(nutrient: Tracked, form: Form | None, amount: float, facts: Supplements) -> dict[str, Span]:
    """Return an amount of the nutrient itself [unit of its column], and what else the compound brings along."""
    found = {nutrient.column: Span.exact(amount)}
    if form is None:
        return found
    grams = amount * GRAMS[nutrient.column.rpartition("_")[2]]
    for other in facts.nutrients.values():
        ratios = [
            facts.mass_share(formula, other.element) / facts.mass_share(formula, form.element)
            for formula in form.formulas
            if other.element and other is not nutrient
        ]
        if ratios and max(ratios) > 0:
            each = Span(ratios[0], min(ratios), max(ratios))
            found[other.column] = each.times(grams / GRAMS[other.column.rpartition("_")[2]])
    return found


def _moles(nutrient: Tracked, amount: float, unit: str, facts: Supplements) -> float | None:
    """Return so many mmol or mEq of an element in the unit of its column, None where that has no meaning."""
    if not nutrient.element or (unit == "meq" and nutrient.charge is None):
        return None
    moles = amount * MOLES[unit] / (nutrient.charge or 1 if unit == "meq" else 1)
    return moles * facts.weights[nutrient.element] / GRAMS[nutrient.column.rpartition("_")[2]]


def _figure(span: Span) -> str:
    if span.low == span.high:
        return f"{span.best:.3g}"
    return f"{span.best:.3g} (by its form {span.low:.3g} to {span.high:.3g})"


def _label(nutrient: Tracked) -> str:
    return nutrient.id.replace("_b", " B").replace("_d", " D")


def dose_gives(dose: Dose, facts: Supplements) -> tuple[dict[str, Span], str]:
    """Return what one dose gives, and the question that has to be answered first ("" for none).

    Args:
        dose: As read from a line or a file.
        facts: Compounds and nutrients.
    """
    nutrient, form, unit = dose.nutrient, dose.form, dose.unit.lower()
    name = form.name if form else _label(nutrient)
    if not dose.amount or not unit:
        none = f"0 {dose.unit} of {name} is nothing; leave the line out if none was taken"
        return {}, none if dose.amount == 0 else f"how much {name}? Copy the amount and its unit from the label"
    if unit == "iu":
        if nutrient.ug_per_iu is None:
            return (
                {},
                f"international units (IU) are not used for {_label(nutrient)}; which amount does the label give?",
            )
        return {nutrient.column: Span.exact(dose.amount * nutrient.ug_per_iu)}, ""
    if unit in MOLES:
        amount = _moles(nutrient, dose.amount, unit, facts)
        if amount is not None:
            return _of_element(nutrient, form, amount, facts), ""
        return {}, f"{dose.unit} is not used for {_label(nutrient)}; which amount does the label give?"
    return _mass_gives(dose, dose.amount, unit, facts)


def _mass_gives(dose: Dose, amount: float, unit: str, facts: Supplements) -> tuple[dict[str, Span], str]:
    """Return what a mass gives: of the element, of the compound, or a question where a label may mean either."""
    nutrient, form = dose.nutrient, dose.form
    name = form.name if form else _label(nutrient)
    column_unit = nutrient.column.rpartition("_")[2]
    grams = amount * GRAMS[unit]
    if grams > MOST_GRAMS:
        return {}, f"{amount:g} {dose.unit} of {name} in one dose cannot be; check the unit"
    means = dose.means or (form.dosed_as if form else ELEMENTAL)
    if form is None or means == ELEMENTAL:
        return _of_element(nutrient, form, grams / GRAMS[column_unit], facts), ""
    gives = salt_gives(form, grams, facts)
    if means == SALT:
        return gives, ""
    holds = _figure(gives[nutrient.column])
    return {}, (
        f"is {amount:g} {dose.unit} the {_label(nutrient)} itself, or the whole {name}, which holds {holds} "
        f'{column_unit} of it? Write "elemental" or "of the salt" beside it'
    )


def read_taken(taken: Taken, facts: Supplements) -> TakenReading:
    """Return what a supplement gives over the day.

    Args:
        taken: As it was told: a line of text, or a compound with its amount.
        facts: Compounds and nutrients.
    """
    if taken.holds is not None:
        gives = {column: Span.exact(value) for column, value in taken.holds.items()}
        return TakenReading(taken, MappingProxyType(gives), "as the tracker gives it", ())
    doses: tuple[Dose, ...]
    doubts: tuple[str, ...] = ()
    if taken.form is not None:
        form = facts.forms.get(taken.form)
        nutrient = facts.by_element(form.element) if form else facts.nutrients.get(taken.form)
        if nutrient is None:
            doubt = f"{printable(taken.form, limit=40)!r} is not a compound that is known"
            return TakenReading(taken, MappingProxyType({}), "not known", (doubt,), frozenset(NUTRIENTS))
        doses, times = (Dose(nutrient, form, taken.amount, taken.unit, taken.means),), taken.times
    else:
        line = read_supplement(taken.text, facts)
        doses, times, doubts = line.doses, line.times * taken.times, line.doubts
    gives, asked, said = {}, list(doubts), []
    for dose in doses:
        found, question = dose_gives(dose, facts)
        if question:
            asked.append(question)
        said.append(_said(dose))
        for column, span in found.items():
            gives[column] = gives[column] + span.times(times) if column in gives else span.times(times)
    asked += [
        f"{span.high:g} {column.rpartition('_')[2]} cannot be ({reason}); check amount and unit"
        for column, span in gives.items()
        if (reason := too_much(column, span.high))
    ]
    opens = _may_hold(taken, doses, facts) if asked else frozenset()
    if asked:
        gives = {}
    what = " + ".join(said) + (f", {times:g} times" if times != 1 and said else "")
    return TakenReading(taken, MappingProxyType(gives), what or "not understood", tuple(asked), opens)


def _may_hold(taken: Taken, doses: tuple[Dose, ...], facts: Supplements) -> frozenset[str]:
    """Return what a supplement in doubt may hold: by its words, and by its compound where that was said."""
    if taken.form is None:
        return may_hold(taken.text, facts)
    found: set[str] = set()
    for dose in doses:
        name = dose.form.name if dose.form else dose.nutrient.words[0]
        found |= {dose.nutrient.column} | may_hold(name, facts)
    return frozenset(found | (may_hold(taken.text, facts) if taken.text else set()))


def _said(dose: Dose) -> str:
    name = dose.form.name if dose.form else _label(dose.nutrient)
    amount = f" {dose.amount:g} {dose.unit}" if dose.amount is not None else ""
    means = f" ({'of the element' if dose.means == ELEMENTAL else 'of the compound'})" if dose.means else ""
    return f"{name}{amount}{means}"
