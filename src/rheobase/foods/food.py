"""One food and its household measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Every nutrient column of a table, per 100 g of edible food; the unit stands in the name.
NUTRIENTS = (
    "energy_kcal",
    "water_g",
    "protein_g",
    "fat_g",
    "carbohydrate_g",
    "fibre_g",
    "sugars_g",
    "lactose_g",
    "alcohol_g",
    "caffeine_mg",
    "calcium_mg",
    "iron_mg",
    "magnesium_mg",
    "phosphorus_mg",
    "potassium_mg",
    "sodium_mg",
    "zinc_mg",
    "vitamin_d_ug",
    "vitamin_b12_ug",
)


@dataclass(frozen=True, slots=True)
class Portion:
    """A household measure of one food.

    Attributes:
        amount: How many of the measure.
        measure: The measure in the table's own words, such as "cup, chopped".
        grams: What ``amount`` of the measure weighs [g].
    """

    amount: float
    measure: str
    grams: float

    @property
    def grams_each(self) -> float:
        """Weight of one measure [g]."""
        return self.grams / self.amount

    @property
    def words(self) -> str:
        """The measure as it is read out: "1 cup, chopped"."""
        return f"{self.amount:g} {self.measure}"


@dataclass(frozen=True, slots=True)
class Food:
    """One row of a food table.

    Attributes:
        id: The table's own number, as text.
        description: The table's own name of the food.
        group: The table's food group, "" when it has none.
        table: Name of the table that the figures come from.
        portions: Household measures, in the table's order.
        per_100_g: Value of every name in ``NUTRIENTS`` per 100 g edible; None where the table has no value, never 0.
        made_from: The parts that it was made up from by a recipe of ours, as read out; "" for a food of the table.
    """

    id: str
    description: str
    group: str
    table: str
    portions: tuple[Portion, ...]
    per_100_g: Mapping[str, float | None]
    made_from: str = ""

    def amount_of(self, nutrient: str, grams: float) -> float | None:
        """Return how much of a nutrient some grams of the food hold, None when the table does not know.

        Args:
            nutrient: One of ``NUTRIENTS``.
            grams: Edible weight [g].

        Raises:
            KeyError: The nutrient is not one of the table's columns.
        """
        value = self.per_100_g[nutrient]
        return None if value is None else value * grams / 100
