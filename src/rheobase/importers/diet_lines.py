"""What a line of a diet file says beside its food: a time of day; or that it is no food, but a supplement."""

from __future__ import annotations

import re

from rheobase.diet.supplement_lines import read_supplement
from rheobase.knowledge.supplements import Supplements

_CLOCK = r"(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)(?!\d)(?!\s*[ap]\.?m\b)"
_HALVES = r"(?P<h12>0?[1-9]|1[0-2])(?:[:.](?P<m12>[0-5]\d))?\s*(?P<half>[ap])\.?m\b\.?"
_TIME = rf"(?:{_CLOCK}|{_HALVES})"
# At the start ("08:00 coffee", "8 am: coffee") or at the end ("coffee at 08:00", "coffee, 8am", "coffee (8:30 pm)").
_FIRST = re.compile(rf"\s*(?:at\s+)?{_TIME}\s*[:,;-]?\s+(?=\S)", re.IGNORECASE)
_LAST = re.compile(rf"(?<=\S)(?:\s*[,;]\s*|\s+)(?:at\s+|@\s*)?\(?{_TIME}\)?\s*", re.IGNORECASE)
_NOON = 12
# Foods are never weighed in these.
_DOSES = frozenset(("mg", "ug", "IU", "mmol", "mEq"))


def split_time(text: str) -> tuple[str, str]:
    """Return a line without its time of day, and the time as HH:MM; "" where the line says none.

    Args:
        text: As it was written, such as "2 cups brewed coffee at 08:00" or "8 am coffee". A bare "at 8" stays: it may
            be eight in the evening.
    """
    found = _FIRST.match(text)
    rest = text[found.end() :] if found else ""
    if found is None:
        last = [each for each in _LAST.finditer(text) if each.end() == len(text)]
        if not last:
            return text, ""
        found = last[0]
        rest = text[: found.start()]
    if _FIRST.match(rest) or any(each.end() == len(rest) for each in _LAST.finditer(rest)):
        return text, ""  # two times: which one is meant is not for us to say
    if found["h24"] is not None:
        hour, minute = int(found["h24"]), found["m24"]
    else:
        hour, minute = int(found["h12"]) % _NOON, found["m12"] or "00"
        hour += _NOON if found["half"].lower() == "p" else 0
    return rest, f"{hour:02d}:{minute}"


def is_supplement(text: str, facts: Supplements) -> bool:
    """Return whether every word of a line names a supplement and its dose, as "magnesium 400 mg" does.

    Args:
        text: As it was written under meals or drinks.
        facts: Compounds of supplements.
    """
    line = read_supplement(text, facts)
    return bool(line.doses) and not line.doubts and all(each.amount and each.unit in _DOSES for each in line.doses)
