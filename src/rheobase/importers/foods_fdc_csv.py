"""Read a FoodData Central download in CSV (FNDDS, Foundation, SR Legacy), as the zip that it comes in.

Files inside, by header name: food.csv, food_nutrient.csv, nutrient.csv, food_portion.csv, measure_unit.csv and
food_category.csv. Nutrients are recognised by USDA's nutrient numbers; FNDDS gives the numbers where the other tables
give ids, so both are understood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipInfo

from rheobase.errors import DataRefusedError
from rheobase.importers.foods_rows import (
    Draft,
    FoodImport,
    LeftOut,
    Rows,
    check_count,
    finish,
    need_columns,
    open_rows,
    read_number,
)
from rheobase.importers.safe_zip import open_member, open_zip

# USDA nutrient number to column; of several the first that a food has is taken.
NUMBERS = {
    "208": "energy_kcal",
    "958": "energy_kcal",
    "957": "energy_kcal",
    "255": "water_g",
    "203": "protein_g",
    "204": "fat_g",
    "205": "carbohydrate_g",
    "291": "fibre_g",
    "269": "sugars_g",
    "213": "lactose_g",
    "221": "alcohol_g",
    "262": "caffeine_mg",
    "301": "calcium_mg",
    "303": "iron_mg",
    "304": "magnesium_mg",
    "305": "phosphorus_mg",
    "306": "potassium_mg",
    "307": "sodium_mg",
    "309": "zinc_mg",
    "328": "vitamin_d_ug",
    "324": "vitamin_d_ug",
    "418": "vitamin_b12_ug",
}
# Samples and market acquisitions are measurements behind a food, not foods.
KINDS = ("foundation_food", "sr_legacy_food", "survey_fndds_food", "branded_food", "experimental_food")
NO_UNIT = "9999"
FILES = ("food.csv", "food_nutrient.csv", "nutrient.csv", "food_portion.csv", "measure_unit.csv", "food_category.csv")


@contextmanager
def _open(path: Path, members: Mapping[str, ZipInfo], name: str) -> Iterator[Rows]:
    with open_member(path, members[name]) as stream:
        yield open_rows(stream, f"{path.name}: {name}")


def _nutrients(path: Path, members: Mapping[str, ZipInfo]) -> dict[str, tuple[str, str, int]]:
    """Return nutrient id to column, unit and order of preference."""
    order = {number: at for at, number in enumerate(NUMBERS)}
    with _open(path, members, "nutrient.csv") as rows:
        need_columns(rows, ("id", "unit_name", "nutrient_nbr"), f"{path.name}: nutrient.csv")
        listed = [(row["id"], row["nutrient_nbr"].strip().removesuffix(".0"), row["unit_name"]) for row in rows.rows]
    known = {key: (NUMBERS[nbr], unit, order[nbr]) for key, nbr, unit in listed if nbr in NUMBERS}
    # FNDDS writes the number itself; an id that is also a number stays an id.
    return {nbr: (NUMBERS[nbr], unit, order[nbr]) for _, nbr, unit in listed if nbr in NUMBERS} | known


def _names(path: Path, members: Mapping[str, ZipInfo], file: str, column: str) -> dict[str, str]:
    """Return id to name of a small list, nothing when the download has none."""
    if file not in members:
        return {}
    with _open(path, members, file) as rows:
        key = "id" if "id" in rows.header else rows.header[0]
        need_columns(rows, (column,), f"{path.name}: {file}")
        return {row[key]: row[column] for row in rows.rows}


def _foods(path: Path, members: Mapping[str, ZipInfo]) -> dict[str, Draft]:
    groups = _names(path, members, "food_category.csv", "description")
    wweia = _names(path, members, "wweia_food_category.csv", "wweia_food_category_description")
    drafts: dict[str, Draft] = {}
    with _open(path, members, "food.csv") as rows:
        need_columns(rows, ("fdc_id", "description"), f"{path.name}: food.csv")
        for row in rows.rows:
            if row.get("data_type", KINDS[0]) in KINDS and row["description"].strip():
                group = row.get("food_category_id", "")
                name = groups.get(group) or wweia.get(group) or ("" if group.isdigit() else group)
                drafts[row["fdc_id"]] = Draft(row["fdc_id"], row["description"].strip(), name)
                check_count(len(drafts), path.name)
    return drafts


def _fill_values(path: Path, members: Mapping[str, ZipInfo], drafts: Mapping[str, Draft], left_out: LeftOut) -> None:
    nutrients = _nutrients(path, members)
    waiting: dict[str, list[tuple[int, str, float, str]]] = {}
    with _open(path, members, "food_nutrient.csv") as rows:
        need_columns(rows, ("fdc_id", "nutrient_id", "amount"), f"{path.name}: food_nutrient.csv")
        for row in rows.rows:
            known = nutrients.get(row["nutrient_id"].strip())
            if known is None or row["fdc_id"] not in drafts:
                continue
            column, unit, order = known
            try:
                value = read_number(row["amount"], decimal_comma=False)
            except ValueError as problem:
                left_out.note(f"{drafts[row['fdc_id']].description}, {column}: {problem}; taken as unknown")
                continue
            if value is not None:
                waiting.setdefault(row["fdc_id"], []).append((order, column, value, unit))
    for food, values in waiting.items():
        for _, column, value, unit in sorted(values):
            drafts[food].take(column, value, unit, left_out)


def _fill_portions(path: Path, members: Mapping[str, ZipInfo], drafts: Mapping[str, Draft], left_out: LeftOut) -> None:
    if "food_portion.csv" not in members:
        return
    units = _names(path, members, "measure_unit.csv", "name")
    with _open(path, members, "food_portion.csv") as rows:
        need_columns(rows, ("fdc_id", "gram_weight"), f"{path.name}: food_portion.csv")
        for row in rows.rows:
            if (draft := drafts.get(row["fdc_id"])) is None:
                continue
            unit = "" if row.get("measure_unit_id") == NO_UNIT else units.get(row.get("measure_unit_id", ""), "")
            described = row.get("portion_description", "").strip()
            # FNDDS puts "1 cup" into the description and codes into the modifier.
            modifier = "" if row.get("modifier", "").strip().isdigit() else row.get("modifier", "").strip()
            try:
                amount = read_number(row.get("amount", ""), decimal_comma=False)
                grams = read_number(row["gram_weight"], decimal_comma=False)
            except ValueError as problem:
                left_out.note(f"{draft.description}, a portion: {problem}; left out")
                continue
            add_portion(draft, (amount, unit, described or modifier), grams, left_out)


def add_portion(draft: Draft, said: tuple[float | None, str, str], grams: float | None, left_out: LeftOut) -> None:
    """Take a portion that is said as an amount, a unit and words such as "1 cup, chopped".

    Args:
        draft: The food.
        said: Amount, unit and words, each of which may be missing.
        grams: Weight of the whole [g].
        left_out: Where a portion that cannot be is noted.
    """
    amount, unit, words = said
    if amount is None:
        first, _, rest = words.partition(" ")
        try:
            amount, words = float(first), rest
        except ValueError:
            amount = 1.0
    draft.take_portion(amount, ", ".join(filter(None, (unit, words))), grams, left_out)


def read_fdc_csv(path: Path) -> FoodImport:
    """Return the foods of a FoodData Central CSV download.

    Args:
        path: The zip as it was downloaded.

    Raises:
        DataRefusedError: It is damaged, too large, or lacks a file or a column.
    """
    left_out = LeftOut()
    with open_zip(path, once=FILES) as members:
        for name in ("food.csv", "food_nutrient.csv", "nutrient.csv"):
            if name not in members:
                raise DataRefusedError(
                    f"{path.name}: holds no {name}; expected a FoodData Central download with food.csv, "
                    f"food_nutrient.csv and nutrient.csv."
                )
        drafts = _foods(path, members)
        _fill_values(path, members, drafts, left_out)
        _fill_portions(path, members, drafts, left_out)
    return finish(list(drafts.values()), f"FoodData Central ({path.stem})", left_out, file=path.name)
