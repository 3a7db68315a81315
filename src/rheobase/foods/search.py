"""Find foods by name: typing slips and everyday words allowed, plain foods first.

A food is ranked by how much of what was typed it holds (rare words weigh more), less what it adds. The weights below
are ours, chosen on the lines in ``tests/foods``; they order candidates and mean nothing else.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from rapidfuzz import fuzz, process

from rheobase.foods.food import NUTRIENTS, Food
from rheobase.foods.table import FoodTable
from rheobase.foods.words import NEAR, Words, load_words, readings, tokens

# A slip of typing must leave this much of a word (rapidfuzz ratio, 0 to 100), and is looked for in so many words.
LEAST_LIKENESS, LIKE_WORDS = 78.0, 3
# Rows worth ranking in full; words that would bring more ("cooked") bring none by themselves.
ENOUGH_ROWS = 700
EXTRA_WORD, PLAIN_WORD, BRAND, HEAD, STATE, COMPLETE, OTHER_NAME = 2.5, 0.4, 6.0, 9.0, 4.0, 3.0, 0.8
MOST_EXTRA, LATER_READING, LAST_RESORT = 8, 3.0, 6.0
# Below the first nothing is offered; below the second a person is asked.
LEAST_SCORE, SURE_SCORE = 35.0, 85.0
_BRAND = re.compile(r"\b(?!(?:USDA|NFS|UHT|NLEA|RTE|NS)\b)[A-Z][A-Z'&-]{2,}\b")


@dataclass(frozen=True, slots=True)
class Match:
    """A food that a typed name may mean.

    Attributes:
        food: The food.
        score: Rank score, higher is better; about 100 and more when every typed word is there and little else.
        exact: Whether every word that was typed, or its everyday equivalent, is in the food's name as spelt.
        kin: Whether the food is known to be another one, the nearest that the table has.
    """

    food: Food
    score: float
    exact: bool
    kin: bool = False


def has_brand(description: str) -> bool:
    """Return whether a name holds a maker's, which the table writes in capitals."""
    return _BRAND.search(description) is not None


# A name in a script that the search cannot read has one word that nobody types.
_NO_WORD = frozenset(("",))


class _Index:
    """What the search needs of one table, made once."""

    def __init__(self, table: FoodTable, words: Words) -> None:
        self.words = words
        nothing: frozenset[str] = frozenset()
        parts = [_parts(name) for name in table.columns.descriptions]
        self.heads = [head for head, _ in parts]
        self.rows = [head | rest for head, rest in parts]
        others = [frozenset(tokens(name)) if name else nothing for name in table.columns.other_names]
        self.other = [other - row for other, row in zip(others, self.rows, strict=True)]
        self.postings: dict[str, list[int]] = defaultdict(list)
        for at, (row, other) in enumerate(zip(self.rows, self.other, strict=True)):
            for token in row | other:
                self.postings[token].append(at)
        self.vocabulary = list(self.postings)
        self.static = self._static(table)
        self.plain = [len(row & words.plain) for row in self.rows]
        # What a row loses at least, less what a shared word saves: its static points, and its words that tell.
        self.least_off = [
            off + EXTRA_WORD * min(len(row) - plain, MOST_EXTRA)
            for off, row, plain in zip(self.static, self.rows, self.plain, strict=True)
        ]
        self.states = [words.default_state.get(group, ()) for group in table.columns.groups]
        self.weight = {token: math.log(len(self.rows) / len(rows)) + 1 for token, rows in self.postings.items()}

    def _static(self, table: FoodTable) -> list[float]:
        """Return the points off that do not hang on what was typed."""
        known = [0] * len(table)
        for nutrient in NUTRIENTS:
            for at, value in enumerate(table.column(nutrient)):
                known[at] += value is not None
        return [
            self.words.group_penalty.get(group, 0.0)
            + (BRAND if has_brand(name) else 0.0)
            - COMPLETE * known[at] / len(NUTRIENTS)
            for at, (name, group) in enumerate(zip(table.columns.descriptions, table.columns.groups, strict=True))
        ]

    def spellings(self, word: str) -> dict[str, float]:
        """Return the table's words that a typed word may be, with their likeness from 0 to 1."""
        if word in self.postings:
            return {word: 1.0}
        if len(word) < 4:
            return {}
        near = process.extract(word, self.vocabulary, scorer=fuzz.ratio, limit=LIKE_WORDS, score_cutoff=LEAST_LIKENESS)
        return {found: likeness / 100 for found, likeness, _ in near}


def _parts(description: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of the part of a name that says what the food is ("Nuts, almonds": nut), and of the rest."""
    first, _, rest = description.partition(",")
    head, more = frozenset(tokens(first)), frozenset(tokens(rest))
    return head or more or _NO_WORD, more


_INDEXES: WeakKeyDictionary[FoodTable, _Index] = WeakKeyDictionary()


def _index(table: FoodTable) -> _Index:
    """Return the table's index, made at the first search."""
    if table not in _INDEXES:
        _INDEXES[table] = _Index(table, load_words())
    return _INDEXES[table]


def _candidates(index: _Index, spelt: Sequence[dict[str, float]]) -> set[int]:
    """Return rows that hold a telling word: those of the rarest words, until there are enough to rank."""
    lists = sorted((index.postings[token] for each in spelt for token in each), key=len)
    found: set[int] = set()
    for rows in lists:
        if found and len(found) + len(rows) > ENOUGH_ROWS:
            break
        found.update(rows)
    return found


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One reading, ready to be compared with rows.

    Attributes:
        worth: Token of the table to what a row that holds it gains, before sharing by ``whole``.
        slips: For each typed word that is none of the table's, the tokens that it may be.
        whole: What a row that holds all of it gains.
        says_state: Whether the line says how the food was prepared.
    """

    worth: dict[str, float]
    slips: list[frozenset[str]]
    whole: float
    says_state: bool

    def held(self, shared: frozenset[str]) -> float:
        """Return what a row that shares some tokens gains; several spellings of a typed word count once."""
        gain = sum(map(self.worth.__getitem__, shared))
        for each in self.slips:
            if len(same := each & shared) > 1:
                gain -= sum(self.worth[token] for token in same) - max(self.worth[token] for token in same)
        return gain


def _score(index: _Index, wanted: _Wanted, row: int, shared: frozenset[str]) -> float:
    """Return the score of one row of which the shared tokens are known."""
    here, head, plain_words = index.rows[row], index.heads[row], index.words.plain
    held = wanted.held(shared)
    if index.other[row] and (named := index.other[row] & wanted.worth.keys()):
        held += OTHER_NAME * sum(wanted.worth[token] for token in named)
    extra = len(here) - len(shared)
    plain = index.plain[row] - len(shared & plain_words)
    state = 0.0 if wanted.says_state or here.isdisjoint(index.states[row]) else STATE
    return (
        100 * held / wanted.whole
        - EXTRA_WORD * min(extra - plain, MOST_EXTRA)
        - PLAIN_WORD * plain
        + HEAD * len(head & shared) / len(head)
        + state
        - index.static[row]
    )


def _best_rows(index: _Index, reading: Sequence[str], most: int, *, says_state: bool) -> list[tuple[float, int]]:
    """Return score and row of the best candidates of one reading, best first.

    A row can gain no more than its shared words, its head and its state: rows are looked at in the order of that bound,
    and no further once it lies under the last of the best.
    """
    spelt = [index.spellings(word) for word in reading]
    # A word that nothing in the table resembles still counts against every candidate, as a rare word.
    rare = math.log(len(index.rows)) + 1
    wanted = _Wanted(
        worth={token: likeness * index.weight[token] for each in spelt for token, likeness in each.items()},
        slips=[frozenset(each) for each in spelt if len(each) > 1],
        whole=sum(max((index.weight[token] for token in each), default=rare) for each in spelt),
        says_state=says_state,
    )
    names, bounds = frozenset(wanted.worth), dict[frozenset[str], float]()
    most_state = HEAD + (0.0 if says_state else STATE)
    order = []
    for row in _candidates(index, spelt):
        shared = index.rows[row] & names
        if (bound := bounds.get(shared)) is None:
            bound = 100 * wanted.held(shared) / wanted.whole + most_state + EXTRA_WORD * len(shared)
            bounds[shared] = bound
        if index.other[row]:
            bound += 100 * OTHER_NAME
        order.append((bound - index.least_off[row], row, shared))
    order.sort(key=lambda each: each[0], reverse=True)
    best: list[tuple[float, int]] = []
    for bound, row, shared in order:
        if len(best) == most and bound < best[0][0]:
            break
        found = (_score(index, wanted, row, shared), -row)
        if len(best) < most:
            heapq.heappush(best, found)
        elif found > best[0]:
            heapq.heapreplace(best, found)
    return [(score, -row) for score, row in sorted(best, reverse=True)]


def _is_exact(index: _Index, row: int, reading: Sequence[str]) -> bool:
    """Return whether every word of a reading is in the food's names as spelt."""
    return all(word in index.rows[row] or word in index.other[row] for word in reading)


def find_foods(text: str, table: FoodTable, *, limit: int = 10) -> tuple[Match, ...]:
    """Return the foods that a typed name may mean, best first; empty when nothing is near.

    Args:
        text: A name without its amount, such as "black coffee"; any case, plurals and slips allowed.
        table: Where to look.
        limit: Longest result.

    Returns:
        At most ``limit`` matches. An id of the table as the whole text gives that food alone.
    """
    if (food := table.get(text.strip())) is not None:
        return (Match(food, 100.0, exact=True),)
    index = _index(table)
    typed = tokens(text)
    says_state = not index.words.states.isdisjoint(typed)
    if typed in index.words.absent and table.columns.made_from:
        return ()
    best: dict[int, tuple[float, bool, bool]] = {}
    for order, words in enumerate(readings(text)):
        reading = tuple(word for word in words if word != NEAR)
        off = LAST_RESORT if order and reading == typed else LATER_READING * order
        for score, row in _best_rows(index, reading, 2 * limit, says_state=says_state):
            if row not in best or score - off > best[row][0]:
                kin = NEAR in words
                best[row] = (score - off, not kin and _is_exact(index, row, reading), kin)
    ranked = heapq.nsmallest(limit, best.items(), key=lambda each: (-each[1][0], each[0]))
    return tuple(
        Match(table.at(row), round(score, 1), exact=exact, kin=kin)
        for row, (score, exact, kin) in ranked
        if score >= LEAST_SCORE
    )
