"""The plan as plain data, with dates as ``YYYY-MM-DD`` and amounts in the units that it names."""

from __future__ import annotations

from typing import Any

from rheobase.assess import Assessment
from rheobase.assess.advice import OfferedAdvice, WithheldAdvice
from rheobase.knowledge import Advice, Knowledge
from rheobase.report.advice_section import shown_plan


def plan_json(assessment: Assessment, knowledge: Knowledge) -> list[dict[str, Any]]:
    """Return every offered item in order, with its steps, dates, foods, and when it is judged."""
    shown = {each.advice for each in shown_plan(assessment, knowledge)}
    return [_offered(each, knowledge, in_plan=each.advice in shown) for each in assessment.advice]


def withheld_json(assessment: Assessment) -> list[dict[str, Any]]:
    """Return what was withheld and why."""
    return [_withheld(each) for each in assessment.withheld]


def _offered(each: OfferedAdvice, knowledge: Knowledge, *, in_plan: bool) -> dict[str, Any]:
    item, how = knowledge.advice[each.advice], each.means
    return {
        "advice": each.advice,
        "title": item.title,
        "kind": item.kind,
        "text": item.text,
        "in_plan": in_plan,
        "for_causes": list(each.for_causes),
        "steps": list(item.steps),
        "cut_down": item.cut_down or None,
        "schedule": _schedule(item, each),
        "foods": [
            {
                "food": food.food,
                "name": knowledge.foods[food.food].name,
                "portion": knowledge.foods[food.food].portion,
                "amount": None if food.amount is None else round(food.amount, 2),
                "unit": knowledge.food_units[item.nutrient].unit if item.nutrient else None,
                "amount_in_words": knowledge.foods[food.food].as_told.get(item.nutrient or ""),
                "only_if_not": list(food.only_if_not),
            }
            for food in how.foods
        ],
        "eaten_already": [
            {
                "name": eaten.food.name,
                "day": eaten.food.day.isoformat() if eaten.food.day else None,
                "grams": eaten.food.grams,
                "amount": round(eaten.food.amount, 2),
                "unit": knowledge.food_units[item.nutrient].unit if item.nutrient else None,
                "only_if_not": list(eaten.only_if_not),
            }
            for eaten in how.eats
        ],
        "foods_left_out": [{"food": left.food, "rule": left.rule} for left in how.left_out],
        "keep_apart": [{"medicine": one.medicine, "text": one.text, "source": one.source} for one in how.keep_apart],
        "cautions": list(each.cautions),
        "ask_first": list(each.ask_first),
        "stop_if": list(item.stop_if),
        "recheck_on": how.recheck.isoformat() if how.recheck else None,
        "better_if": item.better_if or None,
        "worse_if": item.worse_if or None,
        "sources": list(item.sources),
    }


def _schedule(item: Advice, each: OfferedAdvice) -> list[dict[str, Any]]:
    unit = item.taper.unit if item.taper is not None else None
    return [{"from": step.day.isoformat(), "at_most": step.amount, "unit": unit} for step in each.means.schedule]


def _withheld(each: WithheldAdvice) -> dict[str, Any]:
    return {
        "advice": each.advice,
        "because": list(each.because),
        "conflicts_with": each.conflicts_with,
        "why": list(each.why),
        "waits_until_seen": each.waits,
        "sources": list(each.sources),
    }
