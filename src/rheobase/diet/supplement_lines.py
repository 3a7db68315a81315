"""Read a line of a label, such as "2 x magnesium 100 mg (as citrate)": nutrient, compound, amount, how often."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rheobase.foods import NUTRIENTS
from rheobase.foods.written_numbers import check_amounts, plain_figures, read_number
from rheobase.knowledge.supplements import ELEMENTAL, SALT, Form, Supplements, Tracked
from rheobase.plain_text import printable

_NUMBER = r"(?<![\w.,])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
_UNITS = {
    "mg": "mg",
    "milligrams?": "mg",
    "g": "g",
    "grams?": "g",
    "\u00b5g": "ug",
    "\u03bcg": "ug",
    "ug": "ug",
    "mcg": "ug",
    "micrograms?": "ug",
    "iu": "IU",
    r"i\.u\.": "IU",
    "units?": "IU",
    "mmol": "mmol",
    "meq": "mEq",
}
_AMOUNT = re.compile(rf"{_NUMBER}\s*({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![\w/])(?:\s+of\b)?")
# Vitamin D is written in hundreds of thousands of IU; whether an amount is possible is judged later, by nutrient.
MOST_WRITTEN = 1e7
_SHARE = re.compile(r"%")
_THINGS = r"tablets?|tabs?|capsules?|caps?|pills?|softgels?|gumm(?:y|ies)|sachets?|drops?|chews?|lozenges?|puffs?"
_COUNT = re.compile(
    rf"^\s*(\d+ \d/\d|\d/\d|\d+(?:[.,]5)?|half a|half|one|two|three|four)\s*"
    rf"(?:[x\u00d7]\s*|(?:{_THINGS})\b\s*(?:of\b)?)"
)
_COUNT_END = re.compile(rf"[,x\u00d7]\s*(\d+)\s*(?:{_THINGS})?\s*$")
_WORD_NUMBERS = {"half a": 0.5, "half": 0.5, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0}
_OFTEN = ((r"\b(?:twice|two times|2 times|bd|bid)\b", 2.0), (r"\b(?:three times|thrice|3 times|tds|tid)\b", 3.0))
_ONCE = re.compile(r"\b(?:once|one time|1 time)\b")
_SAYS_SALT = re.compile(r"\b(?:the|as|whole) (?:salt|compound)\b|\((?:salt|compound)\)|\bpowder\b")
_FILLER_WORDS = (
    "a an the of and with as from in each per day daily a.m p.m morning evening night bedtime at before after meals "
    "meal food tablet tablets tab tabs capsule capsules cap caps pill pills softgel softgels gummy gummies sachet "
    "sachets drop drops chew chews effervescent chewable slow release extended prolonged modified elemental supplement "
    "supplements antacid antacids vitamin vit my took taken times time twice once thrice salt compound powder high "
    "strength l x"
)
_FILLER = frozenset(_FILLER_WORDS.split())
# By itself, "vitamin" says that there are some; amounts and places name no ingredient.
_VITAMIN = frozenset(("vitamin", "vit"))
_NO_NAME_WORDS = (
    "ml l tsp teaspoon teaspoons tbsp tablespoon tablespoons mg g mcg ug iu dv nan inf minus pharmacy chemist doctor "
    "prescribed some one two three four"
)
_NO_NAME = frozenset(_NO_NAME_WORDS.split())
_WORDS = re.compile(r"\b(?!\d+e\d+\b)\d*[^\W\d_]\w*")
_PARTS = re.compile(r"\s*(?:\+|;|/(?!\s*\d)|,\s*(?=\D)|\band\b|\bplus\b|\bwith\b)\s*")
# A "1" that is left over ("1 daily") changes nothing; any other number might.
_LEFT = re.compile(r"[a-z]{2,}|(?<![a-z\d])(?!1(?![\d.,/]))\d+(?:[.,/]\d+)*")
LONGEST, MOST_TIMES = 200, 50.0


@dataclass(frozen=True, slots=True)
class Dose:
    """One nutrient of a supplement.

    Attributes:
        nutrient: Which.
        form: The compound, None when only the nutrient was named.
        amount: How much in one dose, None when not said.
        unit: mg, g, ug, IU, mmol or mEq; "" when not said.
        means: "elemental", "salt", or "" when the line leaves it open.
    """

    nutrient: Tracked
    form: Form | None
    amount: float | None
    unit: str
    means: str = ""


@dataclass(frozen=True, slots=True)
class SupplementLine:
    """A line as it was read.

    Attributes:
        doses: One for each nutrient.
        times: Doses over the day.
        doubts: What is not understood; empty when nothing is.
    """

    doses: tuple[Dose, ...]
    times: float
    doubts: tuple[str, ...]


def _unit(written: str) -> str:
    return next(unit for pattern, unit in _UNITS.items() if re.fullmatch(pattern, written))


@lru_cache(maxsize=1000)
def _word(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9]){re.escape(words)}(?![a-z0-9])")


def _find_nutrients(text: str, facts: Supplements) -> list[tuple[Tracked, str]]:
    """Return each nutrient in a text with the words that named it."""
    found = []
    for nutrient in facts.nutrients.values():
        for words in sorted(nutrient.words, key=len, reverse=True):
            if _word(words).search(text):
                found.append((nutrient, words))
                break
    return found


def _find_form(text: str, element: str, facts: Supplements) -> tuple[Form | None, str]:
    """Return the compound that a text names beside a nutrient, and the words for it."""
    listed = ((words, form) for form in facts.forms.values() if form.element == element for words in form.words)
    for words, form in sorted(listed, key=lambda each: -len(each[0])):
        if _word(words).search(text):
            return form, words
    return None, ""


def _whole_name(text: str, facts: Supplements) -> tuple[Form | None, str]:
    """Return a compound that needs no nutrient beside it, such as "baking soda" or "Epsom salt"."""
    for form in facts.forms.values():
        for words in form.words:
            if " " in words and _word(words).search(text) and not words.endswith("carbonate"):
                return form, words
    return None, ""


def _times(text: str) -> tuple[float, str]:
    """Return how often it was taken, and the text without that."""
    times = 1.0
    if found := _COUNT.match(text):
        times = _WORD_NUMBERS.get(found[1]) or read_number(found[1])
        text = text[found.end() :]
    elif found := _COUNT_END.search(text):
        times, text = float(found[1]), text[: found.start()]
    for pattern, factor in _OFTEN:
        text, count = re.subn(pattern, " ", text)
        times *= factor if count else 1.0
    return times, _ONCE.sub(" ", text)


def _means(text: str, form_words: str) -> str:
    """Return whether an amount is said to be of the element ("as citrate") or of the compound; "" for neither."""
    if form_words and _SAYS_SALT.search(text):
        return SALT
    beside = re.search(rf"\b(?:as|from)\s+(?:[a-z]+\s+)?{re.escape(form_words)}\b", text) if form_words else None
    return ELEMENTAL if beside or re.search(r"\belemental\b", text) else ""


def _part(text: str, facts: Supplements) -> tuple[Dose | None, str]:
    """Return one dose, and what in it is not understood."""
    shown = printable(text, limit=60)
    amounts = list(_AMOUNT.finditer(text))
    rest = _AMOUNT.sub(" ", text)
    nutrients = _find_nutrients(rest, facts)
    form, form_words = _whole_name(rest, facts)
    if form is not None:
        nutrient, words = facts.by_element(form.element), form_words
    elif len(nutrients) == 1:
        nutrient, words = nutrients[0]
        form, form_words = _find_form(rest, nutrient.element, facts)
    else:
        return None, f"which nutrient {shown!r} gives is not understood; copy one nutrient and its amount for each line"
    if nutrient is None:
        return None, f"{shown!r} is not understood"
    left = rest
    for each in (form_words, words, *nutrient.words):
        left = _word(each).sub(" ", left) if each else left
    odd = [word for word in _LEFT.findall(left) if word not in _FILLER]
    doubt = f"the words {printable(' '.join(odd), limit=60)!r} are not understood" if odd else ""
    if _SHARE.search(text):
        return Dose(nutrient, form, None, ""), "a share of a daily value is not an amount; copy the amount"
    if len(amounts) > 1:
        return Dose(nutrient, form, None, ""), f"two amounts stand in {shown!r}; which is the {nutrient.id}?"
    means = _means(rest, form_words)
    if not amounts:
        return Dose(nutrient, form, None, "", means), doubt
    return Dose(nutrient, form, read_number(amounts[0][1], most=MOST_WRITTEN), _unit(amounts[0][2]), means), doubt


@lru_cache(maxsize=1000)
def read_supplement(text: str, facts: Supplements) -> SupplementLine:
    """Return what a line of a label says.

    Args:
        text: Such as "vitamin D3 1000 IU", "2 x magnesium 100 mg (as citrate)".
        facts: Compounds and nutrients.

    Returns:
        Doses and doubts; nothing is guessed. Each part that is joined by "+", "and" or a comma is a dose of its own.
    """
    said = printable(text).lower()
    if len(said) > LONGEST:
        return SupplementLine((), 1.0, (f"{printable(text, limit=60)!r} is longer than {LONGEST} characters",))
    try:
        plain = " ".join(plain_figures(said).split())
        check_amounts(plain)
        return _read(plain, facts)
    except ValueError as problem:
        return SupplementLine((), 1.0, (f"an amount in {printable(text, limit=60)!r} can't be right: {problem}",))


def _read(said: str, facts: Supplements) -> SupplementLine:
    times, rest = _times(said)
    parts = [part for part in _PARTS.split(rest) if part.strip()]
    # "magnesium, elemental, 100 mg" is one dose: a comma parts doses only where each part has its own amount.
    if not parts or not all(_AMOUNT.search(part) for part in parts):
        parts = [rest]
    doses, doubts = [], []
    if not 0 < times <= MOST_TIMES:
        doubts.append(f"{times:g} times in one day can't be right")
    for part in parts:
        dose, doubt = _part(part, facts)
        if dose is not None:
            doses.append(dose)
        if doubt:
            doubts.append(doubt)
    return SupplementLine(tuple(doses), times, tuple(doubts))


def may_hold(text: str, facts: Supplements) -> frozenset[str]:
    """Return what a product in doubt may hold, as columns of the food table; every one where its words are strange.

    What is named is held, with what its compounds bring along and what such products commonly hold besides. One word
    that is not understood may be another ingredient or a brand, so that nothing can be left out.

    Args:
        text: As it was told.
        facts: Compounds, nutrients and kinds of product.
    """
    rest = printable(text[:LONGEST]).lower()
    rest = _times(_AMOUNT.sub(" ", rest))[1] if rest else rest
    names: list[str] = []
    found: set[str] = set()
    for kind in facts.kinds.values():
        if said := [words for words in kind.words if _word(words).search(rest)]:
            names += said
            found.update(kind.may_hold)
    elements = set()
    for nutrient, _ in _find_nutrients(rest, facts):
        names += nutrient.words
        found.add(nutrient.column)
        elements.add(nutrient.element)
    for form in facts.forms.values():
        whole = any(" " in words and _word(words).search(rest) for words in form.words)
        if whole or (form.element and form.element in elements):
            names += form.words
            found.update(facts.columns_of(form))
    for words in sorted(names, key=len, reverse=True):
        rest = _word(words).sub(" ", rest)
    strange = [word for word in _WORDS.findall(rest) if word not in _FILLER - _VITAMIN and word not in _NO_NAME]
    return frozenset(NUTRIENTS if strange or not found or len(text) > LONGEST else found)
