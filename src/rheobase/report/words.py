"""Words for values, probabilities and bands."""

from __future__ import annotations

from rheobase.knowledge import Finding, Knowledge
from rheobase.person import Value

BANDS = {"fits_well": "fits well", "possible": "possible", "unlikely": "unlikely", "cant_tell": "can't tell"}
# Labels that "no" can't stand before.
_NOT = (
    "always ", "both ", "eye, ", "feeling cold", "feeling sick", "feeling too", "few ", "getting ", "light-headed",
    "little ", "more ", "much ", "passing ", "taking ", "two ", "very ", "worse ",
)  # fmt: skip
_NOT_SO = ("cannot ", "no ")
_DAYS = (("year", 365), ("month", 30), ("week", 7))


def label(knowledge: Knowledge, name: str) -> str:
    """Return the plain name of a finding or laboratory value."""
    if name.startswith("lab."):
        return knowledge.analytes[name.removeprefix("lab.")].name
    finding = knowledge.findings[name]
    return finding.label or finding.id.replace("_", " ")


def clinical(knowledge: Knowledge, name: str) -> str:
    """Return the clinical name of a finding, or its plain name."""
    finding = knowledge.findings.get(name)
    return finding.clinical if finding is not None and finding.clinical else label(knowledge, name)


def duration(days: float) -> str:
    """Return a length of time in words, such as ``3 weeks``."""
    for unit, size in _DAYS:
        if days >= 2 * size:
            number = round(days / size)
            return f"about {number} {unit}s"
    return "1 day" if days == 1 else f"{days:g} days"


def answer(knowledge: Knowledge, name: str, value: Value, option: str | None = None) -> str:
    """Return one answer in words, such as ``no numbness`` or ``caffeine a day: 400 mg``."""
    words = label(knowledge, name)
    if option is not None and isinstance(value, frozenset):
        site = option.replace("_", " ")
        return f"twitching: {site}" if option in value else f"no twitching: {site}"
    if isinstance(value, bool):
        return words if value else _denied(words)
    if isinstance(value, frozenset):
        return f"{words}: {', '.join(sorted(site.replace('_', ' ') for site in value)) or 'none'}"
    if isinstance(value, str):
        return f"{words}: {value.replace('_', ' ')}"
    return f"{words}: {_number(knowledge.findings.get(name), value)}"


def _denied(words: str) -> str:
    if words.startswith(_NOT_SO):
        return f"not so: {words}"
    return f"not {words}" if words.startswith(_NOT) else f"no {words.removeprefix('a ')}"


def _number(finding: Finding | None, value: float) -> str:
    unit = finding.unit if finding is not None else None
    if unit == "days":
        return duration(value)
    unit = {"years": "", "0-10": "out of 10", "mg/day": "mg", "hours/night": "hours", "hours/day": "hours"}.get(
        unit or "", unit or ""
    )
    return f"{value:g} {unit.removesuffix('s') if value == 1 and unit == 'hours' else unit}".rstrip()


def chance(probability: float) -> str:
    """Return a probability as a natural frequency, such as ``about 3 in 10`` or ``fewer than 1 in 100``."""
    if probability < 0.001:
        return "fewer than 1 in 1,000"
    if probability < 0.01:
        return "fewer than 1 in 100"
    if probability < 0.095:
        return f"about {round(probability * 100)} in 100"
    if probability >= 0.95:
        return "more than 9 in 10"
    return f"about {round(probability * 10)} in 10"


def percent(probability: float) -> str:
    """Return a probability in per cent without false precision."""
    return f"{probability * 100:.2g} %" if probability < 0.1 else f"{probability * 100:.0f} %"
