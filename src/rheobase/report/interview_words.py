"""The interview in words for a terminal: a question with its lines, the reason for it, and what can be typed."""

from __future__ import annotations

import textwrap

from rheobase.interview import Kind, Outlook, Question, Reason
from rheobase.knowledge import Knowledge
from rheobase.plain_text import in_sentence, printable
from rheobase.report.document import Block, Point

HELP = {
    Kind.LIST: "Type the numbers that are true, such as 1 3; add ? where you are not sure (2?); 0 for none of them.",
    Kind.YES_NO: "Type y or n.",
    Kind.NUMBER: "Type a number; about is good enough.",
    Kind.CHOICE: "Type one number.",
    Kind.SITES: "Type the numbers, such as 2 5; 0 for nowhere.",
    Kind.MEDICINES: "Type the names with commas between them, as on the packet; or none.",
    Kind.FORM: "Line by line; ? where you don't know, s to leave a line out.",
    Kind.MONTHS: "Type a number of months, or such as 2 years.",
}
ALWAYS = (
    ("?", "don't know"),
    ("s", "skip"),
    ("b", "back"),
    ("w", "why do you ask?"),
    ("q", "stop, and show the answer so far"),
)


def question_text(question: Question, knowledge: Knowledge, *, width: int, helped: bool) -> str:
    """Return a question with its lines as text for a terminal.

    Args:
        question: What to ask.
        knowledge: For units and the words of options.
        width: Columns.
        helped: How to answer this kind of question was shown before; it is not said again.
    """
    lines = _wrapped(question.text, width, "  ", "  ")
    for number, words in question_lines(question, knowledge):
        mark = f"  {number:>4}  "
        lines.extend(_wrapped(words, width, mark, " " * len(mark)))
    if not helped:
        lines.extend(_wrapped(help_for(question, knowledge), width, "  ", "  "))
    return "\n".join(lines)


def commands_text(width: int) -> str:
    """Return what can be typed at any question, in lines of at most so many columns."""
    # A key and its meaning stay on one line.
    words = ", ".join(f"{key} = {meaning}".replace(" ", "\N{NO-BREAK SPACE}") for key, meaning in ALWAYS[:-1])
    key, meaning = ALWAYS[-1]
    text = f"At any question: {words}, {key}\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{meaning}"
    lines = textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="  ")
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def notice_text(words: str, width: int) -> str:
    """Return a notice in lines of at most so many columns; its own indent and line ends stay."""
    lines: list[str] = []
    for line in words.split("\n"):
        indent = line[: len(line) - len(line.lstrip(" "))]
        lines.extend(textwrap.wrap(line, width, initial_indent="", subsequent_indent=indent) or [""])
    return "\n".join(lines)


def progress_words(outlook: Outlook, number: int) -> str:
    """Return which question it is and about how many are left, without false exactness."""
    more = outlook.left - 1
    return f"Question {number}, {'perhaps the last one' if more <= 0 else f'about {more} more'}"


def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(printable(text), width, initial_indent=first, subsequent_indent=rest)


def question_lines(question: Question, knowledge: Knowledge) -> list[tuple[int, str]]:
    """Return the numbered lines of a list, or the options of a choice."""
    if question.kind is Kind.LIST:
        texts = []
        for item in question.items:
            words = "; or ".join(shown.words for shown in item.shows)
            texts.append(f"{item.title}: {words}" if item.title else words)
        return [*enumerate(texts, 1), (0, question.none or "None of these")]
    if question.kind in (Kind.CHOICE, Kind.SITES) and question.finding is not None:
        options = knowledge.findings[question.finding].options
        return list(enumerate((option_words(knowledge, question.finding, each) for each in options), 1))
    return []


def option_words(knowledge: Knowledge, finding: str, option: str) -> str:
    """Return an option in plain words."""
    return knowledge.option_words.get(finding, {}).get(option, option.replace("_", " "))


def help_for(question: Question, knowledge: Knowledge) -> str:
    """Return what can be typed, with the unit of a number."""
    if question.kind is Kind.NUMBER and question.finding is not None:
        finding = knowledge.findings[question.finding]
        unit = {"0-10": "from 0 to 10", "days": "of days, or such as 3 weeks"}.get(
            finding.unit or "", f"of {finding.unit}"
        )
        return f"Type a number {unit}; about is good enough."
    return HELP[question.kind]


def reason_blocks(reason: Reason, knowledge: Knowledge) -> list[Block]:
    """Return why a question is asked: its own reason, the causes it bears on, what it could change."""
    blocks: list[Block] = [Point(reason.words)] if reason.words else []
    if reason.causes:
        names = ", ".join(in_sentence(knowledge.causes[each].plain_name) for each in reason.causes)
        blocks.append(Point(f"The answer tells most about: {names}."))
    if reason.could_raise_to is not None:
        level = knowledge.levels[reason.could_raise_to]
        blocks.append(Point(f"An answer could mean that somebody should look at it sooner ({level.name.lower()})."))
    return blocks or [Point("It completes the picture for your doctor.")]
