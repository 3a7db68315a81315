"""The diary of food: days, lines in everyday words, how each was read, and the person's word where it is in doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from starlette.background import BackgroundTask
from starlette.responses import Response

from rheobase.diet import diary
from rheobase.diet.confirm import Choice, confirm
from rheobase.diet.reading import DietReading, Reading, State, read_diet_lines
from rheobase.diet.sums import sum_days
from rheobase.errors import DataRefusedError, UsageError
from rheobase.foods import FoodTable, load_foods, read_line
from rheobase.knowledge.supplements import ELEMENTAL, SALT, load_supplements
from rheobase.person import Diet, DietDay, Eaten, Taken
from rheobase.plain_text import printable
from rheobase.report.diet_day import SHOWN, Part, Total, day_counts, day_parts, day_totals
from rheobase.report.on_screen import on_screen
from rheobase.web.desk import Desk, Papers
from rheobase.web.pages.food_enough import foresee
from rheobase.web.visit import Visit

# Revisions of the diary are known by how their reason begins; the last one can be taken back.
WHY = "food: "
DAYS_LISTED, DAYS_OFFERED, MOST_PASTED = 14, 60, 60
KINDS = ((diary.MEALS, "Food"), (diary.DRINKS, "Drink"), (diary.SUPPLEMENTS, "Supplement or antacid"))


@dataclass(frozen=True, slots=True)
class DayEntry:
    """One day of the list."""

    name: str
    label: str
    count: int
    complete: bool | None


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form held, so that one with a fault is shown again as it was."""

    problem: str = ""
    kind: str = diary.MEALS
    text: str = ""
    many: str = ""
    time: str = ""
    food: str = ""
    grams: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong, and where on the page to say so."""

    words: str = ""
    typed: Typed = field(default_factory=Typed)
    said: Mapping[str, str] = field(default_factory=lambda: defaultdict(str))

    @property
    def lines(self) -> frozenset[str]:
        """The lines of which something was said."""
        return frozenset(name.partition("-")[2] for name, said in self.said.items() if said.strip())


def address(papers: Papers, day: str, anchor: str = "") -> str:
    """Return the address of a day."""
    return f"/{papers.who.id}/food?{urlencode({'day': day})}{anchor}"


def label_of(name: str, today: date) -> str:
    """Return a day as it is read out: "Today, Tue 24 Nov 2026"."""
    if name.startswith(diary.UNDATED):
        return f"A day without a date ({name.rpartition('-')[2]})"
    when = date.fromisoformat(name)
    near = {today: "Today, ", today - timedelta(1): "Yesterday, "}.get(when, "")
    return f"{near}{when:%a} {when.day} {when:%b} {when.year}"


def chosen_day(visit: Visit, asked: str) -> str:
    """Return the name of the day that a page or form is about; today without one."""
    return asked.strip() or visit.desk.today.isoformat()


def day(visit: Visit) -> Response:
    """Show one day."""
    return _show(visit, visit.papers(), chosen_day(visit, visit.query.get("day", "")))


def _show(visit: Visit, papers: Papers, name: str, fault: Fault | None = None) -> Response:
    today = visit.desk.today
    diet = papers.talk.start.diet or Diet()
    try:
        shown = diary.day_of(diet, name, today=today)
    except DataRefusedError as problem:
        fault, name = Fault(str(problem)), today.isoformat()
        shown = diary.day_of(diet, name, today=today)
    fault = fault or Fault()
    parts: tuple[Part, ...] = ()
    totals: tuple[Total, ...] = ()
    if shown != DietDay(day=shown.day):
        facts = load_supplements()
        reading = read_diet_lines(Diet((shown,)), load_foods(), facts)
        parts = day_parts(reading.days[0], facts)
        totals = tuple(day_totals(sum_days(reading, SHOWN)[0]))
    days = day_entries(diet, today)
    values = {
        "papers": papers,
        "day": name,
        "label": label_of(name, today),
        "shown": shown,
        "parts": parts,
        "counts": day_counts(parts),
        "totals": totals,
        "days": days[:DAYS_LISTED],
        "more_days": days[DAYS_LISTED:DAYS_OFFERED],
        "others": [each for each in days[:DAYS_OFFERED] if each.name != name and each.count],
        "around": _around(shown.day, today),
        "today": today.isoformat(),
        "kinds": KINDS,
        "fault": fault,
        "last": _last_change(visit, papers),
        "on_screen": on_screen,
    }
    return visit.show("food.html", status=400 if fault.words or fault.typed.problem else 200, **values)


def day_entries(diet: Diet, today: date) -> list[DayEntry]:
    """Return the days of a diary, the newest first, those without a date last."""
    entries = [
        DayEntry(
            name, label_of(name, today), sum(len(diary.lines_of(each, part)) for part in diary.SECTIONS), each.complete
        )
        for name, each in zip(diary.day_names(diet), diet.days, strict=True)
    ]
    dated = sorted((each for each in entries if not each.name.startswith(diary.UNDATED)), key=lambda each: each.name)
    return [*reversed(dated), *(each for each in entries if each.name.startswith(diary.UNDATED))]


def _around(when: date | None, today: date) -> tuple[str, str]:
    """Return the names of the days before and after; "" where there is none to go to."""
    if when is None:
        return "", ""
    before = (when - timedelta(1)).isoformat()
    return before, (when + timedelta(1)).isoformat() if when < today else ""


def _last_change(visit: Visit, papers: Papers) -> tuple[int, str] | None:
    """Return the newest revision and what it changed, where it was one of the diary."""
    newest = visit.desk.store.newest(papers.who.id)
    return (newest.id, newest.why.removeprefix(WHY)) if newest.why.startswith(WHY) else None


def change(visit: Visit, name: str, changed: Callable[[DietDay], DietDay], why: str) -> None:
    """Change one day of the diary."""
    today = visit.desk.today
    number = int(visit.path["person"])
    visit.desk.change_diet(
        number, lambda diet: diary.with_day(diet, name, changed, today=today), why=f"{WHY}{printable(why, limit=100)}"
    )


def _attempt(visit: Visit, do: Callable[[str], str]) -> Response:
    """Do something to the day of a form and show it; where that is refused, say why on the day."""
    papers = visit.papers()
    name = chosen_day(visit, visit.one("day"))
    try:
        anchor = do(name)
    except (DataRefusedError, UsageError) as problem:
        # Of several boxes one was refused; what the others held stands in them again.
        said = defaultdict(str, {name: held[0] for name, held in visit.form.items() if name.partition("-")[0] in _SAID})
        return _show(visit, visit.papers(), name, Fault(on_screen(str(problem)), said=said))
    return _eaten(visit, papers, address(papers, name, anchor))


def _eaten(visit: Visit, papers: Papers, where: str) -> Response:
    """Send the browser back to the day, and work the answer out anew meanwhile."""
    response = visit.go(where)
    response.background = BackgroundTask(_foresee, visit.desk, papers.who.id)
    return response


def _foresee(desk: Desk, number: int) -> None:
    desk.foresee(number)
    foresee(desk, number)


def checked(line: Eaten | Taken, table: FoodTable) -> Eaten | Taken:
    """Return a line unless its amount cannot be.

    Raises:
        DataRefusedError: It is nothing that anybody eats at once.
    """
    if isinstance(line, Eaten) and line.grams is None:
        read_line(line.text, table)
    return line


def add(visit: Visit) -> Response:
    """Add a line, or each line that was pasted; with a fault nothing is added and what was typed stays."""
    papers = visit.papers()
    name = chosen_day(visit, visit.one("day"))
    kind = visit.one("kind") if visit.one("kind") in diary.SECTIONS else diary.MEALS
    typed = Typed(
        "", kind, visit.one("text"), visit.one("many"), visit.one("time"), visit.one("food"), visit.one("grams")
    )
    if visit.one("do") == "look":
        asked = {"q": typed.text, "day": name, "kind": kind, "time": typed.time}
        return visit.go(f"/{papers.who.id}/food/find?{urlencode(asked)}")
    try:
        lines = _pasted(typed) if visit.one("do") == "many" else (_single(visit, typed),)
        words = lines[0].text if len(lines) == 1 else f"{len(lines)} lines"
        change(visit, name, lambda day: diary.added(day, kind, *lines), f"added {words}")
    except DataRefusedError as problem:
        return _show(visit, visit.papers(), name, Fault(typed=replace(typed, problem=str(problem))))
    return _eaten(visit, papers, address(papers, name, "#said"))


def _single(visit: Visit, typed: Typed) -> Eaten | Taken:
    time, grams, food = diary.time_of(typed.time), diary.grams_of(visit.one("grams")), visit.one("food")
    table = load_foods()
    line = diary.told(typed.kind, typed.text, time=time, food=food if food in table else "", grams=grams)
    return checked(line, table)


def _pasted(typed: Typed) -> tuple[Eaten | Taken, ...]:
    """Read every pasted line, and say all that is wrong at once."""
    texts = [each for each in typed.many.splitlines() if each.strip()]
    if not texts:
        raise DataRefusedError("Nothing is pasted. Write one food on each line.")
    if len(texts) > MOST_PASTED:
        raise DataRefusedError(f"{len(texts)} lines, at most {MOST_PASTED} are taken at once. Paste fewer.")
    table, lines, problems = load_foods(), [], []
    for number, text in enumerate(texts, 1):
        try:
            lines.append(checked(diary.told(typed.kind, text), table))
        except DataRefusedError as problem:
            problems.append(f"Line {number}: {problem}")
    if problems:
        raise DataRefusedError("\n".join((*problems[:5], *([f"and {len(problems) - 5} more"] if problems[5:] else []))))
    return tuple(lines)


def remove(visit: Visit) -> Response:
    """Remove a line, or a tracker's totals; it can be taken back."""

    def do(name: str) -> str:
        key = visit.one("key")
        if key == "totals":
            change(visit, name, lambda day: replace(day, totals=None, origin=""), "removed the tracker's totals")
            return "#said"
        shown = diary.day_of(visit.papers().talk.start.diet or Diet(), name, today=visit.desk.today)
        place = diary.place_of(shown, key)
        line = diary.lines_of(shown, place.section)[place.at]
        words = f"removed {line.text or getattr(line, 'food', None) or getattr(line, 'form', None) or 'a line'}"
        change(visit, name, lambda day: diary.exchanged(day, diary.place_of(day, key)), words)
        return "#said"

    return _attempt(visit, do)


def complete(visit: Visit) -> Response:
    """Keep whether everything of the day is here."""

    def do(name: str) -> str:
        said = {"yes": True, "no": False}.get(visit.one("complete"))
        words = {True: "the day is complete", False: "the day is not complete", None: "not said whether it is complete"}
        change(visit, name, lambda day: replace(day, complete=said), words[said])
        return "#said"

    return _attempt(visit, do)


def copy(visit: Visit) -> Response:
    """Copy the lines of another day."""

    def do(name: str) -> str:
        today = visit.desk.today
        other = diary.day_of(visit.papers().talk.start.diet or Diet(), visit.one("from"), today=today)
        change(visit, name, lambda day: diary.copied(day, other), f"copied {label_of(visit.one('from'), today)}")
        return "#said"

    return _attempt(visit, do)


def undo(visit: Visit) -> Response:
    """Take the last change of the diary back, unless something was changed since."""

    def do(_: str) -> str:
        visit.desk.take_back_diet(int(visit.path["person"]), visit.one("revision"), mark=WHY)
        return "#said"

    return _attempt(visit, do)


def choose(visit: Visit) -> Response:
    """Keep what a person says of lines in doubt; lines of which nothing is said stay as they are."""

    def do(name: str) -> str:
        table = load_foods()
        keys = [
            each.partition("-")[2]
            for each, said in visit.form.items()
            if _SAID.get(each.partition("-")[0]) and said[0].strip()
        ]
        keys = list(dict.fromkeys(keys))
        if not keys:
            raise DataRefusedError("Nothing was chosen yet. Choose a food, or write the grams, then save.")
        change(visit, name, lambda day: _settled(visit, day, keys, table), _settled_words(keys))
        return "#said"

    return _attempt(visit, do)


_SAID = dict.fromkeys(("pick", "grams", "anew", "means"), True)


def _settled_words(keys: list[str]) -> str:
    return "settled 1 line" if len(keys) == 1 else f"settled {len(keys)} lines"


def _settled(visit: Visit, day: DietDay, keys: list[str], table: FoodTable) -> DietDay:
    """Return the day with what was said of some lines; places stay, so that every key is still right."""
    reading = read_diet_lines(Diet((day,)), table, load_supplements())
    foods = dict(
        zip(
            [
                *((diary.MEALS, at) for at in range(len(day.meals))),
                *((diary.DRINKS, at) for at in range(len(day.drinks))),
            ],
            reading.days[0].foods,
            strict=True,
        )
    )
    places = {key: diary.place_of(day, key) for key in keys}
    for key, place in places.items():
        anew, grams = visit.one(f"anew-{key}"), diary.grams_of(visit.one(f"grams-{key}"))
        old = diary.lines_of(day, place.section)[place.at]
        if anew.strip():
            line = checked(diary.told(place.section, anew, time=old.time, grams=grams), table)
        elif place.section == diary.SUPPLEMENTS:
            line = _settled_supplement(reading, place, visit.one(f"means-{key}"), table)
        else:
            line = _settled_food(foods[place.section, place.at], visit.one(f"pick-{key}"), grams, table)
        day = diary.exchanged(day, place, line)
    return day


def _settled_food(each: Reading, picked: str, grams: float | None, table: FoodTable) -> Eaten:
    if picked and picked not in table:
        raise DataRefusedError("That food is not in the table. Choose one of the list.")
    sure = each.food.id if each.food is not None and each.state is not State.CONFIRM else each.eaten.food
    return replace(each.eaten, food=picked or sure, grams=each.eaten.grams if grams is None else grams)


def _settled_supplement(reading: DietReading, place: diary.Place, means: str, table: FoodTable) -> Taken:
    if means not in (ELEMENTAL, SALT):
        raise DataRefusedError("Choose whether the amount is of the element or of the whole compound.")
    number = reading.days[0].supplements[place.at][0]
    done = confirm(reading, [Choice(number, means, None)], table, load_supplements())
    return done.days[0].supplements[place.at]
