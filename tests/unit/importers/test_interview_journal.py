"""The journal: nothing that was answered is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rheobase.errors import DataRefusedError
from rheobase.importers.interview_journal import Journal, journal_of, read_journal, step_data, step_of
from rheobase.interview import Conversation, Kind, Reply, ReplyKind, Step, look_ahead
from rheobase.knowledge import load_knowledge
from rheobase.person import Answer, MedicineUse, Person, Status

KNOWLEDGE = load_knowledge()
START = Person(answers={"age_years": Answer(Status.PRESENT, 50.0)}, region="GB", notes="line one\nline two")


def begun(folder: Path, replies: int) -> tuple[Journal, Conversation]:
    """Return a journal with so many replies and the conversation that it holds."""
    journal = Journal(journal_of(folder / "me.yaml"))
    journal.begin(START)
    talk = Conversation(START)
    for _ in range(replies):
        question = look_ahead(talk, KNOWLEDGE).question
        assert question is not None
        reply = Reply(ReplyKind.NOT_KNOWN) if question.finding else Reply(fields=())
        talk = talk.answered(question, reply)
        journal.add(question, talk)
    return journal, talk


def test_a_journal_reads_back_as_the_same_conversation(tmp_path: Path) -> None:
    """Start, replies and steps back come again."""
    journal, talk = begun(tmp_path, 4)
    assert read_journal(journal.path, KNOWLEDGE).talk == talk
    journal.back()
    assert read_journal(journal.path, KNOWLEDGE).talk == talk.back()


@pytest.mark.parametrize("cut", [1, 10, 200])
def test_a_torn_last_line_costs_that_reply_only(tmp_path: Path, cut: int) -> None:
    """A journal cut off in its last line gives all the replies before, says so, and can be gone on with."""
    journal, talk = begun(tmp_path, 3)
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole[:-cut])
    resumed = read_journal(journal.path, KNOWLEDGE)
    # Without its newline alone the line is still whole.
    assert resumed.talk == (talk if cut == 1 else talk.back())
    assert bool(resumed.notes) is (cut > 1)
    question = look_ahead(resumed.talk, KNOWLEDGE).question
    assert question is not None
    after = resumed.talk.answered(question, Reply(ReplyKind.SKIPPED))
    journal.add(question, after)
    assert read_journal(journal.path, KNOWLEDGE).talk == after


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"{}",
        b'{"rheobase_interview": 2, "start": ""}',
        b'{"rheobase_interview": 1}',
        b"\xff\xfe\x00",
        b"[" * 5000,
    ],
)
def test_what_is_no_journal_is_refused_with_one_line(tmp_path: Path, content: bytes) -> None:
    """A foreign file is refused; nothing is overwritten."""
    path = tmp_path / "me.yaml.interview"
    path.write_bytes(content)
    with pytest.raises(DataRefusedError) as refused:
        read_journal(path, KNOWLEDGE)
    assert len(str(refused.value).splitlines()) == 1
    assert path.read_bytes() == content


def test_a_spoiled_line_in_the_middle_costs_that_reply_only(tmp_path: Path) -> None:
    """The replies around it stay."""
    journal, _ = begun(tmp_path, 3)
    lines = journal.path.read_text(encoding="utf-8").split("\n")
    lines[2] = '{"question": 5}'
    journal.path.write_text("\n".join(lines), encoding="utf-8")
    resumed = read_journal(journal.path, KNOWLEDGE)
    assert len(resumed.talk.steps) == 2
    assert len(resumed.notes) == 1


def test_a_finding_that_is_gone_is_left_out_and_said(tmp_path: Path) -> None:
    """A newer knowledge without a finding still reads the rest."""
    journal, _ = begun(tmp_path, 1)
    text = journal.path.read_text(encoding="utf-8").replace("breathless_at_rest", "no_such_finding")
    journal.path.write_text(text, encoding="utf-8")
    resumed = read_journal(journal.path, KNOWLEDGE)
    assert any("no_such_finding" in note for note in resumed.notes)
    assert "chest_pain" in resumed.talk.person(KNOWLEDGE).answers


def test_a_second_journal_never_overwrites_the_first(tmp_path: Path) -> None:
    """Beginning where a journal is already is an error."""
    journal, _ = begun(tmp_path, 0)
    with pytest.raises(DataRefusedError, match="cannot be written"):
        journal.begin(START)


values = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.frozensets(st.text(max_size=5), max_size=3),
)
uses = st.builds(
    MedicineUse,
    st.text(max_size=20),
    st.none() | st.text(max_size=8),
    st.sampled_from(Status),
    st.none() | st.floats(0, 1000),
)
replies = st.builds(
    Reply,
    st.sampled_from(ReplyKind),
    st.frozensets(st.integers(0, 2)),
    st.frozensets(st.integers(0, 2)),
    values,
    st.none() | st.text(max_size=20),
    st.lists(st.tuples(st.text(max_size=5), values, st.none() | st.text(max_size=5)), max_size=2).map(tuple),
    st.lists(uses, max_size=2).map(tuple),
    complete=st.booleans(),
)
steps = st.builds(
    Step,
    st.text(max_size=9),
    st.sampled_from(Kind),
    st.just((("a",), ("b", "c"), ("d",))),
    st.none() | st.text(max_size=9),
    replies,
)


@given(steps)
def test_every_step_survives_as_plain_data(step: Step) -> None:
    """To plain data and back is the same step."""
    assert step_of(step_data(step)) == step
