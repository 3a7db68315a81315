"""Lines of a report that hold no result: which sample and which day they say the lines below are of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rheobase.labs.reading_names import BLOOD, LabFacts, sample_of
from rheobase.labs.reading_words import folded
from rheobase.plain_text import printable

# In a heading "U" and "Ur" are urea ("U&E"), not urine; one letter says nothing there.
_SHORTEST = 3
_MOST_WORDS, _LONGEST = 4, 200
_WORD = re.compile(r"[^\W_]+")


@dataclass
class Sample:
    """Of which sample the lines below are.

    Attributes:
        kind: "urine", "blood", "other", "" when nothing says so.
        doubt: Why that is not certain, "" when it is.
    """

    kind: str = ""
    doubt: str = ""

    def take(self, line: str, facts: LabFacts) -> None:
        """Take what a line without a result says of the lines below.

        A heading names a sample and nothing else ("Spot urine 14/10/2026", "SERUM"). What only speaks of another
        sample, or stands in its section, leaves the lines below in doubt: urine is never read as blood, nor blood as
        urine.

        Args:
            line: As written.
            facts: Words for samples and headings.
        """
        if len(line) > _LONGEST:
            return
        words = [each for each in _WORD.findall(folded(line)) if len(each) >= _SHORTEST and not each[0].isdigit()]
        kind = sample_of(facts, " ".join(words))
        own = (
            *facts.words["blood"], *facts.words["urine"], *facts.words["other_samples"], *facts.words["dropped"],
        )  # fmt: skip
        known = facts.words["headings"].union(part for each in own for part in _WORD.findall(each))
        shown = printable(line.strip(), limit=40)
        if kind and all(each in known for each in words):
            self.kind, self.doubt = kind, ""
        elif kind not in ("", BLOOD) and _may_head(line, words, facts):
            self.doubt = f"{shown!r} stands above it; is it of that sample?"
        elif self.kind not in ("", BLOOD) and words and not re.search(r"[0-9]", line):
            self.doubt = f"{shown!r} stands between the heading of another sample and it; of which sample is it?"


def _may_head(line: str, words: list[str], facts: LabFacts) -> bool:
    """Return whether a line may be meant as a heading: short, or with the sample first or a colon last."""
    return len(words) <= _MOST_WORDS or line.rstrip().endswith(":") or sample_of(facts, words[0]) not in ("", BLOOD)
