"""Laboratory results in plain text: one or several a line, such as "Mg 0.62 mmol/L (0.70-1.00) L"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from rheobase.errors import DataRefusedError
from rheobase.importers.labs_heading import Sample
from rheobase.importers.labs_in_range import is_header, plain_signs, without_site
from rheobase.importers.labs_people import People
from rheobase.labs.reading_dates import read_date
from rheobase.labs.reading_line import LabFile, LabLine
from rheobase.labs.reading_names import BLOOD, LabFacts, find_name
from rheobase.labs.reading_numbers import COMPARATOR, NUMBER
from rheobase.labs.reading_words import flag_of, folded, specimen_flags
from rheobase.plain_text import printable

MOST_LINES, LONGEST_LINE, LONGEST_NAME = 50_000, 2_000, 9
_COLLECTED = re.compile(
    "collect|drawn|taken|sampled|specimen date|sample date|entnahme|abnahme|probenahme|prelev|extracci|toma"
)
_NOT_COLLECTED = re.compile(
    r"birth|\bdob\b|\bgeb|naiss|nacim|print|report|receiv|gedruckt|\bdruck|eingang|befund vom|edit|issued|signed|page"
)
_DATE_WORD = re.compile(r"\b(?:date|datum|fecha|vom|le|on)\b|^[^\w]*[0-9]")
_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
    r"|(?<![0-9.,/-])[0-9]{1,2}([./-])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})(?![0-9])(?:\s+[0-9]{1,2}:[0-9]{2}(?:\s*[AaPp][Mm])?)?"
    r"|[0-9]{1,2}[\s-][A-Za-z\u00e0-\u00ff]{3,9}[\s-][0-9]{4}|[A-Z][a-z]{2,8}\.? [0-9]{1,2}, [0-9]{4}"
)
_SPAN = rf"(?:{NUMBER})\s*(?:-|\u2013|\u2014|\bto\b|\bbis\b|\.\.)\s*(?:{NUMBER})"
_LIMIT = rf"(?:{COMPARATOR}|up to|bis)\s*(?:{NUMBER})"
_RANGE = re.compile(
    rf"[(\[][^()\[\]]*?(?P<inside>{_SPAN}|{_LIMIT})(?P<unit>[^()\[\]]*)[)\]]"
    rf"|(?:(?:ref|normal|range|norm|reference)[a-z. ]*[:=]?\s*)?(?P<bare>(?<![\w.,/]){_SPAN}(?![\w.,/]))"
    rf"|(?:(?:ref|normal|range|norm|reference)[a-z. ]*[:=]?\s*)?(?P<limit>(?<![\w.,]){_LIMIT}(?![\w.,/]))",
    re.IGNORECASE,
)
_VALUE = re.compile(
    rf"(?:(?:\*+|[HL]{{1,2}}|[\u2191\u2193]+)\s*(?=[<>\u2264\u2265]?\s*[0-9.,]))?"
    rf"(?:{COMPARATOR}|less than|greater than)?\s*(?:{NUMBER})(?:\*+|[HL]{{1,2}}\b|[\u2191\u2193]+)?",
    re.IGNORECASE,
)
_TITRE = re.compile(r"(?:(?:positive|negative)\s+)?[<>]?\s*1\s*:\s*[0-9]{1,6}", re.IGNORECASE)
_NUMBER_LIKE = re.compile(r"[<>=\u2264\u2265]*[0-9.,]+[*HL]?")
_LEADER = re.compile(r"^(?:[\s:|,;]|=(?![<>])|\.{2,}|_{2,})+")
_SITE = re.compile(r"\s+0[0-9]\s*$")
# Between the results of one line; the last stands before a further name and its number.
_BETWEEN = tuple(
    re.compile(each)
    for each in (
        r"\s*;\s*",
        r"\s*\|\|\s*",
        r",\s+(?=[^\W\d])",
        r",?\s+(?:and|und|et|y)\s+",
        r"\s+(?=[^\W\d][\w+-]*:?\s+[<>]?\s?[0-9])",
    )
)
# "2.5 => 3.9" after a value is an old result and a new one, as "2.5 -> 3.9" is, and no limit.
_ARROW = re.compile(rf"[=\-]+>(?=\s*{NUMBER})")
# Words of a sentence around a result: "my potassium was 3.1 mmol/L".
_SENTENCE = re.compile(r"\b(?:my|his|her|the|was|were|is|are|mein|meine|war|ist)\b", re.IGNORECASE)
# What is taken, not measured: "vitamin D 1000 IU daily", "magnesium 300 mg twice a day", "vitamin D3 1000 IU".
_DOSE = re.compile(
    r"(?<![\w.,])[0-9][0-9.,]*\s*(?:IU|I\.E\.|IE|UI|mg|mcg|\u00b5g|\u03bcg|ug|g)\b(?!\s*/)[^/]*?\b(?:daily|a day"
    r"|per day|twice|once|weekly|a week|per week|tablets?|capsules?|t\u00e4glich|tablette\w*|par jour|al d[i\u00ed]a)\b"
    r"|\bvit(?:amine?|amina)?\.?\s*D[23]?[:\s]+[0-9][0-9.,]*\s*(?:IU|I\.E\.|IE|UI)\b(?!\s*/)",
    re.IGNORECASE,
)


@dataclass
class _Context:
    """What lines above say of those below."""

    sample: Sample = field(default_factory=Sample)
    date: str = ""
    collected: bool = False
    sites: bool = False
    people: People = field(default_factory=lambda: People("the text"))


def read_text(text: str, facts: LabFacts, *, kind: str = "text") -> LabFile:
    """Return the results of a text; lines that hold none are left out and listed.

    Args:
        text: Pasted lines, or the text of a PDF.
        facts: Names of tests and units.
        kind: What the text is from.

    Raises:
        DataRefusedError: It has too many lines.
    """
    context, lines, left = _Context(), list[LabLine](), list[str]()
    sample: list[str] = []
    rows = text.splitlines()
    if len(rows) > MOST_LINES:
        raise DataRefusedError(
            f"the text has {len(rows):,} lines, at most {MOST_LINES:,} are read. Give the report alone."
        )
    for number, raw in enumerate(rows, 1):
        line = raw[:LONGEST_LINE].strip().strip("|").strip()
        if not line:
            continue
        context.people.take_line(line)
        context.sites = context.sites or is_header(line)
        if len(raw.strip()) > LONGEST_LINE:
            lines.append(_too_long(line, number, len(raw)))
            continue
        read = plain_signs(without_site(line) if context.sites else line)
        day, read = _day_before(read, facts)
        found = [one for part in _parts(read, facts) if (one := _line(part, number, facts)) is not None]
        if _DOSE.search(read):
            # A product known by its name is kept as written; no dose is ever offered as a result.
            found = [one for one in found if find_name(facts, one.name).other]
        if not found:
            _take_context(line, context, facts, sample)
            left.append(printable(line, limit=200))
            continue
        if len(found) == 1:
            found = [replace(found[0], text=line)]
        elsewhere = {find_name(facts, one.name).sample for one in found} - {"", BLOOD}
        for one in found:
            date = one.date or day or context.date
            doubts = (*one.doubts, context.sample.doubt) if context.sample.doubt else one.doubts
            if elsewhere and not find_name(facts, one.name).sample:
                doubts = (*doubts, "another result of its line is of another sample; of which sample is it?")
            lines.append(replace(one, specimen=context.sample.kind, date=date, doubts=doubts))
    flagged = any(flag_of(one.flag, facts.words) in ("low", "high", "abnormal") for one in lines)
    note = " . ".join(sample)
    told = (replace(one, flagged=flagged, note=" . ".join(each for each in (one.note, note) if each)) for one in lines)
    return LabFile(kind, tuple(told), tuple(left), context.people.whose())


def _too_long(line: str, number: int, length: int) -> LabLine:
    said = f"the line has {length:,} characters, at most {LONGEST_LINE:,} are read. Give each result a line of its own."
    return LabLine(text=printable(line, limit=200), number=number, broken=said)


def _take_context(line: str, context: _Context, facts: LabFacts, sample: list[str]) -> None:
    """Take a date, a kind of sample or a comment on the sample from a line without a result."""
    said = folded(line)
    if specimen_flags(line, facts.words):
        sample.append(line)
        return
    context.sample.take(line, facts)
    date = _DATE.search(line)
    if date is not None:
        word = _COLLECTED.search(said)
        collected = word is not None
        # "Printed 24/11/2026 Collected 14/10/2019": the day that follows the word.
        date = (_DATE.search(line, word.start()) if word is not None and len(said) == len(line) else None) or date
        plain = bool(_DATE_WORD.search(said)) and not _NOT_COLLECTED.search(said)
        if collected or (plain and not context.collected):
            context.date, context.collected = date[0], collected


def _day_before(line: str, facts: LabFacts) -> tuple[str, str]:
    """Return the day at the start of a line and the rest, where a test follows: "2026-11-01 Mg 0.62 mmol/L"."""
    day = _DATE.match(line)
    rest = line[day.end() :].lstrip(" \t:,;|-") if day is not None else ""
    return (day[0], rest) if day is not None and _name(rest, facts) is not None else ("", line)


def _parts(line: str, facts: LabFacts) -> list[str]:
    """Return the results of a line: "Mg 0.62 mmol/L; K 3.1 mmol/L" holds two, where each begins with a test."""
    plain = _SENTENCE.sub(" ", line)
    for separator in _BETWEEN:
        parts = [each for each in separator.split(plain) if each.strip()]
        if len(parts) > 1 and all(re.search("[0-9]", each) and _name(each, facts) is not None for each in parts):
            return parts
    return [line if _name(line, facts) is not None or _name(plain, facts) is None else plain]


def _name(part: str, facts: LabFacts) -> tuple[str, str] | None:
    """Return the test at the start of a text and what follows it; the longest name that is known."""
    tokens = list(re.finditer(r"[^\s|:=]+[:=]?", part))
    for count in range(min(LONGEST_NAME, len(tokens)), 0, -1):
        chosen = part[: tokens[count - 1].end()].rstrip(":=, \t")
        said = [each[0].strip(":=") for each in tokens[:count]]
        # A sign before a number is the value's, not the name's; a number in a name has to be part of a known name.
        if any(re.search("[<>\u2264\u2265]", each) for each in said) or not re.search(r"\w", said[-1]):
            continue
        if any(_NUMBER_LIKE.fullmatch(each) for each in said) and not _whole(chosen, facts):
            continue
        found = find_name(facts, chosen)
        if found.analyte is not None or found.other:
            return chosen, part[tokens[count - 1].end() :]
    return None


def _whole(name: str, facts: LabFacts) -> bool:
    """Return whether a name that ends in a number is one as it stands, such as "Vitamin B 12"."""
    plain = " ".join(re.sub(r"[^a-z0-9+]+", " ", folded(name)).split())
    return plain in facts.names or plain in facts.others


def _line(part: str, number: int, facts: LabFacts) -> LabLine | None:
    """Return the result of a text, None when it holds none."""
    named = _name(part, facts)
    if named is None:
        return _unknown(part, number, facts)
    name, rest = named
    rest = _LEADER.sub("", rest)
    base = LabLine(text=part, name=name, number=number)
    plain = folded(rest).strip(" .()")
    if plain and (flag_of(plain, facts.words) or plain in facts.words["no_result"]):
        return replace(base, value=rest.strip())
    if titre := _TITRE.match(rest):
        return _with_tail(replace(base, value=titre[0]), rest[titre.end() :], facts)
    value = _VALUE.match(rest)
    if value is None:
        return _word(base, rest, facts) if rest.strip() else None
    glued = re.match(r"[eE][-+]?[0-9]+|[0-9.,]+|\s?[.,\u00b7\u066b'\u2019]\s?[0-9]+", rest[value.end() :])
    end = value.end() + (glued.end() if glued else 0)
    tail = rest[end:]
    if re.match(rf"\s*(?:-|\u2013|\u2014|to\b|bis\b)\s*(?:{NUMBER})", tail):
        return replace(base, broken="only an interval is printed, and no value")
    return _with_tail(replace(base, value=rest[:end].strip()), tail, facts)


def _word(base: LabLine, rest: str, facts: LabFacts) -> LabLine | None:
    """Return a line whose value is a word before an interval: "negative (negative)", "pending 3.5-5.1 mmol/L"."""
    word = re.split(r"\s{2,}|\s*[(\[|]|\s+(?=[<>0-9])", rest.strip(), maxsplit=1)[0]
    plain = folded(word)
    known = plain in facts.words["no_result"] or flag_of(word, facts.words) or specimen_flags(word, facts.words)
    if known or re.match(r"[-+\u2212]\s*[0-9]", rest) or _has_unit(rest, facts):
        if not word.strip():
            # "Mg (0.70-1.00) mmol/L": a bracket stands where the value is expected.
            return replace(base, broken="only an interval is printed, and no value")
        # What stands where a number is expected must not be dropped, either.
        return replace(base, value=word if known else word.split()[0])
    return None


def _has_unit(rest: str, facts: LabFacts) -> bool:
    """Return whether a text holds a unit such as mmol/L, so that it is a result and no prose."""
    return any("/" in each and facts.units.read(each) for each in rest.split()) or bool(_RANGE.search(rest))


def _unknown(part: str, number: int, facts: LabFacts) -> LabLine | None:
    """Return a line whose test is not known but which has a value and a unit, so that it is not dropped."""
    match = re.match(
        rf"(?P<name>(?:[0-9]{{1,2}}[-,\s(]*)?[^\W\d_][^<>=\n]{{1,60}}?)(?:[\s:=]|\.(?![0-9])|(?<![0-9])\.)+(?P<value>(?:{COMPARATOR})?\s*(?:{NUMBER}))(?=[\s*HL(]|$)",
        part,
    )
    if match is None or _DATE.match(part[match.start("value") :]):
        return None
    made = _with_tail(
        LabLine(text=part, name=match["name"].strip(), value=match["value"], number=number), part[match.end() :], facts
    )
    return made if facts.units.read(made.unit) is not None else None


def _with_tail(line: LabLine, tail: str, facts: LabFacts) -> LabLine:
    """Return a line with what stands after its value: interval, unit, flag, date, comment."""
    left = _ARROW.sub("\u2192", _SITE.sub("", tail))
    dates = [each for each in _DATE.finditer(left) if read_date(each[0], "dmy").days or read_date(each[0], "mdy").days]
    if len(dates) == 1:
        left = left[: dates[0].start()] + "  " + left[dates[0].end() :]
    ranges = list(_RANGE.finditer(left))
    said = ""
    if len(ranges) == 1:
        said = ranges[0][0]
        left = left[: ranges[0].start()] + "  " + left[ranges[0].end() :]
    elif len(ranges) > 1:
        return replace(line, broken="more than one interval is printed; which one belongs to the value?")
    unit, flag, rest = _unit_and_flag(left, facts)
    value = f"{line.value} {rest}" if rest and not specimen_flags(rest, facts.words) else line.value
    note = rest if specimen_flags(rest, facts.words) else ""
    date = dates[0][0] if len(dates) == 1 else ""
    return replace(line, value=value, unit=unit, range=said, flag=flag, note=note, date=date or line.date)


def _unit_and_flag(text: str, facts: LabFacts) -> tuple[str, str, str]:
    """Return the unit, the flag and the rest of what stands beside a value."""
    tokens = [each for each in re.split(r"[\s|]+", text) if each.strip(" ,;:")]
    unit = flag = ""
    rest: list[str] = []
    at = 0
    while at < len(tokens):
        size = next(
            (
                n
                for n in (3, 2, 1)
                if not unit and facts.units.read("".join(tokens[at : at + n])) and at + n <= len(tokens)
            ),
            0,
        )
        # "L" and "H" are flags, "%" and the like are units.
        if size and not (size == 1 and flag_of(tokens[at], facts.words)):
            unit = " ".join(tokens[at : at + size])
            at += size
            continue
        pair = " ".join(tokens[at : at + 2])
        if not flag and flag_of(tokens[at], facts.words):
            flag = tokens[at]
        elif not flag and len(tokens) > at + 1 and flag_of(pair, facts.words):
            flag, at = pair, at + 1
        elif not unit and "/" in tokens[at] and not _NUMBER_LIKE.fullmatch(tokens[at]):
            unit = tokens[at]
        else:
            rest.append(tokens[at])
        at += 1
    return unit, flag, " ".join(rest).strip(" ,;:")


def known_name(facts: LabFacts, text: str) -> bool:
    """Return whether a text names a test exactly; for tables that have tests as columns."""
    return bool(text.strip()) and find_name(facts, text).analyte is not None
