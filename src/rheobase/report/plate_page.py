"""From the plate to the blood: a page with curves and plain sentences, and the same as plain data."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rheobase import __version__
from rheobase.knowledge import Knowledge
from rheobase.nerve.plate import SHOWN, Band, Patient, Phase, Run
from rheobase.nerve.plate.person import MOLAR
from rheobase.report.courses import Course, Courses, figure
from rheobase.report.document import Block, Document, Footnotes, Paragraph, Picture, Point, Section, Table

SCHEMA_VERSION = 1
NAMES = {
    "calcium": ("Calcium", "mmol/L", "calcium_total"),
    "ionised": ("Ionised calcium", "mmol/L", "calcium_ionised"),
    "phosphate": ("Phosphate", "mmol/L", "phosphate"),
    "magnesium": ("Magnesium", "mmol/L", "magnesium"),
    "potassium": ("Potassium", "mmol/L", "potassium"),
    "sodium": ("Sodium", "mmol/L", "sodium"),
    "pth": ("Parathyroid hormone", "pmol/L", "pth"),
    "calcitriol": ("Active vitamin D (1,25-OH)", "pmol/L", ""),
    "vitamin_d": ("Vitamin D store (25-OH)", "nmol/L", "vitamin_d_25oh"),
}
DRAWN = ("calcium", "magnesium", "potassium", "sodium", "pth")
IONS = ("calcium", "magnesium", "potassium", "sodium")
# A change below this share of the ordinary range's width is called small.
_SMALL = 0.15
# Less calcium missing a day [mmol] needs no words; a smaller rise of PTH is none.
_MISSED, _HORMONE = 0.3, 0.01
_SOURCES = ("peterson_riggs2010", "stadt2022", "avioli1966", "edelman1958")
_LIMITS = (
    (
        "A model of an average body, scaled to yours: it does not know you, and a blood test does. "
        "It decides nothing about urgency."
    ),
    (
        "Bone cells' signals, FGF23, acid and base, insulin and the blood's volume are left out or made simple; many "
        "sizes are our estimates (grade C). The band holds what such estimates leave open, not every body."
    ),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a run stands for.

    Attributes:
        patient: Who.
        phase: What is different from an ordinary day.
        usual: What is taken in on an ordinary day, by field of ``Eaten``.
        unknown_medicines: Medicines that the model knows nothing of, as written.
        seed: Of the draws.
        others: What else would do to the same body, by its words; empty when not asked.
    """

    patient: Patient
    phase: Phase
    usual: Mapping[str, float]
    unknown_medicines: tuple[str, ...] = ()
    seed: int = 1
    others: Mapping[str, Run] = dataclasses.field(default_factory=dict)


def plate_page(band: Band, told: Told, knowledge: Knowledge) -> Document:
    """Return the page: sentences, curves, table, what was supposed, limits, sources."""
    cited = Footnotes(knowledge)
    marks = cited.cite(*_SOURCES)
    ordinary = ordinary_ranges(knowledge)
    picture = _picture(band, ordinary)
    sections = [
        Section("In short", tuple(Paragraph(each) for each in sentences(band, told, ordinary))),
        Section("Curves", (picture, *([picture.table]))),
    ]
    if told.others:
        sections.append(Section("What would move these values", (_others(told, band),)))
    sections.append(Section("What is supposed", tuple(_supposed(band, told, knowledge))))
    limits = (*(Point(each) for each in _LIMITS), Point(f"Equations after published models, reduced. {marks}"))
    sections.append(Section("What this is", limits))
    sections.append(cited.section())
    about = f"Knowledge {knowledge.version}. {knowledge.review_note}"
    sections.append(Section("About", (Paragraph(about),)))
    return Document("Rheobase - from the plate to the blood", tuple(sections), tuple(cited.cited))


def ordinary_ranges(knowledge: Knowledge) -> dict[str, tuple[float, float]]:
    """Return the ordinary range of an adult in SI units, for each value that has one."""
    found = {}
    for name, (_, _, analyte) in NAMES.items():
        ends = knowledge.analytes[analyte].reference_adult_si if analyte in knowledge.analytes else None
        if isinstance(ends, list | tuple) and len(ends) == 2:
            found[name] = (float(ends[0]), float(ends[1]))
    return found


def sentences(band: Band, told: Told, ordinary: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    """Yield two to four plain sentences: what moves, what does not, and why calcium holds."""
    values, days = band.run.values, band.run.days[-1]
    if band.run.ended:
        last = figure(values[band.run.ended][-1])
        yield (
            f"The model ends on day {days:.0f}: {NAMES[band.run.ended][0].lower()} passes {last} "
            f"{NAMES[band.run.ended][1]}, beyond what it can say anything about. A person who loses or lacks so much "
            "is ill well before that and needs a doctor then, not a model."
        )
    moved = {name: (values[name][-1] - values[name][0]) / _width(ordinary[name]) for name in IONS}
    large = sorted((name for name in IONS if abs(moved[name]) >= _SMALL), key=lambda name: -abs(moved[name]))
    steady = [name for name in IONS if name not in large]
    for name in large:
        yield f"{_change(name, band)} after {days:.3g} days{_place(name, band, ordinary)}."
    if steady:
        parts = [f"{NAMES[each][0].lower()} {figure(values[each][0])} to {figure(values[each][-1])}" for each in steady]
        lead = "What hardly moves" if large else f"Hardly anything moves in {days:.3g} days"
        yield f"{lead}: {'; '.join(parts)} mmol/L."
    why = "" if "calcium" in large else _why_calcium(band.run, told.phase)
    if why:
        yield why
    if told.phase.medicines or any(dataclasses.astuple(told.phase.lost)):
        yield "If this is your situation, a blood test shows what your own values are."


def _width(ends: tuple[float, float]) -> float:
    return ends[1] - ends[0]


def _change(name: str, band: Band) -> str:
    first, last = band.run.values[name][0], band.run.values[name][-1]
    word = "falls" if last < first else "rises"
    edges = ""
    if band.draws:
        edges = f" (nine in ten such bodies: {figure(band.low[name][-1])} to {figure(band.high[name][-1])})"
    return f"{NAMES[name][0]} {word} from {figure(first)} to {figure(last)} mmol/L{edges}"


def _place(name: str, band: Band, ordinary: Mapping[str, tuple[float, float]]) -> str:
    low, high = ordinary[name]
    last = band.run.values[name][-1]
    if last < low:
        return f", below the ordinary range ({figure(low)} to {figure(high)})"
    if last > high:
        return f", above the ordinary range ({figure(low)} to {figure(high)})"
    return ", within the ordinary range"


def ledger(run: Run) -> dict[str, float]:
    """Return how much less calcium comes in or more goes out a day at the end than at the start, and what makes up.

    Returns:
        mmol/day: ``absorbed`` (below zero: less comes in), ``lost`` (above zero: more goes out), ``urine`` and ``bone``
        (above zero: the kidneys keep, bone gives).
    """
    first, last = run.flows
    more = {name: last[name] - first[name] for name in first}
    gone = ("calcium lost", "calcium into the gut", "calcium through the skin")
    return {
        "absorbed": more["calcium absorbed"],
        "lost": sum(more[each] for each in gone),
        "urine": -more["calcium urine"],
        "bone": more["calcium out of bone"] - more["calcium into bone"],
    }


def _why_calcium(run: Run, phase: Phase) -> str:
    """Say who makes up for missing calcium; nothing where little is missing."""
    row = ledger(run)
    short = row["lost"] - row["absorbed"]
    if short < _MISSED:
        return ""
    usual = run.body.usual["calcium"] * MOLAR["calcium"]
    eaten = usual if phase.eaten.calcium_mg is None else phase.eaten.calcium_mg
    less = f"{usual - eaten:.0f} mg less are eaten, and " if usual - eaten >= 1 else ""
    pth = run.values["pth"][-1] / run.values["pth"][0] - 1
    hormone = f"parathyroid hormone rises by {pth:.0%}, " if pth > _HORMONE else ""
    helpers = [
        f"{words} {row[name] * MOLAR['calcium']:.0f} mg"
        for name, words in (("urine", "the kidneys keep"), ("bone", "bone gives"))
        if row[name] * MOLAR["calcium"] >= 1
    ]
    pays = " The blood is served first; over years bone pays." if row["bone"] > 0 else ""
    return (
        f"Why calcium holds: {less}the blood gets {short * MOLAR['calcium']:.0f} mg a day less; {hormone}"
        f"{' and '.join(helpers)}.{pays}"
    )


def _picture(band: Band, ordinary: Mapping[str, tuple[float, float]]) -> Picture:
    rows = tuple(
        Course(
            NAMES[name][0],
            NAMES[name][1],
            band.run.days,
            band.run.values[name],
            band.low[name],
            band.high[name],
            ordinary.get(name),
        )
        for name in DRAWN
    )
    said = "; ".join(
        f"{NAMES[name][0]} from {figure(band.run.values[name][0])} to {figure(band.run.values[name][-1])} "
        f"{NAMES[name][1]}"
        for name in DRAWN
    )
    description = f"Levels over the days, with the band in which nine in ten drawn bodies lie. {said}."
    return Picture("Levels in the blood over the days", description, Courses(rows), _table(band, ordinary))


def _table(band: Band, ordinary: Mapping[str, tuple[float, float]]) -> Table:
    values, last = band.run.values, band.run.days[-1]
    rows = []
    for name in SHOWN:
        edges = f"{figure(band.low[name][-1])} to {figure(band.high[name][-1])}" if band.draws else "not drawn"
        ends = ordinary.get(name)
        rows.append(
            (
                NAMES[name][0],
                NAMES[name][1],
                figure(values[name][0]),
                figure(values[name][-1]),
                edges,
                f"{figure(ends[0])} to {figure(ends[1])}" if ends else "",
            )
        )
    header = ("Value", "Unit", "Start", f"Day {last:.3g}", "Nine in ten", "Ordinary")
    return Table("Blood at the start and at the end", header, tuple(rows))


def _others(told: Told, band: Band) -> Table:
    rows = []
    for words, run in {"what you asked": band.run, **told.others}.items():
        cells = [f"{run.values[name][-1] - run.values[name][0]:+.2f}" for name in IONS]
        rows.append((words, f"{run.days[-1]:.3g}", *cells))
    header = ("What", "Days", *(NAMES[name][0] for name in IONS))
    return Table("Change in mmol/L, each thing alone, for this body", header, tuple(rows))


def _supposed(band: Band, told: Told, knowledge: Knowledge) -> Iterator[Block]:
    patient, phase = told.patient, told.phase
    body = [
        f"{patient.weight:g} kg"
        if patient.weight
        else f"{knowledge.intake.value('plate.body.weight'):g} kg (not told)",
        patient.sex or "sex not told",
        f"{patient.age:g} years" if patient.age else "age not told",
        f"kidney function {patient.gfr:g} mL/min/1.73 m2" if patient.gfr else "healthy kidneys (not told)",
        f"25-OH vitamin D {band.run.values['vitamin_d'][0]:g} nmol/L" + ("" if patient.vitamin_d else " (not told)"),
    ]
    yield Point(f"Body: {', '.join(body)}; at rest on ordinary food until day 0.")
    eaten = []
    for name, usual in told.usual.items():
        number = getattr(phase.eaten, name)
        what, _, unit = name.rpartition("_")
        unit = {"ug": "micrograms", "l": "L"}.get(unit, unit)
        kind = f"as usual ({usual:.4g} {unit})" if number is None else f"{number:.4g} {unit} (usual {usual:.4g})"
        eaten.append(f"{what.replace('_', ' ')} {kind}")
    yield Point(f"Each day: {'; '.join(eaten)}.")
    yield Point(
        f"Absorbed by an ordinary gut from such meals: {phase.eaten.calcium_share:.0%} of calcium, "
        f"{phase.eaten.magnesium_share:.0%} of magnesium, before hormones and medicines change it."
    )
    lost = [
        f"{name} {number:g} {'g' if name == 'alcohol' else 'L'}"
        for name, number in dataclasses.asdict(phase.lost).items()
        if number
    ]
    yield Point(f"Beyond an ordinary day: {', '.join(lost) if lost else 'nothing'}.")
    names = ", ".join(each.replace("_", " ") for each in phase.medicines)
    yield Point(f"Medicines from day 0: {names or 'none'}.")
    for each in told.unknown_medicines:
        yield Point(f"Left out: {each!r}. The model knows no effect of it on these values; there may be one.")
    if band.draws:
        yield Point(f"Band from {band.draws} bodies drawn from the ranges of the facts, seed {told.seed}.")


def plate_json(band: Band, told: Told, knowledge: Knowledge) -> dict[str, Any]:
    """Return the run as plain data: same input, same bytes."""
    run = band.run
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "knowledge_version": knowledge.version,
        "patient": dataclasses.asdict(told.patient),
        "phase": dataclasses.asdict(told.phase),
        "usual": dict(told.usual),
        "left_out": list(told.unknown_medicines),
        "draws": band.draws,
        "seed": told.seed,
        "units": {name: NAMES[name][1] for name in SHOWN},
        "days": [round(each, 5) for each in run.days],
        "ended": run.ended,
        "values": {
            name: {
                "middle": _rounded(run.values[name]),
                "low": _rounded(band.low[name]),
                "high": _rounded(band.high[name]),
            }
            for name in SHOWN
        },
        "flows_mmol_day": {
            "start": {name: round(rate, 5) for name, rate in run.flows[0].items()},
            "end": {name: round(rate, 5) for name, rate in run.flows[1].items()},
        },
        "calcium_ledger_mmol_day": {name: round(rate, 5) for name, rate in ledger(run).items()},
        "others": {
            words: {name: round(each.values[name][-1] - each.values[name][0], 5) for name in IONS}
            for words, each in told.others.items()
        },
    }


def _rounded(numbers: Sequence[float]) -> list[float]:
    return [round(each, 5) for each in numbers]
