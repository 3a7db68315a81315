"""Recognise a medicine by its generic name, a brand, a synonym or its class; never guess."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rheobase.knowledge.model import Medicine, MedicineClass

LONGEST_PHRASE = 5
SUGGESTIONS = 3
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Match:
    """What a written name was recognised as.

    Attributes:
        id: Id of the medicine or class; None when it was not recognised.
        suggestions: Names that look alike; shown to the person, never used.
    """

    id: str | None
    suggestions: tuple[str, ...] = ()


class MedicineIndex:
    """Names of medicines and classes, compared word by word without case and punctuation."""

    def __init__(self, medicines: Mapping[str, Medicine], classes: Mapping[str, MedicineClass]) -> None:
        """Index every name; a medicine's own name wins over a class's.

        Args:
            medicines: By id.
            classes: By id.
        """
        self._names: dict[tuple[str, ...], str] = {}
        self._written: dict[str, str] = {}
        for entry in classes.values():
            self._add(entry.id, (entry.id, entry.name, *entry.aliases))
        for medicine in medicines.values():
            names = (*medicine.atc_names, *medicine.brands, *medicine.synonyms, medicine.id, *medicine.name.split("/"))
            self._add(medicine.id, names)

    def _add(self, entry: str, names: tuple[str, ...]) -> None:
        for name in names:
            if words := _words(name):
                self._names[words] = entry
                self._written[" ".join(words)] = name.strip().replace("_", " ")

    def find(self, text: str) -> Match:
        """Return what a written line such as ``Losec 20 mg in the morning`` names.

        The longest phrase that is a known name decides. A name that only looks alike is suggested, not taken.

        Args:
            text: As the person wrote it.
        """
        words = _words(text)
        for length in range(min(LONGEST_PHRASE, len(words)), 0, -1):
            for phrase in _phrases(words, length):
                if (entry := self._names.get(phrase)) is not None:
                    return Match(entry)
        # The name comes first in nearly every line; doses and times would only mislead.
        start = " ".join(word for word in words[:2] if not word[0].isdigit())
        near = difflib.get_close_matches(start, self._written, SUGGESTIONS, 0.75)
        near = near or difflib.get_close_matches(start.split(" ")[0], self._written, SUGGESTIONS, 0.75)
        return Match(None, tuple(self._written[name] for name in near))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower().replace("_", " ")))


def _phrases(words: tuple[str, ...], length: int) -> Iterator[tuple[str, ...]]:
    return (words[at : at + length] for at in range(len(words) - length + 1))
