"""A million people: the judgement of ``assess`` over the columns of a dataframe. ``assess`` is the oracle."""

from rheobase.cohort.doors import judge_any

__all__ = ["judge_any"]
