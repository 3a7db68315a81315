"""What any values do to a nerve, for sliders: three sentences, figures, and pictures of the membrane."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rheobase.knowledge import Knowledge
from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.knowledge.nerve_presets import Preset, load_nerve_presets
from rheobase.nerve.concentrations import Serum, normal_serum, outside_checked
from rheobase.nerve.tabled import Tabled, tabled, usual_tabled
from rheobase.report.document import Block, Document, Footnotes, Paragraph, Picture, Point, Section, Table
from rheobase.report.nerve_alerts import nerve_alerts
from rheobase.report.nerve_chart import Lines
from rheobase.report.nerve_curve import OVER, alone, most_telling, threshold_picture
from rheobase.report.nerve_section import CITED, screened
from rheobase.report.nerve_words import firing_words, limit, threshold_words, twitching_words

if TYPE_CHECKING:
    from rheobase.nerve.trace import Trace

NAMES = ("now", "usual")
ALONE = "from calcium, magnesium and pH alone"
# Of the upright axis [mV].
LEAST = 40.0
POTASSIUM = (
    "Potassium is left out of the twitching and of whether endings fire by themselves: the model makes far more of it "
    "than people show. Its effect on the resting potential and on the threshold has the direction that was seen in "
    "people; its size is not checked."
)
UNTOLD = "How often muscles would twitch is not told where a full impulse fails."
LIMITS = (
    "A model of one spot of a typical human nerve fibre, fitted to published measurements of healthy people at normal "
    "values. Everything has settled; in life it also matters how fast a value fell. Muscle, spinal cord and brain are "
    "not in it. Figures of one person cannot be read from it, and it says nothing about how urgent anything is."
)
_METHOD = (
    "Calcium, magnesium and acid screen the negative charge on the outside of the sodium channels; with less of them "
    "the gates open as if the nerve were slightly depolarised. Potassium sets the resting potential."
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Potentials over time, each beside that in normal serum: after the pulse, and an ending left alone."""

    pulse: tuple[Trace, Trace]
    alone: tuple[Trace, Trace]


@dataclass(frozen=True, slots=True)
class Explored:
    """Values, what they do, and how strong the test pulse is.

    Attributes:
        serum: The values.
        seen: What they do.
        pulse: Of the usual threshold [%].
        drawn: The traces; None where they cannot be drawn (yet), for the reason in ``missing``.
        missing: Why there are no traces.
        example: Asked for as an example: nobody's blood test, so what it shows may come before what is urgent.
    """

    serum: Serum
    seen: Tabled
    pulse: float
    drawn: Drawn | None = None
    missing: str = ""
    example: bool = False


def preset_of(serum: Serum) -> Preset | None:
    """Return the example that these values are, whatever the sodium, which no example sets; None for others."""
    usual = replace(normal_serum(), sodium=serum.sodium)
    return next(
        (each for each in load_nerve_presets().presets.values() if replace(usual, **each.values) == serum), None
    )


def three_sentences(serum: Serum, seen: Tabled) -> tuple[str, str, str]:
    """Return what is seen: how easily it is set off, whether it fires by itself, how often muscles would twitch."""
    without = "" if screened(serum) == serum else f" ({ALONE})"
    if seen.change is None:
        return _set_off(serum, seen), firing_words(0.0, blocked=True), UNTOLD
    twitching = twitching_words(seen.twitching).removesuffix(".")
    firing = f"{firing_words(_firing(serum, seen)).removesuffix('.')}{without}."
    return _set_off(serum, seen), firing, f"{twitching}{without}."


def _firing(serum: Serum, seen: Tabled) -> float:
    """Return how often a prone ending fires [Hz], without potassium, of which the model makes too much."""
    counted = tabled(screened(serum))
    return (seen if counted is None else counted).firing


def explorer_document(explored: Explored, knowledge: Knowledge) -> Document:
    """Return the sections, in the order in which they are looked at.

    Args:
        explored: What to show.
        knowledge: For sources and limits of urgent values.
    """
    notes = Footnotes(knowledge)
    sections = [
        Section("What is seen", tuple(_seen(explored, knowledge, notes))),
        Section("A short pulse", tuple(_pulse(explored))),
        Section("Left alone", tuple(_alone(explored))),
        Section("How easily it is set off", tuple(_threshold(explored))),
        Section("What this is", (Paragraph(f"{_METHOD} {LIMITS} {notes.cite(*CITED)}"), Paragraph(POTASSIUM))),
        notes.section(),
    ]
    return Document("The nerve", tuple(section for section in sections if section.blocks), tuple(notes.cited))


def urgent_document(serum: Serum, knowledge: Knowledge) -> Document:
    """Return what is urgent by itself, for a page that can show nothing else of the values; empty where nothing is.

    Args:
        serum: The values.
        knowledge: For sources and limits.
    """
    notes = Footnotes(knowledge)
    alerts = tuple(_urgent(serum, knowledge, notes))
    if not alerts:
        return Document("The nerve", (), ())
    return Document("The nerve", (Section("Before anything else", alerts), notes.section()), tuple(notes.cited))


def _urgent(serum: Serum, knowledge: Knowledge, notes: Footnotes) -> Iterator[Block]:
    for each in nerve_alerts(serum, knowledge):
        yield Point(f"{each.text} {notes.cite(each.source)}", strong=True)


def _seen(explored: Explored, knowledge: Knowledge, notes: Footnotes) -> Iterator[Block]:
    serum, seen = explored.serum, explored.seen
    preset = preset_of(serum)
    # Values that merely equal an example's may be somebody's.
    example = explored.example and preset is not None
    yield from (() if example else _urgent(serum, knowledge, notes))
    first, *others = three_sentences(serum, seen)
    yield Paragraph(first, strong=True)
    yield from (Paragraph(each) for each in others)
    if preset is not None:
        yield Paragraph(f"{preset.says} {notes.cite(preset.source)}")
    yield from (_urgent(serum, knowledge, notes) if example else ())
    yield _figures(serum, seen)
    for beyond in outside_checked(serum, load_nerve_facts()):
        span = f"{beyond.checked_low:g} to {beyond.checked_high:g} {beyond.unit}".rstrip()
        yield Point(
            f"{beyond.heading} is outside of {span}, where the model was compared with "
            "anything: take the sizes as a guess."
        )


def _set_off(serum: Serum, seen: Tabled) -> str:
    """Return how easily it is set off; potassium, whose size is not checked, does not hide what the others do."""
    usual, alone = normal_serum(), screened(serum)
    counted = tabled(alone)
    change = seen.change
    if change is not None and abs(change) >= limit("nothing") and serum == replace(usual, potassium=serum.potassium):
        way, sign = ("easier", "less") if change < 0 else ("harder", "more")
        return (
            f"With this potassium a motor nerve is {way} to set off. By how much is not checked against people; in the "
            f"model it needs {abs(change):.0f} % {sign} current."
        )
    if change is None or counted is None or alone == usual or serum.potassium == usual.potassium:
        return threshold_words(change)
    return (
        f"{threshold_words(counted.change, whose='By calcium, magnesium and pH alone')} All together, with "
        f"potassium, whose size is not checked, {abs(change):.0f} % {'less' if change < 0 else 'more'}."
    )


def brief_words(serum: Serum, seen: Tabled) -> tuple[str, str, str]:
    """Return the figures for a line at the edge of a small screen."""
    fires = "blocked"
    if seen.change is not None:
        fires = "ending fires" if _firing(serum, seen) >= limit("fires") else "ending quiet"
    return f"threshold {_share(seen)}", f"{seen.resting:.0f} mV", fires


def _share(seen: Tabled) -> str:
    return "none" if seen.threshold is None else f"{seen.threshold:.0f} %"


def _figures(serum: Serum, seen: Tabled) -> Table:
    usual, twitching = usual_tabled(), seen.twitching
    without = "" if screened(serum) == serum or seen.change is None else f" ({ALONE})"
    ending = "fires" if _firing(serum, seen) >= limit("fires") else "quiet"
    pool = f"{_times(twitching.low)} to {_times(twitching.high)} times"
    if seen.change is None:
        ending, pool = "not told", "not told"
    return Table(
        "Figures of the model",
        ("What", "Now", "Usual"),
        (
            ("Threshold", _share(seen), "100 %"),
            ("Resting potential [mV]", f"{seen.resting:.1f}", f"{usual.resting:.1f}"),
            (f"Prone ending, left alone{without}", ending, "quiet"),
            (f"Twitching of the pool{without}", pool, "1"),
        ),
    )


def _times(multiple: float) -> str:
    return "over 100" if multiple >= 100 else f"{multiple:.0f}" if multiple >= 3 else f"{multiple:.1f}"


def _pulse(explored: Explored) -> Iterator[Block]:
    if explored.drawn is None:
        yield Paragraph(explored.missing)
        return
    own, usual = explored.drawn.pulse
    words = {True: "an impulse", False: "no impulse"}
    fires, usually = words[own.impulses > 0], words[usual.impulses > 0]
    if explored.seen.change is None:
        # A current carries the potential across the level of an impulse all the same.
        fires = "no full impulse"
    yield _picture(
        "Membrane of a motor nerve after a short pulse",
        f"A pulse of 1 ms and {explored.pulse:.0f} % of the strength that a nerve usually needs. Now: {fires}; "
        f"usually: {usually}.",
        (own, usual),
        ((0.0, "pulse"),),
    )
    yield Paragraph(f"{explored.pulse:.0f} % of the usual strength gives {fires} now, and {usually} usually.")


def _alone(explored: Explored) -> Iterator[Block]:
    if explored.drawn is None:
        return
    own, usual = explored.drawn.alone
    yield _picture(
        "A nerve ending that is prone to fire, without any stimulus",
        f"Over one second: {_count(own.impulses)} now, {_count(usual.impulses)} usually.",
        (own, usual),
        (),
    )
    yield Paragraph(
        f"{_count(own.impulses).capitalize()} in this second. The ending was set so that it begins to fire about where "
        "tetany was seen in people."
    )
    if explored.serum != screened(explored.serum):
        yield Paragraph("This trace takes all values together, potassium too, of which the model makes too much.")


def _count(impulses: int) -> str:
    return "no impulse" if not impulses else "1 impulse" if impulses == 1 else f"{impulses} impulses"


def _picture(
    title: str, description: str, traces: tuple[Trace, Trace], marks: tuple[tuple[float, str], ...]
) -> Picture:
    own, usual = traces
    every = max(1, len(own.points) // 12)
    same: Mapping[float, float] = dict(usual.points)
    rows = tuple((f"{x:g}", f"{y:.1f}", f"{same[x]:.1f}" if x in same else "") for x, y in own.points[::every])
    return Picture(
        title, description,
        Lines("Time [ms]", "Potential [mV]", own.points, usual.points, names=NAMES, marks=marks, least=LEAST),
        Table("Potential [mV]", ("Time [ms]", "Now", "Usual"), rows),
    )  # fmt: skip


def _threshold(explored: Explored) -> Iterator[Block]:
    serum = explored.serum
    # Potassium, whose size is not checked, only where nothing else tells.
    checked = tuple(name for name in OVER if name != "potassium")
    tells = any(abs(each) >= limit("nothing") for each in alone(serum, checked).values())
    picture = threshold_picture(serum, most_telling(serum, checked if tells else OVER), whose="other values as now")
    if picture is not None:
        yield picture
