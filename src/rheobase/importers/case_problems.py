"""All that is wrong with one file, gathered so that it can be mended in one go."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rheobase.errors import DataRefusedError
from rheobase.plain_text import printable

MOST_SHOWN = 10
LONGEST = 60

_WORDS = re.compile(r"[\s_-]+")


@dataclass(slots=True)
class Problems:
    """Problems in the order in which they were met; the first few are shown, the rest counted."""

    name: str
    lines: list[str] = field(default_factory=list)
    more: int = 0

    def add(self, line: str) -> None:
        """Record one problem: what came, what was expected, what to do."""
        if len(self.lines) < MOST_SHOWN:
            self.lines.append(f"{printable(self.name, limit=200)}: {line}")
        else:
            self.more += 1

    @property
    def full(self) -> bool:
        """Whether further problems are only counted, so that no one need look for a near name."""
        return len(self.lines) >= MOST_SHOWN

    def raise_if_any(self) -> None:
        """Refuse the file if anything was wrong.

        Raises:
            DataRefusedError: One line for each problem.
        """
        if self.lines:
            rest = [f"{printable(self.name, limit=200)}: and {self.more} more problems."] if self.more else []
            raise DataRefusedError("\n".join([*self.lines, *rest]))


@dataclass(frozen=True, slots=True)
class Names:
    """Every way to call a thing, and the ids that it may mean."""

    meanings: Mapping[str, tuple[str, ...]]

    def find(self, text: str) -> str | None:
        """Return the id that the text names: an id, or a label or alias that belongs to one thing only."""
        meant = self.meanings.get(folded(text), ())
        return meant[0] if len(meant) == 1 else None

    def near(self, text: str, *, most: int = 2, cutoff: float = 0.7) -> tuple[str, ...]:
        """Return the ids whose names look most like the text."""
        ids: list[str] = []
        for match in difflib.get_close_matches(folded(text)[:LONGEST], self.meanings, most * 3, cutoff):
            ids.extend(each for each in self.meanings[match] if each not in ids)
        return tuple(ids[:most])


def names_of(entries: Iterable[tuple[str, Iterable[str]]]) -> Names:
    """Return the names of things.

    Args:
        entries: Id and further names (labels, aliases) of each thing. An id always means itself.
    """
    meanings: dict[str, list[str]] = {}
    listed = [(each, tuple(others)) for each, others in entries]
    for each, others in listed:
        for name in others:
            if name and each not in meanings.setdefault(folded(name), []):
                meanings[folded(name)].append(each)
    for each, _ in listed:
        meanings[folded(each)] = [each]
    return Names({name: tuple(ids) for name, ids in meanings.items()})


def folded(text: str) -> str:
    """Return text as it is compared: lower case, with single spaces for underscores and hyphens."""
    return _WORDS.sub(" ", text).strip().casefold()


def shown(value: object) -> str:
    """Return any value from a file as it is quoted in a message."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return repr(printable(value, limit=LONGEST))
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else printable(str(value), limit=LONGEST)


def did_you_mean(candidates: Iterable[str]) -> str:
    """Return `` Did you mean 'a' or 'b'?``, or nothing without a candidate."""
    quoted = [repr(each) for each in candidates]
    return f" Did you mean {' or '.join(quoted)}?" if quoted else ""
