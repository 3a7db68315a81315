"""A naive comparator: the cause that shares the most present findings with the case."""

from __future__ import annotations

from rheobase.assess.facts import gather
from rheobase.evaluation.metrics import RankedCause
from rheobase.evaluation.run import Judge
from rheobase.importers.published_case import Reading
from rheobase.importers.published_terms import published_terms
from rheobase.knowledge import Knowledge

# The comparator has no rules; it calls everything routine, which is what most twitching is.
URGENCY = "routine"


def nearest_by_shared_terms(knowledge: Knowledge) -> Judge:
    """Return a judge that ranks causes by the share of their evidence's findings that the case has present."""
    evidence = {cause: {row.finding for row in rows} for cause, rows in knowledge.evidence.items()}
    cause_of = published_terms().cause_of

    def judge(reading: Reading) -> tuple[tuple[RankedCause, ...], str, tuple[str, ...]]:
        values = gather(reading.person, knowledge).values
        present = {name for name, value in values.items() if value is not False}
        scores: dict[str, float] = {}
        for cause, findings in evidence.items():
            if knowledge.causes[cause].role != "explanation":
                continue
            name = cause_of.get(cause, cause)
            overlap = len(present & findings) / (len(present | findings) or 1)
            scores[name] = max(scores.get(name, 0.0), overlap)
        order = sorted(scores, key=lambda name: (-scores[name], name))
        return tuple(RankedCause(name, scores[name], "") for name in order), URGENCY, ()

    return judge
