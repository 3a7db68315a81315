"""Read a FoodData Central download in JSON (FNDDS, Foundation, SR Legacy), plain or as the zip that it comes in."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from rheobase.errors import DataRefusedError
from rheobase.importers.foods_fdc_csv import NUMBERS, add_portion
from rheobase.importers.foods_rows import Draft, FoodImport, LeftOut, check_count, finish
from rheobase.importers.safe_zip import MOST_UNPACKED

LONGEST_SHOWN = 40
LISTS = ("FoundationFoods", "SRLegacyFoods", "SurveyFoods", "BrandedFoods")


def _number(value: object) -> float | None:
    """Return a JSON number; None for anything that is none or not finite."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:  # a whole number beyond every float
        return None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _part(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _parts(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _draft(food: Mapping[str, Any], left_out: LeftOut) -> Draft | None:
    """Return one food, None when it has no id or no name."""
    key, name = food.get("fdcId"), _text(food.get("description"))
    if not isinstance(key, int) or not name:
        left_out.note(f"a food without id or name: {name or key!r}; left out")
        return None
    group = _text(_part(food.get("foodCategory")).get("description")) or _text(
        _part(food.get("wweiaFoodCategory")).get("wweiaFoodCategoryDescription")
    )
    draft = Draft(str(key), name, group)
    order = list(NUMBERS)
    held = []
    for each in _parts(food.get("foodNutrients")):
        nutrient = _part(each.get("nutrient"))
        number = _text(nutrient.get("number"))
        if number in NUMBERS:
            held.append((order.index(number), NUMBERS[number], each.get("amount"), _text(nutrient.get("unitName"))))
    for _, column, amount, unit in sorted(held, key=lambda one: one[0]):
        if amount is not None and _number(amount) is None:
            left_out.note(
                f"{name} ({key}), {column}: {str(amount)[:LONGEST_SHOWN]} is not a finite number; taken as unknown"
            )
        draft.take(column, _number(amount), unit, left_out)
    for each in _parts(food.get("foodPortions")):
        unit = _text(_part(each.get("measureUnit")).get("name"))
        modifier = _text(each.get("modifier"))
        words = _text(each.get("portionDescription")) or ("" if modifier.isdigit() else modifier)
        said = (_number(each.get("amount")), "" if unit == "undetermined" else unit, words)
        add_portion(draft, said, _number(each.get("gramWeight")), left_out)
    return draft


def read_fdc_json(stream: IO[bytes], path: Path) -> FoodImport:
    """Return the foods of a FoodData Central JSON download.

    Args:
        stream: Its bytes.
        path: Name of the file, for messages and as the table's name.

    Raises:
        DataRefusedError: It is no JSON, is cut off, too large, or holds no list of foods.
    """
    data = stream.read(MOST_UNPACKED + 1)
    if len(data) > MOST_UNPACKED:
        raise DataRefusedError(f"{path.name}: is larger than {MOST_UNPACKED / 1e6:,.0f} MB. Is this the right file?")
    try:
        raw = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        # Python's own words on numbers of thousands of figures and on deep nesting help nobody.
        odd = "a number of more than 4300 figures" if "integer string" in str(problem) else "lists too deep to be foods"
        why = str(problem) if isinstance(problem, json.JSONDecodeError | UnicodeDecodeError) else f"it holds {odd}"
        raise DataRefusedError(f"{path.name}: is not whole JSON ({why}). Download it again.") from problem
    lists = [name for name in LISTS if isinstance(_part(raw).get(name), list)]
    if not lists:
        raise DataRefusedError(f"{path.name}: holds none of the lists {', '.join(LISTS)} of FoodData Central.")
    left_out = LeftOut()
    drafts: list[Draft] = []
    for name in lists:
        foods = _parts(raw[name])
        check_count(len(foods), path.name)
        drafts.extend(draft for food in foods if (draft := _draft(food, left_out)) is not None)
    return finish(drafts, f"FoodData Central ({path.stem})", left_out, file=path.name)
