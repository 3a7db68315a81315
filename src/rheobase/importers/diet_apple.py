"""Read the dietary records of an Apple Health export: streamed, of any size, entities refused."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import IO
from xml.parsers import expat

from rheobase.diet.plan import ImportedFile
from rheobase.errors import DataRefusedError
from rheobase.importers.diet_limits import too_much
from rheobase.importers.diet_rows import BadRows, fingerprint, number, read_day, unit_factor
from rheobase.person import DietDay
from rheobase.plain_text import printable

SOURCE = "apple health"
CHUNK = 1 << 20
# Apple nests five deep and follows some forty kinds; its declarations are the largest piece of markup [bytes].
DEEPEST, MOST_KINDS, LONGEST_KIND, LARGEST_PIECE = 50, 200, 40, 4_000_000
_PREFIX = "HKQuantityTypeIdentifierDietary"
_TYPES = {
    "EnergyConsumed": "energy_kcal",
    "Water": "water_g",
    "Protein": "protein_g",
    "FatTotal": "fat_g",
    "Carbohydrates": "carbohydrate_g",
    "Fiber": "fibre_g",
    "Sugar": "sugars_g",
    "Caffeine": "caffeine_mg",
    "Calcium": "calcium_mg",
    "Iron": "iron_mg",
    "Magnesium": "magnesium_mg",
    "Phosphorus": "phosphorus_mg",
    "Potassium": "potassium_mg",
    "Sodium": "sodium_mg",
    "Zinc": "zinc_mg",
    "VitaminD": "vitamin_d_ug",
    "VitaminB12": "vitamin_b12_ug",
}


class _Records:
    """Sums the dietary records as they come: by day, nutrient and the app that wrote them."""

    def __init__(self, file: str, on: date) -> None:
        self.file, self.on = file, on
        self.bad = BadRows(file)
        self.sums: dict[date, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
        self.counts: Counter[tuple[date, str]] = Counter()
        self.seen: set[int] = set()
        self.twice = 0
        self.others: Counter[str] = Counter()
        self.root = ""
        self.depth = 0

    def end(self, _name: str) -> None:
        """Leave one element."""
        self.depth -= 1

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take one element."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise _refuse(self.file, f"nests more than {DEEPEST} elements")
        if not self.root:
            self.root = name
            if name != "HealthData":
                raise DataRefusedError(
                    f"{self.file}: is XML, but not an Apple Health export (it begins with {name!r})."
                )
        kind = attributes.get("type", "")
        if name != "Record" or not kind.startswith(_PREFIX):
            return
        nutrient = _TYPES.get(kind.removeprefix(_PREFIX))
        if nutrient is None:
            self.others[kind.removeprefix(_PREFIX)[:LONGEST_KIND]] += 1
            if len(self.others) > MOST_KINDS:
                raise _refuse(self.file, f"names more than {MOST_KINDS} other kinds of dietary record")
            return
        # A food's records stand in the list and again in its group; the device text holds a memory address.
        keys = ("type", "sourceName", "creationDate", "startDate", "endDate", "unit", "value")
        mark = hash(tuple(attributes.get(key, "") for key in keys))
        if mark in self.seen:
            self.twice += 1
            return
        self.seen.add(mark)
        self._take(nutrient, attributes)

    def _take(self, nutrient: str, attributes: Mapping[str, str]) -> None:
        day = None
        where = f"{nutrient}, {printable(attributes.get('startDate', 'no date'), limit=30)}"
        try:
            # The day where the person was: the date as it is written, before its offset.
            day = read_day(attributes.get("startDate", ""), self.on)
            value = number(attributes.get("value", ""), comma=False)
            if value is None:
                return
            value *= unit_factor(attributes.get("unit", ""), nutrient)
        except ValueError as problem:
            self.bad.add(day, f"{where}: {problem}")
            return
        source = printable(attributes.get("sourceName", ""), limit=60) or "unnamed"
        sums = self.sums[day][nutrient]
        if len(sums) >= MOST_KINDS and source not in sums:
            raise _refuse(self.file, f"names more than {MOST_KINDS} apps for {nutrient} on {day}")
        sums[source] = sums.get(source, 0.0) + value
        self.counts[day, source] += 1
        if reason := too_much(nutrient, sums[source]):
            self.bad.add(day, f"{where}: {sums[source]:g} cannot be: {reason}")

    def days(self, dropped: list[str]) -> tuple[DietDay, ...]:
        """Return each day's totals: of several apps that recorded the same, the one that recorded most that day."""
        found = []
        left: Counter[tuple[str, str]] = Counter()
        for day, nutrients in sorted(self.sums.items()):
            if day in self.bad.by_day:
                continue
            totals = {}
            for nutrient, sources in sorted(nutrients.items()):
                chosen = min(sources, key=lambda each: (-self.counts[day, each], each))
                totals[nutrient] = float(f"{sources[chosen]:.9g}")
                left.update((each, chosen) for each in sources if each != chosen)
            mark = fingerprint(*(f"{key}={value!r}" for key, value in totals.items()))
            found.append(DietDay(day=day, totals=MappingProxyType(totals), origin=f"{SOURCE} {mark}"))
        for (source, chosen), count in sorted(left.items()):
            why = f"{chosen!r} recorded the same nutrient on the same day"
            dropped.append(f"{self.file}: {count} daily values of {source!r}: {why}")
        return tuple(found)


def _refuse(file: str, what: str) -> DataRefusedError:
    return DataRefusedError(f"{file}: {what}. Apple's own export does not; it is refused.")


def read_apple(stream: IO[bytes], file: str, on: date, *, leave_out: bool) -> ImportedFile:
    """Return the dietary totals of each day.

    Args:
        stream: ``export.xml``; read piece by piece, never whole.
        file: Its name, for messages.
        on: Today; later days are faults.
        leave_out: Leave out days with a fault instead of refusing the file.

    Raises:
        DataRefusedError: It is no such export, is cut off, declares entities, or something in it is wrong.
    """
    records = _Records(file, on)
    parser = expat.ParserCreate()

    def entity(*_: object) -> None:
        raise _refuse(file, "declares XML entities")

    def external(*_: object) -> int:
        raise _refuse(file, "names an external file")

    parser.EntityDeclHandler = entity
    parser.ExternalEntityRefHandler = external
    parser.StartElementHandler = records.start
    parser.EndElementHandler = records.end
    fed = 0
    try:
        while data := stream.read(CHUNK):
            parser.Parse(data, False)
            fed += len(data)
            # What is not parsed yet is one piece of markup; a large one would be gathered in memory.
            if fed - parser.CurrentByteIndex > LARGEST_PIECE:
                raise _refuse(file, f"holds one element of more than {LARGEST_PIECE / 1e6:.0f} MB")
        parser.Parse(b"", True)
    except expat.ExpatError as problem:
        raise DataRefusedError(f"{file}: is not whole XML ({problem}). Is it cut off? Export it again.") from problem
    dropped: list[str] = []
    if records.twice:
        dropped.append(f"{file}: {records.twice} records stand twice, the same; kept once")
    if records.others:
        kinds = ", ".join(sorted(records.others))
        dropped.append(f"{file}: {records.others.total()} records of nutrients that are not followed: {kinds}")
    dropped += records.bad.settle(leave_out=leave_out)
    days = records.days(dropped)
    if not days and not records.bad.by_day:
        raise DataRefusedError(f"{file}: holds no dietary record. Is food logged into Health by an app?")
    notes = (
        "a nutrient that no app recorded is unknown; whether a day is complete is not said",
        "water is what was logged as drunk, without the water in food",
    )
    return ImportedFile(SOURCE, days, tuple(dropped), notes)
