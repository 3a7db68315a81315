"""What is worked out for one person after the other: the ledger, and what is missing. Exact, and slow.

Both are asked of ``assess`` itself, some hundred people a second: ask for them for those of whom you want to know why,
not for a million. What is missing leaves out nothing that was asked in vain: a told frame does not say what was asked.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import polars as pl

from rheobase.assess.causes import CauseFit, fit_causes
from rheobase.assess.old_results import facts_of
from rheobase.assess.questions import missing_facts
from rheobase.assess.urgency import decide_urgency
from rheobase.cohort.person_rows import people_of
from rheobase.cohort.plan import LEDGER, MISSING
from rheobase.knowledge import Knowledge

MOST_MISSING = 5
_LINE = pl.Struct(
    {"cause": pl.String(), "finding": pl.String(), "weight": pl.Float64(), "share": pl.Float64(), "grade": pl.String()}
)


def one_by_one(
    told: pl.DataFrame, knowledge: Knowledge, parts: Collection[str], *, on: date | None = None
) -> pl.DataFrame:
    """Return the ledger of every cause, and the most informative findings that are not known; null for a child.

    Args:
        told: A checked told frame.
        knowledge: What is known.
        parts: Of ``MISSING`` and ``LEDGER``, what is asked for.
        on: The day that is judged; None where no result has a date.
    """
    missing: list[list[str] | None] = []
    ledgers: list[list[dict[str, Any]] | None] = []
    for person in people_of(told, knowledge):
        facts = facts_of(person, knowledge, on=on)
        urgency = decide_urgency(knowledge, facts)
        fits = () if urgency.child else fit_causes(knowledge, facts, person.setting)
        if MISSING in parts:
            found = missing_facts(knowledge, facts, fits, urgency)
            missing.append(None if urgency.child else [each.finding for each in found[:MOST_MISSING]])
        if LEDGER in parts:
            ledgers.append(None if urgency.child else [line for fit in fits for line in _lines(fit)])
    columns = []
    if MISSING in parts:
        columns.append(pl.Series(MISSING, missing, dtype=pl.List(pl.String())))
    if LEDGER in parts:
        columns.append(pl.Series(LEDGER, ledgers, dtype=pl.List(_LINE)))
    return pl.DataFrame(columns)


def _lines(fit: CauseFit) -> list[dict[str, Any]]:
    return [
        {
            "cause": fit.cause,
            "finding": line.finding,
            "weight": line.weight,
            "share": line.share,
            "grade": line.grade,
        }
        for line in fit.ledger
    ]
