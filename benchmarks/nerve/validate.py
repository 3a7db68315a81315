"""Write docs/validation/nerve.md: every published figure that the nerve model is held to, ours, and why if off.

.venv/bin/python benchmarks/nerve/validate.py            # write it
.venv/bin/python benchmarks/nerve/validate.py --check    # say whether it is stale, and exit with 1
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from rheobase.knowledge import load_knowledge
from rheobase.nerve.validation import Judged, judge_all

PAGE = Path(__file__).parents[2] / "docs" / "validation" / "nerve.md"
INTRODUCTION = """# The nerve model against published figures

Made by `benchmarks/nerve/validate.py`; do not edit. Each row is a fact in `knowledge/data/nerve/targets.toml` with its
source: A was read, B is from memory and has yet to be checked against the publication, C is ours.

"Within" is by the limits shown: the range that the dossier of targets allows, or, where a publication gives only a
direction, that direction. Two rows were cut after the first run, because one part of them fails: I8 and I9, whose time
constant and superexcitability now stand by themselves. I6 is judged by refractoriness alone.

The motor axon's conductances were fitted to V2-V9 and to the direction of I7 and I9, the sensory axon to V2s and V12,
and the ending that is prone to fire to H6; H4 holds by construction. Those show that the model *can* give such figures.
The surface model (I1-I5) is Hille's own and was fitted to nothing here. The rest is prediction. No published recording
in people with low calcium was found, so the size of that effect on these figures is not tested by anything.
"""


# Fitted here, or so by construction; the others are predictions.
FITTED = frozenset(("V2", "V2s", "V3", "V4", "V5", "V6", "V7", "V8", "V9", "V9m", "V12", "I7", "I9", "H4", "H6"))


def rows(judged: tuple[Judged, ...]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| # | quantity | published | limits | ours | within | grade | source | how, or why not |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for each in judged:
        target = each.target
        ends = [f"{end:g}" if end is not None else "" for end in (target.low, target.high)]
        limits = f"{ends[0]} .. {ends[1]} {target.unit}".strip() if any(ends) else "-"
        ours = "-" if each.ours is None else f"{each.ours:.2g} {target.unit}".strip()
        within = {True: "yes", False: "**no**", None: "not judged"}[each.within]
        how = ". ".join(part.rstrip(".") for part in (target.judged, target.why if not each.within else "") if part)
        cells = (target.id, target.what, target.says, limits, ours, within, target.grade, target.source, how)
        yield "| " + " | ".join(cells) + " |"


def page() -> str:
    """Return the whole page."""
    judged = judge_all()
    counted = [each for each in judged if each.within is not None]
    good = sum(bool(each.within) for each in counted)
    free = [each for each in counted if each.target.id not in FITTED]
    predicted = sum(bool(each.within) for each in free)
    cited = sorted({each.target.source for each in judged})
    sources = load_knowledge().sources
    lines = [
        INTRODUCTION,
        (
            f"**{good} of {len(counted)} within** ({100 * good / len(counted):.0f} %); "
            f"{len(judged) - len(counted)} not judged. "
            f"Without what was fitted or holds by construction: {predicted} of {len(free)}.\n"
        ),
        *rows(judged),
        "\n## Sources\n",
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
