"""What has to be worked out for frames with the same columns: circuits and tables, made once."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rheobase.cohort.advice import withheld_planes
from rheobase.cohort.causes import Packs, code_planes, packs, weighing
from rheobase.cohort.circuit import NOBODY, Wired, wired
from rheobase.cohort.conditions import Values
from rheobase.cohort.gather import Stage
from rheobase.cohort.lab_findings import lab_planes
from rheobase.cohort.patterns import pattern_planes
from rheobase.cohort.urgency import urgency_planes
from rheobase.cohort.worlds import both_values, worlds_of
from rheobase.knowledge import Knowledge

URGENCY, CAUSES, PATTERNS, LABS, ADVICE, KNOWN = "urgency", "causes", "patterns", "labs", "advice", "known"
ADEQUACY, MISSING, LEDGER = "adequacy", "missing", "ledger"
# What is asked for if nothing else is said; what is missing and the ledger take far longer than all of it.
USUAL = (URGENCY, CAUSES, PATTERNS, LABS, ADVICE, ADEQUACY, KNOWN)
PARTS = (*USUAL, MISSING, LEDGER)
CHILD, LEVELS = "child", "levels"

Rows = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is worked out for frames with the same columns.

    Attributes:
        gathering: For each world the stages that work out what is known in it.
        judged: The judgement.
        rows: The row of each plane of the judgement, by part and name.
        wires: What makes up the codes of the findings that causes weigh.
        packs: The causes' tables.
        withheld: Which advice is withheld, which is worked out after the causes; None if it is not asked for.
        withheld_rows: The row of each item.
    """

    gathering: tuple[tuple[Stage, Stage], ...]
    judged: Wired
    rows: Rows
    wires: npt.NDArray[np.int32]
    packs: Packs
    withheld: Wired | None
    withheld_rows: Mapping[str, int]


def needed(parts: frozenset[str]) -> frozenset[str]:
    """Return some parts with those that they are worked out from."""
    return parts | {CAUSES} if ADVICE in parts else parts


@functools.lru_cache(maxsize=16)
def plan(knowledge: Knowledge, columns: frozenset[str], parts: frozenset[str]) -> Plan:
    """Return what to work out.

    Args:
        knowledge: What is known.
        columns: The columns in which something is known of somebody.
        parts: Of ``PARTS``, what is asked for.
    """
    worlds = worlds_of(knowledge, columns)
    values, ever = both_values(knowledge, worlds)
    planes = _planes(knowledge, values, ever, parts)
    coded = weighing(knowledge).coded if CAUSES in needed(parts) else ()
    found = {index: [x for x in code_planes(each, values) if x[0] != NOBODY] for index, each in enumerate(coded)}
    tables = packs(knowledge, frozenset(index for index, each in found.items() if each))
    wires = [(column, plane, step) for column, index in enumerate(tables.columns) for plane, step in found[index]]
    listed = [plane for group in planes.values() for plane in group.values()]
    whole = wired(values.circuit, [*listed, *(plane for _, plane, _ in wires)])
    at = iter(whole.outputs)
    rows = {part: {name: next(at) for name in group} for part, group in planes.items()}
    table = np.array([(column, next(at), step) for column, _, step in wires], dtype=np.int32).reshape(-1, 3)
    withheld, items = None, {}
    if ADVICE in parts:
        again, ever = both_values(knowledge, worlds)
        items = withheld_planes(knowledge, again, ever)
        withheld = wired(again.circuit, list(items.values()))
        items = dict(zip(items, withheld.outputs, strict=True))
    gathering = tuple((world.told, world.implied) for world in worlds)
    return Plan(gathering, whole, rows, table, tables, withheld, items)


def _planes(knowledge: Knowledge, values: Values, ever: Values, parts: frozenset[str]) -> dict[str, dict[str, int]]:
    urgency = urgency_planes(knowledge, values, ever)
    planes: dict[str, dict[str, int]] = {CHILD: {CHILD: urgency.child}, LEVELS: dict(urgency.levels)}
    if URGENCY in parts:
        planes["rules_fired"], planes["could_fire"] = dict(urgency.fired), dict(urgency.could_fire)
        planes["reassured_by"] = dict(urgency.reassured_by)
    if PATTERNS in parts:
        planes["patterns"], planes["open_patterns"] = pattern_planes(knowledge, ever)
    if LABS in parts:
        planes.update(lab_planes(knowledge, values))
    if KNOWN in parts:
        planes[KNOWN] = {name: values.known(name) for name in values.names()}
    return planes
