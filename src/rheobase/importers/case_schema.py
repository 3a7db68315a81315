"""The JSON Schema of a case file, made from the knowledge so that it cannot fall behind it."""

from __future__ import annotations

from typing import Any

from rheobase.importers import case_labs, case_medicines
from rheobase.importers.case_answers import VALUE, WRITTEN
from rheobase.importers.case_file import AGE, SEX, VERSION, VERSION_KEY
from rheobase.knowledge import Finding, Knowledge
from rheobase.person import SETTINGS, Status

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_UNKNOWN = Status.UNKNOWN.value
_QUANTITY = r"^\s*[-+]?\d+(\.\d+)?\s*(\D[^\d]*)?$"


def case_schema(knowledge: Knowledge) -> Schema:
    """Return the JSON Schema (draft 2020-12) of a case file.

    It names findings by id only; ``read_case`` also accepts labels and aliases, and checks what no schema can say
    (contradictions, units, medicines).

    Args:
        knowledge: Whose findings, options, ranges and analytes are listed.
    """
    findings = sorted(knowledge.findings.values(), key=lambda each: each.id)
    return {
        "$schema": DIALECT,
        "title": "Rheobase case file",
        "description": f"What one person told. Knowledge {knowledge.version}. A finding that is nowhere was not asked.",
        "type": "object",
        "required": [VERSION_KEY],
        "additionalProperties": False,
        "properties": {
            VERSION_KEY: {"const": VERSION},
            "about": _about(knowledge),
            **_lists(findings),
            "findings": {"$ref": "#/$defs/answers", "description": "Answers by finding, of any kind."},
            "values": {"$ref": "#/$defs/answers", "description": "Numbers, choices and places by finding."},
            "medicines": _medicines(knowledge),
            "takes_no_medicine": _or_null({"type": "boolean"}),
            "labs": _or_null({"type": "array", "maxItems": case_labs.MOST, "items": _lab(knowledge)}),
            "diet": {"type": ["object", "null"], "description": "What was eaten: as in a diet file, from `days` on."},
            "not_understood": _or_null({"type": "array", "items": _TEXT}),
            "notes": {"type": ["string", "null"], "description": "Kept, never read."},
        },
        "$defs": {
            "answers": {
                "type": ["object", "null"],
                "additionalProperties": False,
                "properties": {each.id: _answer(each) for each in findings},
            }
        },
    }


def _about(knowledge: Knowledge) -> Schema:
    named = {"age": AGE, "sex": SEX}
    asked = {key: _answer(knowledge.findings[name]) for key, name in named.items() if name in knowledge.findings}
    region = {"type": ["string", "null"], "pattern": "^[A-Za-z]{2}$", "description": "For the emergency number."}
    setting = {"enum": [*SETTINGS, None], "default": SETTINGS[0]}
    return {
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {**asked, "setting": setting, "region": region},
    }


def _lists(findings: list[Finding]) -> Schema:
    yes_no = [each.id for each in findings if each.type == "yes_no"]
    places = [each.id for each in findings if each.type == "sites"]
    members = {
        Status.PRESENT.value: yes_no,
        Status.ABSENT.value: sorted([*yes_no, *places]),
        _UNKNOWN: [each.id for each in findings],
    }
    says = {
        Status.PRESENT.value: "Findings that are there.",
        Status.ABSENT.value: "Findings that were asked about and are not there.",
        _UNKNOWN: "Findings that were asked about and are not known.",
    }
    return {
        key: {"type": ["array", "null"], "items": {"enum": ids}, "description": says[key]}
        for key, ids in members.items()
    }


def _answer(finding: Finding) -> Schema:
    plain = _plain(finding)
    written: Schema = {
        "type": "object",
        "required": [VALUE],
        "additionalProperties": False,
        "properties": {VALUE: {"anyOf": [*plain, {"const": _UNKNOWN}]}, WRITTEN: {"type": ["string", "null"]}},
    }
    described: Schema = {"title": finding.label or finding.id.replace("_", " ")}
    if finding.question:
        described["description"] = finding.question
    return {**described, "anyOf": [*plain, {"const": _UNKNOWN}, {"type": "null"}, written]}


def _plain(finding: Finding) -> list[Schema]:
    options = list(finding.options)
    if finding.type == "number":
        ends = {"minimum": finding.minimum, "maximum": finding.maximum}
        number: Schema = {"type": "number", **{key: end for key, end in ends.items() if end is not None}}
        words = f"In {finding.unit or 'numbers'}; a time may have its own unit, such as 3 weeks."
        return [number, {"type": "string", "pattern": _QUANTITY, "description": words}]
    if finding.type == "choice":
        return [{"enum": options}]
    if finding.type == "sites":
        return [{"type": "array", "items": {"enum": options}}, {"enum": [*options, "none", False]}]
    return [{"type": "boolean"}, {"enum": ["yes", "no", Status.PRESENT.value, Status.ABSENT.value]}]


def _medicines(knowledge: Knowledge) -> Schema:
    ids = sorted({*knowledge.medicines, *knowledge.medicine_classes})
    name: Schema = {"type": "string", "minLength": 1, "maxLength": case_medicines.LONGEST_NAME}
    entry: Schema = {
        "type": "object",
        "required": ["name"],
        "additionalProperties": False,
        "properties": {
            "name": {**name, "description": "Generic or brand name, as on the packet."},
            "medicine": {"enum": [*ids, None], "description": "Its id, if it was recognised before."},
            "months": {"anyOf": [{"type": "number", "minimum": 0}, _TEXT, {"type": "null"}]},
            "stopped": {"enum": [True, False, _UNKNOWN, None]},
            "note": {"type": ["string", "null"]},
        },
    }
    listed = {"type": "array", "maxItems": case_medicines.MOST, "items": {"anyOf": [name, entry]}}
    return {"anyOf": [listed, {"enum": ["none", False, None]}]}


def _lab(knowledge: Knowledge) -> Schema:
    number = {"type": ["number", "null"]}
    units = sorted({accepted.unit for each in knowledge.analytes.values() for accepted in each.units})
    return {
        "type": "object",
        "required": ["name"],
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "minLength": 1, "examples": sorted(knowledge.analytes)},
            "value": {"type": ["number", "string", "null"], "description": "A number, or a limit such as <0.5."},
            "unit": {"type": ["string", "null"], "examples": units},
            "low": number,
            "high": number,
            "flag": {"type": ["string", "null"], "examples": list(case_labs.FLAGS)},
            "taken": {"type": ["string", "null"], "format": "date"},
            "time": {"type": ["string", "null"], "examples": ["08:15", "08:15+01:00"]},
            "sample": {"type": ["array", "string", "null"], "items": {"enum": list(case_labs.SAMPLES)}},
            "code": {"type": ["string", "null"], "description": "LOINC code as printed."},
            "printed_unit": {"type": ["string", "null"], "description": "The unit as printed, where spelt otherwise."},
            "written": {"type": ["string", "null"]},
        },
    }


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}
