"""What a source yields: a told frame, and beside it what could not be used."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from rheobase.plain_text import printable

LONGEST_VALUE = 80
# A refusal of the same kind in the same place is one line with a count beyond this many; a broken column of a
# hundred million rows must not fill the memory.
MOST_EACH = 1_000

REFUSED = pl.Schema(
    {
        "file": pl.String,
        "row": pl.Int64,
        "person_id": pl.String,
        "column": pl.String,
        "value": pl.String,
        "why": pl.String,
        "times": pl.Int64,
    }
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some people of a source.

    Attributes:
        told: One row a person, as ``cohort.frame`` describes it; only columns that tell something.
        refused: What of the source could not be used: file, row (1 is the first after a heading; null when the same
            was met in several rows), person, column, value, why, and how many times.
        keep: Columns of ``told`` to carry along unread (``keep=`` of ``judge``), such as survey weights.
    """

    told: pl.DataFrame
    refused: pl.DataFrame
    keep: tuple[str, ...] = ()


@dataclass(slots=True)
class Refusals:
    """Collects what could not be used; what is met again is counted."""

    single: list[tuple[str, int | None, str | None, str, str, str, int]] = field(default_factory=list)
    counted: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    kinds: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(self, where: tuple[str, int | None, str | None], column: str, value: object, why: str) -> None:
        """Refuse one cell or one resource.

        Args:
            where: File, row (None: not known) and person (None: not known).
            column: Column or field.
            value: What stood there.
            why: In a few words, with what was expected.
        """
        kind = (where[0], column, why)
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if self.kinds[kind] > MOST_EACH:
            self.count(where[0], column, "(further ones)", why)
            return
        self.single.append((*where, column, _shown(value), why, 1))

    def count(self, file: str, column: str, value: object, why: str, *, times: int = 1) -> None:
        """Count something that is met often, such as a code that is not known.

        Args:
            file: Where.
            column: Column or field.
            value: What stood there.
            why: In a few words.
            times: How many times.
        """
        key = (file, column, _shown(value), why)
        self.counted[key] = self.counted.get(key, 0) + times

    def take(self) -> pl.DataFrame:
        """Return what was collected, and forget it."""
        rows = [*self.single]
        rows += [
            (file, None, None, column, value, why, times)
            for (file, column, value, why), times in sorted(self.counted.items(), key=lambda each: (-each[1], each[0]))
        ]
        self.single, self.counted, self.kinds = [], {}, {}
        return pl.DataFrame(rows, schema=REFUSED, orient="row")


def _shown(value: object) -> str:
    return printable("" if value is None else str(value), limit=LONGEST_VALUE)
