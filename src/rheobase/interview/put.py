"""How each kind of question is put into words."""

from __future__ import annotations

from dataclasses import replace

from rheobase.interview.question import Kind, Question
from rheobase.knowledge import Knowledge
from rheobase.knowledge.model_interview import Item, QuestionList, Shown
from rheobase.person import MedicineUse
from rheobase.plain_text import printable

WHICH = ":which:"
_KINDS = {"yes_no": Kind.YES_NO, "number": Kind.NUMBER, "choice": Kind.CHOICE, "sites": Kind.SITES}


def finding_question(knowledge: Knowledge, name: str) -> Question:
    """Return the question about one finding."""
    finding = knowledge.findings[name]
    text = finding.question or finding.label or finding.id.replace("_", " ")
    return Question(finding.id, _KINDS[finding.type], text, finding.label, finding=finding.id, why=finding.why_asked)


def list_question(each: QuestionList, items: tuple[Item, ...], *, again: int = 0) -> Question:
    """Return a list with the lines that are still open.

    Args:
        each: The list.
        items: Its lines, each cut to what is still open.
        again: How often lines of it were shown before; a list may come back with other lines.
    """
    name = each.id if again == 0 else f"{each.id}:{again + 1}"
    return Question(name, Kind.LIST, each.question, each.title, items, none=each.none, why=each.why_asked)


def form_question(each: QuestionList, items: tuple[Item, ...], *, again: int = 0) -> Question:
    """Return a short form with the fields that are still open; as for a list."""
    return replace(list_question(each, items, again=again), kind=Kind.FORM, none="")


def which_question(knowledge: Knowledge, asked: str, findings: tuple[str, ...]) -> Question:
    """Return the question which of the things on a ticked line is meant."""
    words = {shown.finding: shown for each in knowledge.question_lists.values() for i in each.item for shown in i.shows}
    items = tuple(Item((words.get(name, Shown(name, knowledge.findings[name].label)),)) for name in findings)
    return Question(
        f"{asked}{WHICH}{findings[0]}",
        Kind.LIST,
        "You ticked this line. Which of these is it?",
        "Which one",
        items,
        none="None of these after all",
        why="The line held several things, and each points somewhere else.",
    )


def about_medicines() -> Question:
    """Return the question about everything that is taken."""
    return Question(
        str(Kind.MEDICINES),
        Kind.MEDICINES,
        "Which medicines, supplements and remedies do you take, on most days or now and then?",
        "Medicines",
        why="Many medicines change salts in the blood or excite nerves, and some advice depends on them.",
    )


def about_months(use: MedicineUse) -> Question:
    """Return the question how long a medicine has been taken."""
    name = printable(use.written, limit=80)
    return Question(
        f"{Kind.MONTHS}:{use.written}",
        Kind.MONTHS,
        f"For how many months have you been taking {name}?",
        name,
        why="What this medicine does to the salts in the blood builds up over months.",
    )
