"""Words of food names: made comparable, and turned from everyday usage into the table's."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

_WORD = re.compile(r"\d+(?:\.\d+)?%|[a-z0-9]+")
_IRREGULAR = {
    "leaves": "leaf",
    "halves": "half",
    "loaves": "loaf",
    "knives": "knife",
    "geese": "goose",
    "cookies": "cookie",
}
_IRREGULAR |= {"brownies": "brownie", "smoothies": "smoothie", "veggies": "veggie", "radishes": "radish"}
# Endings that look like a plural and are not, and short words that would lose too much.
_KEEP = ("ss", "us", "is", "oas")
# A long name says enough by itself, and its many readings would take long.
_MOST_READINGS, _LONG_NAME, _LONG_READINGS = 6, 6, 2
# Stands in a reading whose food is only the nearest kin of what was typed.
NEAR = "~"


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """Return an English word without its plural ending; a rough stem, the same for query and table."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or not word.endswith("s") or word.endswith(_KEEP):
        return word
    if word.endswith("ies"):
        return word[:-3] + ("y" if len(word) > 4 else "ie")
    if word.endswith(("oes", "ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1]


def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a text in order: lower case, no accents, singular."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return tuple(map(singular, _WORD.findall(text.lower())))


@dataclass(frozen=True)
class Words:
    """Everyday usage, read from ``data/words.toml``.

    Attributes:
        names: Typed phrase to what is looked for instead, best first; all as tokens. The token "~" marks near kin.
        longest: Words in the longest phrase.
        default_state: Food group to words of the state that is meant when none is said.
        plain: Words that hardly make a food another food.
        group_penalty: Food group to points off.
        states: Words for how a food was prepared.
        not_as_eaten: Words of rows that nobody eats as they are, such as "concentrate".
        ambiguous: Words that name different foods in different countries.
        absent: Names of foods that the packaged table has neither itself nor a near kin of.
    """

    names: Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]
    longest: int
    default_state: Mapping[str, tuple[str, ...]]
    plain: frozenset[str]
    group_penalty: Mapping[str, float]
    states: frozenset[str]
    not_as_eaten: frozenset[str]
    ambiguous: frozenset[str]
    absent: frozenset[tuple[str, ...]]


@lru_cache(maxsize=1)
def load_words() -> Words:
    """Return the packaged everyday usage, read once."""
    text = resources.files("rheobase.foods").joinpath("data/words.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    names = {
        tokens(typed): tuple((NEAR,) * each.startswith(NEAR) + tokens(each) for each in meant)
        for part in ("words", "names")
        for typed, meant in raw[part].items()
    }
    return Words(
        names=names,
        longest=max(map(len, names)),
        default_state={group: tuple(words) for group, words in raw["default_state"].items()},
        plain=frozenset(map(singular, raw["plain"]["words"])),
        group_penalty=raw["group_penalty"],
        states=frozenset(map(singular, raw["state"]["words"])),
        not_as_eaten=frozenset(map(singular, raw["not_as_eaten"]["words"])),
        ambiguous=frozenset(singular(word) for word in raw["ambiguous"]["words"]),
        absent=frozenset(map(tokens, raw["absent"]["names"])),
    )


def _spans(typed: tuple[str, ...], words: Words) -> Iterator[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]:
    """Yield, from left to right, each longest known phrase or single word, and what it may stand for."""
    at = 0
    while at < len(typed):
        for length in range(min(words.longest, len(typed) - at), 0, -1):
            span = typed[at : at + length]
            if meant := words.names.get(span):
                yield span, meant
                at += length
                break
        else:
            yield (typed[at],), ((typed[at],),)
            at += 1


def ambiguous_words(text: str) -> tuple[str, ...]:
    """Return the word that ends a name, stands by itself and means different foods in different countries."""
    words = load_words()
    *_, last = [(), *(span for span, _ in _spans(tokens(text), words))]
    return last if len(last) == 1 and last[0] in words.ambiguous else ()


def readings(text: str) -> tuple[tuple[str, ...], ...]:
    """Return what a typed name may stand for, best first; the words as typed come last.

    Example:
        >>> readings("boiled courgettes")[0]
        ('boiled', 'squash', 'summer', 'zucchini')
    """
    typed = tokens(text)
    most = _MOST_READINGS if len(typed) <= _LONG_NAME else _LONG_READINGS
    found: list[tuple[str, ...]] = [()]
    for _, alternatives in _spans(typed, load_words()):
        found = [begun + each for begun in found for each in alternatives][:most]
    return tuple(dict.fromkeys(tuple(dict.fromkeys(each)) for each in [*found, typed] if each))
