"""Questions and replies. A question shows lines or asks for one value; a reply says what was answered, and how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rheobase.knowledge.model_interview import Item
from rheobase.person import MedicineUse, Value


class Kind(StrEnum):
    """How a question is put."""

    LIST = "list"
    YES_NO = "yes_no"
    NUMBER = "number"
    CHOICE = "choice"
    SITES = "sites"
    FORM = "form"
    MEDICINES = "medicines"
    MONTHS = "months"


class ReplyKind(StrEnum):
    """What came back. Not knowing is an answer; skipping is none."""

    ANSWERED = "answered"
    NOT_KNOWN = "not_known"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Question:
    """One question, ready to be put.

    Attributes:
        id: The list's, the finding's, or ``medicines``; with a colon and more for a follow-up.
        kind: How it is put.
        text: The question in plain words.
        title: What it is about, in a few words.
        items: The lines of a list, or the fields of a form.
        finding: The finding of a question for one value.
        none: What "nothing of this" is called in a list.
        why: Why it is asked, in one sentence.
    """

    id: str
    kind: Kind
    text: str
    title: str = ""
    items: tuple[Item, ...] = ()
    finding: str | None = None
    none: str = ""
    why: str = ""

    @property
    def findings(self) -> tuple[str, ...]:
        """Every finding that the reply can settle."""
        if self.finding is not None:
            return (self.finding,)
        return tuple(shown.finding for item in self.items for shown in item.shows)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one question.

    Attributes:
        kind: Answered, not known, or skipped.
        ticked: Numbers of the ticked lines of a list, from 0.
        unsure: Numbers of the lines of a list that the person is not sure about.
        value: The value of a question for one.
        original: The value as it was written, when it was converted.
        fields: For a form, each finding that was answered, with its value (None: not known) and how it was written.
        medicines: Every medicine named, as written and as recognised.
        complete: The person said that these are all the medicines they take.
    """

    kind: ReplyKind = ReplyKind.ANSWERED
    ticked: frozenset[int] = frozenset()
    unsure: frozenset[int] = frozenset()
    value: Value | None = None
    original: str | None = None
    fields: tuple[tuple[str, Value | None, str | None], ...] = ()
    medicines: tuple[MedicineUse, ...] = ()
    complete: bool = False
