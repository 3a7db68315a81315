"""What the model makes of a recording: what would have to differ in an axon, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

from rheobase.knowledge.nerve_norms import NerveNorms
from rheobase.report.document import Block, Paragraph, Point, Section, Table

if TYPE_CHECKING:
    from rheobase.nerve.fit.least_squares import Fit, Property

METHOD = (
    "Least squares over {count} properties of a human motor axon, each with a prior around the standard axon. What the "
    "standard axon misses in the average healthy person is taken to be missed in everybody. Intervals are those of "
    "95 % near the best fit; in simulated recordings they held the truth 92 times in 100, for potassium 79 times."
)
CAUTION = (
    "This is one explanation by a model with few properties, not a measurement of channels. A property that is not in "
    "it, several groups of axons, or a technical fault can look the same. The model's response to potassium has the "
    "direction that was seen in people; its size was not checked."
)
TOLD = {
    "told": "the recording tells it",
    "in part": "told in part; the rest is the prior",
    "not told": "not told: this is the prior",
}


def fit_sections(fit: Fit, norms: NerveNorms) -> tuple[Section, ...]:
    """Return the sections; where the fit is bad only that it is, and by how much."""
    method = Paragraph(METHOD.format(count=len(fit.properties)))
    if not fit.good:
        words = f"The model does not reproduce this recording: {fit.reason}. So nothing is said about the membrane."
        return (Section("What the model says", (Paragraph(words, strong=True), _residuals(fit, norms), method)),)
    return (
        Section("What the model says", (*_found(fit), _properties(fit), Paragraph(CAUTION))),
        Section("What this recording cannot tell", tuple(_open(fit, norms))),
        Section("How well the model fits", (_residuals(fit, norms), method)),
    )


def fit_in_words(fit: Fit) -> str:
    """Return what came of a fit in a sentence or two."""
    if not fit.good:
        return f"The model does not reproduce this recording: {fit.reason}. So nothing is said about the membrane."
    change, width = fit.rest
    words = f"The fitted axon comes within {fit.misfit:.1f} standard deviations of people on the whole"
    words += f" (the standard axon: {fit.misfit_before:.1f})."
    if abs(change) <= width and not fit.changed:
        return f"{words} No single property has to differ from the standard axon."
    if abs(change) > width:
        way = "less negative (depolarised)" if change > 0 else "more negative (hyperpolarised)"
        words += f" It rests {abs(change):.1f} mV {way}, give or take {width:.1f} mV."
    return words


def _found(fit: Fit) -> Iterator[Block]:
    yield Paragraph(fit_in_words(fit), strong=True)
    for each in fit.changed:
        way = "more" if each.value > 1 else "less"
        yield Point(
            f"{each.fitted.name[:1].upper()}{each.fitted.name[1:]}: {way} than in the standard axon, {each.value:.2f} "
            f"times ({each.low:.2f} to {each.high:.2f})."
            + (" It ran into the bound of the fit." if each.at_edge else "")
        )


def _properties(fit: Fit) -> Table:
    rows = tuple(
        (
            each.fitted.name,
            _value(each, each.value),
            f"{_value(each, each.low)} to {_value(each, each.high)}",
            TOLD[each.told],
        )
        for each in fit.properties
    )
    return Table(
        "Properties of the fitted axon; times the standard axon's, or with a unit.",
        ("property", "best", "95 %", "what the recording says"),
        rows,
    )


def _value(each: Property, value: float) -> str:
    return f"{value:.2f} {each.fitted.unit}".strip()


def _open(fit: Fit, norms: NerveNorms) -> Iterator[Block]:
    found, names = fit.identified, {each.id: each.name for each in norms.fitted}
    yield Paragraph(
        f"Of {len(fit.properties)} independent combinations of properties it tells {found.told} better than the prior "
        f"does. Largest over smallest singular value: {found.condition:.0f}."
    )
    weakest = "; ".join(names[name] for name, _ in found.weakest)
    yield Point(f"It says least about this combination: {weakest}.")
    for one, other, correlation in found.entangled:
        yield Point(
            f"It cannot tell {names[one]} from {names[other]}: more of the one with "
            f"{'more' if correlation > 0 else 'less'} of the other fits about as well (correlation {correlation:+.2f})."
        )


def _residuals(fit: Fit, norms: NerveNorms) -> Table:
    rows = []
    for each in sorted(fit.residuals, key=lambda found: -abs(found.distance) if isfinite(found.distance) else -inf):
        norm = norms.norms[each.index]
        rows.append(
            (
                norm.name,
                f"{each.recorded:.3g}",
                *(_shown(*pair) for pair in ((each.fitted, ".3g"), (each.distance, "+.1f"), (each.before, "+.1f"))),
            )
        )
    return Table(
        "Figure by figure: recorded and of the fitted axon; then how far fitted and standard axon are off it, in "
        "standard deviations between people.",
        ("figure", "recorded", "fitted", "fitted off by", "standard off by"),
        tuple(rows),
    )


def _told(value: float) -> float | None:
    """Return a number that can stand in JSON, None where there is none."""
    return value if isfinite(value) else None


def _shown(value: float, form: str) -> str:
    return format(value, form) if isfinite(value) else "none"


def fit_json(fit: Fit) -> dict[str, Any]:
    """Return the same as plain data; no property is named where the fit is bad."""
    found = fit.identified
    told = {
        "properties": {
            each.fitted.id: {
                "name": each.fitted.name,
                "kind": each.fitted.kind,
                "unit": each.fitted.unit or "times the standard axon's",
                "best": each.value,
                "low95": each.low,
                "high95": each.high,
                "left_of_prior": each.left,
                "told": each.told,
                "at_bound": each.at_edge,
            }
            for each in fit.properties
        },
        "resting_potential_change_mV": {"best": fit.rest[0], "half_width95": fit.rest[1]},
    }
    return {
        "good": fit.good,
        "reason": fit.reason,
        "in_words": fit_in_words(fit),
        "misfit_sd": _told(fit.misfit),
        "misfit_of_standard_sd": _told(fit.misfit_before),
        **(told if fit.good else {"properties": None, "resting_potential_change_mV": None}),
        "identifiability": {
            "combinations_told": found.told,
            "combinations": len(fit.properties),
            "information": found.strengths.tolist(),
            "condition_number": _told(found.condition),
            "says_least_of": [{"property": name, "weight": weight} for name, weight in found.weakest],
            "not_told_apart": [
                {"properties": [one, other], "correlation": correlation} for one, other, correlation in found.entangled
            ],
        },
        "residuals": {
            each.index: {
                "recorded": each.recorded,
                "fitted": _told(each.fitted),
                "distance_sd": _told(each.distance),
                "distance_of_standard_sd": _told(each.before),
            }
            for each in fit.residuals
        },
        "caution": CAUTION,
    }
