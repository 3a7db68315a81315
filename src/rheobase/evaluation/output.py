"""The evaluation as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rheobase import __version__
from rheobase.evaluation import metrics
from rheobase.evaluation.run import Evaluation, Run

SCHEMA_VERSION = 1
SHOWN = 3


def evaluation_json(
    evaluation: Evaluation, knowledge_version: str, baseline: Evaluation | None = None
) -> dict[str, Any]:
    """Return the evaluation as plain data."""
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "knowledge_version": knowledge_version,
        "runs": [_run(run) for run in evaluation.runs],
        "baseline": [] if baseline is None else [_run(run) for run in baseline.runs],
        "unmapped_terms": list(evaluation.unmapped_terms),
    }


def _run(run: Run) -> dict[str, Any]:
    cases = run.cases
    return {
        "name": run.name,
        "n": len(cases),
        "top1": metrics.top(cases, 1),
        "top3": metrics.top(cases, 3),
        "mrr": metrics.mean_reciprocal_rank(cases),
        "brier": metrics.brier(cases),
        "calibration": metrics.calibration(cases),
        "triage": metrics.triage_figures(cases),
        "per_cause": metrics.per_cause(cases),
        "lab_lines": run.lab_lines,
        "lab_lines_understood": run.lab_lines_understood,
        "cases": [
            {
                "id": case.id,
                "urgency": case.urgency,
                "reference_urgency": case.triage,
                "acceptable_urgency": list(case.acceptable),
                "accept_causes": list(case.accept_causes),
                "rank": case.rank,
                "causes": [{"id": c.id, "probability": c.probability, "band": c.band} for c in case.causes],
                "could_fire": list(case.could_fire),
            }
            for case in cases
        ],
    }


def evaluation_text(evaluation: Evaluation, baseline: Evaluation | None = None, *, misses: bool = False) -> str:
    """Return the evaluation as text: figures first, bad ones included."""
    lines = [f"{len(evaluation.runs[0].cases)} published cases. A right answer is any cause that the case accepts.", ""]
    lines.append(f"{'run':20s} {'top-1':>6s} {'top-3':>6s} {'MRR':>6s} {'Brier':>6s}  {'exact':>6s} {'accept':>6s} "
                 f"{'safe':>6s} {'over-triage of low':>18s}")  # fmt: skip
    named = [(run.name, run) for run in evaluation.runs]
    if baseline is not None:
        named += [(f"naive {run.name}", run) for run in baseline.runs[:2]]
    lines.extend(_figures(name, run) for name, run in named)
    for run in evaluation.runs[:2]:
        lines.extend(["", *_triage(run), "", *_causes(run)])
        if misses:
            lines.extend(["", *_misses(run)])
    full = evaluation.runs[1]
    lines += ["", f"Laboratory lines understood: {full.lab_lines_understood} of {full.lab_lines}."]
    unmapped = ", ".join(evaluation.unmapped_terms) or "none"
    lines.append(f"Terms without an entry in the table: {unmapped}.")
    return "\n".join(lines)


def _figures(name: str, run: Run) -> str:
    cases, triage = run.cases, metrics.triage_figures(run.cases)
    return (
        f"{name:20s} {metrics.top(cases, 1):6.1%} {metrics.top(cases, 3):6.1%} "
        f"{metrics.mean_reciprocal_rank(cases):6.3f} {metrics.brier(cases):6.3f}  {triage['exact']:6.1%} "
        f"{triage['acceptable']:6.1%} {triage['safe']:6.1%} {triage['over_triaged_low_urgency']:18.1%}"
    )


def _triage(run: Run) -> Iterator[str]:
    yield f"Urgency, {run.name} run (rows: reference; columns: ours)"
    columns = (*metrics.URGENCY, "insufficient")
    yield " " * 16 + " ".join(f"{name[:9]:>9s}" for name in columns)
    for level, row in metrics.confusion(run.cases).items():
        yield f"{level:16s}" + " ".join(f"{row.get(name, 0) or '.':>9}" for name in columns)
    for case in run.cases:
        if case.triage == metrics.EMERGENCY and not case.is_safe:
            missing = ", ".join(case.could_fire[:SHOWN]) or "no single fact"
            yield f"  under-triaged emergency {case.id}: {case.urgency}; would be decided by: {missing}"


def _causes(run: Run) -> Iterator[str]:
    yield f"By cause, {run.name} run: cases, right at first, right within three"
    for cause, row in metrics.per_cause(run.cases).items():
        yield f"  {cause:36s} {row['n']:3d} {row['top1']:3d} {row['top3']:3d}"


def _misses(run: Run) -> Iterator[str]:
    yield f"Not right, {run.name} run"
    for case in run.cases:
        wrong = []
        if case.rank != 1:
            first = ", ".join(f"{c.id} {c.probability:.2f}" for c in case.causes[:SHOWN])
            wrong.append(f"expected {'/'.join(case.accept_causes)} (rank {case.rank}); got {first}")
        if not case.is_acceptable:
            wrong.append(f"urgency {case.urgency}, acceptable {'/'.join(case.acceptable)}")
        if wrong:
            yield f"  {case.id}: {'; '.join(wrong)}"
