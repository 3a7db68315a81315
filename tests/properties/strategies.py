"""Generated people and conditions, shared by every property test."""

from __future__ import annotations

from hypothesis import strategies as st

from rheobase.knowledge import Finding, Knowledge, load_knowledge
from rheobase.logic import And, Atom, Expression, Not, Or
from rheobase.person import SETTINGS, Answer, Person, Status

NAMES = ("a", "b", "c", "d")

truths = st.sampled_from((True, False, None))


def expressions() -> st.SearchStrategy[Expression]:
    """Return conditions over four yes/no findings."""
    return st.recursive(
        st.sampled_from(NAMES).map(Atom),
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
        ),
        max_leaves=8,
    )


def answers(finding: Finding) -> st.SearchStrategy[Answer]:
    """Return answers to one finding, unknown among them."""
    known: st.SearchStrategy[Answer]
    if finding.type == "yes_no":
        known = st.booleans().map(lambda v: Answer(Status.PRESENT if v else Status.ABSENT, v))
    elif finding.type == "number":
        low, high = finding.minimum or 0.0, finding.maximum if finding.maximum is not None else 1000.0
        known = st.floats(low, high, allow_nan=False).map(lambda v: Answer(Status.PRESENT, v))
    elif finding.type == "choice":
        known = st.sampled_from(finding.options).map(lambda v: Answer(Status.PRESENT, v))
    else:
        # No place at all is an absence.
        known = st.frozensets(st.sampled_from(finding.options), max_size=3).map(
            lambda v: Answer(Status.PRESENT if v else Status.ABSENT, v)
        )
    return st.one_of(known, st.just(Answer(Status.UNKNOWN)))


@st.composite
def people(draw: st.DrawFn, knowledge: Knowledge | None = None, *, most: int = 25) -> Person:
    """Return people with up to ``most`` answered findings."""
    known = knowledge or load_knowledge()
    ids = draw(st.lists(st.sampled_from(sorted(known.findings)), max_size=most, unique=True))
    told = {name: draw(answers(known.findings[name])) for name in ids}
    return Person(answers=told, setting=draw(st.sampled_from(SETTINGS)))
