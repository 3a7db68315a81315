"""What differs between an answer given before and the answer of today: in words, for a bundle that is opened again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rheobase.knowledge import Knowledge
from rheobase.plain_text import printable
from rheobase.report.document import Block, Paragraph, Point, Section
from rheobase.report.words import BANDS, percent

# A chance that moved by less is the same chance in words.
LEAST_MOVE = 0.005
SHOWN = 6


def changes_section(before: Mapping[str, Any], now: Mapping[str, Any], knowledge: Knowledge) -> Section:
    """Return what changed since an answer was given.

    Args:
        before: The answer as JSON data, as it was given.
        now: The same case judged today, as JSON data.
        knowledge: Today's, for names.
    """
    version, today = _text(before.get("knowledge_version")), str(now["knowledge_version"])
    if before == now:
        return Section("Since it was shared", (Paragraph(f"The same answer, with the same knowledge ({today})."),))
    if version == today:
        first = f"The knowledge is the same ({today}), yet the answer differs: the file or the program was changed."
    else:
        first = f"It was judged with knowledge {version or 'of unknown version'}; this is {today}."
    return Section("Since it was shared", (Paragraph(first), *_differences(before, now, knowledge)))


def since_section(before: Mapping[str, Any], now: Mapping[str, Any], knowledge: Knowledge) -> Section:
    """Return how an answer that was kept differs from the one of today.

    Args:
        before: The answer as JSON data, as it was shown.
        now: Today's, as JSON data.
        knowledge: Today's, for names.
    """
    version, today = _text(before.get("knowledge_version")), str(now["knowledge_version"])
    first = (
        f"Both with the same knowledge ({today})."
        if version == today
        else f"Then with knowledge {version or 'of unknown version'}, now with {today}; that alone can move an answer."
    )
    return Section("What moved in the answer", (Paragraph(first), *_differences(before, now, knowledge)))


def _differences(before: Mapping[str, Any], now: Mapping[str, Any], knowledge: Knowledge) -> Iterator[Block]:
    differences = [*_urgency(before, now, knowledge), *_rules(before, now, knowledge), *_causes(before, now, knowledge)]
    differences += _advice(before, now, knowledge)
    yield from (Point(words) for words in differences)
    if not differences:
        yield Point("Urgency, causes and advice are the same; only words, sources or figures behind them differ.")


def _text(value: object) -> str:
    return printable(str(value), limit=60) if value else ""


def _rows(data: Mapping[str, Any], *path: str) -> Sequence[Mapping[str, Any]]:
    """Return the list of mappings at a path; what a foreign hand put there instead is left out."""
    value: Any = data
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _urgency(before: Mapping[str, Any], now: Mapping[str, Any], knowledge: Knowledge) -> Iterator[str]:
    held = before.get("urgency")
    old = held.get("level") if isinstance(held, Mapping) else None
    new = now["urgency"]["level"]
    if old != new:
        was = (
            knowledge.levels[old].name if isinstance(old, str) and old in knowledge.levels else _text(old) or "not said"
        )
        yield f"Urgency: was '{was}', is now '{knowledge.levels[new].name}'."


def _rules(before: Mapping[str, Any], now: Mapping[str, Any], knowledge: Knowledge) -> Iterator[str]:
    old = {_text(row.get("rule")) for row in _rows(before, "urgency", "fired")}
    new = {str(row["rule"]) for row in _rows(now, "urgency", "fired")}
    for word, names in (("Warning sign now seen", new - old), ("Warning sign no longer seen", old - new)):
        if names:
            titles = (
                knowledge.rules[each].title or each if each in knowledge.rules else each for each in sorted(names)
            )
            yield f"{word}: {', '.join(titles)}."


def _causes(before: Mapping[str, Any], now: Mapping[str, Any], knowledge: Knowledge) -> Iterator[str]:
    old = {_text(row.get("id")): row for row in _rows(before, "causes")}
    moved = []
    for row in _rows(now, "causes"):
        then = old.get(str(row["id"]), {})
        was, chance = then.get("posterior"), row["posterior"]
        if isinstance(was, bool) or not isinstance(was, int | float):
            continue
        if abs(was - chance) >= LEAST_MOVE or then.get("band") != row["band"]:
            # What is feared most is never named first.
            feared = knowledge.causes[str(row["id"])].feared
            moved.append((feared, -abs(was - chance), str(row["id"]), was, then.get("band"), row))
    for _, _, name, was, band, row in sorted(moved, key=lambda each: each[:3])[:SHOWN]:
        cause = knowledge.causes[name]
        before_band = BANDS.get(str(band), "not said")
        if cause.feared:
            # No figure is put on these for a person; the band says enough.
            yield f"{cause.plain_name}: was '{before_band}', is now '{BANDS[row['band']]}'."
        else:
            today = f"{percent(row['posterior'])} ({BANDS[row['band']]}) now"
            yield f"{cause.plain_name}: {percent(was)} ({before_band}) before, {today}."


def _advice(before: Mapping[str, Any], now: Mapping[str, Any], knowledge: Knowledge) -> Iterator[str]:
    old = {_text(row.get("advice")) for row in _rows(before, "advice")}
    new = {str(row["advice"]) for row in _rows(now, "advice")}
    for word, names in (("Advice that is new", new - old), ("Advice that is no longer given", old - new)):
        if names:
            titles = (
                knowledge.advice[each].title or each if each in knowledge.advice else each for each in sorted(names)
            )
            yield f"{word}: {', '.join(titles)}."
