"""What is known: causes, findings, evidence, red flags, laboratory tests, medicines, advice, sources.

What is named here is imported when it is asked for, so that the first page need not wait for all of it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_WHERE = {
    "Advice": "model_advice",
    "Analyte": "model_labs",
    "BaseRate": "model",
    "Cause": "model",
    "Evidence": "model",
    "Finding": "model",
    "Formula": "model_labs",
    "Knowledge": "load",
    "Medicine": "model",
    "MedicineClass": "model",
    "Nutrient": "model_advice",
    "Pattern": "model_labs",
    "Region": "model",
    "Rule": "model",
    "Scale": "model",
    "Source": "model",
    "Statement": "model_advice",
    "UrgencyLevel": "model",
    "build_knowledge": "load",
    "load_knowledge": "load",
}


def __getattr__(name: str) -> object:
    """Return one of the names above from the module that holds it."""
    if name not in _WHERE:
        raise AttributeError(name)
    # Found here the next time.
    found = globals()[name] = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    return found
