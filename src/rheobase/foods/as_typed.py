"""Foods while a name is still being typed: the last word is completed, then looked for as a whole one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from rheobase.foods.amounts import split_amount
from rheobase.foods.lines import LONGEST_LINE
from rheobase.foods.search import Match, find_foods, has_brand
from rheobase.foods.table import FoodTable
from rheobase.foods.words import load_words, singular, tokens
from rheobase.plain_text import printable

# Fewer letters say too little; more words to complete to would take longer than a person types.
LEAST_LETTERS, MOST_COMPLETIONS, MOST_FOUND = 2, 3, 8
# Points off for each later completion, so that the likeliest word's foods come first; an everyday name is as likely as
# a word of so many foods. Ours: they order what is offered and mean nothing else.
LATER, EVERYDAY = 4.0, 12
_WORD = re.compile(r"[^\W\d_]+")
_LAST = re.compile(r"[^\W\d_]+\Z")
KEPT = 2_000
# Words with which the table begins a name and no person does.
_SHELVES = (
    "Beverages|Alcoholic beverage|Nuts|Seeds|Cereals|Cereals ready-to-eat|Snacks|Candies|Fish|Crustaceans|Mollusks|"
    "Spices|Sweeteners|Fast foods|Babyfood|Desserts|Restaurant"
)
SHELVES = frozenset(_SHELVES.split("|"))
MOST_PARTS, LONGEST_NAME = 2, 80


@dataclass(frozen=True, slots=True)
class Typed:
    """What a line may be once it is typed to its end.

    Attributes:
        amount: The part of the line that says how much, as typed; "" without any.
        name: The rest.
        matches: Foods that may be meant, best first; empty when there is too little to go by, or nothing near.
    """

    amount: str
    name: str
    matches: tuple[Match, ...]


class _Endings:
    """The words of a table and of everyday names, in order, with how common each is."""

    def __init__(self, table: FoodTable) -> None:
        common: Counter[str] = Counter()
        self.rows: dict[str, set[int]] = {}
        for row, name in enumerate(table.columns.descriptions):
            words = set(_WORD.findall(name.lower()))
            for word in words:
                self.rows.setdefault(singular(word), set()).add(row)
            if not has_brand(name):
                common.update(words)
        self.names = sorted(" ".join(each) for each in load_words().names)
        known = load_words()
        for phrase in known.names:
            common[phrase[0]] += EVERYDAY
        for word in common:
            # "co" is the beginning of coffee rather than of cooked.
            if singular(word) in known.states or singular(word) in known.plain:
                common[word] = 0
        self.common = common
        self.words = sorted(common)

    def of(self, start: str) -> list[str]:
        """Return every word that begins so, the word itself left out."""
        return list(_beginning(self.words, start))


def _beginning(ordered: list[str], start: str) -> Iterator[str]:
    for at in range(bisect_left(ordered, start), len(ordered)):
        if not ordered[at].startswith(start):
            return
        if ordered[at] != start:
            yield ordered[at]


_ENDINGS: WeakKeyDictionary[FoodTable, _Endings] = WeakKeyDictionary()


def _endings(table: FoodTable) -> _Endings:
    if table not in _ENDINGS:
        _ENDINGS[table] = _Endings(table)
    return _ENDINGS[table]


def _completions(name: str, table: FoodTable) -> list[str]:
    """Return whole names that a name may become, the likeliest first; the name itself where its last word is one."""
    found = _LAST.search(name)
    if found is None or len(found[0]) < LEAST_LETTERS:
        return [name] if len(name.strip()) >= LEAST_LETTERS else []
    endings, last, before = _endings(table), found[0], name[: found.start()]
    whole = [name] if endings.common[last] or singular(last) in endings.rows else []
    phrase = " ".join(tokens(name))
    phrases = list(_beginning(endings.names, phrase))[:1] if before else []
    # Words that stand in one name with what was typed before are likelier than those that are common by themselves.
    known = [endings.rows[token] for token in tokens(before) if token in endings.rows]
    beside = set.intersection(*known) if known else set()
    beside = beside or (min(known, key=len) if known else set())

    def likely(word: str) -> tuple[int, int]:
        together = len(beside & endings.rows.get(singular(word), set())) if beside else 0
        return (together, endings.common[word])

    words: dict[str, str] = {}
    for word in sorted(endings.of(last), key=likely, reverse=True):
        # "almond" and "almonds" find the same.
        words.setdefault(singular(word), word)
        if len(words) == MOST_COMPLETIONS:
            break
    completed = [before + word for word in words.values() if not whole or singular(word) != singular(last)]
    most = 1 if whole else MOST_COMPLETIONS
    return list(dict.fromkeys([*whole, *phrases, *completed[:most]]))[:MOST_COMPLETIONS] or [name]


def everyday_name(description: str) -> str:
    """Return a food's name as a person would write it, without its shelf and its last details.

    Example:
        >>> everyday_name("Beverages, coffee, brewed, prepared with tap water")
        'coffee, brewed'
    """
    parts = description.split(", ")
    if len(parts) > 1 and parts[0] in SHELVES:
        parts = parts[1:]
    name = printable(", ".join(parts[:MOST_PARTS]), limit=LONGEST_NAME)
    return name if has_brand(name) else name[:1].lower() + name[1:]


@lru_cache(maxsize=KEPT)
def foods_as_typed(text: str, table: FoodTable, *, limit: int = MOST_FOUND) -> Typed:
    """Return the foods that a line may mean while it is being typed; nothing is settled by it.

    Args:
        text: The line so far, such as "2 cups brewed cof". Longer than a line, it finds nothing.
        table: Where to look.
        limit: Most foods.
    """
    shown = printable(text).lower()
    if not shown or len(text) > LONGEST_LINE:
        return Typed("", shown, ())
    try:
        _, name = split_amount(shown)
    except ValueError:
        # An amount that is not one yet, such as "1/".
        name = " ".join(_WORD.findall(shown))
    begun = shown.find(name) if name else -1
    amount = shown[:begun].strip() if begun > 0 else ""
    best: dict[str, Match] = {}
    ranked: dict[str, float] = {}
    for order, whole in enumerate(_completions(name, table)):
        for match in find_foods(whole, table, limit=limit):
            score = match.score - LATER * order
            if score > ranked.get(match.food.id, 0.0):
                best[match.food.id], ranked[match.food.id] = match, score
    order_of = sorted(best, key=lambda food: -ranked[food])[:limit]
    return Typed(amount, name, tuple(best[food] for food in order_of))
