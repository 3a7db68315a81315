"""Propose a mapping for a table: what its columns are called, which codes and units they carry, what is in them.

Nothing is taken for granted: what is not certain is written as a comment, with the reason, for a person to settle.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from rheobase.cohort.frame import COMPARATOR, LAB, MEDICINE, NO_MEDICINE, PERSON, SETTING, schema
from rheobase.cohort.mapping import unit_factor
from rheobase.cohort.mapping_cells import as_text
from rheobase.cohort.mapping_names import nearest
from rheobase.knowledge import Finding, Knowledge
from rheobase.knowledge.medicine_names import MedicineIndex
from rheobase.labs.reading_names import facts_for, find_name
from rheobase.plain_text import printable

_IDS = {"id", "personid", "patientid", "subjectid", "participantid", "patient", "subject", "mrn", "nhsnumber"}
_IDS |= {"seqn", "eid", "pseudonym", "studyid", "caseid"}
_PLAIN = re.compile(r"[^a-z0-9]+")
_LOINC = re.compile(r"(?<!\d)\d{3,7}-\d(?!\d)")
_UNIT_NAMES = ("unit", "units", "uom")
_WORDS = frozenset(["true", "false", "t", "f", "yes", "no", "y", "n", "1", "0", "present", "absent"])
_CODES = re.compile(r"-?\d{1,4}")
_MOST_SEEN = 12


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one column may tell.

    Attributes:
        source: Its name.
        kind: "id", "finding", "lab", "medicine", "unit" (of another column), "" for not understood.
        target: Id of the finding, analyte or medicine.
        how: Why it is thought so.
        lines: Further lines of its table in the mapping.
        open: What a person has to settle before it can be used; "" when nothing.
        near: Names that look alike, for a column that is not understood.
        seen: Values and how often, for a column of few values.
    """

    source: str
    kind: str = ""
    target: str = ""
    how: str = ""
    lines: tuple[str, ...] = ()
    open: str = ""
    near: tuple[str, ...] = ()
    seen: Mapping[str, int] = field(default_factory=dict)


def propose(sample: pl.DataFrame, knowledge: Knowledge) -> list[Proposal]:
    """Return what each column of a table may tell, in its order.

    Args:
        sample: Some rows of it.
        knowledge: Names, codes and units.
    """
    proposer = _Proposer(sample, knowledge)
    found: list[Proposal] = []
    targets: dict[str, str] = {}
    for name in sample.columns:
        each = proposer.column(name)
        target = f"{each.kind} {each.target} {each.lines[:1] if each.kind == 'lab' and _part(each) else ''}"
        if each.kind not in ("", "unit") and not each.open and target in targets:
            each = Proposal(
                name, each.kind, each.target, each.how, each.lines, f"{targets[target]!r} tells the same", (), each.seen
            )
        elif each.kind and not each.open:
            targets[target] = name
        found.append(each)
    return found


def mapping_text(proposals: Sequence[Proposal], *, name: str) -> str:
    """Return a mapping in TOML; what is open or not understood stands in it as comments."""
    ids = [each for each in proposals if each.kind == "id" and not each.open]
    lines = [
        f"# A mapping for {name}, proposed by 'rheobase cohort map'. Read every line: names can mislead.",
        "# Take the # away from what you have settled. Columns that stay comments are not read.",
        "",
        "[person]",
        f"id = {_quoted(ids[0].source)}" if ids else '# id = "COLUMN"',
        '# setting = "primary_care"      # of everybody; without it "home"',
        '# missing = [".", "NA"]         # texts that say nothing',
    ]
    for each in proposals:
        if each.kind in ("id", "unit", "") and not (each.kind == "id" and each.open):
            continue
        mark = "# " if each.open else ""
        lines += ["", f"# {each.how}" + (f"; OPEN: {each.open}" if each.open else "")]
        if each.seen:
            lines.append(f"# seen: {_seen(each.seen)}")
        lines += [f"{mark}{line}" for line in (f"[columns.{_quoted(each.source)}]", *_told(each), *each.lines)]
    strange = [each for each in proposals if not each.kind]
    if strange:
        lines += ["", "# Not understood, not read:"]
        lines += [f"#   {each.source}{_alike(each)}{_brief(each)}" for each in strange]
    return "\n".join(lines) + "\n"


class _Proposer:
    def __init__(self, sample: pl.DataFrame, knowledge: Knowledge) -> None:
        self._sample, self._knowledge = sample, knowledge
        self._facts = facts_for(knowledge)
        self._medicines = MedicineIndex(knowledge.medicines, knowledge.medicine_classes)
        self._findings: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        for finding in knowledge.findings.values():
            for name in (finding.id, finding.label, *finding.aliases):
                self._findings.setdefault(_plain(name), finding.id)
            self._codes.update(dict.fromkeys(finding.codes.values(), finding.id))
        self._findings.pop("", None)

    def column(self, name: str) -> Proposal:
        """Return what one column may tell."""
        plain = _plain(name)
        if name == PERSON or plain in _IDS:
            return self._id(name)
        if unit_of := self._unit_of(name):
            return Proposal(name, "unit", unit_of, f"holds the units of {unit_of!r}")
        return (
            self._told(name)
            or self._coded(name)
            or self._finding(name, self._findings.get(plain), "its name")
            or self._lab(name)
            or self._medicine(name)
            or self._strange(name)
        )

    def _id(self, name: str) -> Proposal:
        twice = self._sample[name].drop_nulls().is_duplicated().any()
        return Proposal(name, "id", PERSON, "its name", open="an id stands in it more than once" if twice else "")

    def _told(self, name: str) -> Proposal | None:
        """Return a column that is called as in the told frame."""
        if name not in schema(self._knowledge) or name in self._knowledge.findings:
            return None
        if name in (SETTING, NO_MEDICINE):
            return Proposal(name, name, name, "our own name", seen=self._seen(name))
        if name.startswith(MEDICINE):
            return self._as_medicine(name, name.removeprefix(MEDICINE).split(".")[0], "our own name", name)
        if name.startswith(LAB):
            analyte, _, part = name.removeprefix(LAB).partition(".")
            if part and f".{part}" != COMPARATOR and part not in ("flag", "low", "high", "taken", "per_day"):
                return None
            unit = self._knowledge.analytes[analyte].unit_si
            lines = (f'part = "{part}"',) if part else ()
            if part in ("", "low", "high") and unit:
                lines = (*lines, f"unit = {_quoted(unit)}")
            return Proposal(name, "lab", analyte, "our own name", lines)
        kind, _, nutrient = name.partition(".")
        return Proposal(name, kind, nutrient, "our own name")

    def _coded(self, name: str) -> Proposal | None:
        for code in _LOINC.findall(name):
            if (found := self._facts.reading.codes.get(code)) is not None and found.analyte:
                return self._as_lab(name, found.analyte, f"LOINC {code} ({found.says})")
        codes = [code for code in self._codes if code in name]
        return self._finding(name, self._codes[codes[0]], f"code {codes[0]}") if codes else None

    def _finding(self, name: str, finding: str | None, how: str) -> Proposal | None:
        if finding is None:
            return None
        known = self._knowledge.findings[finding]
        seen = self._seen(name)
        lines, problem = self._values(known, seen)
        return Proposal(name, "finding", finding, f"{how}: {known.label or finding}", lines, problem, seen=seen)

    def _values(self, finding: Finding, seen: Mapping[str, int]) -> tuple[tuple[str, ...], str]:
        """Return the line of values that a person has to confirm, and why."""
        texts = set(seen)
        if finding.type == "number":
            strange = sorted(text for text in texts if not _is_number(text))
            unit = f"numbers in {finding.unit}" if finding.unit else "numbers"
            return (
                (),
                f"{strange[0]!r} is no number; give missing, or values"
                if strange
                else ""
                if texts
                else f"expected {unit}",
            )
        known = _WORDS if finding.type == "yes_no" else set(finding.options)
        strange = sorted(text for text in texts if text.lower() not in known)
        if not strange:
            return (), ""
        if finding.type == "sites":
            return (), f"expected places among {', '.join(finding.options)}"
        expected = "true or false" if finding.type == "yes_no" else ", ".join(finding.options)
        line = ", ".join(f'{_quoted(text)} = "unknown"' for text in sorted(texts)[:_MOST_SEEN])
        return (f"values = {{ {line} }}",), f"say what each value means: {expected}, or unknown"

    def _lab(self, name: str) -> Proposal | None:
        spoken = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").replace(".", " ")
        tries = [name, spoken]
        unit = self._unit_in(name)
        if unit:
            tries.append(re.sub(r"\s+", " ", unit[1]).strip())
        for each in tries:
            found = find_name(self._facts, each)
            if found.analyte is not None:
                return self._as_lab(name, found.analyte, "its name")
        return None

    def _as_lab(self, name: str, analyte: str, how: str) -> Proposal:
        known = self._knowledge.analytes[analyte]
        how = f"{how}: {known.name}"
        accepted = [each.unit for each in known.units]
        beside = next((other for other in self._sample.columns if self._unit_of(other) == name), None)
        if beside is not None:
            return Proposal(name, "lab", analyte, how, (f"unit_column = {_quoted(beside)}",))
        if (said := self._unit_in(name)) is not None and unit_factor(self._knowledge, analyte, said[0]) is not None:
            return Proposal(name, "lab", analyte, how, (f"unit = {_quoted(said[0])}",))
        fits = self._fitting(name, analyte, accepted)
        line = f"unit = {_quoted(fits[0] if fits else accepted[0])}" if accepted else ""
        guess = f"; the values seen fit {' and '.join(fits)}" if fits else ""
        problem = f"say the unit: {', '.join(accepted)}{guess}" if accepted else ""
        return Proposal(name, "lab", analyte, how, (line,) if line else (), problem)

    def _fitting(self, name: str, analyte: str, accepted: Sequence[str]) -> list[str]:
        usual = self._facts.reading.usual.get(analyte)
        middle = as_text(self._sample[name]).cast(pl.Float64, strict=False).median()
        if usual is None or not isinstance(middle, int | float):
            return []
        factors = {unit: unit_factor(self._knowledge, analyte, unit) or 0.0 for unit in accepted}
        return [unit for unit, factor in factors.items() if usual.met[0] <= middle * factor <= usual.met[1]]

    def _unit_in(self, name: str) -> tuple[str, str] | None:
        """Return the unit that ends a name such as "Ca (mg/dL)" or "k_mmol_l", and the name without it."""
        if (bracket := re.search(r"[(\[]([^)\]]+)[)\]]\s*$", name)) is not None:
            return bracket[1], name[: bracket.start()]
        words = [word for word in re.split(r"[\s_.]+", name) if word]
        for size in (3, 2, 1):
            if len(words) > size:
                said = self._facts.units.read("/".join(words[-size:])) or self._facts.units.read("".join(words[-size:]))
                if said is not None:
                    return said, " ".join(words[:-size])
        return None

    def _unit_of(self, name: str) -> str | None:
        """Return the column whose unit a column such as "K_unit" holds."""
        words = [word for word in re.split(r"[\s_.]+", name) if word]
        if len(words) < 2 or words[-1].lower() not in _UNIT_NAMES:
            return None
        plain = _plain(" ".join(words[:-1]))
        return next((each for each in self._sample.columns if each != name and _plain(each) == plain), None)

    def _medicine(self, name: str) -> Proposal | None:
        spoken = re.sub(r"^(?:takes|taking|med|drug|rx)[\s_]+", "", name.replace("_", " "), flags=re.IGNORECASE)
        found = self._medicines.find(spoken).id
        return None if found is None else self._as_medicine(name, found, "its name", spoken)

    def _as_medicine(self, name: str, medicine: str, how: str, spoken: str) -> Proposal:
        if spoken.endswith(".months"):
            return Proposal(name, "medicine", medicine, how, ('part = "months"',))
        seen = self._seen(name)
        strange = sorted(text for text in seen if text.lower() not in {*_WORDS, "stopped"})
        problem = 'say what each value means: true (takes it), "stopped", false or unknown' if strange else ""
        line = ", ".join(f'{_quoted(text)} = "unknown"' for text in sorted(seen)[:_MOST_SEEN])
        lines = (f"values = {{ {line} }}",) if strange else ()
        return Proposal(name, "medicine", medicine, how, lines, problem, seen=seen)

    def _strange(self, name: str) -> Proposal:
        known = {**self._findings, **self._facts.names}
        near = nearest(" ".join(re.split(r"[\W_]+", name)), known)
        return Proposal(name, near=tuple(dict.fromkeys(known[each] for each in near)), seen=self._seen(name))

    def _seen(self, name: str) -> dict[str, int]:
        """Return the values of a column of few values, the commonest first; nothing for one of many."""
        series = self._sample[name]
        if series.dtype.is_nested() or series.dtype == pl.Binary:
            return {}
        counts = Counter(text for text in as_text(series).drop_nulls().to_list() if text)
        common = counts.most_common(_MOST_SEEN + 1)
        if len(common) > _MOST_SEEN and all(_is_number(text) for text in counts):
            return {}
        # Words among numbers are what a person has to see.
        words = [(text, count) for text, count in counts.items() if not _is_number(text)]
        return dict((words if len(common) > _MOST_SEEN else common)[:_MOST_SEEN])


def _part(each: Proposal) -> bool:
    return any(line.startswith("part") for line in each.lines)


def _told(each: Proposal) -> tuple[str, ...]:
    if each.kind in (SETTING, NO_MEDICINE):
        return (f"{each.kind} = true",)
    return (f"{each.kind} = {_quoted(each.target)}",) if each.kind != "id" else ("# this could be the id",)


def _plain(name: str) -> str:
    return _PLAIN.sub("", name.lower())


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string.
    return json.dumps(text, ensure_ascii=False)


def _seen(seen: Mapping[str, int]) -> str:
    return ", ".join(f"{printable(text, limit=30)!r} {count} times" for text, count in list(seen.items())[:_MOST_SEEN])


def _alike(each: Proposal) -> str:
    return f" (did you mean {' or '.join(each.near)}?)" if each.near else ""


def _brief(each: Proposal) -> str:
    return f": {_seen(dict(list(each.seen.items())[:4]))}" if each.seen else ""


def _is_number(text: str) -> bool:
    try:
        float(text.lstrip("<>=≤≥ "))
    except ValueError:
        return False
    return True
