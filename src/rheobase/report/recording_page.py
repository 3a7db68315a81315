"""A recording of nerve excitability beside healthy people's: as a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rheobase.knowledge import load_knowledge
from rheobase.knowledge.nerve_norms import NerveNorms, load_nerve_norms
from rheobase.nerve.compared import Comparison, Place, compare, outside_share, site_of
from rheobase.nerve.recording import CURRENT_THRESHOLD, RECOVERY, Recording
from rheobase.plain_text import in_sentence
from rheobase.report.band_chart import BandChart, BandPoint
from rheobase.report.document import Block, Document, Footnotes, Kind, Paragraph, Picture, Point, Section, Table
from rheobase.report.recording_fit import fit_in_words, fit_sections

if TYPE_CHECKING:
    from rheobase.nerve.fit.least_squares import Fit

PLUS, MINUS = ("electrotonus_plus_40", 40.0), ("electrotonus_minus_40", -40.0)
LIMITS = (
    "It informs and diagnoses nothing. A clinician who knows the recording, the hand's warmth and the person reads it.",
    "It says nothing about how urgent anything is: 'rheobase assess' and a clinician do.",
    "One recording is one moment of one nerve, and has an error; how large it is for a person is not known here.",
    "The healthy people were recorded in one country; a laboratory's own normal range is better where it has one.",
    "The figures are not told apart by sex: the source's summary is of women and men together.",
)


def recording_page(recording: Recording, fit: Fit | None = None) -> Document:
    """Return the page.

    Args:
        recording: As read.
        fit: What the model makes of it, None where it was not asked.
    """
    knowledge, norms = load_knowledge(), load_nerve_norms()
    cited = Footnotes(knowledge)
    comparison = compare(recording, norms)
    sections = [
        Section("In short", tuple(_short(comparison, fit, cited))),
        Section("The recording", (_told(recording), *_notes(recording))),
        Section("Beside healthy people", tuple(_beside(recording, comparison, cited))),
        *_curves(recording, comparison, fit, norms),
        Section("What else moves these figures", tuple(_confounders(comparison, norms, cited))),
        *(fit_sections(fit, norms) if fit is not None else ()),
        Section("What this cannot say", tuple(Point(each) for each in LIMITS)),
    ]
    sections.append(cited.section())
    sections.append(
        Section("About", (Paragraph(f"Knowledge {knowledge.version}. {knowledge.review_note}"),), Kind.ABOUT)
    )
    return Document("Rheobase - a recording of nerve excitability", tuple(sections), tuple(cited.cited))


def in_words(comparison: Comparison) -> str:
    """Return in one or two sentences how a recording lies among healthy people's."""
    if comparison.refused:
        return f"This recording is not compared. {comparison.refused}"
    counted, outside = comparison.counted, comparison.outside
    if not counted:
        return "The file holds no figure of the membrane that healthy people's are known of."
    inside, norms = len(counted) - len(outside), load_nerve_norms()
    expected = outside_share(norms) * len(counted)
    chance = f"With {len(counted)} figures {_one_or_so(expected)} outside even in health."
    where = f"{inside} of {len(counted)} figures lie where those of 95 of 100 healthy people lie."
    if not outside:
        if len(counted) == 1:
            return "The one figure that can be judged lies where those of 95 of 100 healthy people lie."
        return f"All {len(counted)} figures lie where those of 95 of 100 healthy people lie."
    tail = comparison.by_chance(norms)
    reckoned = (
        f"{len(outside)} or more come in {_of_healthy(tail)} healthy people, were figures independent (binomial: "
        f"{len(counted)} figures, each outside in {100 * outside_share(norms):.0f} of 100)."
    )
    if tail > norms["more_than_chance"]:
        return f"{where} {chance} {reckoned}"
    return (
        f"{where} {chance} {reckoned} Here it is more than chance brings. But figures hang together, so that one "
        "thing, such as a cold hand, can move many of them."
    )


def _of_healthy(tail: float) -> str:
    """Return a probability as a count of healthy people."""
    if 100 * tail >= 1:
        return f"{100 * tail:.0f} of 100"
    return f"{1000 * tail:.0f} of 1,000" if 1000 * tail >= 1 else "fewer than 1 of 1,000"


def _one_or_so(expected: float) -> str:
    if expected < 1 / 2:
        return "at most one is likely"
    return "about one is expected" if expected < 3 / 2 else f"about {expected:.0f} are expected"


def _short(comparison: Comparison, fit: Fit | None, cited: Footnotes) -> Iterator[Block]:
    yield Paragraph(f"{in_words(comparison)} {cited.cite('nerve_norms') if comparison.places else ''}", strong=True)
    if comparison.outside:
        names = "; ".join(f"{in_sentence(each.norm.name)}: {place_in_words(each)}" for each in comparison.outside)
        yield Paragraph(f"Outside: {names}.")
    if fit is not None:
        yield Paragraph(fit_in_words(fit))


def place_in_words(place: Place) -> str:
    """Return where a figure lies."""
    if place.inside:
        return "usual"
    return "lower than usual" if place.z < 0 else "higher than usual"


def figure_of(value: float, unit: str) -> str:
    """Return a figure with three digits and its unit."""
    text = f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{text} {unit}".strip()


def _told(recording: Recording) -> Table:
    header = {key.lower(): value for key, value in recording.header.items()}
    unknown = "not told"
    rows = (
        ("Nerve and muscle", site_of(recording) or unknown),
        ("Protocol", header.get("protocol") or unknown),
        ("Date, as written", header.get("date") or unknown),
        ("Age", unknown if recording.age is None else f"{recording.age:g} years"),
        ("Sex", recording.sex or unknown),
        ("Skin", unknown if recording.temperature is None else f"{recording.temperature:g} C"),
        ("Potassium of the blood", unknown if recording.potassium is None else f"{recording.potassium:g} mmol/L"),
        ("Comment", header.get("comments") or "none"),
    )
    return Table("What the file says of it; names and paths in it are left out here.", ("what", "told"), rows)


def _notes(recording: Recording) -> Iterator[Block]:
    for note in recording.notes:
        yield Point(f"Line {note.line}: {note.text}" if note.line else note.text[:1].upper() + note.text[1:])
    if recording.others:
        names = ", ".join(f"{name} {value:g}" for name, value in recording.others.items())
        yield Point(f"Kept in the file and not read here: {names}.")
    if recording.worked_out:
        norms = load_nerve_norms().norms
        names = ", ".join(in_sentence(norms[name].name) for name in recording.worked_out)
        yield Point(f"Not in the file, worked out from its curves: {names}.")


def _beside(recording: Recording, comparison: Comparison, cited: Footnotes) -> Iterator[Block]:
    norms = load_nerve_norms()
    if comparison.refused:
        rows = tuple((norms.norms[name].name, figure_of(value, norms.norms[name].unit))
                     for name, value in recording.indices.items())  # fmt: skip
        yield Table("The figures, without a comparison.", ("figure", "here"), rows)
        return
    for title, technical in (("Of the membrane", False), ("Of electrodes, tissue and muscle; not counted", True)):
        chosen = [each for each in comparison.places if each.norm.technical == technical]
        if chosen:
            yield Table(
                f"{title}: {max(each.norm.n for each in chosen)} healthy people.",
                ("figure", "here", "95 of 100", "lower, of 100", "in words"),
                tuple(_row(each, norms) for each in chosen),
            )
    yield Paragraph(
        "'95 of 100' is where the middle 95 of 100 healthy people lie; 'lower, of 100' is how many of them lie lower "
        "than this recording. Refractoriness, superexcitability and subexcitability are changes of threshold: below 0 "
        "is easier to fire. Electrotonus is the fall of the threshold while a current flows: above 0 is easier. "
        f"{cited.cite('nerve_norms')}"
    )


def _row(place: Place, norms: NerveNorms) -> tuple[str, ...]:
    low, high = (figure_of(place.norm.at(sign * norms["inside_z"]), "") for sign in (-1, 1))
    lower = 100 * place.lower
    share = "under 1" if lower < 1 else "over 99" if lower > 99 else f"{lower:.0f}"
    return (place.norm.name, figure_of(place.value, place.norm.unit), f"{low} to {high}", share, place_in_words(place))


def _confounders(comparison: Comparison, norms: NerveNorms, cited: Footnotes) -> Iterator[Block]:
    for doubt in comparison.doubts:
        yield Point(f"In this recording: {doubt}", strong=True)
    for each in norms.confounders:
        yield Point(f"{each.text} {cited.cite(each.source)}")


def _curves(recording: Recording, comparison: Comparison, fit: Fit | None, norms: NerveNorms) -> tuple[Section, ...]:
    """Return the section of pictures; none where there is no curve that healthy people's is known of."""
    if comparison.refused:
        return ()
    fitted = fit.curves if fit is not None and fit.good else {}
    told = {name: curve.points for name, share in (PLUS, MINUS) if (curve := recording.under(share)) is not None}
    told |= {name: points for name in (RECOVERY, CURRENT_THRESHOLD) if (points := recording.curves.get(name, ()))}
    pictures = []
    for title, names, axes, logarithmic in (
        ("Recovery after an impulse", (RECOVERY,), ("delay after an impulse [ms]", "change of threshold [%]"), True),
        ("Threshold electrotonus, +40 % and -40 %", (PLUS[0], MINUS[0]), ("delay [ms]; current from 10 to 110 ms",
         "fall of threshold [%]"), False),
        ("Current and threshold", (CURRENT_THRESHOLD,), ("current [% of threshold]", "fall of threshold [%]"), False),
    ):  # fmt: skip
        shown = [name for name in names if name in told]
        if shown:
            chart = BandChart(
                axes[0], axes[1], tuple(_band(name, norms) for name in shown), tuple(told[name] for name in shown),
                tuple(fitted[name] for name in shown if name in fitted), logarithmic,
            )  # fmt: skip
            pictures.append(_picture(title, chart, norms, shown))
    return (Section("The curves", tuple(pictures)),) if pictures else ()


def _band(name: str, norms: NerveNorms) -> tuple[BandPoint, ...]:
    z = norms["inside_z"]
    return tuple(BandPoint(each.at, each.mean - z * each.sd, each.mean + z * each.sd) for each in norms.curves[name])


def _picture(title: str, chart: BandChart, norms: NerveNorms, names: list[str]) -> Picture:
    rows, beyond, counted = [], 0, 0
    for name, points in zip(names, chart.person, strict=True):
        known = {each.at: each for each in norms.curves[name]}
        for at, value in points:
            if (point := known.get(at)) is None:
                continue
            low, high = (point.mean + sign * norms["inside_z"] * point.sd for sign in (-1, 1))
            beyond, counted = beyond + (not low <= value <= high), counted + 1
            rows.append((f"{at:g}", f"{value:.1f}", f"{low:.1f} to {high:.1f}"))
    description = f"{beyond} of {counted} points lie outside of where 95 of 100 healthy people lie at that place."
    table = Table(f"{title}. {description}", (chart.across, "here", "95 of 100"), tuple(rows))
    return Picture(title, f"{chart.upright} over {chart.across}. {description}", chart, table)
