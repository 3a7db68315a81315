"""A commented case file to fill in. An empty answer was not given, so nothing is claimed by leaving it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from rheobase.importers.case_file import VERSION, VERSION_KEY
from rheobase.knowledge import Finding, Knowledge
from rheobase.logic import evaluate, names
from rheobase.person import SETTINGS, Value

_WIDTH = 100
_URGENT = ("emergency", "same_day")
_PERSON = "person"
_BY_NAME = "medicine"  # told by the name of the medicine instead
# In the order in which a consultation goes; what is in no section here is printed with ``everything``.
_SECTIONS = (
    ("The twitching itself", ("twitch",)),
    ("Muscles: weakness, cramps, stiffness", ("neuromuscular",)),
    ("Feeling: tingling, numbness", ("sensory",)),
    ("Daily life: sleep, coffee, alcohol, effort", ("lifestyle", "mood")),
    ("Eating and drinking", ("diet",)),
)
_ABOUT = ("age_years", "sex")

_HEADER = f"""\
# A Rheobase case file. It stays on this machine. Then: rheobase assess THIS_FILE
#
# After each colon write what is true: yes, no or unknown (asked, and not known); a number; or the words offered.
# Leave empty what nobody asked. "Unknown" is not "no", and an empty line is neither.
{VERSION_KEY}: {VERSION}

about:
  age:                  # in years
  sex:                  # as recorded at birth: {{sex}}
  setting: {SETTINGS[0]}         # {", ".join(SETTINGS)}
  region:               # two letters, such as GB, US or DE: for the emergency number
"""

_FOOTER = """\

# Medicines, supplements and remedies, by any name; or: medicines: none
medicines:
#  - omeprazole 20 mg daily
#  - {name: furosemide, months: 24}
#  - {name: prednisolone, stopped: yes}

# Blood tests, as the laboratory printed them.
labs:
#  - {name: potassium, value: 3.1, unit: mmol/L, low: 3.5, high: 5.3, taken: 2026-11-02}

# Anything else. Kept with the case, never read by the assessment.
notes:
"""


def case_template(knowledge: Knowledge, *, everything: bool = False) -> str:
    """Return a commented case file with the questions that matter most, red flags first.

    Args:
        knowledge: Whose questions.
        everything: All questions that a person can answer, and those of an examination and of tests too.
    """
    findings = [each for each in knowledge.findings.values() if each.id not in _ABOUT]
    asked: set[str] = set()
    parts = [_HEADER.format(sex=_options(knowledge.findings.get("sex"))), "findings:"]
    for title, chosen in _chosen(knowledge, findings, everything=everything):
        fresh = [each for each in chosen if each.id not in asked]
        asked.update(each.id for each in fresh)
        if fresh:
            parts.extend(["", f"  # ---- {title} ----", *(line for each in fresh for line in _question(each))])
    if len(parts) == len(("header", "findings")):
        parts.pop()
    return "\n".join(parts) + "\n" + _FOOTER


def _chosen(
    knowledge: Knowledge, findings: list[Finding], *, everything: bool
) -> Iterator[tuple[str, Iterable[Finding]]]:
    urgent, used = _urgent_alone(knowledge), _used_by_rules(knowledge)
    told = [each for each in findings if each.kind == _PERSON and each.group != _BY_NAME]
    yield "First: is any of this there now?", (each for each in told if each.id in urgent)
    for title, groups in _SECTIONS:
        yield title, (each for each in told if each.group in groups)
    yield "The rest of you", (each for each in told if each.id in used)
    if everything:
        yield "Everything else", told
        yield "If a clinician examined or tested", (each for each in findings if each.kind in ("exam", "test"))


def _urgent_alone(knowledge: Knowledge) -> frozenset[str]:
    """Return the findings that are urgent by themselves, with everything else known to be absent."""
    yes_no = [each for each in knowledge.findings.values() if each.type == "yes_no"]
    absent: dict[str, Value] = {each.id: False for each in yes_no}
    rules = [rule for rule in knowledge.rules.values() if rule.urgency in _URGENT]
    return frozenset(
        each.id
        for each in yes_no
        for facts in [{**absent, **dict.fromkeys(each.implies, True), each.id: True}]
        if any(evaluate(rule.when, facts) is True for rule in rules)
    )


def _used_by_rules(knowledge: Knowledge) -> frozenset[str]:
    return frozenset(name for rule in knowledge.rules.values() for name in names(rule.when))


def _question(finding: Finding) -> Iterator[str]:
    words = finding.question or finding.label or finding.id.replace("_", " ")
    yield from textwrap.wrap(words, _WIDTH, initial_indent="  # ", subsequent_indent="  #   ")
    offered = _options(finding)
    if finding.type == "sites":
        lines = textwrap.wrap(f"a list out of: {offered}", _WIDTH, initial_indent="  # ", subsequent_indent="  #   ")
        yield from lines
    hint = {"number": f"  # {finding.unit}", "choice": f"  # {offered}"}.get(finding.type, "")
    yield f"  {finding.id}:{hint}"


def _options(finding: Finding | None) -> str:
    return ", ".join(finding.options) if finding is not None else ""
