"""Read a diet file: days of meals, drinks and supplements, in YAML or JSON, with all that is wrong in one go."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from rheobase.errors import DataRefusedError
from rheobase.foods import NUTRIENTS
from rheobase.importers.case_problems import Problems, did_you_mean, names_of, shown
from rheobase.importers.diet_limits import FIRST_YEAR, MOST_DAYS, MOST_GRAMS, MOST_LINES, too_much
from rheobase.importers.diet_lines import is_supplement, split_time
from rheobase.importers.safe_yaml import load_yaml
from rheobase.knowledge.supplements import ELEMENTAL, SALT, Supplements, load_supplements
from rheobase.person import Diet, DietDay, Eaten, Taken
from rheobase.plain_text import printable

VERSION, VERSION_KEY = 1, "rheobase_diet"
# A month of lines with what each holds is larger than any case file.
L = TypeVar("L", Eaten, Taken)
MAX_BYTES = 20_000_000
DAY_KEYS = ("date", "complete", "meals", "drinks", "supplements", "totals", "from", "notes")
TOP_KEYS = (VERSION_KEY, "days", "not_understood", *DAY_KEYS)
EATEN_KEYS = ("text", "food", "grams", "ml", "time", "holds", "per_100_g", "per_litre", "from")
TAKEN_KEYS = ("text", "substance", "amount", "unit", "as", "times", "time", "holds", "from")
UNITS = ("mg", "g", "ug", "IU", "mmol", "mEq")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
LONGEST, MOST_TEXT = 500, 20_000
MOST_TIMES = 50.0


def read_diet(data: bytes, *, name: str, on: date | None) -> Diet:
    """Return the diet of a file.

    Args:
        data: The bytes of the file.
        name: How to call it in a message.
        on: Today; a later day is refused. None: days are not compared.

    Raises:
        DataRefusedError: One line for each thing that is wrong: what came, what was expected, what to do.
    """
    problems = Problems(name)
    raw = load_yaml(data, name=name, limit=MAX_BYTES)
    start = f"Its first line is `{VERSION_KEY}: {VERSION}`, then `meals:` with a line for each food."
    said = printable(name, limit=200)
    if not isinstance(raw, dict) or VERSION_KEY not in raw:
        raise DataRefusedError(f"{said}: is not a diet file: no {VERSION_KEY}. {start}")
    if raw[VERSION_KEY] != VERSION or isinstance(raw[VERSION_KEY], bool):
        came = shown(raw[VERSION_KEY])
        raise DataRefusedError(f"{said}: {VERSION_KEY} is {came}, this Rheobase reads {VERSION}. Update Rheobase.")
    diet = DietReader(problems, on).read(raw)
    problems.raise_if_any()
    return diet


def read_section(raw: object, problems: Problems, *, on: date | None = None) -> Diet | None:
    """Return the diet of a part of a case file; what is wrong is noted under ``diet:``.

    Args:
        raw: What stands under the key.
        problems: Where to note it.
        on: Today; a later day is refused. None: days are not compared.
    """
    if not isinstance(raw, dict):
        problems.add(f"diet: expected a mapping with days or meals, got {shown(raw)}.")
        return None
    inner = Problems(problems.name)
    diet = DietReader(inner, on).read(raw)
    start = f"{printable(problems.name, limit=200)}: "
    for line in inner.lines:
        problems.add(f"diet: {line.removeprefix(start)}")
    if inner.more:
        problems.add(f"diet: and {inner.more} more problems.")
    return diet


class DietReader:
    """Reads the parts of a diet; what is wrong is gathered.

    Args:
        problems: Where to note it.
        on: Today, or None.
    """

    def __init__(self, problems: Problems, on: date | None) -> None:
        self.problems = problems
        self.on = on
        self.facts: Supplements = load_supplements()

    def read(self, raw: Mapping[str, object]) -> Diet:
        """Return the diet of a mapping that is known to be one."""
        self._keys("", raw, TOP_KEYS)
        single = [key for key in DAY_KEYS if key in raw and key != "notes"]
        if "days" in raw and single:
            self.problems.add(f"days and {single[0]} stand side by side. Put everything under days.")
        if "days" in raw:
            days = self._days(raw["days"])
        else:
            days = (self._day("", {key: raw[key] for key in single}),) if single else ()
        kept = raw.get("not_understood")
        if kept is not None and not (isinstance(kept, list) and all(isinstance(each, str) for each in kept)):
            self.problems.add(f"not_understood: expected a list of texts, got {shown(kept)}.")
            kept = None
        lines = tuple(str(each) for each in kept) if isinstance(kept, list) else ()
        return Diet(days, lines, self._text("notes", raw.get("notes")))

    def _days(self, raw: object) -> tuple[DietDay, ...]:
        if not isinstance(raw, list):
            self.problems.add(f"days: expected a list, got {shown(raw)}. Start each day with `- date: 2026-11-24`.")
            return ()
        if len(raw) > MOST_DAYS:
            self.problems.add(f"days: {len(raw):,} days, at most {MOST_DAYS:,} are read. Split the file.")
            return ()
        days = []
        seen: dict[date, int] = {}
        for number, each in enumerate(raw, 1):
            where = f"day {number}"
            if not isinstance(each, dict):
                self.problems.add(f"{where}: expected a mapping with date and meals, got {shown(each)}.")
                continue
            day = self._day(f"{where}: ", each)
            if day.day is not None and day.day in seen:
                before = seen[day.day]
                self.problems.add(f"{where}: {day.day} is also day {before}. Put both under one date, or mend one.")
            elif day.day is not None:
                seen[day.day] = number
            days.append(day)
        return tuple(days)

    def _day(self, where: str, raw: Mapping[str, object]) -> DietDay:
        self._keys(where, raw, DAY_KEYS)
        complete = raw.get("complete")
        if not isinstance(complete, bool | None):
            self.problems.add(f"{where}complete: expected yes or no, got {shown(complete)}.")
            complete = None
        totals = self._amounts(f"{where}totals", raw.get("totals"), per="a day")
        if totals is not None and (raw.get("meals") or raw.get("drinks")):
            self.problems.add(f"{where}totals and meals would count twice. Keep one of them.")
        meals, among_meals = self._apart(self._eaten(f"{where}meals", raw.get("meals")))
        drinks, among_drinks = self._apart(self._eaten(f"{where}drinks", raw.get("drinks")))
        taken = self._taken(f"{where}supplements", raw.get("supplements"))
        return DietDay(
            day=self._date(where, raw.get("date")),
            complete=complete,
            meals=meals,
            drinks=drinks,
            supplements=(*taken, *among_meals, *among_drinks),
            totals=totals,
            origin=self._text(f"{where}from", raw.get("from")),
            notes=self._text(f"{where}notes", raw.get("notes")),
        )

    def _apart(self, lines: tuple[Eaten, ...]) -> tuple[tuple[Eaten, ...], tuple[Taken, ...]]:
        """Return the foods, and the supplements that stand among them: the food table knows none of these."""
        foods: list[Eaten] = []
        taken: list[Taken] = []
        for each in lines:
            if each == Eaten(text=each.text, time=each.time) and is_supplement(each.text, self.facts):
                taken.append(Taken(text=each.text, time=each.time))
            else:
                foods.append(each)
        return tuple(foods), tuple(taken)

    def _date(self, where: str, raw: object) -> date | None:
        if raw is None:
            return None
        try:
            found = date.fromisoformat(raw) if isinstance(raw, str) and _DATE.fullmatch(raw) else None
        except ValueError:
            found = None
        if found is None:
            self.problems.add(f"{where}date: expected a day such as 2026-11-24, got {shown(raw)}.")
        elif found.year < FIRST_YEAR:
            self.problems.add(f"{where}date: {found} is before {FIRST_YEAR}. Mend the year.")
        elif self.on is not None and found > self.on:
            self.problems.add(f"{where}date: {found} has not been yet (today is {self.on}). Mend the date.")
        return found

    def _list(self, where: str, raw: object) -> list[object]:
        if raw is None:
            return []
        if not isinstance(raw, list):
            self.problems.add(f"{where}: expected a list of lines, got {shown(raw)}. Start each line with `- `.")
            return []
        if len(raw) > MOST_LINES:
            self.problems.add(f"{where}: {len(raw):,} lines, at most {MOST_LINES:,} a day are read.")
            return []
        return raw

    def _eaten(self, where: str, raw: object) -> tuple[Eaten, ...]:
        return self._each(where, raw, Eaten, mapping=self._eaten_mapping, such="2 cups brewed coffee")

    def _taken(self, where: str, raw: object) -> tuple[Taken, ...]:
        return self._each(where, raw, Taken, mapping=self._taken_mapping, such="vitamin D3 1000 IU")

    def _each(
        self,
        where: str,
        raw: object,
        kind: Callable[..., L],
        *,
        mapping: Callable[[str, Mapping[str, object]], L],
        such: str,
    ) -> tuple[L, ...]:
        """Return every line of a list: an everyday line, in which a time may stand, or a mapping."""
        found = []
        for number, each in enumerate(self._list(where, raw), 1):
            place = f"{where}: line {number}"
            if isinstance(each, str):
                if self._line(place, each):
                    text, time = split_time(each)
                    found.append(kind(text=text, time=time))
            elif isinstance(each, dict):
                found.append(mapping(f"{place}: ", each))
            else:
                self.problems.add(f'{place}: expected text such as "{such}", got {shown(each)}.')
        return tuple(found)

    def _eaten_mapping(self, where: str, raw: Mapping[str, object]) -> Eaten:
        self._keys(where, raw, EATEN_KEYS)
        text = self._text(f"{where}text", raw.get("text"), most=LONGEST)
        food = raw.get("food")
        if isinstance(food, int) and not isinstance(food, bool):
            food = str(food)
        if not isinstance(food, str | None) or food == "":
            self.problems.add(f"{where}food: expected an id of the food table, got {shown(food)}. See: rheobase foods")
            food = None
        if not any(raw.get(key) is not None for key in ("text", "food", "holds", "per_100_g", "per_litre")):
            self.problems.add(f"{where}says neither text nor food. Write what it was.")
        ml = self._number(f"{where}ml", raw.get("ml"), MOST_GRAMS)
        per_100_g = self._amounts(f"{where}per_100_g", raw.get("per_100_g"), per="100 g")
        per_litre = self._amounts(f"{where}per_litre", raw.get("per_litre"), per="1000 g")
        if per_litre is not None:
            # A litre of a drink is taken to weigh 1000 g.
            per_100_g = MappingProxyType({key: value / 10 for key, value in per_litre.items()})
        grams = self._number(f"{where}grams", raw.get("grams"), MOST_GRAMS)
        if ml is not None and grams is None and per_100_g is None and food is None:
            text = f"{text}, {ml:g} ml" if text else text
        elif ml is not None and grams is None:
            grams = ml
        return Eaten(
            text=text,
            food=food,
            grams=grams,
            time=self._time(where, raw.get("time")),
            holds=self._amounts(f"{where}holds", raw.get("holds"), per="one line"),
            per_100_g=per_100_g,
            origin=self._text(f"{where}from", raw.get("from")),
        )

    def _taken_mapping(self, where: str, raw: Mapping[str, object]) -> Taken:
        self._keys(where, raw, TAKEN_KEYS)
        said, form = raw.get("substance"), None
        if said is not None:
            forms = ((each.id, (each.name,)) for each in self.facts.forms.values())
            known = names_of([*forms, *((each.id, each.words) for each in self.facts.nutrients.values())])
            form = known.find(said) if isinstance(said, str) else None
            if form is None:
                near = known.near(said) if isinstance(said, str) else ()
                self.problems.add(f"{where}substance: {shown(said)} is not known.{did_you_mean(near)}")
        unit, means = raw.get("unit"), raw.get("as")
        if unit is not None and unit not in UNITS:
            self.problems.add(f"{where}unit: expected one of {', '.join(UNITS)}, got {shown(unit)}.")
            unit = None
        if means is not None and means not in (ELEMENTAL, SALT):
            self.problems.add(f"{where}as: expected elemental or salt, got {shown(means)}.")
            means = None
        if not any(raw.get(key) is not None for key in ("text", "substance", "holds")):
            self.problems.add(f"{where}says neither text nor substance. Write what it was.")
        times = self._number(f"{where}times", raw.get("times"), MOST_TIMES)
        return Taken(
            text=self._text(f"{where}text", raw.get("text"), most=LONGEST),
            form=form,
            amount=self._number(f"{where}amount", raw.get("amount"), 1e6),
            unit=str(unit or ""),
            means=str(means or ""),
            times=1.0 if times is None else times,
            time=self._time(where, raw.get("time")),
            holds=self._amounts(f"{where}holds", raw.get("holds"), per="one line"),
            origin=self._text(f"{where}from", raw.get("from")),
        )

    def _amounts(self, where: str, raw: object, *, per: str) -> Mapping[str, float] | None:
        if raw is None:
            return None
        if not isinstance(raw, dict):
            self.problems.add(f"{where}: expected amounts such as {{magnesium_mg: 80}}, got {shown(raw)}.")
            return None
        found = {}
        self._keys(f"{where}: ", raw, NUTRIENTS)
        for key, value in raw.items():
            if key not in NUTRIENTS or value is None:
                continue
            amount = self._number(f"{where}: {key}", value, None, zero=True)
            if amount is not None and (reason := too_much(key, amount)):
                self.problems.add(f"{where}: {key}: {amount:g} in {per} cannot be ({reason}). Check the unit.")
            elif amount is not None:
                found[key] = amount
        return MappingProxyType(found)

    def _number(self, where: str, raw: object, most: float | None, *, zero: bool = False) -> float | None:
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            self.problems.add(f"{where}: expected a number, got {shown(raw)}. Leave it out if it is not known.")
        elif raw < 0 or (raw == 0 and not zero):
            self.problems.add(f"{where}: expected {'no less than' if zero else 'more than'} 0, got {shown(raw)}.")
        elif most is not None and raw > most:
            self.problems.add(f"{where}: {raw:g} is more than can be (at most {most:,.0f}). Check the unit.")
        else:
            return float(raw)
        return None

    def _time(self, where: str, raw: object) -> str:
        if raw is None:
            return ""
        if isinstance(raw, str) and (found := _TIME.fullmatch(raw)):
            return f"{int(found[1]):02d}:{found[2]}"
        self.problems.add(f"{where}time: expected a time of day such as 07:30, got {shown(raw)}.")
        return ""

    def _text(self, where: str, raw: object, *, most: int = MOST_TEXT) -> str:
        if isinstance(raw, str) and len(raw) > most:
            self.problems.add(f"{where}: has {len(raw):,} characters, at most {most:,} are read. Shorten it.")
            return ""
        if isinstance(raw, str | None):
            return raw or ""
        self.problems.add(f"{where}: expected text, got {shown(raw)}. Put quotes around it.")
        return ""

    def _line(self, where: str, text: str) -> bool:
        if text.strip() and len(text) <= LONGEST:
            return True
        what = f"is longer than {LONGEST} characters" if text.strip() else "is empty"
        self.problems.add(f"{where}: {what}. One food with its amount for each line.")
        return False

    def _keys(self, where: str, raw: Mapping[str, object], keys: tuple[str, ...]) -> None:
        for key in raw:
            if key not in keys:
                known = names_of((each, ()) for each in keys)
                near = "" if self.problems.full else did_you_mean(known.near(key, most=1, cutoff=0.6))
                self.problems.add(f"{where}{shown(key)} is not one of {', '.join(keys)}.{near}")
