"""Look up a food: a page of results, one food with its measures, the list while typing, and choosing it for a line."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from rheobase.diet import diary
from rheobase.errors import DataRefusedError
from rheobase.foods import Food, load_foods, weigh
from rheobase.foods.amounts import split_amount
from rheobase.foods.as_typed import Typed, everyday_name, foods_as_typed
from rheobase.foods.lines import LONGEST_LINE, MOST_GRAMS
from rheobase.foods.nutrients import nutrient_label, nutrient_unit
from rheobase.person import Eaten
from rheobase.plain_text import printable
from rheobase.report.figures import UNKNOWN, figure
from rheobase.report.foods_page import FIRST, THEN
from rheobase.web.pages.food import KINDS, address, change, chosen_day, label_of
from rheobase.web.visit import Visit

MOST_RESULTS, MOST_PORTIONS, LONGEST_NAME = 12, 6, 120


@dataclass(frozen=True, slots=True)
class Result:
    """One food that was found, with its measures as they are read out."""

    food: Food
    portions: tuple[tuple[str, float], ...]


def search(visit: Visit) -> Response:
    """Show the foods that a name may mean."""
    asked, typed = _asked(visit)
    results = [_result(match.food) for match in typed.matches]
    return visit.show("foods.html", asked=asked, name=typed.name, results=results, rows=None, food=None)


def suggest(visit: Visit) -> Response:
    """Give the foods that a line may mean while it is typed."""
    asked, typed = _asked(visit)
    foods = [
        {
            "id": match.food.id,
            "name": printable(match.food.description, limit=LONGEST_NAME),
            "short": everyday_name(match.food.description),
            "weighs": _weighs(match.food, typed.amount),
            "portions": _portions(match.food),
        }
        for match in typed.matches
    ]
    return JSONResponse({"q": asked, "amount": typed.amount, "foods": foods})


def one(visit: Visit) -> Response:
    """Show one food: what 100 g hold, and its measures."""
    food = load_foods().get(str(visit.path["food"]))
    if food is None:
        raise DataRefusedError("There is no such food in the table. Look it up by its name.")
    rows = []
    for column in (*FIRST, *THEN):
        value, unit = food.per_100_g[column], nutrient_unit(column)
        name = nutrient_label(column)
        rows.append((name[:1].upper() + name[1:], UNKNOWN if value is None else f"{figure(value)} {unit}"))
    return visit.show("foods.html", asked="", name="", results=[], rows=rows, food=_result(food))


def find(visit: Visit) -> Response:
    """Look up a food for a line of the diary: a new one, or one that is there."""
    papers = visit.papers()
    name = chosen_day(visit, visit.query.get("day", ""))
    label = label_of(name, visit.desk.today) if diary.date_of(name, today=visit.desk.today) else "A day without a date"
    asked, typed = _asked(visit)
    kind = visit.query.get("kind", diary.MEALS)
    return visit.show(
        "food_find.html",
        papers=papers,
        day=name,
        label=label,
        asked=asked,
        typed=typed,
        results=[_result(match.food) for match in typed.matches],
        line=visit.query.get("line", ""),
        kind=kind if kind in diary.SECTIONS[:2] else diary.MEALS,
        kinds=KINDS[:2],
        time=visit.query.get("time", ""),
        amount=visit.query.get("amount", typed.amount),
        chosen=visit.query.get("food", ""),
        problem=printable(visit.query.get("problem", ""), limit=300),
    )


def take(visit: Visit) -> Response:
    """Write the food that was found into the diary."""
    papers = visit.papers()
    name = chosen_day(visit, visit.one("day"))
    table, key = load_foods(), visit.one("line")
    try:
        food = _chosen(table.get(visit.one("food")))
        time = diary.time_of(visit.one("time"))
        line = _line(food, visit.one("amount"), time)
        if key:
            words = f"changed to {line.text}"
            change(visit, name, lambda day: diary.exchanged(day, diary.place_of(day, key), line), words)
        else:
            kind = visit.one("kind") if visit.one("kind") in diary.SECTIONS[:2] else diary.MEALS
            change(visit, name, lambda day: diary.added(day, kind, line), f"added {line.text}")
    except DataRefusedError as problem:
        kept = {each: visit.one(each) for each in ("day", "line", "kind", "time", "q", "amount", "food")}
        return visit.go(f"/{papers.who.id}/food/find?{urlencode({**kept, 'problem': str(problem)})}")
    return visit.go(address(papers, name, "#said"))


def _chosen(food: Food | None) -> Food:
    if food is None:
        raise DataRefusedError("Choose one of the foods first.")
    return food


def _line(food: Food, amount: str, time: str) -> Eaten:
    """Return a line of a food and an amount such as "2 cups" or "150".

    Raises:
        DataRefusedError: The amount can't be one.
    """
    amount = printable(amount)
    if amount.replace(".", "", 1).replace(",", "", 1).isdigit():
        amount = f"{amount} g"
    name = everyday_name(food.description)
    line = diary.told(diary.MEALS, f"{amount} {name}".strip(), time=time, food=food.id)
    try:
        weight = weigh(food, split_amount(line.text)[0])
    except ValueError as problem:
        raise DataRefusedError(f"{printable(amount, limit=40)!r} cannot be read as an amount ({problem}).") from None
    if weight.grams is not None and weight.grams > MOST_GRAMS:
        raise DataRefusedError(
            f"{printable(amount, limit=40)} is {weight.grams / 1000:,.0f} kg, at most {MOST_GRAMS / 1000:g} kg is one "
            "line. Check the unit."
        )
    if not isinstance(line, Eaten):  # pragma: no cover - meals are eaten
        raise TypeError
    return line


def _asked(visit: Visit) -> tuple[str, Typed]:
    asked = visit.query.get("q", "")[: LONGEST_LINE + 1]
    return asked, foods_as_typed(asked, load_foods(), limit=MOST_RESULTS) if asked.strip() else Typed("", "", ())


def _result(food: Food) -> Result:
    return Result(food, tuple((words, grams) for words, grams in _portions(food)))


def _portions(food: Food) -> list[tuple[str, float]]:
    return [(printable(each.words, limit=60), round(each.grams, 1)) for each in food.portions[:MOST_PORTIONS]]


def _weighs(food: Food, amount: str) -> str:
    """Return what an amount of a food weighs as it is read out; "" where none is said or it is not known."""
    if not amount:
        return ""
    try:
        weight = weigh(food, split_amount(f"{amount} x")[0])
    except ValueError:
        return ""
    if weight.grams is None or weight.grams > MOST_GRAMS:
        return ""
    return f"{'about ' if weight.confirm else ''}{figure(weight.grams)} g"
