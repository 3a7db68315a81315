"""Supplements, antacids and salts: compounds, and the share of a nutrient in each, from formulas and atomic weights."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from rheobase.errors import KnowledgeError
from rheobase.knowledge.read import DATA

FILE = "intake_supplements.toml"
ELEMENTAL, SALT, EITHER = "elemental", "salt", "either"
_TOKEN = re.compile(r"([A-Z][a-z]?)|([()])|(\d+)")


@dataclass(frozen=True, slots=True)
class Tracked:
    """A nutrient that supplements give.

    Attributes:
        id: Name as in a label, such as "magnesium".
        column: Column of the food table; its ending is the unit.
        words: What labels call it, lower case.
        element: Symbol, "" for a vitamin or caffeine.
        charge: Of the ion, for mEq; None where mEq is not used.
        ug_per_iu: Micrograms in one international unit; None where the substance has none here.
        source: Source of the unit, "" where it is a definition.
    """

    id: str
    column: str
    words: tuple[str, ...]
    element: str = ""
    charge: int | None = None
    ug_per_iu: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A compound as it is sold.

    Attributes:
        id: Such as "magnesium_citrate".
        name: As read out.
        element: Symbol of the nutrient that gives it its name.
        words: What labels call it beside the nutrient's name.
        formulas: Chemical formulas, the usual form first; the others, hydrates mostly, are sold too.
        dosed_as: What an amount beside the name means: "salt", or "either", which has to be asked.
        source: Where the formulas are from.
        grade: How well that was checked.
        note: What to know, "" for nothing.
    """

    id: str
    name: str
    element: str
    words: tuple[str, ...]
    formulas: tuple[str, ...]
    dosed_as: str
    source: str
    grade: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of product, and what it commonly holds beside what its name says.

    Attributes:
        id: Such as "antacid".
        words: What people call it, lower case.
        may_hold: Columns of the food table that cannot be taken as none while such a product is in doubt.
        source: Where that is from.
        grade: How well that was checked.
        note: What to know, "" for nothing.
    """

    id: str
    words: tuple[str, ...]
    may_hold: tuple[str, ...]
    source: str
    grade: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Supplements:
    """Everything known of supplements. Compared by identity: one process has one.

    Attributes:
        weights: Atomic weight of each element [g/mol].
        nutrients: By id.
        forms: By id.
        kinds: By id.
        sources: Every source that is cited.
    """

    weights: Mapping[str, float]
    nutrients: Mapping[str, Tracked]
    forms: Mapping[str, Form]
    kinds: Mapping[str, Kind]
    sources: frozenset[str]

    def by_element(self, element: str) -> Tracked | None:
        """Return the nutrient of an element, None when it is not followed."""
        return next((each for each in self.nutrients.values() if element and each.element == element), None)

    def columns_of(self, form: Form) -> frozenset[str]:
        """Return the columns of every followed nutrient that a compound holds in one of its formulas."""
        held = {element for formula in form.formulas for element in atoms_in(formula)}
        return frozenset(each.column for each in self.nutrients.values() if each.element in held)

    @lru_cache(maxsize=2000)  # noqa: B019 - one process has one
    def mass_share(self, formula: str, element: str) -> float:
        """Return which share of a compound's mass is one element, from 0 to 1.

        Raises:
            KnowledgeError: The formula cannot be read, or holds an element without a weight.
        """
        count = atoms_in(formula)
        try:
            whole = sum(self.weights[each] * number for each, number in count.items())
        except KeyError as problem:
            raise KnowledgeError(f"{formula}: no atomic weight of {problem}") from problem
        return self.weights.get(element, 0.0) * count.get(element, 0) / whole


@lru_cache(maxsize=500)
def atoms_in(formula: str) -> Mapping[str, int]:
    """Return how many atoms of each element a formula holds.

    Example:
        >>> sorted(atoms_in("MgCl2.6H2O").items())
        [('Cl', 2), ('H', 12), ('Mg', 1), ('O', 6)]

    Raises:
        KnowledgeError: It is no formula.
    """
    total: Counter[str] = Counter()
    for part in formula.split("."):
        times = re.match(r"\d*", part)
        number = int(times[0]) if times and times[0] else 1
        for element, count in _group(part[len(times[0]) if times else 0 :], formula).items():
            total[element] += number * count
    return MappingProxyType(total)


def _group(part: str, formula: str) -> Counter[str]:
    """Return the atoms of one part without its leading number."""
    stack: list[Counter[str]] = [Counter()]
    last: Counter[str] = Counter()
    at = 0
    while at < len(part):
        if (token := _TOKEN.match(part, at)) is None:
            raise KnowledgeError(f"{formula!r} is not a formula: {part[at:]!r}")
        at = token.end()
        element, bracket, digits = token.groups()
        if digits:
            # The atom or group before the number was counted once already.
            stack[-1].update({each: count * (int(digits) - 1) for each, count in last.items()})
            last = Counter()
        elif bracket == "(":
            stack.append(Counter())
        elif bracket and len(stack) > 1:
            last = stack.pop()
            stack[-1].update(last)
        elif element:
            last = Counter({element: 1})
            stack[-1].update(last)
        else:
            raise KnowledgeError(f"{formula!r} closes a bracket that was not opened")
    if len(stack) != 1 or not part:
        raise KnowledgeError(f"{formula!r} is not a whole formula")
    return stack[0]


def _row(kind: Any, row: Mapping[str, Any]) -> Any:
    try:
        return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()})
    except TypeError as problem:
        raise KnowledgeError(f"{FILE}: {row.get('id')}: {problem}") from problem


@lru_cache(maxsize=1)
def load_supplements() -> Supplements:
    """Return the packaged facts, read once.

    Raises:
        KnowledgeError: The file is malformed, or a form names an element that its formula does not hold.
    """
    raw = tomllib.loads((DATA / FILE).read_text(encoding="utf-8"))
    nutrients = {row["id"]: _row(Tracked, _without_grade(row)) for row in raw["supplement_nutrient"]}
    forms = {row["id"]: _row(Form, row) for row in raw["supplement_form"]}
    kinds = {row["id"]: _row(Kind, row) for row in raw["supplement_kind"]}
    listed = [*nutrients.values(), *forms.values(), *kinds.values()]
    cited = {each.source for each in listed if each.source} | {raw["supplement_elements"]["source"]}
    found = Supplements(raw["supplement_elements"]["weights"], nutrients, forms, kinds, frozenset(cited))
    for form in forms.values():
        if form.dosed_as not in (SALT, EITHER) or found.by_element(form.element) is None:
            raise KnowledgeError(f"{FILE}: {form.id}: dosed_as or element is not one that is known")
        for formula in form.formulas:
            if not 0 < found.mass_share(formula, form.element) < 1:
                raise KnowledgeError(f"{FILE}: {form.id}: {formula} holds no {form.element}")
    return found


def _without_grade(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "grade"}


def cited_by_supplements() -> frozenset[str]:
    """Return the id of every source that the facts on supplements cite."""
    return load_supplements().sources
