"""The words and lists of the interview: what is asked together, and how it is put to a person."""

from __future__ import annotations

from dataclasses import dataclass

RED_FLAGS, MOVEMENT, TOPIC, FORM = "red_flags", "movement", "topic", "form"


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding as an item shows it."""

    finding: str
    words: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line to tick. It may show several findings; "no" denies exactly those that it shows."""

    shows: tuple[Shown, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class QuestionList:
    """Several questions put as one: lines to tick, or the fields of a short form.

    ``role`` is ``red_flags``, ``movement`` or ``topic`` for lines, ``form`` for fields.
    """

    id: str
    role: str
    title: str
    question: str
    item: tuple[Item, ...]
    none: str = "None of these"
    why_asked: str = ""


@dataclass(frozen=True, slots=True)
class InterviewScale:
    """How questions are valued, how many are asked, and when to stop; modelling choices, each with its why."""

    most_questions: int
    most_items: int
    list_cost: float
    item_cost: float
    field_cost: float
    urgency_value: float
    relief_value: float
    likely_enough: float
    least_value: float
    least_line: float
    least_field: float
    contributor_value: float
    progress_share: float
    sources: tuple[str, ...] = ()
