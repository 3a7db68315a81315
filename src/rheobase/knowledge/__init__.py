"""What is known: causes, findings, evidence, red flags, laboratory tests, medicines, advice, sources."""

from __future__ import annotations

from rheobase.knowledge.load import Knowledge, build_knowledge, load_knowledge
from rheobase.knowledge.model import (
    BaseRate,
    Cause,
    Evidence,
    Finding,
    Medicine,
    MedicineClass,
    Region,
    Rule,
    Scale,
    Source,
    UrgencyLevel,
)
from rheobase.knowledge.model_advice import Advice, Nutrient, Statement
from rheobase.knowledge.model_labs import Analyte, Formula, Pattern

__all__ = [
    "Advice",
    "Analyte",
    "BaseRate",
    "Cause",
    "Evidence",
    "Finding",
    "Formula",
    "Knowledge",
    "Medicine",
    "MedicineClass",
    "Nutrient",
    "Pattern",
    "Region",
    "Rule",
    "Scale",
    "Source",
    "Statement",
    "UrgencyLevel",
    "build_knowledge",
    "load_knowledge",
]
