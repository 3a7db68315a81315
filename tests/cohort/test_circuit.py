"""Conditions over columns have the truth that ``logic`` gives each person, unknown included."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rheobase.cohort.circuit import EVERYBODY, Circuit, Source, Three, wired
from rheobase.cohort.columns import KNOWN, WORD_IS, YES, Block, Scratch, Told
from rheobase.cohort.conditions import Values, condition
from rheobase.logic import And, Atom, Compare, Expression, Has, In, Known, Not, Or, evaluate
from rheobase.person import Value

OPTIONS = {"colour": ("red", "green", "blue"), "place": ("hand", "foot", "calf")}
NUMBERS = (0.0, 1.0, 2.5, 3.0)


def leaves() -> st.SearchStrategy[Expression]:
    """Return every kind of leaf over two yes/no findings, two numbers, a choice and places, and names never told."""
    numbers = st.builds(
        Compare,
        st.sampled_from(("n", "m", "none")),
        st.sampled_from(("<", "<=", ">", ">=", "==", "!=")),
        st.sampled_from(NUMBERS),
    )
    words = st.builds(Compare, st.just("colour"), st.sampled_from(("==", "!=")), st.sampled_from(OPTIONS["colour"]))
    choices = st.lists(st.sampled_from(OPTIONS["colour"]), min_size=1, max_size=2, unique=True)
    return st.one_of(
        st.sampled_from(("a", "b", "n", "colour", "place", "never")).map(Atom),
        numbers,
        words,
        choices.map(lambda options: In("colour", tuple(options))),
        st.sampled_from(OPTIONS["place"]).map(lambda option: Has("place", option)),
        st.sampled_from(("a", "n", "colour", "place", "never")).map(Known),
    )


def expressions() -> st.SearchStrategy[Expression]:
    """Return conditions of every operator."""
    return st.recursive(
        leaves(),
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
        ),
        max_leaves=8,
    )


def facts() -> st.SearchStrategy[dict[str, Value]]:
    """Return what is known of one person."""
    return st.fixed_dictionaries(
        {},
        optional={
            "a": st.booleans(),
            "b": st.booleans(),
            "n": st.sampled_from(NUMBERS),
            "m": st.sampled_from(NUMBERS),
            "colour": st.sampled_from(OPTIONS["colour"]),
            "place": st.frozensets(st.sampled_from(OPTIONS["place"])),
        },
    )


def evaluated(expression: Expression, people: list[dict[str, Value]]) -> list[bool | None]:
    """Return the truth of a condition for everyone, through a circuit."""
    types = {"a": pl.Boolean, "b": pl.Boolean, "n": pl.Float64, "m": pl.Float64, "colour": pl.String}
    cells: dict[str, pl.Series] = {
        name: pl.Series(name, [person.get(name) for person in people], dtype=kind) for name, kind in types.items()
    }
    places = [sorted(person["place"]) if "place" in person else None for person in people]  # type: ignore[arg-type]
    cells["place"] = pl.Series("place", places, dtype=pl.List(pl.String))
    circuit = Circuit()
    truths = {
        name: circuit.of_known(circuit.input(Source(KNOWN, name)), circuit.input(Source(YES, name))) for name in "ab"
    }
    words = {"colour": {word: circuit.input(Source(WORD_IS, "colour", word)) for word in OPTIONS["colour"]}}
    values = Values(circuit, truths, words, frozenset({"n", "m"}), {"place": OPTIONS["place"]})
    column = condition(expression, values)
    return truths_of(circuit, column, Block(Told(pl.DataFrame(cells), OPTIONS), len(people)))


def truths_of(circuit: Circuit, column: Three, block: Block) -> list[bool | None]:
    """Return the truth of a column for everyone of a block."""
    whole = wired(circuit, list(column))
    rows = Scratch().run(whole, block)
    true, false = (bits(rows[row], block.people) for row in whole.outputs)
    assert not (true & false).any()
    return [True if yes else False if no else None for yes, no in zip(true, false, strict=True)]


def bits(plane: npt.NDArray[Any], people: int) -> npt.NDArray[np.bool_]:
    """Return the bits of a plane."""
    return np.unpackbits(plane.view(np.uint8), count=people, bitorder="little").astype(bool)


@settings(max_examples=150, deadline=None)
@given(expressions(), st.lists(facts(), min_size=1, max_size=70))
def test_a_condition_over_columns_has_the_truth_of_each_person(
    expression: Expression, people: list[dict[str, Value]]
) -> None:
    """Every operator gives true, false and unknown as ``logic.evaluate`` does, in any nesting."""
    assert evaluated(expression, people) == [evaluate(expression, each) for each in people]


@pytest.mark.parametrize("joined", [And, Or])
def test_the_truth_tables_are_kleenes(joined: type[And | Or]) -> None:
    """Each of the nine combinations of two truths is as ``logic`` has it, and so is the negation of each."""
    truths = (True, False, None)
    people = [
        {name: truth for name, truth in (("a", one), ("b", other)) if truth is not None}
        for one in truths
        for other in truths
    ]
    expression = joined((Atom("a"), Atom("b")))
    told: list[dict[str, Value]] = [dict(each) for each in people]
    assert evaluated(expression, told) == [evaluate(expression, each) for each in told]
    assert evaluated(Not(expression), told) == [evaluate(Not(expression), each) for each in told]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_at_least_counts_people(number: int) -> None:
    """Who is in at least so many of four planes is counted rightly."""
    people = [{name for bit, name in enumerate("abcd") if row >> bit & 1} for row in range(16)]
    cells = {name: pl.Series(name, [name in each for each in people]) for name in "abcd"}
    circuit = Circuit()
    plane = circuit.at_least(number, [circuit.input(Source(YES, name)) for name in "abcd"])
    block = Block(Told(pl.DataFrame(cells), {}), len(people))
    found = truths_of(circuit, circuit.of_known(EVERYBODY, plane), block)
    assert found == [len(each) >= number for each in people]


@pytest.mark.parametrize("start", [0, 1, 8, 13])
def test_bits_are_read_wherever_they_start(start: int) -> None:
    """A slice of a frame, whose bits may start within a byte, is read as it stands, and nobody stands behind it."""
    whole = pl.DataFrame({"a": [None if row % 3 == 0 else row % 2 == 0 for row in range(200)]})
    part = whole.slice(start, 131)
    circuit = Circuit()
    column = circuit.of_known(circuit.input(Source(KNOWN, "a")), circuit.input(Source(YES, "a")))
    block = Block(Told(part, {}), part.height)
    assert truths_of(circuit, column, block) == part["a"].to_list()
    assert not bits(block.plane(Source(KNOWN, "a")), block.words * 64)[part.height :].any()
