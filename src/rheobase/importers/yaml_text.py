"""Write text and numbers as YAML that reads back as the very same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

# Text that YAML and our reader take for the very same text without quotes.
# Each part begins with its separator: an optional one would try every way to part a long word.
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[ /.%+-][A-Za-z0-9_]+)*")
_TAKEN = frozenset({"yes", "no", "true", "false", "null", "on", "off", "y", "n"})
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_BYTE, _BASIC_PLANE = 0xFF, 0xFFFF
_SURROGATES = re.compile("[\ud800-\udfff]")
_LARGEST_INTEGER = 1e15


def block(key: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield a key and its list; nothing for an empty one."""
    for number, line in enumerate(lines):
        if number == 0:
            yield f"{key}:"
        yield f"  - {line}"


def entry(keys: Mapping[str, str]) -> str:
    """Return a mapping on one line; values are YAML already."""
    return "{" + ", ".join(f"{key}: {text}" for key, text in keys.items()) + "}"


def number(value: float) -> str:
    """Return a number that reads back as the same number."""
    if value.is_integer() and abs(value) < _LARGEST_INTEGER:
        return str(int(value))
    return repr(float(value))


def quoted(text: str) -> str:
    """Return text for one line: bare where that is safe, else in double quotes with every odd character escaped."""
    if _BARE.fullmatch(text) and text.lower() not in _TAKEN:
        return text
    return '"' + "".join(map(_escaped, _SURROGATES.sub("\ufffd", text))) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code <= _BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _BASIC_PLANE else f"\\U{code:08x}"


def prose(text: str) -> str:
    """Return longer text as a block that stays readable, if nothing in it needs an escape."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    if "\n" not in text or not lines[-1].strip() or not all(line.isprintable() for line in lines):
        return quoted(text)
    mark = "|2-" if body == text else "|2"
    return "\n".join([mark, *(f"  {line}" if line else "" for line in lines)])
