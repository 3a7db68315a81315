"""What a person's blood values, or attacks of over-breathing, do to a nerve: a section of the report and its JSON.

It stands where a value is known that a nerve feels. It explains; urgency and causes are judged before it and never
read it. Everything comes from a table of the membrane model, so a report needs neither numba nor a wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from rheobase.assess import Assessment
from rheobase.errors import RheobaseError
from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.knowledge.nerve_presets import OVER_BREATHING, load_nerve_presets
from rheobase.nerve.concentrations import Serum, normal_serum, outside_checked
from rheobase.nerve.tabled import Tabled, tabled, usual_tabled
from rheobase.report.document import Block, Footnotes, Paragraph, Point, Section, Table
from rheobase.report.nerve_alerts import nerve_alerts
from rheobase.report.nerve_curve import alone, most_telling, threshold_picture
from rheobase.report.nerve_known import MEASURED, TELLING, Known, known_of
from rheobase.report.nerve_words import (
    NO_IMPULSE,
    change_in_words,
    firing_words,
    limit,
    threshold_words,
    twitching_words,
)

TITLE, TITLE_BREATHING = "What your values do to a nerve", "What fast breathing does to a nerve"
CITED = ("hille1975", "howells2012", "kiernan2000")
LIMITS = (
    "This is a model of one typical nerve fibre in which everything has settled. People differ, and no recording shows "
    "what low calcium alone does in people. It says nothing about how urgent anything is."
)
POTASSIUM = (
    "The direction is that seen in people, the size is not checked; muscles, which low potassium makes weak and liable "
    "to cramp, are not in the model."
)
HIGH = (
    "So far up a nerve does not simply fire more easily: its sodium channels stay shut, and nerve and muscle can lose "
    "their impulses and grow weak. What it does to the heart counts more, and is not in the model."
)
# What reaches the gates by their surface; potassium acts by the resting potential, and the model makes too much of it.
GATES = ("calcium_ionised", "magnesium_ionised", "ph")
NAMES = {"calcium_ionised": "calcium", "magnesium_ionised": "magnesium", "ph": "pH"}


@dataclass(frozen=True, slots=True)
class AtNerve:
    """What is known and what it does.

    Attributes:
        known: The values.
        seen: What they do all together; None where the table does not reach.
        screened: What calcium, magnesium and pH do, the rest normal.
        attack: As ``screened``, in an attack of over-breathing; None where none was told of, or the pH is known.
    """

    known: Known
    seen: Tabled | None
    screened: Tabled | None
    attack: Tabled | None


def at_nerve(assessment: Assessment) -> AtNerve | None:
    """Return what a person's values do to a nerve; None where nothing is known that it feels, and for a child."""
    if assessment.urgency.child:
        return None
    known = known_of(assessment.facts)
    if not known.tells and not known.breathes:
        return None
    in_attack = known.breathes and "ph" not in known.said
    attack = tabled(attack_serum(known.serum)) if in_attack else None
    return AtNerve(known, tabled(known.serum), tabled(screened(known.serum)), attack)


def attack_serum(serum: Serum) -> Serum:
    """Return serum in minutes of over-breathing: the pH of the example, calcium as it was, the rest normal."""
    return replace(screened(serum), **load_nerve_presets().presets[OVER_BREATHING].values)


def screened(serum: Serum) -> Serum:
    """Return serum with its calcium, magnesium and pH alone, the rest normal."""
    return replace(normal_serum(), **{name: getattr(serum, name) for name in GATES})


def nerve_section(assessment: Assessment, notes: Footnotes) -> Section:
    """Return what a person's values do to a nerve; a section without blocks where nothing is known that it feels.

    Args:
        assessment: What was judged; it is read, never changed.
        notes: Takes the sources.
    """
    try:
        seen = at_nerve(assessment)
        if seen is None:
            return Section(TITLE, ())
        return Section(TITLE if seen.known.tells else TITLE_BREATHING, tuple(_blocks(seen, notes)))
    except RheobaseError as problem:
        # An illustration must not cost the report.
        return Section(TITLE, (Paragraph(f"This could not be worked out here: {problem}"),))


def _blocks(told: AtNerve, notes: Footnotes) -> Iterator[Block]:
    known, plain = told.known, told.screened
    gates, salt = tuple(each for each in GATES if each in known.said), "potassium" in known.said
    yield from _alert(known, notes)
    if known.tells and told.seen is None:
        yield Paragraph("These values are beyond what the model of a nerve covers, so nothing is said of them here.")
    elif known.tells and told.seen is not None:
        moves = alone(known.serum, TELLING)
        if gates and plain is not None:
            whose = f"With your {in_words(tuple(NAMES[each] for each in gates))}"
            more = (
                ""
                if plain.change is None or abs(plain.change) < limit("nothing")
                else f" {twitching_words(plain.twitching)}"
            )
            fires = firing_words(plain.firing, blocked=plain.change is None)
            yield Paragraph(f"{threshold_words(plain.change, whose=whose)} {fires}{more}")
        if salt:
            yield Point(_potassium(known.serum))
        if any(abs(each) >= limit("nothing") for each in moves.values()):
            yield _table(known, told.seen, plain)
            over = most_telling(known.serum, tuple(each for each in (gates or ("potassium",))))
            kept = screened(known.serum) if gates else known.serum
            picture = threshold_picture(kept, over)
            if picture is not None:
                yield picture
            yield from _estimated(known)
    if told.attack is not None:
        yield Point(_attack(told, told.attack, notes))
    yield from _limits(known, notes)


def _potassium(serum: Serum) -> str:
    """Return what potassium does by itself: the way of the resting potential, since no size is checked."""
    yours = f"Your potassium, {serum.potassium:.3g} mmol/L,"
    seen, usual = tabled(replace(normal_serum(), potassium=serum.potassium)), usual_tabled()
    if seen is None:
        return f"{yours} is beyond what the model of a nerve covers."
    if abs(seen.resting - usual.resting) < limit("still"):
        return f"{yours} leaves the nerve about as it is."
    way = "down" if seen.resting < usual.resting else "up"
    moved = f"takes the resting potential {way} from {usual.resting:.1f} to {seen.resting:.1f} mV"
    if seen.change is None or serum.potassium > load_nerve_facts().inputs["potassium"].checked_high:
        return f"{yours} {moved}. {HIGH}"
    return f"{yours} {moved}, which {'calms' if way == 'down' else 'excites'} this fibre by itself. {POTASSIUM}"


def _alert(known: Known, notes: Footnotes) -> Iterator[Block]:
    """Yield what is urgent by itself, as on the nerve's own pages: nothing said of nerves may soften it."""
    serum = known.serum
    if not known.said.get("calcium_ionised", MEASURED).startswith(MEASURED):
        # An estimate is no result: the urgency of what it was made from stands where that is judged.
        serum = replace(serum, calcium_ionised=normal_serum().calcium_ionised)
    for each in nerve_alerts(serum, notes.knowledge):
        yield Paragraph(f"{each.text} {notes.cite(each.source)}", strong=True)


def in_words(names: tuple[str, ...]) -> str:
    """Return names in a row: "calcium, magnesium and pH"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _table(known: Known, seen: Tabled, plain: Tabled | None) -> Table:
    usual, inputs, moves = usual_tabled(), load_nerve_facts().inputs, alone(known.serum, (*TELLING, "sodium"))
    rows = [
        (
            inputs[name].heading,
            f"{getattr(known.serum, name):.3g} {inputs[name].unit}".strip(),
            f"{inputs[name].normal:.3g}",
            _alone_in_words(known.serum, name, moves),
        )
        for name in known.said
    ]
    if plain is not None and sum(name in GATES for name in known.said) > 1:
        name = f"{in_words(tuple(NAMES[each] for each in GATES if each in known.said))} together"
        rows.append((name[0].upper() + name[1:], "-", "-", change_in_words(plain.change)))
    rows.append(("Resting potential", f"{seen.resting:.1f} mV", f"{usual.resting:.1f}",
                 f"{seen.resting - usual.resting:+.1f} mV"))  # fmt: skip
    caption = "By how much each value alone moves the current that sets a nerve off; what is not known counts as normal"
    return Table(caption, ("What", "Yours", "Normal", "Change"), tuple(rows))


def _alone_in_words(serum: Serum, name: str, moves: dict[str, float]) -> str:
    """Return by what one value alone moves the threshold, for the table; what can't be told is never nothing."""
    if getattr(serum, name) == getattr(normal_serum(), name):
        return change_in_words(0.0)
    if name in moves:
        return change_in_words(moves[name]) if name in GATES else _way(moves[name])
    return "not covered" if tabled(replace(normal_serum(), **{name: getattr(serum, name)})) is None else NO_IMPULSE


def _way(change: float) -> str:
    """Return which way something moves the threshold whose size is not checked against people."""
    if abs(change) < limit("nothing"):
        return "about none"
    return f"{'easier' if change < 0 else 'harder'}: direction only"


def _estimated(known: Known) -> Iterator[Block]:
    inputs = load_nerve_facts().inputs
    guesses = [f"{inputs[name].name} {words}" for name, words in known.said.items() if words.startswith("estimated")]
    if guesses:
        yield Point(f"Not measured as such: {'; '.join(guesses)}.")


def _attack(told: AtNerve, seen: Tabled, notes: Footnotes) -> str:
    preset, measured = load_nerve_presets().presets[OVER_BREATHING], any(each in told.known.said for each in GATES)
    also = " on top of these values" if measured else ""
    said = threshold_words(seen.change, whose=f"at a pH of {preset.values['ph']:g}{also}")
    return (
        "In an attack of fast breathing the blood turns less acid within minutes, and back as quickly. Yours was not "
        f"measured in one; as an example, {said} That fits tingling, twitching or cramped hands that come and go with "
        f"the breathing. {notes.cite(preset.source)}"
    )


def _limits(known: Known, notes: Footnotes) -> Iterator[Block]:
    yield from (Point(f"Left out: {each}") for each in known.refused)
    beyond = [each for each in outside_checked(known.serum, load_nerve_facts()) if each.id in known.said]
    guess = "".join(
        f" {each.heading} is beyond {each.checked_low:g} to {each.checked_high:g}, where the "
        "model was compared with anything: take the size as a guess." for each in beyond
    )  # fmt: skip
    yield Paragraph(f"{LIMITS}{guess} {notes.cite(*CITED)}")


def nerve_section_json(assessment: Assessment) -> dict[str, Any] | None:
    """Return the same as plain data; None where nothing is known that a nerve feels."""
    try:
        told = at_nerve(assessment)
    except RheobaseError as problem:
        return {"problem": str(problem)}
    if told is None:
        return None
    known, inputs = told.known, load_nerve_facts().inputs
    return {
        "values": {
            name: {"value": getattr(known.serum, name), "normal": inputs[name].normal, "unit": inputs[name].unit,
                   "from": words}
            for name, words in known.said.items()
        },
        "all_together": None if told.seen is None or not known.tells else _plain(told.seen),
        "calcium_magnesium_ph": None if told.screened is None or not known.tells else _plain(told.screened),
        "threshold_change_percent_alone": alone(known.serum, tuple(each for each in known.said if each in inputs)),
        "in_an_attack_of_over_breathing": None if told.attack is None else {
            "example_ph": load_nerve_presets().presets[OVER_BREATHING].values["ph"], **_plain(told.attack),
        },
        "left_out": list(known.refused),
        "limits": [LIMITS, POTASSIUM],
        "sources": list(CITED),
    }  # fmt: skip


def _plain(seen: Tabled) -> dict[str, Any]:
    twitching = seen.twitching
    return {
        "threshold_change_percent": seen.change,
        "resting_potential_mV": seen.resting,
        "resting_potential_normal_mV": usual_tabled().resting,
        "prone_ending_fires_hz": seen.firing,
        "twitching_times_normal_without_potassium": {
            "low": twitching.low, "middle": twitching.middle, "high": twitching.high,
        },
        "in_words": threshold_words(seen.change),
    }  # fmt: skip
