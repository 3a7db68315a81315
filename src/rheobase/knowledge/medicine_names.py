"""Recognise a medicine by its generic name, a brand, a synonym or its class; never guess.

A line such as ``Lasix 40 mg in the morning`` is read word by word: the longest known phrases are medicines, numbers
and numbers' units are skipped, and what is left over must be harmless. ``stopped sertraline``, ``mother takes lithium``
and ``sertraline, xyzpril`` are not taken for one medicine: the line is handed back with what was understood of it.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from rheobase.knowledge.model import Medicine, MedicineClass

SUGGESTIONS = 3
# Likeness from which a name is suggested, and how many of the likeliest are compared letter by letter.
_ALIKE, _COMPARED, _SHORTEST = 0.8, 12, 4

_PIECE = re.compile(r"(?P<word>[^\W\d_]+\d*)|\d+(?:[.,]\d+)*|(?P<open>[(\[])|(?P<close>[)\]])|(?P<mark>[,;+/&|\n•])")
_NAME = re.compile(r"[^\W\d_]+\d*")
# "B 12" and "D-3" are one word.
_VITAMIN = re.compile(r"\b(b)[ -](12|[1-9])\b|\b(d)[ -]([23])\b")
_APOSTROPHES = str.maketrans({"'": None, "\u2019": None, "\u2018": None, "`": None, "_": " ", "µ": "mc", "μ": "mc"})
_JOINING = frozenset("and with".split())  # noqa: SIM905 - word lists are easier to read as text
_REASON = frozenset("for because due since until when if".split())  # noqa: SIM905
_UNITS = frozenset("mg mcg g kg ug ml l iu microgram micrograms milligram milligrams units unit mmol meq".split())  # noqa: SIM905
_HARMLESS = frozenset(
    """
    a about acetate actuation ampoule an approximately as at bd bedtime before besilate besylate bid
    bitartrate brand breakfast bromide by cap caps capsule capsules carbonate chewable chloride cilexetil
    citrate coated controlled course cr currently daily day days depot dihydrate dinner dispersible dose dr
    drops each ec effervescent enteric er erbumine evening every extended film food forte fortnight from
    fumarate furoate gastro gel generic gluconate granules had have hcl her his hour hourly hours hydrobromide
    hydrochloride i im in infusion inhaled inhaler inhalers inj injected injection injections iv la liquid
    long lunch maleate mane max maximum meal meals medication medicine medicines medoxomil mesilate mesylate
    mini modified monohydrate month monthly months morning mouth mr my nasal nebuliser nebulizer needed new
    night nightly nitrate nocte od of on once one or oral orally otc over patch patches pen per phosphate pill
    pills plus po powder pre prefilled prescribed prescription prn propionate puff puffer puffs qd qds qid
    regular regularly release required resistant retard sachet sachets sc self slow sodium soluble solution
    spray sr standard started still strength succinate sulfate sulphate suppository sustained syrup tab tablet
    tablets tabs take taken takes taking tartrate tds ten the then three tid times today total tried
    trihydrate twice two use uses using usually valerate week weekly weeks xinafoate xl xr year yearly years
    """.split()  # noqa: SIM905
)
# Words that turn a name into something else than "I take this".
_TURNING = frozenset(
    """
    allergic allergy avoid boyfriend brother cat dad daughter declined deficiency deficient discontinued dog ex father
    finished former formerly girlfriend grandmother high husband instead intolerant lack level levels low mom mother mum
    never no not off partner past previously quit refused sister son stop stopped stopping wife without
    """.split()  # noqa: SIM905
)
_DEGREE = frozenset("low high".split())  # noqa: SIM905
_AMOUNT = frozenset("dose doses strength potency".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Match:
    """What a written line was recognised as.

    Attributes:
        id: The one medicine or class that the whole line names; None when there is none, or more than one.
        suggestions: Names to ask back with: what was understood in part, or looks alike. Never used by themselves.
        ids: Every medicine or class that the line names, in its order; empty when a word turns its sense.
        unread: Words that could be a further medicine and were not understood.
    """

    id: str | None
    suggestions: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(slots=True)
class _Line:
    """The words of a line, and for each the part of the line in which it stands."""

    words: list[str] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    asides: set[int] = field(default_factory=set)


class MedicineIndex:
    """Names of medicines and classes, compared word by word without case, accents and punctuation."""

    def __init__(self, medicines: Mapping[str, Medicine], classes: Mapping[str, MedicineClass]) -> None:
        """Keep the tables; names are indexed when the first one is looked up.

        Args:
            medicines: By id.
            classes: By id.
        """
        self._medicines = medicines
        self._classes = classes

    @cached_property
    def _names(self) -> dict[str, tuple[str, str]]:
        """Entry and written form by name; a medicine's name wins over a class's, a name over a brand."""
        names: dict[str, tuple[str, str]] = {}
        for medicine in self._medicines.values():
            for name in (medicine.name, medicine.id, *medicine.atc_names):
                names.setdefault(_plain(name), (medicine.id, name))
        for medicine in self._medicines.values():
            for name in (*medicine.synonyms, *medicine.brands):
                names.setdefault(_plain(name), (medicine.id, name))
        for each in self._classes.values():
            for name in (each.id, each.name, *each.aliases):
                plain = _plain(name)
                names.setdefault(plain, (each.id, name))
                names.setdefault(f"{plain}s", (each.id, name))
        names.pop("", None)
        return names

    @cached_property
    def _longest(self) -> int:
        return max((name.count(" ") + 1 for name in self._names), default=0)

    @cached_property
    def _products(self) -> dict[frozenset[str], str]:
        return {frozenset(each.contains): each.id for each in self._medicines.values() if len(each.contains) > 1}

    def find(self, text: str) -> Match:
        """Return what a written line such as ``Losec 20 mg in the morning`` names.

        A name that only looks alike is suggested, not taken. A line that names several medicines, or holds a part
        that was not understood, has no single ``id``.

        Args:
            text: As the person wrote it.
        """
        line = _read(text)
        found, left = self._phrases(line.words)
        ids = self._reduced(dict.fromkeys(entry for entry, _ in found))
        names = tuple(self._name(each) for each in ids)
        turned = any(_turns(line.words, at) for at in left)
        if ids and turned:
            return Match(None, names)
        read = {line.parts[at] for _, at in found} | line.asides
        unread = [at for at in left if line.parts[at] not in read and _tells(line.words, at)]
        words = tuple(line.words[at] for at in unread)
        if not ids:
            return Match(None, self._alike(words), (), words)
        if len(ids) == 1 and not words:
            return Match(ids[0], (), ids)
        return Match(None, (*names, *self._alike(words)), ids, words)

    def _phrases(self, words: list[str]) -> tuple[list[tuple[str, int]], list[int]]:
        """Return the entries named, each with the place of its first word, and the places of the words left over."""
        found: list[tuple[str, int]] = []
        left: list[int] = []
        at = 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                if entry := self._names.get(" ".join(words[at : at + length])):
                    found.append((entry[0], at))
                    at += length
                    break
            else:
                left.append(at)
                at += 1
        return found, left

    def _reduced(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Drop what another id says more exactly: a part beside its product, a class beside its member."""
        kept = tuple(ids)
        parts = {part for each in kept if each in self._medicines for part in self._medicines[each].contains}
        kept = tuple(each for each in kept if each not in parts)
        if (product := self._products.get(frozenset(kept))) is not None:
            return (product,)
        return tuple(each for each in kept if not any(self._wider(each, other) for other in kept))

    def _wider(self, each: str, other: str) -> bool:
        """Whether one is a class, and the other a member of it or a smaller class within it."""
        members = set(self._classes[each].members) if each in self._classes else set()
        within = set(self._classes[other].members) if other in self._classes else set()
        return other in members or (bool(within) and within < members)

    def _name(self, entry: str) -> str:
        return self._medicines[entry].name if entry in self._medicines else self._classes[entry].name

    @cached_property
    def _pairs(self) -> dict[str, list[str]]:
        """Names by each pair of letters, so that only likely ones are compared."""
        pairs: dict[str, list[str]] = {}
        for name in self._names:
            for pair in set(map("".join, pairwise(name))):
                pairs.setdefault(pair, []).append(name)
        return pairs

    def _alike(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return names that look like the first words; the name comes first in nearly every line."""
        tries = [" ".join(words[:2]), *words[:2]]
        near: dict[str, None] = {}
        for written in dict.fromkeys(tries):
            if len(written) < _SHORTEST:
                continue
            shared = Counter(
                name for pair in set(map("".join, pairwise(written))) for name in self._pairs.get(pair, ())
            )
            likely = sorted(shared, key=lambda name: (-2 * shared[name] / (len(name) + len(written)), name))
            for name in difflib.get_close_matches(written, likely[:_COMPARED], SUGGESTIONS, _ALIKE):
                near.setdefault(self._names[name][1].replace("_", " "))
        return tuple(near)[:SUGGESTIONS]


def _plain(name: str) -> str:
    """Return a name of the tables as ``_read`` leaves it in a line; short, because there are thousands."""
    if name.isalpha():
        return name.lower()
    words = _NAME.findall(name.lower().replace("_", " ").replace("'", ""))
    return " ".join([word for word in words if word not in _JOINING])


def _read(text: str) -> _Line:
    """Return the words that can name something, with numbers, units and stated reasons left out."""
    lowered = text.translate(_APOSTROPHES).lower()
    if not lowered.isascii():
        decomposed = unicodedata.normalize("NFKD", lowered)
        lowered = "".join(each for each in decomposed if not unicodedata.combining(each))
    line, part, reason, before = _Line(), 0, False, ""
    for piece in _PIECE.finditer(_VITAMIN.sub(lambda found: "".join(filter(None, found.groups())), lowered)):
        kind, word = piece.lastgroup, piece.group()
        if kind in ("mark", "open", "close") or word in _JOINING:
            part, reason = part + 1, False
            if kind == "open":
                line.asides.add(part)
        elif kind == "word":
            part += word == "plus"
            reason = reason or word in _REASON
            unit = word in _UNITS and before.isdigit()
            if not reason and not unit:
                line.words.append(word)
                line.parts.append(part)
        before = "0" if kind is None else word
    return line


def _turns(words: list[str], at: int) -> bool:
    """Whether the word at a place says that the medicine is not simply taken; a low dose is still taken."""
    word, following = words[at], words[at + 1] if at + 1 < len(words) else ""
    if word in _DEGREE and following in _AMOUNT:
        return False
    return word in _TURNING or (word == "used" and following == "to")


def _tells(words: list[str], at: int) -> bool:
    """Whether the word at a place could name a medicine."""
    return words[at] not in _HARMLESS and words[at] not in _UNITS and words[at] not in _TURNING
