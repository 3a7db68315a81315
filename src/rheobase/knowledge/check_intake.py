"""Check the facts on intake: graded, ordered, in range, and no life stage missing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from rheobase.knowledge.model import Evidence, Finding
from rheobase.knowledge.model_intake import (
    IntakeEvidence,
    IntakeFact,
    IntakeFacts,
    IntakeNumber,
    IntakeTaken,
    Norm,
    Reference,
)

_GRADES = frozenset({"A", "B", "C"})
_SAYS = ("requirement", "limit", "adequate_intake")


def intake_sources(intake: IntakeFacts) -> frozenset[str]:
    """Return the id of every source that a fact on intake cites."""
    rows: tuple[IntakeFact | Reference | Norm, ...] = (*intake.facts.values(), *intake.references, *intake.norms)
    used: tuple[IntakeEvidence | IntakeNumber | IntakeTaken, ...] = (*intake.evidence, *intake.numbers, *intake.taken)
    return frozenset((*(each.source for each in rows), *(each.source for each in used)))


def check_intake(intake: IntakeFacts) -> Iterator[str]:
    """Yield every problem found, each one line."""
    for fact in intake.facts.values():
        yield from _fact(fact)
    for reference in intake.references:
        yield from _reference(reference)
    for norm in intake.norms:
        yield from _norm(norm)
    yield from _coverage(intake)


def _fact(fact: IntakeFact) -> Iterator[str]:
    low, high = fact.range
    if fact.grade not in _GRADES:
        yield f"intake fact {fact.id}: grade {fact.grade!r} is not A, B or C"
    if not all(math.isfinite(each) for each in (low, fact.value, high)):
        yield f"intake fact {fact.id}: not a finite number"
    elif not low <= fact.value <= high:
        yield f"intake fact {fact.id}: {fact.value} lies outside its range {low} to {high}"


def _reference(row: Reference) -> Iterator[str]:
    where = f"intake reference {row.nutrient}, {row.life_stage}"
    amounts = [each for each in (row.ear, row.rda, row.ai, row.ul, row.cdrr) if each is not None]
    if not amounts or any(not math.isfinite(each) or each <= 0 for each in amounts):
        yield f"{where}: needs at least one amount, each above zero"
    if row.grade not in _GRADES:
        yield f"{where}: grade {row.grade!r} is not A, B or C"
    if (row.ul is None) == bool(row.ul_scope):
        yield f"{where}: an upper level and its scope belong together"
    if row.ear is not None and row.rda is not None and row.rda < row.ear:
        yield f"{where}: the RDA is below the EAR"
    if row.ear is not None and row.ai is not None:
        yield f"{where}: an EAR and an AI exclude each other"


def _norm(norm: Norm) -> Iterator[str]:
    where = f"intake norm {norm.nutrient}, {norm.sex} {norm.age_min:g}"
    if norm.grade not in _GRADES:
        yield f"{where}: grade {norm.grade!r} is not A, B or C"
    if norm.root < 1 or min(norm.mean, norm.between_sd, norm.within_sd) <= 0:
        yield f"{where}: root, mean and standard deviations must be above zero"


def _coverage(intake: IntakeFacts) -> Iterator[str]:
    for nutrient in sorted({row.nutrient for row in intake.references}):
        for sex in ("male", "female"):
            bands = sorted(
                (row.age_min, row.age_max or math.inf)
                for row in intake.references
                if row.nutrient == nutrient and row.sex in (sex, "both") and not row.state
            )
            reached = 0.0
            for start, end in bands:
                if start != reached:
                    yield f"intake reference {nutrient}, {sex}: ages {reached:g} to {start:g} are missing or twice"
                reached = end
            if reached != math.inf:
                yield f"intake reference {nutrient}, {sex}: no value from {reached:g} years on"
        if any(row.ear for row in intake.references if row.nutrient == nutrient) and (
            f"requirement_cv.{nutrient}" not in intake.facts
        ):
            yield f"intake reference {nutrient}: an EAR needs requirement_cv.{nutrient}"


def check_intake_evidence(
    intake: IntakeFacts, findings: Mapping[str, Finding], evidence: Mapping[str, tuple[Evidence, ...]]
) -> Iterator[str]:
    """Yield every problem of how a record enters the causes, each one line."""
    weighed = {row.finding for rows in evidence.values() for row in rows}
    for row in intake.evidence:
        yield from _evidence_row(row, intake, findings, weighed)
    others: tuple[IntakeNumber | IntakeTaken, ...] = (*intake.numbers, *intake.taken)
    for each in others:
        kind = "number" if isinstance(each, IntakeNumber) else "yes_no"
        finding = findings.get(each.id)
        if finding is None or finding.type != kind:
            yield f"intake evidence {each.id}: no finding of that name and type {kind}"
        if each.grade not in _GRADES:
            yield f"intake evidence {each.id}: grade {each.grade!r} is not A, B or C"


def _evidence_row(
    row: IntakeEvidence, intake: IntakeFacts, findings: Mapping[str, Finding], weighed: set[str]
) -> Iterator[str]:
    where = f"intake evidence {row.id}"
    for name in (row.finding, row.taken):
        if name is not None and (name not in findings or findings[name].type != "yes_no"):
            yield f"{where}: {name!r} is not a yes/no finding"
    if row.finding not in weighed:
        yield f"{where}: no cause has evidence on {row.finding}"
    if row.says not in _SAYS:
        yield f"{where}: says {row.says!r}, expected one of {', '.join(_SAYS)}"
    if (row.says == "limit") != (row.limit is not None and row.limit > 0):
        yield f"{where}: a limit above zero belongs to says = 'limit', and to nothing else"
    if row.supplements not in ("counted", "apart"):
        yield f"{where}: supplements {row.supplements!r}, expected counted or apart"
    if row.share is not None and not 0 <= row.share < 1:
        yield f"{where}: share {row.share} is not at least 0 and below 1"
    if row.grade not in _GRADES:
        yield f"{where}: grade {row.grade!r} is not A, B or C"
    if not any(norm.nutrient == row.nutrient for norm in intake.norms):
        yield f"{where}: nothing is known of how intake of {row.nutrient} varies"
