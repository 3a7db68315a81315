"""Read what a person typed in reply to one question. Nothing is guessed: what can't be read is asked again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from rheobase.errors import ReplyError
from rheobase.importers.case_answers import AnswerReader, in_unit
from rheobase.importers.case_medicines import LONGEST_NAME
from rheobase.importers.case_medicines import MOST as MOST_MEDICINES
from rheobase.importers.case_problems import Problems, shown
from rheobase.interview import Kind, Question, Reply, ReplyKind
from rheobase.knowledge import Knowledge
from rheobase.knowledge.medicine_names import MedicineIndex
from rheobase.person import MedicineUse, Status

_NONE = frozenset({"none", "0", "n", "no", "nothing", "nowhere", "none of these"})
_NOT_KNOWN = frozenset(
    {"?", "don't know", "dont know", "do not know", "i don't know", "i dont know", "no idea", "not sure", "unknown"}
)
_SKIP = frozenset({"s", "skip"})
_YES = frozenset({"y", "yes"})
_NO = frozenset({"n", "no"})
_NUMBERS = re.compile(r"\s*\d{1,3}\s*\??(?:[\s,;]+\d{1,3}\s*\??)*\s*")
_NUMBER = re.compile(r"(\d{1,3})\s*(\?)?")
_AND = re.compile(r"\s*(?:\band\b|&|\+)\s*")
# What people write round a number that they were told may be about right.
_ABOUT = re.compile(r"(?:(?:about|around|roughly|approximately|maybe|perhaps|ca\.?|~)\s*)?(.*?)(?:\s*(?:or so|ish))?")
_WORDS_FOR = {"woman": "female", "girl": "female", "man": "male", "boy": "male"}
_APART = re.compile(r"\s*(?:[;\n\r]|,(?!\d)|\s+and\s+)\s*")
_FOR = re.compile(r"\bfor\s+(?:about\s+|over\s+)?(\d+(?:\.\d+)?\s*(?:days?|weeks?|months?|years?))\b", re.IGNORECASE)


def read_reply(question: Question, text: str, knowledge: Knowledge) -> Reply:
    """Return the reply that a text is.

    Args:
        question: What was asked.
        text: What was typed: ``?`` for "don't know", ``s`` to skip, else an answer.
        knowledge: For the names of medicines and the limits of numbers.

    Raises:
        ReplyError: It can't be read; says what was expected.
    """
    word = " ".join(text.strip().lower().split()).replace("\u2019", "'")
    if word in _SKIP:
        return Reply(ReplyKind.SKIPPED)
    if word in _NOT_KNOWN:
        return Reply(ReplyKind.NOT_KNOWN)
    if not word:
        raise ReplyError("Type an answer, or ? if you don't know, or s to skip.")
    readers: dict[Kind, Callable[[], Reply]] = {
        Kind.LIST: lambda: _ticks(question, word),
        Kind.YES_NO: lambda: _yes_no(word),
        Kind.MEDICINES: lambda: _medicines(text, word, knowledge),
        Kind.MONTHS: lambda: _months(word),
    }
    return readers.get(question.kind, lambda: _value(question, text, word, knowledge))()


def _ticks(question: Question, word: str) -> Reply:
    count = len(question.items)
    if word in _NONE:
        return Reply()
    word = _AND.sub(", ", word) if any(letter.isdigit() for letter in word) else word
    if not _NUMBERS.fullmatch(word):
        raise ReplyError(
            f"Type the numbers that are true, such as 1 {min(count, 3)}, or 0 for none, got {shown(word)}."
        )
    ticked: set[int] = set()
    unsure: set[int] = set()
    for number, mark in _NUMBER.findall(word):
        at = int(number) - 1
        if not 0 <= at < count:
            raise ReplyError(f"{number} is not on the list; its numbers are 1 to {count}, or 0 alone for none.")
        (unsure if mark else ticked).add(at)
    if ticked & unsure:
        raise ReplyError("A line is both true and not sure; give it once.")
    return Reply(ticked=frozenset(ticked), unsure=frozenset(unsure))


def _yes_no(word: str) -> Reply:
    if word in _YES or word in _NO:
        return Reply(value=word in _YES)
    raise ReplyError(f"Type y for yes, n for no, ? if you don't know, or s to skip, got {shown(word)}.")


def _value(question: Question, text: str, word: str, knowledge: Knowledge) -> Reply:
    finding = knowledge.findings[question.finding or ""]
    given: object = text.strip()
    if finding.type in ("choice", "sites"):
        if finding.type == "sites" and word in _NONE:
            return Reply(value=frozenset())
        given = list(_options(finding.options, word))
        if finding.type == "choice":
            given = _one_option(finding.options, given, word)
    elif finding.type == "number":
        given = _plain_number(text)
        if word in _NONE and "/" in (finding.unit or ""):
            given = "0"
    problems = Problems("answer")
    reader = AnswerReader(knowledge, problems)
    reader.read_answer("answer", finding, given)
    answer = reader.answers.get(finding.id)
    if answer is None or answer.value is None:
        raise ReplyError(_first_problem(problems, finding.id) or f"That could not be read: {shown(text)}.")
    plain = isinstance(answer.value, float) and answer.original == f"{answer.value:g}"
    return Reply(value=answer.value, original=None if plain else answer.original)


def _options(options: tuple[str, ...], word: str) -> Iterator[str]:
    """Yield each chosen option by its number or by its name."""
    if _NUMBERS.fullmatch(word):
        for number, _ in _NUMBER.findall(word):
            if not 1 <= int(number) <= len(options):
                raise ReplyError(f"{number} is not on the list; its numbers are 1 to {len(options)}.")
            yield options[int(number) - 1]
        return
    for part in re.split(r"\s*[,;]\s*", word):
        name = part.replace(" ", "_")
        begun = [option for option in options if option.startswith(name)]
        # "f" is enough where only one option begins so.
        if name:
            yield begun[0] if len(begun) == 1 and name not in options else name


def _one_option(options: tuple[str, ...], chosen: list[str], word: str) -> str:
    """Return the one option that was chosen; the start of its name is enough where only one name starts so."""
    given = _WORDS_FOR.get(chosen[0], chosen[0]) if len(chosen) == 1 else ""
    starting = [each for each in options if given and each.startswith(given)]
    if given in options or len(starting) == 1:
        return given if given in options else starting[0]
    raise ReplyError(f"Type one of the numbers 1 to {len(options)}, got {shown(word)}.")


def _plain_number(text: str) -> str:
    """Return a number as typed, without "about" and "or so"."""
    match = _ABOUT.fullmatch(" ".join(text.split()).lower())
    return match[1] if match is not None and any(letter.isdigit() for letter in match[1]) else text.strip()


def _first_problem(problems: Problems, finding: str) -> str:
    line = next(iter(problems.lines), "").rpartition(f"{finding}: ")[2]
    return line[:1].upper() + line[1:]


def _months(word: str) -> Reply:
    months = in_unit(_plain_number(word), "months")
    if months is None or months < 0:
        raise ReplyError(f"Type a number of months, or such as 2 years, got {shown(word)}.")
    return Reply(value=months)


def _medicines(text: str, word: str, knowledge: Knowledge) -> Reply:
    if word in _NONE:
        return Reply(complete=True)
    index = MedicineIndex(knowledge.medicines, knowledge.medicine_classes)
    parts = [part.strip(" .") for part in _APART.split(text.strip()) if part.strip(" .")]
    if len(parts) > MOST_MEDICINES or any(len(part) > LONGEST_NAME for part in parts):
        raise ReplyError(f"Type at most {MOST_MEDICINES} medicines, each in at most {LONGEST_NAME} characters.")
    return Reply(medicines=tuple(_use(index, part) for part in parts))


def _use(index: MedicineIndex, written: str) -> MedicineUse:
    lasting = _FOR.search(written)
    months = in_unit(lasting[1].lower(), "months") if lasting is not None else None
    return MedicineUse(written, index.find(written).id, Status.PRESENT, months)


def looks_like(use: MedicineUse, knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """Return the id and the name of each medicine that an unrecognised one looks like, the likest first.

    Args:
        use: A medicine as it was written.
        knowledge: Whose medicines.
    """
    if use.medicine is not None:
        return ()
    index = MedicineIndex(knowledge.medicines, knowledge.medicine_classes)
    found = ((index.find(name).id, name) for name in index.find(use.written).suggestions)
    return tuple((each, name) for each, name in found if each is not None)
