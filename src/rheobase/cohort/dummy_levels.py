"""How urgent people who do not exist are: of those who were drawn, as many of each level as there are in life.

Findings are drawn by rates that the knowledge has for people who twitch, cramp or have spasms, most of them without
knowing of each other. So a warning sign that needs only one or two of them would be as common as in an emergency
department. In life what makes somebody urgent is one thing behind all of them, and rare. So the urgency is drawn
first, by how common it is, and then somebody of that urgency among those who were drawn: their findings hang together
as the knowledge says, and only how many there are of them is another.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from rheobase.cohort.judge import judge
from rheobase.cohort.plan import URGENCY
from rheobase.errors import KnowledgeError
from rheobase.knowledge import Knowledge

# Of people of all kinds in a survey 0.2 % have a result that is an emergency, 1.5 % one for today, 3.5 % one for the
# next days and 2.7 % for the next weeks (docs/validation/nhanes.md, from blood alone: grade A). With warning signs
# that are told, more: ours (grade C).
SHARES = {"emergency": 0.012, "same_day": 0.04, "urgent_days": 0.08, "within_2_weeks": 0.1}
REST = "rest"
# So many rounds without anybody of a level, and the knowledge can't be drawn from.
_ROUNDS = 200


def as_in_life(
    draws: Iterator[pl.DataFrame], people: int, draw: np.random.Generator, knowledge: Knowledge
) -> pl.DataFrame:
    """Return so many of the people drawn, of each urgency as many as there are in life, in the order of chance.

    Args:
        draws: Told frames of anybody, without end.
        people: How many.
        draw: Source of chance.
        knowledge: Whose rules say how urgent somebody is.

    Raises:
        KnowledgeError: Nobody of some level is ever drawn.
    """
    chances = [*SHARES.values(), 1 - sum(SHARES.values())]
    levels = draw.choice([*SHARES, REST], size=people, p=chances)
    wanted = {level: int((levels == level).sum()) for level in (*SHARES, REST)}
    found: dict[str, list[pl.DataFrame]] = {level: [] for level in wanted}
    for frame in (next(draws) for _ in range(_ROUNDS)):
        urgency = judge(frame, knowledge, parts=(URGENCY,))[URGENCY].cast(pl.String)
        of = pl.select(pl.when(urgency.is_in(list(SHARES))).then(urgency).otherwise(pl.lit(REST))).to_series()
        for level, left in wanted.items():
            here = frame.filter(of == level).head(left)
            found[level].append(here)
            wanted[level] = left - here.height
        if not any(wanted.values()):
            break
    else:
        missing = ", ".join(level for level, left in wanted.items() if left)
        raise KnowledgeError(f"nobody of these levels of urgency is drawn: {missing}. Look at the background rates.")
    # Each place takes the next one of its level.
    places = np.concatenate([np.flatnonzero(levels == level) for level in found])
    gathered = pl.concat([frame for frames in found.values() for frame in frames])
    return gathered[np.argsort(places)]
