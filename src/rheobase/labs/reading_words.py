"""Words of a report: flags, samples, no result; and the value of a line taken apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rheobase.labs.reading_line import HAEMOLYSED, ICTERIC, LIPAEMIC
from rheobase.labs.reading_numbers import NUMBER, numbers, split_limit

Words = Mapping[str, frozenset[str]]
FLAGS = ("low", "high", "normal", "abnormal", "negative", "positive")
_TITRE = re.compile(r"(?:[<>]=?\s*)?1\s*[:/]\s*([0-9]{1,6})(?![0-9:])")
_BEFORE = re.compile(r"(\*+|[HL]{1,2}|[\u2191\u2193]+)[\s:]*(?=[<>\u2264\u2265]?\s*[0-9.,])")
# Figures after a number that belong to it ("3. 2", a raised point): the number would be cut off.
_GLUED = re.compile(r"[eE][-+]?[0-9]|[0-9]|\s?[.,\u00b7\u066b'\u2019]\s?[0-9]")
_PARTS = re.compile(r"[\w\u00b5%/*^.\-+\u2191\u2193!#{}\[\]\u2070-\u207b\u00b2\u00b3\u00b9]+")


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Return text as words are compared: lower case, no accents, single spaces."""
    plain = unicodedata.normalize("NFKD", text.replace("\u00df", "ss"))
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).casefold().split())


def flag_of(text: str, words: Words) -> str | None:
    """Return what a flag says ("low", "high", "normal", "abnormal", "negative", "positive"), None for nothing known."""
    said = folded(text).strip("()[] ")
    return next((each for each in FLAGS if said in words[each]), None)


def specimen_flags(text: str, words: Words) -> tuple[str, ...]:
    """Return what a comment says of the sample: haemolysed, lipaemic, icteric. "Not haemolysed" says nothing."""
    tokens = re.findall(r"[^\W_]+", folded(text))
    found = []
    for name in (HAEMOLYSED, LIPAEMIC, ICTERIC):
        for at in (place for place, token in enumerate(tokens) if token in words[name]):
            denied = words["not_haemolysed"].intersection((*tokens[max(0, at - 3) : at], *tokens[at + 1 : at + 2]))
            if not denied and "index" not in tokens:
                found.append(name)
                break
    return tuple(found)


@dataclass(frozen=True, slots=True)
class ValueText:
    """A value as printed, taken apart.

    Attributes:
        numbers: What the number may be; two where a mark may be decimal or of thousands.
        comparator: "<", "<=", ">", ">=" or "".
        flag: What a flag or word beside it or in its place says.
        unit: Words that may be a unit.
        titre: Printed as a titre, such as 1:80.
        nothing: It says that there is no result.
        rest: What was not understood.
    """

    numbers: tuple[float, ...] = ()
    comparator: str = ""
    flag: str | None = None
    unit: str = ""
    titre: bool = False
    nothing: bool = False
    rest: str = ""


def read_value(text: str, words: Words, *, comma: bool | None) -> ValueText:
    """Return the value of a line taken apart.

    Args:
        text: As printed, such as "0.62 L", "< 0,41", "negative", "1:80", "not done".
        words: Words of reports.
        comma: Whether decimals have a comma.
    """
    said = text.strip()
    plain = folded(said)
    if not plain or plain.strip("()") in words["no_result"]:
        return ValueText(nothing=True)
    if titre := _TITRE.search(said):
        outside = said[: titre.start()] + said[titre.end() :]
        return ValueText(
            titre=True, flag=flag_of(outside, words), rest="" if flag_of(outside, words) else outside.strip(" ()")
        )
    if (flag := flag_of(said, words)) is not None:
        return ValueText(flag=flag)
    if not re.search(r"[0-9]", said):
        return ValueText(nothing=bool(specimen_flags(said, words)), rest=said)
    before = _BEFORE.match(said)
    flag = flag_of(before[1], words) if before else None
    comparator, rest = split_limit(said[before.end() :] if before else said)
    match = re.match(rf"({NUMBER})(?P<space>[ \u00a0][0-9]{{3}}(?![0-9.,]))?", rest)
    if match is None or _GLUED.match(rest[match.end() :]):
        return ValueText(rest=said)
    found = numbers(match[0], comma=comma)
    return _tail(ValueText(found, comparator, flag), rest[match.end() :], words)


def _tail(value: ValueText, tail: str, words: Words) -> ValueText:
    """Take what stands after the number: flags, a unit, a comment on the sample."""
    flag, unit, rest = value.flag, "", ""
    left = tail.strip().strip("()[],;").strip()
    if left:
        whole = flag_of(left, words)
        tokens = _PARTS.findall(left)
        if whole is not None:
            flag = flag or whole
        elif specimen_flags(left, words) and len(tokens) <= 3:
            rest = ""
        else:
            # A minus after a number is a low mark, as a plus is a high one; in a column of its own it is no mark.
            said = {each: "low" if each in ("-", "--") else flag_of(each, words) for each in tokens}
            marks = [each for each in tokens if said[each] is not None]
            flag = flag or next((said[each] for each in marks), None)
            unit = " ".join(each for each in tokens if each not in marks)
    return ValueText(value.numbers, value.comparator, flag, unit, rest=rest)
