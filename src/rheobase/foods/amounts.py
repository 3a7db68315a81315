"""Part a line such as "1 1/2 cups brewed coffee" into its amount and the name of the food."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rheobase.foods.measures import load_measures
from rheobase.foods.written_numbers import EXPECTED, check_amounts, plain_figures, read_number

_NUMBER = r"(?:\d+\s+\d+/\d+|\d+/\d+|\d+(?:[.,]\d+)*)"
_RANGE = re.compile(rf"({_NUMBER})\s*(?:-|\u2013|to)\s*({_NUMBER})")
_HYPHENED = re.compile(r"^(\d+|one|two|three|four|five|six)[- ]([a-z]{3,})(?=\s)")
_FILLER = re.compile(r"^(?:of|the|x|\u00d7|and|with|i had|i ate|i drank|about|approx\.?|approximately|ca\.?|~)\b[\s:]*")
_ARTICLE = re.compile(r"^(?:a|an|my)\s+")
# Household measures that may stand behind the food's name.
_TRAILING = ("spear", "clove", "slice", "rasher", "leaf", "wedge", "ear")


@dataclass(frozen=True, slots=True)
class Amount:
    """How much, as it was said.

    Attributes:
        number: How many of the unit; None when no number was said.
        low: Lowest number that was said ("2-3": 2); the same as ``number`` otherwise.
        high: Highest number that was said.
        unit: Word of the unit as typed, "" when none: a weight, a volume or a household measure.
        size: small, medium or large; "" when none was said.
        loose: Whether the number itself is loose, as in "a few".
    """

    number: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    size: str = ""
    loose: bool = False


def _any(words: object) -> str:
    """Return a pattern of alternatives, longest first."""
    listed = sorted((str(word) for word in words), key=len, reverse=True)  # type: ignore[attr-defined]
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in listed)


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of an exact amount anywhere, of an amount at the start, and of two at the end.

    The first of these two stands behind a comma or a bracket; the second stands bare ("bread 3 slices", "egg x2").
    """
    known = load_measures()
    exact_units = _any([*known.grams, *known.millilitres])
    units = _any([*known.grams, *known.millilitres, *known.household])
    sizes, words = _any(known.sizes), _any(known.numbers)
    number = rf"(?P<number>{_NUMBER}(?:\s*(?:-|\u2013|to)\s*{_NUMBER})?|(?:{words})\b)"
    exact = rf"(?<![\w.,/]){number}\s*(?P<unit>{exact_units})(?![\w%])(?:\s+of\b)?"
    size = rf"(?:(?P<size>{sizes})\s+)?"
    start = (
        rf"^(?:{number}(?![\d.,/]*\s*%)\s*(?:[x\u00d7]\s*)?)?{size}(?:(?P<unit>{units})(?![\w%]))?"
        r"(?:\s+of\b(?:\s+(?:a|an|the)\b)?)?"
    )
    end = rf"[,;:(]\s*{number}\s*{size}(?P<unit>{units})?(?:\s+of)?\s*\)?\s*$"
    bare = rf"(?<=[a-z)])\s+(?:{number}\s*{size}(?P<unit>{units})|[x\u00d7]\s*(?P<times>\d+))\s*$"
    return re.compile(exact), re.compile(start), re.compile(end), re.compile(bare)


def _values(text: str) -> tuple[float, float, float]:
    """Return number, lowest and highest of a written number, range or number word."""
    words = load_measures().numbers
    if (phrase := " ".join(text.split())) in words:
        return (words[phrase],) * 3
    if found := _RANGE.fullmatch(text.strip()):
        low, high = sorted((read_number(found[1]), read_number(found[2])))
        return (low + high) / 2, low, high
    if (value := read_number(text)) == 0:
        raise ValueError(f"{text.strip()!r} is nothing; leave the line out if none was eaten, else {EXPECTED}")
    return value, value, value


def _amount(found: re.Match[str], times: float = 1.0) -> Amount:
    """Return what one match of a pattern says."""
    parts = found.groupdict()
    known = load_measures()
    size = known.sizes.get(" ".join((parts.get("size") or "").split()), "")
    unit = " ".join((parts.get("unit") or "").split())
    if not (said := parts["number"] or parts.get("times")):
        return Amount(unit=unit, size=size)
    number, low, high = (value * times for value in _values(said))
    return Amount(number, low, high, unit, size, loose=" ".join(said.split()) in known.loose)


def _without(text: str, start: int, end: int) -> str:
    """Return the name that is left when the amount is cut out."""
    rest = f"{text[:start]} {text[end:]}"
    rest = re.sub(r"\(\s*\)", " ", rest)
    rest = re.sub(r"\s+", " ", rest).strip(" ,;:-()")
    while (cut := _FILLER.sub("", rest)) != rest:
        rest = cut.strip()
    return _ARTICLE.sub("", rest)


def _tidied(line: str) -> str:
    text = re.sub(r"\s+", " ", line).strip(" .-*•")
    while (cut := _FILLER.sub("", text)) != text:
        text = cut.strip()
    return text


def _with_last_word(amount: Amount, rest: str) -> tuple[Amount, str]:
    """Return "10 asparagus spears" as ten spears of asparagus."""
    name, _, last = rest.rpartition(" ")
    if not amount.unit and name and load_measures().household.get(last) in _TRAILING:
        return replace(amount, unit=last), name
    return amount, rest


def split_amount(line: str) -> tuple[Amount, str]:
    """Return the amount that a line says, and the name of the food.

    A weight or volume anywhere in the line counts before any household measure; a count of containers before a weight
    in brackets multiplies it ("2 cans (330 ml) cola").

    Args:
        line: One food or drink, amount before or after the name.

    Returns:
        The amount, empty where none is said, and the rest of the line in lower case.

    Raises:
        ValueError: A number in the line cannot be one ("1/0 cup", "-5 g").
    """
    line = re.sub(r"\s+", " ", plain_figures(line.replace("\u00a0", " ")).lower())
    check_amounts(line)
    text = _tidied(line)
    exact, start, *ends = _patterns()
    if (found := _exactly(text)) is not None:
        if second := exact.search(found[1]):
            raise ValueError(f"a second amount, {second[0].strip()!r}, is there; one food and one amount for each line")
        return found
    if (thing := _HYPHENED.match(text)) and "-" in thing[0] and thing[2] not in load_measures().household:
        count = _values(thing[1])[0]
        return Amount(count, count, count), text[thing.start(2) :]
    first = start.match(text)
    if first and first["number"] and not first["unit"] and text[first.end() - 1 : first.end() + 1].isalnum():
        # "7up", "1e9": a number that runs into a word is part of it.
        first = None
    if first and (first["number"] or first["unit"] or first["size"]) and (rest := _without(text, 0, first.end())):
        return _with_last_word(_amount(first), rest)
    for end in ends:
        if (last := end.search(text)) and (rest := _without(text, last.start(), last.end())):
            return _amount(last), rest
    return Amount(), _without(text, 0, 0)


def _exactly(text: str) -> tuple[Amount, str] | None:
    """Return a weight or volume wherever it stands, with the rest of the line; None when there is none."""
    exact, start, *_ = _patterns()
    if not (found := exact.search(text)):
        return None
    before = start.match(text)
    times = before is not None and before["number"] and (before["unit"] or before[0].rstrip().endswith(("x", "\u00d7")))
    if before is not None and times and 0 < before.end() <= found.start():
        # "2 cans (330 ml) of cola", "2 x 50 g": so many of a container whose content is said.
        rest = _without(text, found.start(), found.end())
        again = start.match(rest)
        return _amount(found, _values(before["number"])[0]), _without(rest, 0, again.end() if again else 0)
    after = _without(text, 0, found.end())
    if after and text[: found.start()].rstrip().endswith(","):
        # "fish and chips, 200 g battered fish": the part behind the amount is what was weighed.
        return _amount(found), after
    return _amount(found), _without(text, found.start(), found.end())
