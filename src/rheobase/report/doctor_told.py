"""What was told, for the page for the doctor: findings by area, values, test results, medicines as written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rheobase.assess import Assessment
from rheobase.assess.causes import CANT_TELL, FITS_WELL, POSSIBLE
from rheobase.knowledge import Knowledge
from rheobase.person import Answer, LabResult, MedicineUse, Person, Status
from rheobase.report.document import Block, Paragraph, Point, Table
from rheobase.report.words import answer, clinical, duration

# Areas in the order of a clinical history; an area that is not named here comes last under its own name.
AREAS = {
    "person": "About the person",
    "twitch": "Twitching",
    "neuromuscular": "Neuromuscular",
    "bulbar": "Bulbar",
    "neuro": "Neurological",
    "sensory": "Sensory",
    "spine": "Spine",
    "cardiac": "Heart",
    "respiratory": "Breathing",
    "general": "General",
    "mood": "Mood and sleep",
    "lifestyle": "Lifestyle",
    "diet": "Diet",
    "toxic": "Exposures",
    "history": "Past and family history",
    "medicine": "Medicines",
    "exam": "Examination",
    "test": "Tests",
    "lab": "Blood tests",
}
MEDICINE = "medicine"
STANDING = (FITS_WELL, POSSIBLE, CANT_TELL)
DAYS_PER_MONTH = 30.4


def finding_blocks(person: Person, assessment: Assessment, knowledge: Knowledge) -> Iterator[Block]:
    """Yield what was asked and is present, was denied, is not known, each by area; what was not asked is not named.

    Of what is not known, only what could change the urgency or a cause that stands is named; the rest is counted.
    """
    yes_no = {
        name: told
        for name, told in person.answers.items()
        if name in knowledge.findings and (isinstance(told.value, bool) or told.status is Status.UNKNOWN)
    }
    for title, chosen in (
        ("Present", [name for name, told in yes_no.items() if told.value is True]),
        ("Denied", [name for name, told in yes_no.items() if told.value is False and not _in_list(name, knowledge)]),
    ):
        if chosen:
            yield Point(f"{title}: {len(chosen)}", tuple(_by_area(chosen, knowledge)), strong=True)
    unknown = [name for name, told in yes_no.items() if told.status is Status.UNKNOWN]
    if unknown:
        yield _not_known(unknown, assessment, knowledge)
    kinds = sum(told.value is False and _in_list(name, knowledge) for name, told in yes_no.items())
    if kinds:
        yield Point(f"Kinds of medicine that are not taken, as told or by a complete list of medicines: {kinds}.")


def _not_known(names: list[str], assessment: Assessment, knowledge: Knowledge) -> Point:
    """Return how many are not known, with those that could change something by name."""
    could = _could_change(assessment, knowledge)
    named = [name for name in names if name in could]
    others = len(names) - len(named)
    details = list(_by_area(named, knowledge))
    if others:
        which = "all of them" if not named else "1 other" if others == 1 else f"{others} others"
        details.append(f"{which}: no answer alone would change much")
    return Point(f"Not known when asked: {len(names)}", tuple(details), strong=True)


def _could_change(assessment: Assessment, knowledge: Knowledge) -> frozenset[str]:
    """Return what an answer alone could raise the urgency with, or tell something of a cause that stands."""
    urgent = {each.finding for each in assessment.urgency.could_fire}
    standing = [fit for fit in (*assessment.causes, *assessment.contributors) if fit.band in STANDING]
    least = knowledge.settling.least_information
    return frozenset(
        urgent.union(each.finding for fit in standing for each in fit.unknown if each.information >= least)
    )


def _in_list(name: str, knowledge: Knowledge) -> bool:
    """Whether a finding is a kind of medicine: its denials are many, and the list of medicines says the same."""
    return knowledge.findings[name].group == MEDICINE


def _by_area(names: Iterable[str], knowledge: Knowledge) -> Iterator[str]:
    areas: dict[str, list[str]] = {area: [] for area in AREAS}
    for name in names:
        areas.setdefault(knowledge.findings[name].group, []).append(clinical(knowledge, name))
    for area, found in areas.items():
        if found:
            yield f"{AREAS.get(area, area.capitalize())}: {', '.join(found)}"


def value_words(person: Person, knowledge: Knowledge, *, leave_out: Iterable[str] = ()) -> Iterator[str]:
    """Yield each number, choice and place that was told, with what was written where it was converted."""
    for name, told in person.answers.items():
        if name in leave_out or name not in knowledge.findings or told.value is None or isinstance(told.value, bool):
            continue
        words = answer(knowledge, name, told.value)
        yield f"{words}{_written(told)}"


def _written(told: Answer) -> str:
    return f" (written: {told.original})" if told.original else ""


def lab_blocks(person: Person, assessment: Assessment, knowledge: Knowledge) -> Iterator[Block]:
    """Yield every result as the laboratory gave it, and the values derived from them."""
    flags = {id(reading.result): reading.flag for reading in assessment.facts.readings if reading.result is not None}
    rows = []
    for result in person.labs:
        analyte = knowledge.analytes.get(result.analyte)
        name = analyte.name if analyte is not None else result.analyte
        value = "" if result.value is None else f"{result.comparator or ''}{result.value:g} {result.unit or ''}".strip()
        taken = result.taken.isoformat() if result.taken is not None else "not told"
        flag = result.flag or flags.get(id(result)) or "-"
        rows.append((name, value or "-", _range(result), flag, taken, result.original or "-"))
    if rows:
        header = ("Test", "Value", "Range", "Flag", "Taken", "As written")
        written = any(row[-1] != "-" for row in rows)
        shown = rows if written else [row[:-1] for row in rows]
        yield Table("As the laboratory gave them", header if written else header[:-1], tuple(shown))
    derived = [reading.words for reading in assessment.facts.readings if reading.result is None]
    if derived:
        yield Paragraph(f"Derived: {'; '.join(derived)}.")
    if not rows:
        yield Paragraph("No result was given.")


def _range(result: LabResult) -> str:
    if result.low is None and result.high is None:
        return "not told"
    if result.low is None:
        return f"up to {result.high:g}"
    return f"from {result.low:g}" if result.high is None else f"{result.low:g} to {result.high:g}"


def medicine_blocks(person: Person, knowledge: Knowledge) -> Iterator[Block]:
    """Yield the medicines as written, with what each was recognised as."""
    if person.medicines:
        header = ("As written", "Recognised as", "Taken", "Note")
        rows = tuple(_medicine(use, knowledge) for use in person.medicines)
        noted = any(row[-1] for row in rows)
        shown = rows if noted else tuple(row[:-1] for row in rows)
        yield Table("As they were written", header if noted else header[:-1], shown)
    elif person.takes_no_medicine:
        yield Paragraph("Says that no medicine is taken.")
    else:
        yield Paragraph("Not told.")


def _medicine(use: MedicineUse, knowledge: Knowledge) -> tuple[str, ...]:
    name = use.medicine or ""
    entry = knowledge.medicines.get(name) or knowledge.medicine_classes.get(name)
    taken = {Status.ABSENT: "stopped", Status.UNKNOWN: "not sure"}.get(use.status, "yes")
    if use.months is not None:
        taken += f", {duration(use.months * DAYS_PER_MONTH)}"
    return (use.written, entry.name if entry is not None else "not recognised", taken, use.note)
