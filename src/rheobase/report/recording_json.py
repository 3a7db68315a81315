"""A recording of nerve excitability beside healthy people's: as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rheobase import __version__
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.nerve_norms import load_nerve_norms
from rheobase.nerve.compared import Place, compare, site_of
from rheobase.nerve.recording import Recording
from rheobase.report.recording_fit import fit_json
from rheobase.report.recording_page import LIMITS, in_words, place_in_words

if TYPE_CHECKING:
    from rheobase.nerve.fit.least_squares import Fit

SCHEMA_VERSION = 1


def recording_json(recording: Recording, fit: Fit | None = None) -> dict[str, Any]:
    """Return the page as plain data.

    Args:
        recording: As read.
        fit: What the model makes of it, None where it was not asked.
    """
    knowledge, norms = load_knowledge(), load_nerve_norms()
    comparison = compare(recording, norms)
    places = {each.norm.id: each for each in comparison.places}
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "knowledge_version": knowledge.version,
        "kind": recording.kind,
        "site": site_of(recording) or None,
        "age_years": recording.age,
        "sex": recording.sex,
        "skin_temperature_c": recording.temperature,
        "potassium_mmol_l": recording.potassium,
        "in_words": in_words(comparison),
        "not_compared_because": comparison.refused or None,
        "doubts": list(comparison.doubts),
        "indices": {
            name: {
                "name": norms.norms[name].name,
                "unit": norms.norms[name].unit,
                "value": value,
                "from": "curve" if name in recording.worked_out else "file",
                **(_place(places[name], norms["inside_z"]) if name in places else {}),
            }
            for name, value in recording.indices.items()
        },
        "counted": len(comparison.counted),
        "outside": [each.norm.id for each in comparison.outside],
        "curves": {name: [list(each) for each in points] for name, points in recording.curves.items()},
        "electrotonus": [
            {"current_percent": each.share, "points": [list(point) for point in each.points]}
            for each in recording.electrotonus
        ],
        "not_read": dict(recording.others),
        "notes": [{"line": each.line or None, "text": each.text} for each in recording.notes],
        "fit": None if fit is None else fit_json(fit),
        "confounders": [
            {"id": each.id, "text": each.text, "source": each.source, "grade": each.grade} for each in norms.confounders
        ],
        "limits": list(LIMITS),
        "sources": [
            {"id": name, "citation": knowledge.sources[name].citation}
            for name in dict.fromkeys(["nerve_norms", *(each.source for each in norms.confounders)])
        ],
        "review_note": knowledge.review_note,
    }


def _place(place: Place, z: float) -> dict[str, Any]:
    return {
        "mean": place.norm.mean,
        "sd": place.norm.sd,
        "n": place.norm.n,
        "low95": place.norm.at(-z),
        "high95": place.norm.at(z),
        "z": place.z,
        "lower_than_here": place.lower,
        "inside": place.inside,
        "in_words": place_in_words(place),
        "technical": place.norm.technical,
        "source": place.norm.source,
        "grade": place.norm.grade,
    }
