"""What the results of a report mean together, for the person of a case file or for nobody in particular."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from rheobase.assess import Assessment, assess
from rheobase.assess.facts import Facts
from rheobase.importers.case_file import read_case
from rheobase.importers.text_file import read_limited
from rheobase.knowledge import Knowledge
from rheobase.labs.reading_confirm import apply_plan, plan_labs
from rheobase.labs.reading_line import Judged
from rheobase.person import Person
from rheobase.report.document import Document
from rheobase.report.labs_json import labs_json
from rheobase.report.labs_section import labs_document


@dataclass(frozen=True, slots=True)
class Meaning:
    """The assessment of the results that count; None where none counts.

    ``beside`` says that a case has results beside those of the report, so that all need a table of their own.
    """

    assessment: Assessment | None = None
    beside: bool = False

    @property
    def facts(self) -> Facts | None:
        """What the results mean; None where none counts."""
        return None if self.assessment is None else self.assessment.facts

    def page(self, read: Document, knowledge: Knowledge) -> Document:
        """Return what was read, and after it what it means; what is urgent stands first.

        Args:
            read: How each line was read.
            knowledge: The knowledge that it was judged with.
        """
        if self.assessment is None:
            return read
        means = labs_document(self.assessment, knowledge, table=self.beside)
        urgent = [each for each in means.sections if each.level]
        rest = [each for each in means.sections if not each.level]
        return replace(means, title=read.title, sections=(*urgent, *read.sections, *rest))

    def plain(self, knowledge: Knowledge) -> dict[str, Any] | None:
        """Return it as plain data."""
        if self.assessment is None:
            return None
        urgency = self.assessment.urgency
        rules = [each.rule for each in urgency.fired]
        return {"urgency": {"level": urgency.level, "fired": rules}, **labs_json(self.assessment.facts, knowledge)}


def person_of(case: str | None, knowledge: Knowledge) -> Person:
    """Return the person of a case file, nobody in particular without one.

    Raises:
        DataRefusedError: The case file can't be read.
        UsageError: Its path can't be read.
    """
    return read_case(read_limited(Path(case)), knowledge, name=case) if case else Person()


def meaning_of(lines: Sequence[Judged], knowledge: Knowledge, *, case: str | None, on: date) -> Meaning:
    """Return what the results that count mean.

    Args:
        lines: As judged and settled.
        knowledge: Patterns, ranges, rules.
        case: Case file of the person; its own results count too.
        on: Today.

    Raises:
        DataRefusedError: The case file can't be read.
        UsageError: Its path can't be read.
    """
    person = person_of(case, knowledge)
    after = apply_plan(person, plan_labs(person, lines))
    return Meaning(assess(after, knowledge, on=on), bool(person.labs)) if after.labs else Meaning()
