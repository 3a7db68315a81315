"""Written numbers: any script's figures made plain, read by value, and refused where they cannot be an amount."""

from __future__ import annotations

import math
import re
import unicodedata

from rheobase.plain_text import printable

MOST, SHOWN = 100_000.0, 30
EXPECTED = "expected a number such as 250, 1.5, 1/2 or 1,000"

_SIGNS = {
    "\u2044": "/",
    "\u2215": "/",
    "\u066b": ".",
    "\u066c": ",",
    "\u221e": " infinite ",
    "\u2212": "-",
}
_APOSTROPHE = re.compile(r"(?<=\d)['\u2019](?=\d{3}(?!\d))")
# "1 000" can only be a thousand; "2 500 g" may be two of 500 g.
_SPACED = re.compile(r"(?<![\w.,/-])\d{1,3} (?:0\d\d)(?: \d{3})*(?![\d/]|[.,]\d{3})")
_SPACED_DOUBT = re.compile(r"(?<![\w.,/-])[1-9]\d{0,2} [1-9]\d\d(?=\s*(?:g|grams?|kg|ml|millilitres?|mg)\b)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:\.\d{3})+,\d+")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
# What a computer or a mathematician writes: 1e9, 10^9, 0x10, 1_000; a date; a fraction of a fraction.
_NOTATION = re.compile(
    r"(?<![a-z0-9])(?:\d[\d.,]*\s*(?:\^|\*\*)\s*[-+]?\d+|\d[\d.,]*e[-+]?\d+(?![a-z])|0x[0-9a-f]+|\d+(?:_\d+)+"
    r"|\d+(?:/\d+){2,})"
)
_NEGATIVE = re.compile(r"(?:^|(?<![\d ])\s|[(,;:]\s?)[-\u2013]\d[\d.,]*|\b(?:minus|negative)\s+\d[\d.,]*")
_UNIT = r"\s*(?:g|grams?|kg|mg|ml|dl|cl|l|litres?|liters?|oz|ounces?|lb|pounds?|cups?|mugs?|glass(?:es)?|tbsp|tsp)\b"
_NO_NUMBER = re.compile(
    rf"\b(?:nan|inf|zero|no)\b(?={_UNIT})|\binfinit(?:e|y)\b"
    rf"|(?:\d\s*)?\b(?:hundreds?|thousands?|millions?|billions?|trillions?)\b(?={_UNIT})"
)


def plain_figures(text: str) -> str:
    """Return a text with every script's figures and fractions as ASCII, and nothing that parts thousands by a space.

    Example:
        >>> plain_figures("\u0663 cups")
        '3 cups'

    Raises:
        ValueError: "2 500 g" may be 2500 g or two of 500 g.
    """
    if not text.isascii():
        text = "".join(map(_plain_figure, text))
    text = _APOSTROPHE.sub("", text)
    text = _SPACED.sub(lambda found: found[0].replace(" ", ""), text)
    if doubt := _SPACED_DOUBT.search(text):
        number, _, rest = doubt[0].partition(" ")
        raise ValueError(
            f"{doubt[0]!r} may be {number}{rest} or {number} of {rest}; write {number}{rest} or {number} x {rest}"
        )
    return text


def _plain_figure(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign in _SIGNS:
        return _SIGNS[sign]
    if (figure := unicodedata.decimal(sign, None)) is not None:
        return str(figure)
    kind = unicodedata.decomposition(sign)
    if kind.startswith("<fraction>"):
        return " " + unicodedata.normalize("NFKC", sign).replace("\u2044", "/")
    if kind.startswith("<super>") and sign.isdigit():
        return "^" + unicodedata.normalize("NFKC", sign)
    return unicodedata.normalize("NFKC", sign) if kind.startswith("<wide>") else sign


def check_amounts(text: str) -> None:
    """Refuse a line with a number that cannot be an amount of food.

    Args:
        text: A line in lower case, its figures plain.

    Raises:
        ValueError: Says which number, and what was expected.
    """
    if negative := _NEGATIVE.search(text):
        raise ValueError(f"{negative[0].strip(' (,;:')!r} is less than nothing; {EXPECTED}")
    if odd := _NOTATION.search(text) or _NO_NUMBER.search(text):
        raise ValueError(f"{odd[0].strip()!r} is not an amount; {EXPECTED}")


def read_number(text: str, *, most: float = MOST) -> float:
    """Return the value of a written number: "2", "1.5", "1,5", "1/2", "1 1/2", "1,000", "1.000,5".

    Raises:
        ValueError: Not a number, a fraction over zero, or more than any amount of food.
    """
    total = 0.0
    for part in text.split():
        top, slash, bottom = part.partition("/")
        if slash:
            if float(bottom) == 0:
                raise ValueError(f"{part!r} divides by zero; {EXPECTED}")
            total += float(top) / float(bottom)
        else:
            total += float(_decimal(part))
    if not math.isfinite(total) or total > most:
        raise ValueError(f"{printable(text, limit=SHOWN)!r} is more than {most:,.0f}")
    return total


def _decimal(part: str) -> str:
    """Return a number with a decimal point and nothing that parts thousands.

    A comma before exactly three figures parts thousands ("1,000 ml"); any other single comma is a decimal comma.
    """
    if _GROUPED.fullmatch(part):
        # Of two signs the last is the decimal one: 1,000.5 and 1.000,5.
        decimal = "." if part.rfind(".") > part.rfind(",") else ","
        if part.count(decimal) > 1 or (decimal == "," and "." not in part):
            return part.replace(".", "").replace(",", "")
        return part.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    if not _PLAIN.fullmatch(part):
        raise ValueError(f"{printable(part, limit=SHOWN)!r} is not a number; {EXPECTED}")
    return part.replace(",", ".")
