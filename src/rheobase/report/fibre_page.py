"""What blood values do to a whole nerve fibre: as a page, and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rheobase import __version__
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve.concentrations import NAMES, normal_serum
from rheobase.nerve.fibre.person import Conducts, FibreView
from rheobase.report.document import Block, Document, Footnotes, Kind, Paragraph, Point, Section, Table
from rheobase.report.nerve_alerts import nerve_alerts
from rheobase.report.nerve_words import limit

SCHEMA_VERSION = 1
SOURCES = ("modeldb3810", "hille1975")
LIMITS = (
    (
        "This is the published model of a fibre (McIntyre, Richardson and Grill 2002) with effects of ions of our own. "
        "It has no pump and no fast potassium current to hold its rest."
    ),
    (
        "So it makes more of calcium, acid and potassium than people's axons do: read the direction, not the size. "
        "'rheobase nerve show' uses a model of human axons for the size."
    ),
    (
        "In potassium above about 4.8, or ionised calcium below about 0.8 mmol/L, it no longer rests as a living fibre "
        "does; no figure is given there."
    ),
    "Its velocity and threshold in normal serum are within 1 % of the same equations solved in NEURON.",
    "A fibre is not a nerve: fibres of many sizes run side by side. Velocity is that of one size at one temperature.",
    "It says nothing about how urgent anything is: 'rheobase assess' and a clinician do.",
)
ROWS = (
    ("velocity", "Conduction velocity", "m/s"),
    ("rest", "Resting potential", "mV"),
    ("threshold", "Threshold of 0.1 ms into a node", "nA"),
    ("standing", "Least standing current that makes it fire by itself", "nA"),
)


def fibre_page(view: FibreView, *, given: Mapping[str, str]) -> Document:
    """Return the page.

    Args:
        view: What the values do.
        given: By the name of an input what it was taken from; inputs that are missing there were taken as normal.
    """
    knowledge = load_knowledge()
    cited = Footnotes(knowledge)
    marks = cited.cite(*SOURCES)
    alerts = tuple(Point(f"{each.text} {cited.cite(each.source)}") for each in nerve_alerts(view.serum, knowledge))
    sections = [
        *([Section("Before anything else", alerts)] if alerts else []),
        Section("In short", tuple(Paragraph(each) for each in in_words(view))),
        Section("The fibre", (_values(view, given), *_table(view))),
        Section("What this model cannot say", tuple(Point(each) for each in LIMITS)),
        Section(
            "How it is reckoned",
            (
                Paragraph(
                    "Forty-one nodes with the myelin between them, solved as a double cable. An impulse starts near "
                    "one end and timed over the middle. The threshold is sought by bisection. For the site of origin a "
                    f"current is held at node {view.site}, a fifth more than the least that makes the fibre fire, and "
                    f"the node that fires first is noted; the same is read from the times of arrival at both ends, as "
                    f"in people. {marks}"
                ),
            ),
        ),
        cited.section(),
        Section("About", (Paragraph(f"Knowledge {knowledge.version}. {knowledge.review_note}"),), Kind.ABOUT),
    ]
    return Document("Rheobase - what these values do to a nerve fibre", tuple(sections), tuple(cited.cited))


def in_words(view: FibreView) -> Iterator[str]:
    """Yield what the values do, in plain words."""
    size = f"A fibre of {view.diameter:g} um at {view.serum.temperature:g} degrees"
    if not view.rests:
        yield (
            f"{size} does not rest in these values as a living one does (its potential settles at {view.here.rest:.0f} "
            "mV), so no figure is given. That tells of this model, not of a person."
        )
        return
    if view.normal.velocity and view.here.velocity:
        yield f"{size} conducts {_change(view.here.velocity / view.normal.velocity, 'faster', 'slower')}."
    if view.normal.threshold and view.here.threshold:
        harder = _change(view.here.threshold / view.normal.threshold, "harder to set off", "easier to set off")
        yield f"It is {harder}; the model makes too much of that."
    if view.here.origin is not None:
        where = f"node {view.here.origin}" + (" where the current is held" if view.here.origin == view.site else "")
        read = "" if view.here.read_origin is None else f"; read from both ends: {view.here.read_origin:.1f}"
        yield f"An impulse that it makes by itself begins at {where}{read}. It runs both ways from there."


def _change(share: float, more: str, less: str) -> str:
    change = 100 * (share - 1)
    nothing = limit("nothing")
    if abs(change) < nothing:
        return f"neither {more} nor {less} than in normal serum, within {nothing:.0f} %"
    return f"{abs(change):.0f} % {more if change > 0 else less} than in normal serum"


def _values(view: FibreView, given: Mapping[str, str]) -> Table:
    inputs, usual = load_nerve_facts().inputs, normal_serum()
    rows = tuple(
        (inputs[name].name, f"{getattr(view.serum, name):.4g} {inputs[name].unit}".strip(),
         f"{getattr(usual, name):.4g}", given.get(name, "not given: taken as normal"))
        for name in NAMES if name != "temperature"
    )  # fmt: skip
    return Table("What the fibre is bathed in.", ("value", "here", "normal", "from"), rows)


def _table(view: FibreView) -> Iterator[Block]:
    rows = []
    for name, words, unit in ROWS:
        normal, here = getattr(view.normal, name), getattr(view.here, name)
        rows.append((f"{words} [{unit}]", _figure(normal), _figure(here)))
    rows.append(("Where its own impulse begins [node]", _node(view.normal), _node(view.here)))
    yield Table(
        f"{view.diameter:g} um across, a node every {view.spacing:g} um, {view.serum.temperature:g} degrees.",
        ("", "normal", "here"),
        tuple(rows),
    )


def _figure(value: float | None) -> str:
    return "none" if value is None else f"{value:.3g}"


def _node(found: Conducts) -> str:
    return "none" if found.origin is None else f"{found.origin}"


def fibre_json(view: FibreView, *, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the same as plain data; None where there is no value."""
    knowledge, inputs, usual = load_knowledge(), load_nerve_facts().inputs, normal_serum(view.serum.temperature)

    def plain(found: Conducts) -> dict[str, float | int | None]:
        return {
            "velocity_m_s": found.velocity,
            "resting_potential_mV": found.rest,
            "threshold_nA": found.threshold,
            "standing_current_nA": found.standing,
            "origin_node": found.origin,
            "origin_read_from_both_ends": found.read_origin,
        }

    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "knowledge_version": knowledge.version,
        "diameter_um": view.diameter,
        "node_spacing_um": view.spacing,
        "site_node": view.site,
        "values": {
            name: {
                "value": getattr(view.serum, name),
                "normal": getattr(usual, name),
                "unit": inputs[name].unit,
                "from": given.get(name, "normal"),
            }
            for name in NAMES
        },
        "rests_as_a_living_fibre": view.rests,
        "normal": plain(view.normal),
        "here": plain(view.here),
        "in_words": list(in_words(view)),
        "alerts": [
            {"value": each.value, "urgency": each.urgency, "text": each.text}
            for each in nerve_alerts(view.serum, knowledge)
        ],
        "limits": list(LIMITS),
        "sources": [{"id": name, "citation": knowledge.sources[name].citation} for name in SOURCES],
        "review_note": knowledge.review_note,
    }
