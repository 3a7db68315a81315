"""The second process judges as the server does, is never needed, and holds nothing longer than it may."""

from __future__ import annotations

import functools
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from rheobase.errors import DataRefusedError
from rheobase.examples import example_bytes
from rheobase.importers.case_file import read_case
from rheobase.importers.labs_import import report_of
from rheobase.interview import Conversation
from rheobase.knowledge import Knowledge, load_knowledge
from rheobase.labs.reading import judge_all
from rheobase.labs.reading_names import facts_for
from rheobase.person import Diet, DietDay, Eaten, Person, Taken
from rheobase.web.desk import Desk
from rheobase.web.helper import Helper
from rheobase.web.judging import for_doctor, next_question, shown_of, verdict_of
from rheobase.web.kept import Kept
from rheobase.web.pages.food_enough import nothing_said, parts_of
from rheobase.web.settings import Settings
from rheobase.web.waiting import Waiting

ON = date(2026, 11, 24)
WORRIED = read_case(example_bytes("worried-28"), load_knowledge(), name="example")
PASSPHRASE = "a long enough passphrase"  # noqa: S105 - of a test


def _until(true: Callable[[], bool], most: float = 60.0) -> bool:
    ends = time.monotonic() + most
    while not true() and time.monotonic() < ends:
        time.sleep(0.02)
    return true()


@pytest.fixture
def helper() -> Iterator[Helper]:
    """Return a helper that is ready."""
    helper = Helper(wanted=True)
    helper.start()
    assert _until(lambda: helper.ready)
    yield helper
    helper.stop()


def _desk(folder: Path, helper: Helper | None = None) -> Desk:
    desk = Desk(Settings(1, folder, "x", today=lambda: ON))
    if helper is not None:
        desk.helper = helper
    return desk


def test_it_judges_as_the_server_does_and_goes_on_after_being_killed(helper: Helper) -> None:
    """Page and record are the same to the byte; what it can't do is left to the server; a killed one comes back."""
    verdict = verdict_of(WORRIED, load_knowledge(), on=ON)
    assert helper.ask("shown", WORRIED, ON) == shown_of(verdict, WORRIED, load_knowledge())
    assert helper.ask("body", WORRIED, ON) == verdict.body
    assert helper.ask("doctor", WORRIED, ON) == for_doctor(verdict, WORRIED)
    assert helper.ask("assessment", WORRIED, ON) == verdict.assessment
    eaten = DietDay(day=ON, meals=(Eaten("100 g spinach"),), drinks=(Eaten("2 cups coffee"),))
    eats = replace(WORRIED, diet=Diet((eaten,)))
    parts = parts_of(eats, load_knowledge(), nothing_said(), clock=12.0, on=ON)
    assert helper.ask("enough", eats, nothing_said(), 12.0, ON) == parts
    talk = Conversation(Person())
    assert helper.ask("outlook", talk, ON) == next_question(talk, load_knowledge(), on=ON)
    assert helper.ask("shown", "nobody", ON) is None
    assert helper.ask("__init__", WORRIED, ON) is None
    assert helper.ask("shown", lambda: WORRIED, ON) is None
    before = helper.process
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert helper.ask("body", WORRIED, ON) is None
    assert not helper.ready
    assert helper.ask("body", WORRIED, ON) is None
    assert _until(lambda: helper.ready)
    assert helper.process != before
    assert helper.ask("body", WORRIED, ON) == verdict.body


def test_an_answer_after_a_change_is_of_what_was_changed(tmp_path: Path, helper: Helper) -> None:
    """Whatever was worked out before, ahead or elsewhere, the page is that of the newest state, of the right person."""
    desk = _desk(tmp_path, helper)
    one, two = desk.begin("one", WORRIED).id, desk.begin("two").id
    for person in (replace(WORRIED, region="GB"), Person(region="US"), WORRIED, replace(WORRIED, medicines=())):
        old = desk.papers(one)
        desk.bring_in(old, person, why="a test")
        desk.foresee(two)
        desk.foresee(one)
        shown = desk.shown(desk.papers(one))
        new = desk.papers(one).person
        assert shown == shown_of(verdict_of(new, desk.knowledge, on=ON), new, desk.knowledge)
    assert desk.shown(desk.papers(two)) != desk.shown(desk.papers(one))
    desk.close()


def test_one_that_cannot_start_is_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no second process can be had, and where none is wanted, the server judges; it isn't tried for ever."""
    monkeypatch.setattr("rheobase.web.helper.COMMAND", ("-c", "raise SystemExit(3)"))
    helper = Helper(wanted=True)
    desk = _desk(tmp_path, helper)
    who = desk.begin("one", WORRIED).id
    for _ in range(5):
        helper.start()
        assert _until(lambda: helper.process is None)
    assert helper._starts == 3
    assert desk.shown(desk.papers(who)).level == verdict_of(WORRIED, desk.knowledge, on=ON).assessment.urgency.level
    desk.close()
    unwanted = Helper()
    unwanted.start()
    assert unwanted.process is None


def test_one_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page waits for a helper that says nothing only for so long."""
    silent = (
        "import pickle, sys, time\n"
        "for word in ('ready', 'late'):\n"
        "    pickle.dump((word,), sys.stdout.buffer); sys.stdout.flush(); time.sleep(10)"
    )
    monkeypatch.setattr("rheobase.web.helper.COMMAND", ("-c", silent))
    monkeypatch.setattr("rheobase.web.helper.MOST_S", 0.2)
    helper = Helper(wanted=True)
    helper.start()
    assert _until(lambda: helper.ready)
    assert helper.ask("body", WORRIED, ON) is None
    assert helper.process is None


def test_it_ends_when_the_server_is_killed(tmp_path: Path) -> None:
    """Its pipe closes with the server, whatever ended that: no process with somebody's answers is left behind."""
    program = (
        "import time; from rheobase.web.helper import Helper; h = Helper(wanted=True); h.start()\n"
        "while not h.ready: time.sleep(0.02)\n"
        "print(h.process, flush=True); time.sleep(99)"
    )
    server = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    assert server.stdout is not None
    helper = int(server.stdout.readline())
    server.kill()
    server.wait()
    server.stdout.close()
    assert _until(lambda: _ended(helper))


def _ended(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def test_nothing_is_held_after_locking(tmp_path: Path, helper: Helper) -> None:
    """Everything that the desk keeps of anybody is empty, also what is added later; the helper's process is ended."""
    desk = _desk(tmp_path, helper)
    who = desk.begin("one", WORRIED).id
    papers = desk.papers(who)
    assert desk.outlook(papers).question is not None
    desk.judge(papers)
    desk.verdict(papers)
    desk.store.encrypt(PASSPHRASE)
    held = [getattr(desk, each.name) for each in fields(desk)]
    kept = [each for each in held if isinstance(each, Kept)]
    waiting = [each for each in held if isinstance(each, Waiting)]
    assert len(kept) > 5
    for each in kept:
        each.get("something", object)
    tickets = [each.keep(who, each) for each in waiting]
    desk.close()
    assert [each for each in kept if each._held] == []
    assert [each.get(who, ticket) for each, ticket in zip(waiting, tickets, strict=True)] == [None] * len(waiting)
    assert desk._recorded == {}
    assert helper.process is None
    assert desk.locked
    desk.close()


def _words_kept(word: str) -> set[str]:
    """Return the caches of ours that hold a word in what they are asked or in what they answer."""
    found = set()
    for name, module in list(sys.modules.items()):
        for held in vars(module).values() if name.startswith("rheobase.") else ():
            if isinstance(held, functools._lru_cache_wrapper) and _holds(held, word):
                found.add(f"{held.__module__}.{held.__name__}")
    return found


def _holds(cache: object, word: str) -> bool:
    near: list[object] = gc.get_referents(cache)
    met = set()
    for _ in range(200_000):
        if not near:
            return False
        thing = near.pop()
        if isinstance(thing, str):
            if word in thing:
                return True
        elif id(thing) not in met and not isinstance(thing, type | ModuleType | FunctionType | Knowledge):
            met.add(id(thing))
            near.extend(gc.get_referents(thing))
    return False


def test_no_words_of_anybody_are_held_after_locking(tmp_path: Path) -> None:
    """A line of a diary and of a blood test are read by functions that keep what they read; locking empties them."""
    desk, word = _desk(tmp_path), "quagmire"
    meal = DietDay(day=ON, meals=(Eaten(f"100 g spinach {word}"),), supplements=(Taken(f"{word} magnesium 300 mg"),))
    papers = desk.papers(desk.begin("one", replace(WORRIED, diet=Diet((meal,)))).id)
    desk.verdict(papers)
    facts = facts_for(load_knowledge())
    judge_all(report_of(f"Potassium {word} 3.9 mmol/L (3.5-5.1)".encode(), "pasted", facts).lines, facts, ON)
    assert len(_words_kept(word)) > 2
    desk.store.encrypt(PASSPHRASE)
    del papers, meal
    desk.close()
    assert _words_kept(word) == set()


def test_an_older_judgement_does_not_replace_a_newer_one(tmp_path: Path) -> None:
    """Of two pages shown one after the other the first may be recorded last; the record is that of the newer state."""
    desk = _desk(tmp_path)
    who = desk.begin("one", WORRIED).id
    before = desk.papers(who)
    desk.change_diet(who, lambda _: Diet((DietDay(day=ON, meals=(Eaten("100 g spinach"),)),)), why="diary")
    after = desk.papers(who)
    desk.judge(after)
    kept = desk.store.judged(who)
    desk.judge(before)
    assert [(each.revision, each.body) for each in desk.store.judged(who)] == [(after.revision, kept[0].body)]


def test_what_was_read_while_locking_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Locked while somebody's papers are being read: they are in nobody's hands afterwards."""
    desk = _desk(tmp_path)
    who = desk.begin("one", WORRIED).id
    desk.store.encrypt(PASSPHRASE)

    def locks(*about: Any, **more: Any) -> Person:
        desk.close()
        return read_case(*about, **more)

    monkeypatch.setattr("rheobase.web.desk.read_case", locks)
    with pytest.raises(DataRefusedError):
        desk.papers(who)
    assert desk._cases._held == {}
