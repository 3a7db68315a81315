"""Judgement: one person, the knowledge and a date in; one reasoned assessment out. Pure."""

from __future__ import annotations

from rheobase.assess.assessment import Assessment, assess

__all__ = ["Assessment", "assess"]
