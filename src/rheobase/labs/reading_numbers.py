"""Numbers, limits and intervals as laboratories print them; what may be read in two ways is given twice."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

NUMBER = (
    r"(?:[0-9]+(?:[.,'\u2019\u00a0\u202f][0-9]+)*|[.,][0-9]+)"
    r"(?:\s?[x\u00d7*]\s?10\s?\^?\s?[-+]?[0-9]{1,2}(?![0-9./])|[eE][-+]?[0-9]{1,2}(?![0-9A-Za-z]))?"
)
COMPARATOR = r"<=|>=|=<|=>|\u2264|\u2265|<|>"
_SIGNS = {"=<": "<=", "=>": ">=", "\u2264": "<=", "\u2265": ">="}
_BELOW = r"less than|under|below|unter|kleiner(?: als)?|inferieur a|menor (?:de|que)"
_ABOVE = r"greater than|more than|over|above|\u00fcber|ueber|gr\u00f6sser(?: als)?|superieur a|mayor (?:de|que)"
_AT_MOST = r"up to|bis(?: zu)?|jusqu'?\s?a|hasta|at most|max\.?"
_WORDS = tuple(
    (re.compile(rf"^(?:{words})\s+(?=[0-9.,]{ending})", re.IGNORECASE), sign)
    for words, ending, sign in (
        (_BELOW, "", "<"),
        (_ABOVE, "", ">"),
        (_AT_MOST, "", "<="),
        (r"from|ab|at least|min\.?|desde", r"+\s*$", ">="),
    )
)
_POWER = re.compile(r"^(.*?)(?:\s?[x\u00d7*]\s?10\s?\^?\s?([-+]?[0-9]{1,2})|[eE]([-+]?[0-9]{1,2}))$")
_GROUPS = re.compile(r"[0-9]{1,3}(?:(?P<sign>[.,'\u2019\u00a0\u202f ])[0-9]{3})(?:(?P=sign)[0-9]{3})*")
_PLAIN = re.compile(r"[0-9]{1,12}")
_LIMITED = re.compile(rf"\s*({COMPARATOR})\s*({NUMBER})\s*")
_SPAN = re.compile(rf"({NUMBER})\s*(?:-|\u2013|\u2014|\u2212|\.\.\.?|to|bis|\u00e0|a|hasta|until|~)\s*({NUMBER})")
_MOST_DIGITS, _LONGEST = 15, 30


@dataclass(frozen=True, slots=True)
class Ends:
    """An interval as printed.

    Attributes:
        low: Lower end, None for none.
        high: Upper end, None for none.
        rest: What else stands in its text, such as a unit.
    """

    low: float | None = None
    high: float | None = None
    rest: str = ""


@lru_cache(maxsize=20_000)
def numbers(text: str, *, comma: bool | None) -> tuple[float, ...]:
    """Return what a written number may be: one value, two where a mark may be decimal or not, or none.

    Args:
        text: Such as "0,62", "1.234,5", "17 624", "1.2e3".
        comma: Whether the report writes decimals with a comma; None when that is not known.
    """
    said = text.strip()
    odd = not said.isascii() and not re.fullmatch(NUMBER, said)
    if not said or len(said) > _LONGEST or odd or sum(each.isdigit() for each in said) > _MOST_DIGITS:
        return ()
    if (power := _POWER.match(said)) is not None:
        scale = 10.0 ** int(power[2] or power[3])
        return tuple(each * scale for each in numbers(power[1], comma=comma) if math.isfinite(each * scale))
    if _PLAIN.fullmatch(said):
        # A number with a leading nought ("062") has lost its point or is a code.
        return () if len(said) > 1 and said[0] == "0" else (float(said),)
    return _marked(said, comma=comma)


def _marked(said: str, *, comma: bool | None) -> tuple[float, ...]:
    """Read a number with marks in it."""
    points, commas = said.count("."), said.count(",")
    if points and commas:
        return _both(said)
    if points + commas == 1 and re.fullmatch(r"[0-9]*[.,][0-9]+", said):
        return _one(said, comma=comma)
    if _GROUPS.fullmatch(said) and said[0] != "0":
        return (float(re.sub(r"[^0-9]", "", said)),)
    return ()


def _one(said: str, *, comma: bool | None) -> tuple[float, ...]:
    """Read a number with one mark."""
    mark = "," if "," in said else "."
    whole, _, part = said.partition(mark)
    if len(whole) > 1 and whole[0] == "0":
        return ()
    decimal, grouped = float(f"{whole or '0'}.{part}"), float(whole + part) if whole else 0.0
    if len(part) != 3 or whole in ("", "0") or len(whole) > 3:
        return (decimal,)
    if comma is None:
        return (decimal, grouped)
    return (decimal,) if comma == (mark == ",") else (grouped,)


def _both(said: str) -> tuple[float, ...]:
    """Read a number with both marks: the last is the decimal one."""
    mark, other = (",", ".") if said.rfind(",") > said.rfind(".") else (".", ",")
    whole, _, part = said.rpartition(mark)
    if mark in whole or not _PLAIN.fullmatch(part) or not _GROUPS.fullmatch(whole) or whole[0] == "0":
        return ()
    return (float(f"{whole.replace(other, '')}.{part}"),)


def has_comma(texts: Iterable[str]) -> bool | None:
    """Return whether the numbers of a report have a decimal comma, from those that can only be read one way.

    None when none says so, or when they disagree.
    """
    comma = point = False
    for text in texts:
        for found in re.findall(NUMBER, text):
            if re.fullmatch(r"[0-9]*,(?:[0-9]{1,2}|[0-9]{4,})|0,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+", found):
                comma = True
            elif re.fullmatch(r"[0-9]*\.(?:[0-9]{1,2}|[0-9]{4,})|0\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+", found):
                point = True
    return comma if comma != point else None


def split_limit(text: str) -> tuple[str, str]:
    """Return the comparator of a text ("<", "<=", ">", ">=", "" for none) and what follows it."""
    said = text.replace("&lt;", "<").replace("&gt;", ">").strip()
    for pattern, sign in _WORDS:
        if pattern.match(said):
            return sign, pattern.sub("", said)
    match = re.match(rf"({COMPARATOR})\s*", said)
    if match is None:
        return "", said
    return _SIGNS.get(match[1], match[1]), said[match.end() :]


@lru_cache(maxsize=20_000)
def interval(text: str, *, comma: bool | None) -> Ends | None:
    """Return an interval as printed, None when it is none or may be read in two ways.

    Args:
        text: Such as "3.6-10.0", "(0.70 - 1.00) mmol/L", "< 0.41", "bis 5".
        comma: Whether decimals have a comma.
    """
    said = re.sub(
        r"^(?:ref(?:erence|erenz)?\.?(?:\s*(?:range|interval|bereich))?|normal(?:wert)?|range|norm)\s*[:=]?\s*",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    )
    said = said.strip("()[]{} \t")
    if not said:
        return None
    span = list(_SPAN.finditer(said))
    if len(span) == 1 and not re.search(r"[0-9]", said[: span[0].start()]):
        lows, highs = numbers(span[0][1], comma=comma), numbers(span[0][2], comma=comma)
        rest = (said[: span[0].start()] + " " + said[span[0].end() :]).strip("()[] \t,;")
        # Two ways to read an end are one where only one gives an interval in order and of a usual width.
        pairs = [(low, high) for low in lows for high in highs if low <= high or len(lows) == len(highs) == 1]
        if len(pairs) == 1 and _harmless(rest):
            return Ends(*pairs[0], rest)
        return None
    sign, rest = split_limit(said)
    match = re.match(rf"({NUMBER})", rest)
    if (
        sign
        and match
        and len(found := numbers(match[1], comma=comma)) == 1
        and _harmless(tail := rest[match.end() :].strip("()[] \t,;"))
    ):
        return Ends(None, found[0], tail) if sign[0] == "<" else Ends(found[0], None, tail)
    return None


def _harmless(rest: str) -> bool:
    """Return whether what stands beside an interval can be a unit: no second interval, no sex, no age."""
    return len(rest) < 25 and not re.search(r"(?<![0-9.])[0-9]+[.,]?[0-9]*\s*[-\u2013]|[:;=]", rest)


def end(text: str, *, comma: bool | None) -> float | None:
    """Return one end of an interval that stands by itself; None for none, or when it may be read in two ways."""
    found = numbers(text, comma=comma)
    return found[0] if len(found) == 1 else None
