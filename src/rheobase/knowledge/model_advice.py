"""Advice, nutrients, foods, and the seed's statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rheobase.logic import Expression


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning that goes with advice; shown when ``when`` is not known to be false."""

    text: str
    when: Expression | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do, for whom, and what forbids it.

    ``only_when_calm`` items reassure or comfort; they never stand beside a red flag.
    """

    id: str
    kind: str
    text: str
    for_causes: tuple[str, ...]
    sources: tuple[str, ...]
    title: str = ""
    strength: str = "moderate"
    grade: str = "C"
    benefit: int = 2
    only_when_calm: bool = False
    amount: Any = None
    offer_when: Expression | None = None
    do_not_offer_when: Expression | None = None
    blocked_because: str = ""
    ask_first: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = ()
    conflicts_with: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Nutrient:
    """One nutrient of the comparison table."""

    id: str
    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the seed document, in our words, and the facts that carry it."""

    id: str
    words: str
    carried_by: tuple[str, ...]
    agreement: str
    paragraph: str = ""
    better_evidence: str = ""
    sources: tuple[str, ...] = ()
