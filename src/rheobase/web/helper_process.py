"""What the helper process does: reads what it is asked, works it out, writes it back, until its pipe closes."""

from __future__ import annotations

import gc
import os
import pickle
import sys
from datetime import date
from typing import Any, BinaryIO

from rheobase.assess import Assessment, assess
from rheobase.interview import Conversation
from rheobase.knowledge import Knowledge, load_knowledge
from rheobase.person import Diet, DietDay, Eaten, Person
from rheobase.report.document import Document
from rheobase.web.helper import as_bytes
from rheobase.web.judging import NextQuestion, Shown, Verdict, for_doctor, next_question, shown_of, verdict_of

ASKED = ("assessment", "body", "doctor", "enough", "outlook", "shown")


class Work:
    """Everything that can be asked; the last judgement is held, since what is kept of it is asked for next."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Work with this knowledge."""
        self._knowledge = knowledge
        self._first: tuple[Person, date, Assessment] | None = None
        self._last: tuple[Person, date, Verdict] | None = None

    def assessment(self, person: Person, on: date) -> Assessment:
        """Return the assessment of a person."""
        if self._first is None or self._first[:2] != (person, on):
            self._first = (person, on, assess(person, self._knowledge, on=on))
        return self._first[2]

    def outlook(self, talk: Conversation, on: date) -> NextQuestion:
        """Return what to ask next, and why."""
        return next_question(talk, self._knowledge, on=on)

    def enough(self, person: Person, said: Any, clock: float, on: date) -> Any:
        """Return the parts of the page on whether what is eaten is enough."""
        from rheobase.web.pages.food_enough import parts_of  # noqa: PLC0415 - only who keeps a diary needs it

        # What is worked out of a diet is kept with the diet itself, which came here once already.
        held = person if self._first is None or self._first[0] != person else self._first[0]
        return parts_of(held, self._knowledge, said, clock=clock, on=on)

    def shown(self, person: Person, on: date) -> Shown:
        """Return the judgement of a person as the pages show it."""
        return shown_of(self._verdict(person, on), person, self._knowledge)

    def doctor(self, person: Person, on: date) -> Document:
        """Return the page for a doctor, to be set for paper."""
        return for_doctor(self._verdict(person, on), person)

    def body(self, person: Person, on: date) -> str:
        """Return the judgement as its one line of JSON."""
        return self._verdict(person, on).body

    def _verdict(self, person: Person, on: date) -> Verdict:
        if self._last is None or self._last[:2] != (person, on):
            assessment = self.assessment(person, on)
            self._last = (person, on, verdict_of(person, self._knowledge, on=on, assessment=assessment))
        return self._last[2]


def answered(work: Work, request: tuple[str, tuple[Any, ...]]) -> bytes:
    """Return what was asked for as it is sent: the one member of a tuple; (None,) where it can't be worked out here."""
    what, about = request
    try:
        if what in ASKED:
            return as_bytes((getattr(work, what)(*about),))
    except Exception:  # noqa: BLE001 - whoever asked works it out anew, and meets the problem where it can be told
        return as_bytes((None,))
    return as_bytes((None,))


def run(asked: BinaryIO, told: BinaryIO) -> None:
    """Answer until there is nobody to answer.

    Args:
        asked: Where requests come from.
        told: Where answers go; first a word that all is ready.
    """
    work = Work(load_knowledge())
    # The first judgement compiles what all others use; a meal has the food table read.
    eaten = Person(diet=Diet((DietDay(meals=(Eaten("100 g spinach"),)),)))
    for each in (eaten, Person()):
        answered(work, ("shown", (each, date(2026, 1, 1))))
        answered(work, ("body", (each, date(2026, 1, 1))))
    _warm_more(work, eaten)
    gc.collect()
    gc.freeze()
    reply = as_bytes(("ready",))
    try:
        while True:
            told.write(reply)
            told.flush()
            reply = answered(work, pickle.load(asked))  # noqa: S301 - the server that started this process wrote it
    except (EOFError, OSError):
        return


def _warm_more(work: Work, eaten: Person) -> None:
    from rheobase.web.pages.food_enough import nothing_said  # noqa: PLC0415 - not needed to answer

    answered(work, ("enough", (eaten, nothing_said(), 12.0, date(2026, 1, 1))))
    answered(work, ("outlook", (Conversation(Person()), date(2026, 1, 1))))


def main() -> None:
    """Run on the pipes of the server; whatever else prints goes to the error stream, never between two answers."""
    asked, told = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    run(asked, told)


if __name__ == "__main__":
    main()
