"""What a food line was read as, its portions, and the foods richest in a nutrient: as a document and as plain data."""

from __future__ import annotations

from typing import Any

from rheobase import __version__
from rheobase.foods import NUTRIENTS, Food, FoodLine, FoodTable, Match, Portion
from rheobase.foods.nutrients import nutrient_label, nutrient_unit
from rheobase.foods.richest import Rich
from rheobase.report.document import Block, Document, Paragraph, Point, Section, Table
from rheobase.report.figures import UNKNOWN, figure

SCHEMA_VERSION = 1
# What the assessment reads; shown first and in the portions.
FIRST = ("magnesium_mg", "calcium_mg", "potassium_mg", "sodium_mg", "vitamin_d_ug")
THEN = ("phosphorus_mg", "vitamin_b12_ug", "caffeine_mg", "alcohol_g", "water_g", "energy_kcal", "protein_g", "fibre_g")


def _value(food: Food, nutrient: str, grams: float) -> str:
    value = food.amount_of(nutrient, grams)
    return UNKNOWN if value is None else f"{figure(value)} {nutrient_unit(nutrient)}"


def line_page(line: FoodLine, table: FoodTable, *, portions: bool = False) -> Document:
    """Return what a line was read as.

    Args:
        line: The line as it was read.
        table: Where it was looked up.
        portions: List every household measure of the first food instead of one amount.
    """
    if not line.matches:
        blocks: tuple[Block, ...] = (
            Paragraph(f"Nothing like it is in {table.name}. Try a plainer name, such as the main ingredient."),
        )
        return Document(line.text, (Section("Not found", blocks),), ())
    food = line.matches[0].food
    sections = [Section("Best match", _best(line, food, portions=portions))]
    # The list of measures is what answers a doubt about the amount.
    if doubts := line.food_doubts if portions else line.doubts:
        sections.append(Section("To confirm", tuple(Point(each) for each in doubts)))
    if len(line.matches) > 1:
        others = tuple(Point(f"{each.food.id}  {each.food.description}") for each in line.matches[1:])
        sections.append(Section("Or one of these", others))
    made = len(table.columns.made_from)
    more = f", and {made} everyday foods made up from them by recipes of ours" if made else ""
    about = f"{table.name}, {len(table) - made} foods{more}. {UNKNOWN.capitalize()}: no value in it; it is not zero."
    return Document(line.text, (*sections, Section("Source", (Paragraph(about),))), ())


def _best(line: FoodLine, food: Food, *, portions: bool) -> tuple[Block, ...]:
    title = Paragraph(f"{food.id}  {food.description}", strong=True)
    group = Paragraph(food.group or "no food group")
    if food.made_from:
        group = Paragraph(f"{food.group}. Not in {line.matches[0].food.table}: made up from {food.made_from}.")
    if portions:
        rows = tuple(
            (each.words, figure(each.grams), *(figure(food.amount_of(name, each.grams)) for name in FIRST))
            for each in food.portions
        )
        heads = tuple(f"{nutrient_label(name)} {nutrient_unit(name)}" for name in FIRST)
        if not rows:
            return (title, group, Paragraph("The table lists no household measure of this food."))
        return (title, group, Table("Household measures of the table", ("measure", "g", *heads), rows))
    weight = line.weight
    grams = weight.grams if weight and weight.grams is not None else None
    rows = tuple(
        (
            nutrient_label(name),
            UNKNOWN if grams is None else _value(food, name, grams),
            _value(food, name, 100),
        )
        for name in (*FIRST, *THEN)
    )
    if weight is None or grams is None:
        how = f"Amount: {weight.basis}." if weight else "Amount: not known."
        head = ("", "amount not known", "in 100 g")
    else:
        span = f", perhaps {figure(weight.low)} to {figure(weight.high)} g" if weight.confirm else ""
        how = f"Amount: {figure(grams)} g{span} ({weight.basis})."
        head = ("", f"in {figure(grams)} g", "in 100 g")
    return (title, group, Paragraph(how), Table("What it holds", head, rows))


def _helping(portion: Portion) -> str:
    return portion.words if portion.measure == "g" else f"{portion.words} ({figure(portion.grams)} g)"


def richest_page(found: tuple[Rich, ...], nutrient: str, table: FoodTable, *, name: str = "") -> Document:
    """Return the foods richest in a nutrient per usual helping."""
    label, unit = nutrient_label(nutrient), nutrient_unit(nutrient)
    of = f" among {name}" if name else ""
    title = f"Most {label} in a usual helping{of}"
    rows = tuple((f"{figure(each.amount)} {unit}", _helping(each.portion), each.food.description) for each in found)
    caption = f"{table.name}; powders, flours and raw grains left out; helpings are our estimate"
    blocks: tuple[Block, ...] = (
        (Table(caption, (label, "helping", "food"), rows),) if rows else (Paragraph("No such food has a value."),)
    )
    return Document(title, (Section("Foods", blocks),), ())


def _stamp(table: FoodTable) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "table": table.name,
        "foods": len(table) - len(table.columns.made_from),
    }


def _food_json(food: Food) -> dict[str, Any]:
    return {
        "id": food.id,
        "description": food.description,
        "group": food.group,
        "made_from": food.made_from or None,
        "per_100_g": {name: food.per_100_g.get(name) for name in NUTRIENTS},
        "portions": [{"amount": each.amount, "measure": each.measure, "grams": each.grams} for each in food.portions],
    }


def _match_json(match: Match) -> dict[str, Any]:
    return {"score": match.score, "exact": match.exact, "nearest_kin": match.kin, **_food_json(match.food)}


def line_json(line: FoodLine, table: FoodTable) -> dict[str, Any]:
    """Return what a line was read as, as plain data; unknown values are null."""
    weight = line.weight
    food = line.matches[0].food if line.matches else None
    holds = None
    if food is not None and weight is not None and weight.grams is not None:
        holds = {name: food.amount_of(name, weight.grams) for name in NUTRIENTS}
        holds = {name: None if value is None else round(value, 4) for name, value in holds.items()}
    return {
        **_stamp(table),
        "text": line.text,
        "name": line.name,
        "amount": {
            "number": line.amount.number,
            "unit": line.amount.unit or None,
            "size": line.amount.size or None,
            "grams": weight.grams if weight else None,
            "grams_low": weight.low if weight else None,
            "grams_high": weight.high if weight else None,
            "certainty": str(weight.certainty) if weight else None,
            "basis": weight.basis if weight else None,
        },
        "holds": holds,
        "confirm": line.confirm,
        "doubts": list(line.doubts),
        "matches": [_match_json(each) for each in line.matches],
    }


def richest_json(found: tuple[Rich, ...], nutrient: str, table: FoodTable) -> dict[str, Any]:
    """Return the foods richest in a nutrient, as plain data."""
    return {
        **_stamp(table),
        "nutrient": nutrient,
        "richest": [
            {
                "id": each.food.id,
                "description": each.food.description,
                "portion": each.portion.words,
                "grams": each.portion.grams,
                "amount": round(each.amount, 4),
            }
            for each in found
        ],
    }
