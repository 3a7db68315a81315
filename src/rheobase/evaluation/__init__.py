"""How good is it? Published cases in, honest figures out."""

from __future__ import annotations

from rheobase.evaluation.run import Evaluation, evaluate_cases

__all__ = ["Evaluation", "evaluate_cases"]
