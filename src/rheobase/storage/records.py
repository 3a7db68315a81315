"""What the store gives back: plain records, texts unread."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OnePerson:
    """One of the people kept apart on this machine.

    Attributes:
        id: Number of the person.
        name: What they are called here.
        made: When they were added, UTC, as 2026-11-24T19:16:07Z.
    """

    id: int
    name: str
    made: str


@dataclass(frozen=True, slots=True)
class Revision:
    """Everything told of one person at one time, as the text of a case file.

    Attributes:
        id: Number of the revision; a later one is greater.
        at: When it was written, UTC.
        why: What changed, in a few words.
        case: The case file.
    """

    id: int
    at: str
    why: str
    case: str


@dataclass(frozen=True, slots=True)
class StoredStep:
    """One reply of the open interview, as JSON text; ``number`` counts from 0."""

    number: int
    at: str
    body: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One assessment as it was shown.

    Attributes:
        id: Its number.
        at: When, UTC.
        on: Date of the assessment, as 2026-11-24.
        revision: The revision that it judged.
        knowledge: Version of the knowledge.
        level: Level of urgency.
        body: The assessment as JSON.
    """

    id: int
    at: str
    on: str
    revision: int
    knowledge: str
    level: str
    body: str
