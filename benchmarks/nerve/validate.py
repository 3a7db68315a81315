"""Write docs/validation/nerve.md: every published figure that the nerve model is held to, ours, and why if off.

.venv/bin/python benchmarks/nerve/validate.py            # write it
.venv/bin/python benchmarks/nerve/validate.py --check    # say whether it is stale, and exit with 1
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rheobase.knowledge import load_knowledge
from rheobase.knowledge.nerve_facts import Target
from rheobase.nerve.fibre.validation import judge_fibre
from rheobase.nerve.pool.validation import judge_pool
from rheobase.nerve.validation import Judged, judge_all

PAGE = Path(__file__).parents[2] / "docs" / "validation" / "nerve.md"
INTRODUCTION = """# The nerve model against published figures

Made by `benchmarks/nerve/validate.py`; do not edit. Each row is a fact in `knowledge/data/nerve` (`targets.toml`,
`fibre.toml`, `pool.toml`) with its source: A was read, B is from memory and has yet to be checked against the
publication, C is ours.

"Within" is by the limits shown: the range that the dossier of targets allows, or, where a publication gives only a
direction, that direction. Four rows were cut because one part of them fails, so that the failing part stands by itself:
I8 and I9 (time constant, superexcitability) and F1 (electrotonus). I6 is judged by refractoriness alone.

How a row came about is told in the column "basis", and what was fitted is counted apart:

- *fitted*: parameters were set to this very figure. The motor axon's conductances to V2-V9 and to the direction of I7
  and I9, the sensory axon to V2s and V12, the ending that is prone to fire to H6, the pool's endings and the persistent
  sodium of ALS to F1, F4 and H6p. Such a row shows that the model *can* give the figure.
- *construction*: it cannot come out otherwise (H4, F3f).
- *solver*: the same published equations solved by another program (V11): it tells of our arithmetic, not of people.
- *prediction*: the rest. The surface model (I1-I5) is Hille's own and was fitted to nothing here.

No published recording in people with low calcium was found, so the size of that effect on these figures is not tested
by anything. Potassium's effect on the pool of endings is far too strong: no multiple is shown for it anywhere.
"""
PARTS = (
    ("The membrane: one spot of an axon", judge_all),
    ("The fibre", judge_fibre),
    ("A motor pool at rest", judge_pool),
)
WIDTH_IN_STEPS = 10


def shown(target: Target, value: float) -> str:
    """Return a figure with as many decimals as its limits are told apart by; two digits where there is one limit.

    A figure outside of its limits is never rounded to one that is inside.
    """
    if target.low is None or target.high is None:
        text = f"{value:.2g}"
        return f"{value:.0f}" if "e" in text else text
    decimals = max(0, math.ceil(-math.log10((target.high - target.low) / WIDTH_IN_STEPS)))
    inside = target.low <= value <= target.high
    while (target.low <= float(f"{value:.{decimals}f}") <= target.high) != inside:
        decimals += 1
    return f"{value:.{decimals}f}"


def rows(judged: Iterable[Judged]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield "| # | quantity | published | limits | ours | within | basis | grade | source | how, or why not |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for each in judged:
        target = each.target
        ends = [f"{end:g}" if end is not None else "" for end in (target.low, target.high)]
        limits = f"{ends[0]} .. {ends[1]} {target.unit}".strip() if any(ends) else "-"
        ours = "-" if each.ours is None else f"{shown(target, each.ours)} {target.unit}".strip()
        within = {True: "yes", False: "**no**", None: "not judged"}[each.within]
        basis = "-" if each.within is None else target.basis
        parts = (target.judged, "" if each.within else target.why, target.remark)
        how = ". ".join(part.rstrip(".") for part in parts if part)
        cells = (target.id, target.what, target.says, limits, ours, within, basis, target.grade, target.source, how)
        yield "| " + " | ".join(cells) + " |"


def score(judged: Sequence[Judged]) -> str:
    """Return how many rows are within, with and without what was fitted."""
    counted = [each for each in judged if each.within is not None]

    def within(*bases: str) -> str:
        chosen = [each for each in counted if not bases or each.target.basis in bases]
        return f"{sum(bool(each.within) for each in chosen)} of {len(chosen)}"

    share = 100 * sum(bool(each.within) for each in counted) / len(counted)
    return (
        f"**{within()} within** ({share:.0f} %); {len(judged) - len(counted)} not judged. "
        f"**Without what was fitted, holds by construction or checks the solver: {within('prediction')}.** "
        f"Fitted: {within('fitted')}; construction: {within('construction')}; solver: {within('solver')}.\n"
    )


def judge() -> tuple[tuple[str, tuple[Judged, ...]], ...]:
    """Return every part of the model by its title, with its targets and what it gives."""
    return tuple((title, work()) for title, work in PARTS)


def page(parts: Sequence[tuple[str, Sequence[Judged]]] | None = None) -> str:
    """Return the whole page.

    Args:
        parts: As from ``judge``, which is done unless given.
    """
    found = parts or judge()
    judged = [each for _, part in found for each in part]
    cited = sorted({each.target.source for each in judged})
    sources = load_knowledge().sources
    lines = [INTRODUCTION, score(judged)]
    for title, part in found:
        lines += [f"## {title}\n", *rows(part), ""]
    lines += [
        "## Sources\n",
        *(f"- `{each}`: {sources[each].citation} (grade {sources[each].seen_grade})" for each in cited),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or check it."""
    text = page()
    if "--check" in sys.argv[1:]:
        fresh = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print(f"{PAGE.name}: {'fresh' if fresh else 'stale; run this without --check'}")
        return 0 if fresh else 1
    PAGE.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
