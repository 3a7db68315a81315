"""Strict JSON: no repeated keys, no numbers that are none, no endless nesting."""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn

from rheobase.errors import DataRefusedError
from rheobase.plain_text import printable

MAX_DEPTH = 20
MAX_DIGITS = 18

_HALF = re.compile("[\ud800-\udfff]")


def load_json(text: str, *, name: str) -> object:
    """Return what JSON text says.

    Args:
        text: The decoded file.
        name: How to call the file in a message.

    Raises:
        DataRefusedError: One line that says what came, what was expected and what to do.
    """
    return _Json(name, text).read()


def is_json(text: str) -> bool:
    """Say whether text is JSON, even if the strict reader will refuse it."""
    try:
        json.loads(text)
    except ValueError:
        return False
    except RecursionError:
        return True  # read again by the strict reader, which says what is wrong
    return True


def check_number(value: float, written: str, where: str) -> float:
    """Return a finite number, or refuse it."""
    if not math.isfinite(value):
        raise DataRefusedError(f"{where}: the number {printable(written, limit=30)} is too large. Check it.")
    return value


def check_integer(written: str, where: str) -> int:
    """Return a whole number of a sane length, or refuse it."""
    if len(written) > MAX_DIGITS:
        shown = printable(written, limit=24)
        raise DataRefusedError(f"{where}: the number {shown} has {len(written)} digits. Check it.")
    return int(written)


def check_text(text: str, where: str) -> str:
    """Return text that can be saved again, or refuse it."""
    # Half of a surrogate pair can be written with an escape and can never be saved or shown again.
    if _HALF.search(text):
        raise DataRefusedError(f"{where}: holds half a character (a lone surrogate). Remove it.")
    return text


class _Json:
    """Reads strict JSON: no repeated keys, no numbers that are none."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text

    def read(self) -> object:
        """Return the value of the text."""
        too_deep = f"{self._name}: nested deeper than {MAX_DEPTH} levels. Write it flatter."
        try:
            value = json.loads(
                self._text,
                object_pairs_hook=self._pairs,
                parse_int=lambda text: check_integer(text, self._name),
                parse_float=lambda text: check_number(float(text), text, self._name),
                parse_constant=self._constant,
            )
        except json.JSONDecodeError as problem:
            where = f"line {problem.lineno}, column {problem.colno}"
            message = f"{self._name}: {where} is not JSON ({problem.msg}). Check the quotes, commas and braces there."
            raise DataRefusedError(message) from problem
        except RecursionError as problem:
            raise DataRefusedError(too_deep) from problem
        if self._depth(value) > MAX_DEPTH:
            raise DataRefusedError(too_deep)
        if value is None:
            raise DataRefusedError(f"{self._name}: is empty. Start one with `rheobase new`.")
        return value

    def _constant(self, name: str) -> NoReturn:
        raise DataRefusedError(f"{self._name}: {name} is not a number. Leave the value out if it is not known.")

    def _pairs(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        items: dict[str, object] = {}
        for key, value in pairs:
            if key in items:
                shown = printable(key, limit=60)
                where = f"{self._name}:{self._line_of(key)}"
                raise DataRefusedError(f"{where} repeats the key {shown!r}. Keep one of them.")
            items[key] = value
        return items

    def _line_of(self, key: str) -> str:
        # The decoder does not say where it is; the second place where the key stands is the usual answer.
        places = list(re.finditer(re.escape(json.dumps(key)) + r"\s*:", self._text))
        if len(places) < 2:
            return ""
        return f" line {self._text.count(chr(10), 0, places[1].start()) + 1}"

    def _depth(self, value: object) -> int:
        deepest = 0
        waiting = [(value, 1)]
        while waiting:
            each, depth = waiting.pop()
            if isinstance(each, dict):
                for key in each:
                    check_text(key, self._name)
                waiting.extend((inner, depth + 1) for inner in each.values())
            elif isinstance(each, list):
                waiting.extend((inner, depth + 1) for inner in each)
            else:
                if isinstance(each, str):
                    check_text(each, self._name)
                continue
            deepest = max(deepest, depth)
        return deepest
