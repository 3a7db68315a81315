"""Read the French table Ciqual in CSV, by header name and unit, French or English.

Its carbohydrate is available carbohydrate, not by difference as elsewhere, and is left unknown rather than mixed. "-",
"traces" and "< 0,5" say no amount and stay unknown.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO

from rheobase.errors import DataRefusedError
from rheobase.importers.foods_rows import (
    Draft,
    FoodImport,
    LeftOut,
    check_count,
    finish,
    open_rows,
    plain_header,
    read_number,
)

# How a column's name begins, without accents, to our nutrient; the first that fits counts.
BEGINNINGS = {
    "energie, reglement ue": "energy_kcal",
    "energy, regulation eu": "energy_kcal",
    "eau ": "water_g",
    "water ": "water_g",
    "proteines": "protein_g",
    "protein": "protein_g",
    "lipides": "fat_g",
    "fat ": "fat_g",
    "fibres": "fibre_g",
    "fibre": "fibre_g",
    "sucres": "sugars_g",
    "sugars": "sugars_g",
    "lactose": "lactose_g",
    "alcool": "alcohol_g",
    "alcohol": "alcohol_g",
    "calcium": "calcium_mg",
    "fer ": "iron_mg",
    "iron": "iron_mg",
    "magnesium": "magnesium_mg",
    "phosphore": "phosphorus_mg",
    "phosphorus": "phosphorus_mg",
    "potassium": "potassium_mg",
    "sodium": "sodium_mg",
    "zinc": "zinc_mg",
    "vitamine d": "vitamin_d_ug",
    "vitamin d": "vitamin_d_ug",
    "vitamine b12": "vitamin_b12_ug",
    "vitamin b12": "vitamin_b12_ug",
}
_UNIT = re.compile(r"\((kcal|kj|g|mg|ug|ui|iu|%[^/)]*)(?:/\s*100\s?g)?\)")


def _columns(header: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Return column name to nutrient and unit."""
    found = {}
    for name in header:
        plain = plain_header(name)
        unit = _UNIT.search(plain)
        nutrient = next((each for start, each in BEGINNINGS.items() if plain.startswith(start)), None)
        if unit and nutrient and not (nutrient == "energy_kcal" and unit[1] != "kcal"):
            found[name] = (nutrient, unit[1])
    return found


def read_ciqual(stream: IO[bytes], path: Path) -> FoodImport:
    """Return the foods of a Ciqual table.

    Args:
        stream: Its bytes.
        path: Name of the file, for messages and as the table's name.

    Raises:
        DataRefusedError: It lacks its columns or is cut off.
    """
    rows = open_rows(stream, path.name)
    names = {plain_header(name): name for name in rows.header}
    code = names.get("alim_code")
    title = names.get("alim_nom_fr") or names.get("alim_nom_eng")
    group = names.get("alim_grp_nom_fr") or names.get("alim_grp_nom_eng")
    columns = _columns(rows.header)
    if code is None or title is None or not columns:
        raise DataRefusedError(f"{path.name}: has no columns alim_code, alim_nom_fr and nutrients with their units.")
    left_out = LeftOut()
    drafts: list[Draft] = []
    for row in rows.rows:
        if not row[code].strip() or not row[title].strip():
            continue
        draft = Draft(row[code].strip(), row[title].strip(), row[group].strip() if group else "")
        for name, (nutrient, unit) in columns.items():
            try:
                value = read_number(row[name], decimal_comma=True)
            except ValueError as problem:
                left_out.note(f"{draft.description} ({draft.id}), {name}: {problem}; taken as unknown")
                continue
            draft.take(nutrient, value, unit, left_out)
        drafts.append(draft)
        check_count(len(drafts), path.name)
    return finish(drafts, f"Ciqual ({path.stem})", left_out, file=path.name)
