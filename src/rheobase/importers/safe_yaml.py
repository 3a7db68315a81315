"""Read YAML or JSON that anyone may have written: bounded, without aliases, tags or surprising conversions.

Built on the parser's events rather than on its objects: nothing is constructed that was not asked for. Plain ``yes``,
``no``, ``true`` and ``false`` are booleans, decimal numbers are numbers, and everything else stays the text it is
(dates, times such as ``12:30``, ``0o17``, ``.inf``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from rheobase.errors import DataRefusedError
from rheobase.importers.safe_json import MAX_DEPTH, check_integer, check_number, check_text, is_json, load_json
from rheobase.importers.text_file import MAX_BYTES, check_size, decode_text, read_limited
from rheobase.plain_text import printable

if TYPE_CHECKING:
    from yaml.events import Event, NodeEvent, ScalarEvent

__all__ = ["load_yaml", "read_limited"]

_TRUTH = {"yes": True, "true": True, "no": False, "false": False}
_EMPTY = frozenset({"", "~", "null"})
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+|(?:0|[1-9][0-9]*)(?=[eE]))(?:[eE][-+]?[0-9]+)?")


def load_yaml(data: bytes, *, name: str, limit: int = MAX_BYTES) -> object:
    """Return what a YAML or JSON file says: mappings, lists, text, numbers, booleans and None.

    A name that ends in ``.json`` is read as JSON only; other text that starts with a brace or bracket is read as JSON
    if it is JSON, and as YAML otherwise. Keys are always text, as written.

    Args:
        data: The bytes of the file.
        name: How to call the file in a message.
        limit: Most bytes accepted.

    Raises:
        DataRefusedError: One line that says what came, what was expected and what to do.
    """
    shown = printable(name, limit=200)
    check_size(data, name=shown, limit=limit)
    text = decode_text(data, name=shown)
    if not text.strip():
        raise DataRefusedError(f"{shown}: is empty. Start one with `rheobase new`.")
    if name.lower().endswith(".json"):
        return load_json(text, name=shown)
    if text.lstrip()[0] in "{[" and is_json(text):
        return load_json(text, name=shown)
    return _Yaml(shown).read(text)


@dataclass(slots=True)
class _Level:
    """One open mapping or list while the events are read."""

    items: dict[str, object] | list[object]
    key: str | None = None
    lines: dict[str, int] = field(default_factory=dict)


class _Yaml:
    """Builds plain objects from YAML events, refusing what a case file never needs."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._levels: list[_Level] = []
        self._documents = 0
        self._root: object = None

    def read(self, text: str) -> object:
        """Return the one document of the text."""
        for event in self._events(text):
            self._take(event)
        if self._root is None:
            raise DataRefusedError(f"{self._name}: is empty. Start one with `rheobase new`.")
        return self._root

    def _events(self, text: str) -> Iterator[Event]:
        import yaml  # noqa: PLC0415 - only a command that reads a file pays for it

        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            yield from yaml.parse(text, Loader=loader)
        except yaml.MarkedYAMLError as problem:
            mark = problem.problem_mark or problem.context_mark
            where = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
            what = printable(problem.problem or "not understood", limit=120)
            message = f"{self._name}:{where} is not YAML ({what}). {_advice(text, mark)}"
            raise DataRefusedError(message) from problem
        except (yaml.YAMLError, ValueError) as problem:
            what = printable(str(problem), limit=120)
            raise DataRefusedError(f"{self._name}: is not YAML ({what}). Check the file.") from problem

    def _take(self, event: Event) -> None:
        kinds = _kinds()
        if isinstance(event, kinds.NodeEvent) and (event.anchor is not None or getattr(event, "tag", None) is not None):
            self._check(event, is_alias=isinstance(event, kinds.AliasEvent))
        if isinstance(event, kinds.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, kinds.MappingStartEvent):
            self._open({}, event)
        elif isinstance(event, kinds.SequenceStartEvent):
            self._open([], event)
        elif isinstance(event, (kinds.MappingEndEvent, kinds.SequenceEndEvent)):
            self._levels.pop()
        elif isinstance(event, kinds.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise DataRefusedError(f"{self._at(event)}: a second document starts here. Give one file for each.")

    def _at(self, event: Event) -> str:
        return f"{self._name}: line {_line(event)}"

    def _check(self, event: NodeEvent, *, is_alias: bool) -> None:
        if event.anchor is not None:
            sign = "*" if is_alias else "&"
            shown = printable(f"{sign}{event.anchor}", limit=40)
            message = (
                f"{self._at(event)}: YAML anchors and aliases ({shown}) are not accepted. "
                "Write the value out; put quotes around text that starts with & or *."
            )
            raise DataRefusedError(message)
        if (tag := getattr(event, "tag", None)) is not None:
            shown = printable(str(tag), limit=40)
            message = f"{self._at(event)}: YAML tags ({shown}) are not accepted. Write the plain value."
            raise DataRefusedError(message)

    def _open(self, items: dict[str, object] | list[object], event: Event) -> None:
        if self._levels and isinstance(self._levels[-1].items, dict) and self._levels[-1].key is None:
            message = f"{self._at(event)}: a key is a list or mapping, expected a name. Write `name: value`."
            raise DataRefusedError(message)
        if len(self._levels) >= MAX_DEPTH:
            raise DataRefusedError(f"{self._at(event)}: nested deeper than {MAX_DEPTH} levels. Write it flatter.")
        self._add(items)
        self._levels.append(_Level(items))

    def _scalar(self, event: ScalarEvent) -> None:
        level = self._levels[-1] if self._levels else None
        if level is None or level.key is not None or isinstance(level.items, list):
            self._add(self._resolve(event))
            return
        key = check_text(event.value, self._at(event))
        line = _line(event)
        if key in level.items:
            shown = printable(key, limit=60)
            before = level.lines[key]
            message = f"{self._name}: line {line} repeats the key {shown!r} of line {before}. Keep one of them."
            raise DataRefusedError(message)
        level.key, level.lines[key] = key, line

    def _resolve(self, event: ScalarEvent) -> object:
        text = event.value
        if event.style:  # quoted, or a block of text
            return check_text(text, self._at(event))
        if text.lower() in _TRUTH:
            return _TRUTH[text.lower()]
        if text.lower() in _EMPTY:
            return None
        if _INTEGER.fullmatch(text):
            return check_integer(text, self._at(event))
        if _DECIMAL.fullmatch(text):
            return check_number(float(text), text, self._at(event))
        return check_text(text, self._at(event))

    def _add(self, value: object) -> None:
        if not self._levels:
            self._root = value
            return
        level = self._levels[-1]
        if isinstance(level.items, list):
            level.items.append(value)
        elif level.key is not None:
            level.items[level.key] = value
            level.key = None


@lru_cache(maxsize=1)
def _kinds() -> ModuleType:
    """Return the module of event kinds, imported with the first file."""
    import yaml.events  # noqa: PLC0415 - as above

    return yaml.events


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _advice(text: str, mark: Any) -> str:
    lines = text.splitlines()
    if mark is not None and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]:
        return "Indent with spaces, not with tabs."
    return "Put quotes around text that holds signs such as : # * & or a quote."
