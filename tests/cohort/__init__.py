"""Tests of the judgement over columns."""
