"""What blood values do to a nerve: as a page, and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rheobase import __version__
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve.concentrations import NAMES, normal_serum
from rheobase.nerve.indices import INDICES
from rheobase.nerve.normal import Compared, NerveView
from rheobase.report.document import Block, Document, Footnotes, Kind, Paragraph, Picture, Point, Section, Table
from rheobase.report.nerve_alerts import nerve_alerts
from rheobase.report.nerve_chart import Lines
from rheobase.report.nerve_words import limit, threshold_words

SCHEMA_VERSION = 1
BAR = 20
AXONS = {
    "motor": "A typical motor axon",
    "sensory": "A typical sensory axon",
    "prone": "A motor nerve ending that is prone to fire",
}
CITED = ("hille1975", "woodhull1973", "schwarz1995", "howells2012", "kiernan2000", "krishnan_coulthard2007")
LIMITS = (
    "This is a model of the membrane at one spot of a typical axon. Axons of one person differ, and people differ.",
    "No published recording shows what low calcium alone does to these figures in people; its size rests on frogs.",
    "Potassium's effects have the direction that was seen in people; their size on the threshold is not checked.",
    "Muscle, spinal cord and brain are not in it. Low potassium calms this axon, while muscles can cramp and weaken.",
    "How fast a value fell matters in life. Here everything has settled.",
    "It says nothing about how urgent anything is: 'rheobase assess' and a clinician do.",
)


def nerve_page(view: NerveView, *, given: Mapping[str, str]) -> Document:
    """Return the page.

    Args:
        view: What the values do.
        given: By the name of an input what it was taken from; inputs that are missing there were taken as normal.
    """
    knowledge = load_knowledge()
    cited = Footnotes(knowledge)
    marks = cited.cite(*CITED)
    alerts = tuple(Point(f"{each.text} {cited.cite(each.source)}") for each in nerve_alerts(view.serum, knowledge))
    sections = [
        *([Section("Before anything else", alerts)] if alerts else []),
        Section("In short", tuple(_short(view))),
        Section("The values", (_values(view, given),)),
        Section("What each value does on its own", tuple(_alone(view))),
        Section("A motor axon with these values", (_indices(view),)),
        *([Section("Threshold over calcium", (_curve(view),))] if view.curve else []),
        Section("Does it fire by itself?", tuple(_firing(view))),
        Section("What this model cannot say", tuple(Point(each) for each in (*_beyond(view), *LIMITS))),
        Section("How it is reckoned", (Paragraph(f"{_METHOD} {marks}"),)),
    ]
    sections.append(cited.section())
    sections.append(
        Section("About", (Paragraph(f"Knowledge {knowledge.version}. {knowledge.review_note}"),), Kind.ABOUT)
    )
    return Document("Rheobase - what these values do to a nerve", tuple(sections), tuple(cited.cited))


_METHOD = (
    "Calcium, magnesium and acid screen the negative charge on the outside of the sodium channels. With less of them "
    "the gates open as if the nerve were slightly depolarised, and fewer channels are plugged. Potassium and sodium "
    "set where currents flow to. The model of a human axon then gives thresholds as a nerve laboratory measures them. "
    "Its conductances were fitted to published figures of healthy people at normal values."
)


def _short(view: NerveView) -> Iterator[Block]:
    threshold = _of(view, "threshold")
    yield Paragraph(threshold_words(threshold.change), strong=True)
    if len(view.alone) > 1:
        name, change = max(view.alone.items(), key=lambda each: abs(each[1]))
        if abs(change) >= limit("nothing"):
            word = "down" if change < 0 else "up"
            yield Paragraph(f"Most of that comes from {_label(name)}: on its own it moves the threshold {word} by "
                            f"{abs(change):.0f} %.")  # fmt: skip
    firing = {each.axon: each for each in view.firing}
    if firing["motor"].person > 0:
        yield Paragraph("In the model even a typical motor axon then fires by itself.")
    elif firing["prone"].person > 0:
        yield Paragraph("A typical motor axon stays quiet; a nerve ending that is prone to fire would fire by itself.")
    else:
        yield Paragraph("Left alone, the axon stays quiet.")


def _label(name: str) -> str:
    return load_nerve_facts().inputs[name].name


def _values(view: NerveView, given: Mapping[str, str]) -> Table:
    inputs, usual = load_nerve_facts().inputs, normal_serum()
    rows = tuple(
        (
            inputs[name].name,
            f"{getattr(view.serum, name):.4g} {inputs[name].unit}".strip(),
            f"{getattr(usual, name):.4g}",
            given.get(name, "not given: taken as normal"),
        )
        for name in NAMES
    )
    return Table("What the nerve is bathed in.", ("value", "here", "normal", "from"), rows)


def _alone(view: NerveView) -> Iterator[Block]:
    if not view.alone:
        normal = "Every value is the normal one."
        none = "The model axon loses its impulse by what differs here, so there is no threshold to compare."
        yield Paragraph(normal if view.serum == normal_serum() else none)
        return
    rows = tuple((_label(name), f"{change:+.0f} %", _both_ways(change)) for name, change in view.alone.items())
    yield Table("Change of the threshold; - left of the middle is easier to fire.", ("value", "threshold", ""), rows)
    yield Paragraph(f"Calcium, magnesium and pH together act on the gates as {view.shift:+.1f} mV would.")


def _both_ways(change: float) -> str:
    """Return a bar to the left for less and to the right for more; its half is 50 %."""
    half = BAR // 2
    size = min(half, round(abs(change) / 50 * half))
    left, right = ("-" * size, "") if change < 0 else ("", "+" * size)
    return f"{left.rjust(half, '.')}|{right.ljust(half, '.')}"


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "none"
    return f"{value:.0f} {unit}" if abs(value) >= 100 else f"{value:.3g} {unit}"


def _moved(each: Compared, unit: str) -> str:
    """Return the change: in per cent of a size, in its own unit where 0 is only a place on a scale."""
    if each.normal is None or each.person is None:
        return "-"
    if unit in ("mV", "%"):
        return f"{each.person - each.normal:+.1f} {'mV' if unit == 'mV' else 'points'}"
    return "none" if each.change is None else f"{each.change:+.0f} %"


def _indices(view: NerveView) -> Table:
    rows = []
    for index, each in zip(INDICES, view.indices, strict=True):
        rows.append(
            (index.name, _figure(each.normal, index.unit), _figure(each.person, index.unit), _moved(each, index.unit))
        )
    return Table(
        "As a nerve laboratory would measure them; currents are of the model, only their ratio carries over.",
        ("index", "normal", "here", "change"),
        tuple(rows),
    )


def _curve(view: NerveView) -> Picture:
    """Return the threshold over calcium with the person's point on it, and the same as a table."""
    calcium = load_nerve_facts().inputs["calcium_ionised"]
    here = next(point for point in view.curve if point[0] == view.serum.calcium_ionised)
    across, upright = f"Ionised calcium [{calcium.unit}]", "Threshold [% of normal]"
    rows = tuple((f"{at:.3g}{' (here)' if (at, share) == here else ''}", f"{share:.0f}") for at, share in view.curve)
    return Picture(
        title="How easily a motor nerve is set off, over ionised calcium",
        description=(
            "Threshold of the model axon in per cent of normal, were ionised calcium another and the other values as "
            f"here; lower is easier to set off. It is {here[1]:.0f} % at {here[0]:.3g} {calcium.unit}, and 100 % in "
            f"normal serum, at {calcium.normal:g}."
        ),
        chart=Lines(
            across,
            upright,
            view.curve,
            here=here,
            normal=(calcium.normal, 100.0),
            names=("with the other values as here", ""),
        ),
        table=Table("Threshold over ionised calcium.", (across, upright), rows),
    )


def _firing(view: NerveView) -> Iterator[Block]:
    rows = tuple((AXONS[each.axon], _rate(each.normal), _rate(each.person)) for each in view.firing)
    yield Table("Impulses without any stimulus.", ("axon", "normal", "here"), rows)
    known = load_nerve_facts()
    yield Paragraph(
        "The prone ending has more sodium current, above all of the persistent kind. It was set so that it "
        "begins to fire between the calcium at which tetany was seen "
        f"({known.targets['H6'].low:g} mmol/L) and the one at which it was not ({known.targets['H6'].high:g} mmol/L)."
    )


def _rate(hertz: float) -> str:
    return f"yes, {hertz:.0f} a second" if hertz > 0 else "no"


def _beyond(view: NerveView) -> Iterator[str]:
    for each in view.beyond:
        yield (
            f"{each.heading} {getattr(view.serum, each.id):g} {each.unit} is outside of "
            f"{each.checked_low:g} to {each.checked_high:g}, where the model was compared with anything; take the size "
            "of the effect as a guess."
        )


def _of(view: NerveView, name: str) -> Compared:
    return next(each for each in view.indices if each.index == name)


def nerve_json(view: NerveView, *, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the same as plain data; ``change_percent`` is of normal, None where there is no value to compare.

    Args:
        view: What the values do.
        given: By the name of an input what it was taken from.
    """
    knowledge, inputs, usual = load_knowledge(), load_nerve_facts().inputs, normal_serum()
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "knowledge_version": knowledge.version,
        "values": {
            name: {
                "value": getattr(view.serum, name),
                "normal": getattr(usual, name),
                "unit": inputs[name].unit,
                "from": given.get(name, "normal"),
            }
            for name in NAMES
        },
        "gating_shift_mV": view.shift,
        "indices": {
            each.index: {"unit": index.unit, "normal": each.normal, "here": each.person, "change_percent": each.change}
            for index, each in zip(INDICES, view.indices, strict=True)
        },
        "threshold_change_percent_alone": dict(view.alone),
        "fires_by_itself_hz": {each.axon: {"normal": each.normal, "here": each.person} for each in view.firing},
        "threshold_over_calcium": [{"calcium_ionised": at, "percent_of_normal": share} for at, share in view.curve],
        "outside_of_what_was_checked": [each.id for each in view.beyond],
        "alerts": [
            {"value": each.value, "urgency": each.urgency, "text": each.text}
            for each in nerve_alerts(view.serum, knowledge)
        ],
        "in_words": threshold_words(_of(view, "threshold").change),
        "limits": list(LIMITS),
        "sources": [{"id": name, "citation": knowledge.sources[name].citation} for name in CITED],
        "review_note": knowledge.review_note,
    }
