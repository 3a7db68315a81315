"""Read an Open Food Facts export (CSV, tab-separated), in full or cut down.

Its ``<nutrient>_100g`` columns are in grams whatever the label said, energy in kJ unless the column says kcal, alcohol
in percent by volume. People typed these values: impossible ones (468 IU of vitamin D stored as 468 g) become unknown
and are listed; a column whose unit is a share of a daily value is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO

from rheobase.errors import DataRefusedError
from rheobase.foods import Portion
from rheobase.importers.foods_rows import Draft, FoodImport, LeftOut, check_count, finish, open_rows, read_number

# Column to our nutrient and its unit; of several for one nutrient the first that has a value is taken.
COLUMNS = {
    "energy-kcal_100g": ("energy_kcal", "kcal"),
    "energy_100g": ("energy_kcal", "kJ"),
    "energy-kj_100g": ("energy_kcal", "kJ"),
    "proteins_100g": ("protein_g", "g"),
    "fat_100g": ("fat_g", "g"),
    "fiber_100g": ("fibre_g", "g"),
    "sugars_100g": ("sugars_g", "g"),
    "lactose_100g": ("lactose_g", "g"),
    "caffeine_100g": ("caffeine_mg", "g"),
    "calcium_100g": ("calcium_mg", "g"),
    "iron_100g": ("iron_mg", "g"),
    "magnesium_100g": ("magnesium_mg", "g"),
    "phosphorus_100g": ("phosphorus_mg", "g"),
    "potassium_100g": ("potassium_mg", "g"),
    "sodium_100g": ("sodium_mg", "g"),
    "zinc_100g": ("zinc_mg", "g"),
    "vitamin-d_100g": ("vitamin_d_ug", "g"),
    "vitamin-b12_100g": ("vitamin_b12_ug", "g"),
}
ALCOHOL = "alcohol_100g"
# Density of ethanol at 20 °C [g/ml]: percent by volume to grams in 100 ml, taken for 100 g. Expert, grade B.
ETHANOL_G_PER_ML = 0.789
# What a label may truly hold in 100 g; more is a slip of the unit, however little it weighs [g]. Expert, grade C.
MOST = {"vitamin_d_ug": 0.005, "vitamin_b12_ug": 0.01, "caffeine_mg": 20.0, "magnesium_mg": 60.0}


def _take(draft: Draft, row: Mapping[str, str], column: str, left_out: LeftOut) -> None:
    nutrient, unit = COLUMNS[column]
    said = f"{draft.description} ({draft.id}), {nutrient.rpartition('_')[0]}"
    if "%" in row.get(column.removesuffix("_100g") + "_unit", ""):
        if row[column].strip():
            left_out.note(f"{said}: a share of a daily value is not an amount; taken as unknown")
        return
    try:
        value = read_number(row[column], decimal_comma=True)
    except ValueError as problem:
        left_out.note(f"{said}: {problem}; taken as unknown")
        return
    if value is not None and value > MOST.get(nutrient, value):
        left_out.note(f"{said}: {value:g} g in 100 g cannot be; taken as unknown")
        return
    draft.take(nutrient, value, unit, left_out)


def _take_serving(draft: Draft, row: Mapping[str, str]) -> None:
    """Take the label's serving where its weight is given as a number of grams."""
    try:
        grams = read_number(row.get("serving_quantity", ""), decimal_comma=True)
    except ValueError:
        return
    if grams is not None and 0 < grams <= 2000:
        draft.portions.append(Portion(1.0, "serving", grams))


def _draft(row: Mapping[str, str], present: tuple[str, ...], left_out: LeftOut) -> Draft | None:
    """Return one product, None when it has no code or no name."""
    code, name = row["code"].strip(), row["product_name"].strip()
    if not code or not name:
        return None
    draft = Draft(code, name, row.get("pnns_groups_2", "").strip())
    for column in present:
        _take(draft, row, column, left_out)
    if ALCOHOL in row:
        try:
            percent = read_number(row[ALCOHOL], decimal_comma=True)
        except ValueError as problem:
            left_out.note(f"{name} ({code}), alcohol: {problem}; taken as unknown")
        else:
            draft.take("alcohol_g", None if percent is None else percent * ETHANOL_G_PER_ML, "g", left_out)
    _take_serving(draft, row)
    return draft


def read_off(stream: IO[bytes], path: Path) -> FoodImport:
    """Return the products of an Open Food Facts export.

    Args:
        stream: Its bytes.
        path: Name of the file, for messages and as the table's name.

    Raises:
        DataRefusedError: It lacks its columns, is cut off, or has too many products.
    """
    rows = open_rows(stream, path.name)
    present = tuple(column for column in COLUMNS if column in rows.header)
    if not present or "code" not in rows.header or "product_name" not in rows.header:
        raise DataRefusedError(f"{path.name}: has no columns code, product_name and <nutrient>_100g.")
    left_out = LeftOut()
    drafts: dict[str, Draft] = {}
    for row in rows.rows:
        if (draft := _draft(row, present, left_out)) is not None:
            if draft.id in drafts:
                left_out.note(f"{draft.description}: the code {draft.id} stands twice; the first is kept")
                continue
            drafts[draft.id] = draft
            check_count(len(drafts), path.name)
    return finish(list(drafts.values()), f"Open Food Facts ({path.stem})", left_out, file=path.name)
