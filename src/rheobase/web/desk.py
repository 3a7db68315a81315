"""What every page works with: the knowledge, the store, and one person's papers taken out of it and put back."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import InitVar, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from rheobase.assess import Assessment, assess
from rheobase.diet.plan import ImportedFile
from rheobase.errors import DataRefusedError
from rheobase.importers.case_file import MAX_BYTES, read_case
from rheobase.importers.case_writer import write_case
from rheobase.importers.interview_journal import step_data, step_of
from rheobase.interview import Conversation, Outlook, Question, Reply
from rheobase.knowledge import Knowledge, load_knowledge
from rheobase.labs.reading_line import Judged as JudgedLine
from rheobase.person import Diet, Person
from rheobase.report.document import Document
from rheobase.storage import Judged, OnePerson, Store
from rheobase.web.forgetting import forget_words
from rheobase.web.helper import Helper
from rheobase.web.judging import NextQuestion, Shown, Verdict, for_doctor, next_question, shown_of, verdict_of
from rheobase.web.kept import Kept
from rheobase.web.settings import Settings
from rheobase.web.shelf import Shelf
from rheobase.web.waiting import Waiting

MOST_PAGES, MOST_VERDICTS, MOST_REVISIONS = 32, 8, 9
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LabReport:
    """A laboratory report that was read: what it is called, its lines, and the lines that hold no result."""

    name: str
    lines: tuple[JudgedLine, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Papers:
    """One person as they stand: the newest revision, and the open interview on top of it.

    Attributes:
        who: Number and name.
        revision: Number of the newest revision.
        talk: The interview; its start is the revision, its steps are the open replies.
        person: What follows from both.
        state: The same state is the same person; what is worked out is kept by it.
    """

    who: OnePerson
    revision: int
    talk: Conversation
    person: Person
    state: Hashable


@dataclass(slots=True)
class Desk:
    """The one desk of a running server."""

    settings: Settings
    knowledge: Knowledge = field(default_factory=load_knowledge)
    on: InitVar[Shelf | None] = None
    shelf: Shelf = field(init=False)
    _cases: Kept[Person] = field(default_factory=lambda: Kept(MOST_REVISIONS))
    # Held from reading a person's papers to writing them anew, so that of two changes at once neither is lost.
    changing: threading.RLock = field(default_factory=threading.RLock)
    waiting: Waiting[ImportedFile] = field(default_factory=Waiting)
    reports: Waiting[LabReport] = field(default_factory=Waiting)
    aside: Waiting[Person] = field(default_factory=Waiting)
    # Who was begun from a file set aside, by its ticket and the name given, so that the same form begins nobody twice.
    begun: dict[tuple[str, str], int] = field(default_factory=dict)
    kept: Kept[Any] = field(default_factory=Kept)
    nerves: Kept[dict[str, Any]] = field(default_factory=lambda: Kept(MOST_PAGES))
    helper: Helper = field(init=False)
    _people: Kept[Person] = field(default_factory=Kept)
    _assessments: Kept[Assessment] = field(default_factory=Kept)
    _verdicts: Kept[Verdict] = field(default_factory=lambda: Kept(MOST_VERDICTS))
    _outlooks: Kept[NextQuestion] = field(default_factory=Kept)
    _shown: Kept[Shown] = field(default_factory=Kept)
    _recorded: dict[int, Hashable] = field(default_factory=dict)

    def __post_init__(self, on: Shelf | None) -> None:
        """Take the shelf that is there, or one of its own."""
        self.shelf = on or Shelf(self.settings)
        self.helper = Helper(wanted=self.settings.helper)

    @property
    def path(self) -> Path:
        """The database's file."""
        return self.shelf.path

    @property
    def locked(self) -> bool:
        """Whether a passphrase is wanted first."""
        return self.shelf.locked

    @property
    def today(self) -> date:
        """Today."""
        return self.settings.today()

    @property
    def store(self) -> Store:
        """The open store.

        Raises:
            DataRefusedError: A passphrase is wanted first.
        """
        return self.shelf.store

    def unlock(self, passphrase: str) -> None:
        """Open an encrypted store.

        Raises:
            DataRefusedError: The passphrase is wrong.
        """
        self.shelf.unlock(passphrase)

    def close(self) -> None:
        """Close the store, and forget everybody."""
        self.shelf.close()
        self.helper.stop()
        # After locking nothing of anybody is held.
        self._recorded, self.begun = {}, {}
        for each in fields(self):
            held = getattr(self, each.name)
            if isinstance(held, Kept | Waiting):
                held.clear()
        forget_words()

    def papers(self, number: int) -> Papers:
        """Return one person's papers.

        Raises:
            DataRefusedError: There is no such person.
        """
        newest = self.store.newest(number)
        who = next(each for each in self.store.people() if each.id == number)
        # A revision never changes; the few newest are enough to answer at once.
        start = self._cases.get(
            newest.id, lambda: read_case(newest.case.encode(), self.knowledge, name="what is stored here")
        )
        bodies = tuple(each.body for each in self.store.steps(number))
        talk = Conversation(start, tuple(step_of(json.loads(each)) for each in bodies))
        state = (number, newest.id, bodies)
        person = self._people.get(state, lambda: talk.person(self.knowledge))
        return Papers(who, newest.id, talk, person, state)

    def outlook(self, papers: Papers) -> Outlook:
        """Return what to ask next."""
        return self.next_question(papers).outlook

    def next_question(self, papers: Papers) -> NextQuestion:
        """Return what to ask next, and why."""
        talk, today = papers.talk, self.today
        return self._outlooks.get(
            (papers.state, today),
            lambda: self.worked_out("outlook", talk, today, here=lambda: next_question(talk, self.knowledge, on=today)),
        )

    def worked_out(self, what: str, *about: object, here: Callable[[], T]) -> T:
        """Return what the helper works out, or, where it can't, what is worked out here.

        Args:
            what: What the helper calls it.
            about: What it follows from.
            here: Works out the same in this process.

        Raises:
            DataRefusedError: The data was locked meanwhile; nothing of anybody is held after that.
        """
        found: T | None = self.helper.ask(what, *about)
        if found is not None:
            return found
        if self.locked:
            raise DataRefusedError("The data was locked meanwhile. Give its passphrase first.")
        return here()

    def begin(self, name: str, person: Person | None = None, *, why: str = "begun") -> OnePerson:
        """Add a person."""
        return self.store.add_person(name, write_case(person or Person()), why=why)

    def answered(self, papers: Papers, question: Question, reply: Reply, *, again: bool = False) -> bool:
        """Keep a reply; return False when another tab was first. ``again``: the longer form of the last one."""
        talk = papers.talk.back() if again else papers.talk
        step = talk.answered(question, reply).steps[-1]
        body = json.dumps(step_data(step), sort_keys=True, allow_nan=False)
        if again:
            return self.store.replace_step(papers.who.id, len(talk.steps), body)
        return self.store.add_step(papers.who.id, len(talk.steps), body)

    def change_start(self, papers: Papers, start: Person, *, why: str) -> None:
        """Write what was told outside the interview, under the replies of the interview that is open."""
        self.store.revise(papers.who.id, write_case(start), why=why)

    def change_diet(self, number: int, change: Callable[[Diet], Diet], *, why: str) -> None:
        """Change what a person ate and drank; of two changes at once both are kept.

        Args:
            number: Whose.
            change: From the diet as it is now to the new one.
            why: What changed, in a few words.

        Raises:
            DataRefusedError: As of ``change``; or the diary would be larger than what can be read again.
        """
        with self.changing:
            papers = self.papers(number)
            start = papers.talk.start
            diet = change(start.diet or Diet())
            changed = replace(start, diet=diet if diet != Diet() else None)
            text = write_case(changed)
            if (size := len(text.encode())) > MAX_BYTES:
                raise DataRefusedError(
                    f"With that everything told would be {size / 1e6:.1f} MB, at most {MAX_BYTES / 1e6:g} MB can be "
                    "kept, which is about a year of single foods. Take a shorter span, or a file of daily totals."
                )
            # Reading it back gives an equal person, so that need not be waited for.
            self._cases.get(self.store.revise(number, text, why=why), lambda: changed)

    def take_back_diet(self, number: int, revision: str, *, mark: str) -> None:
        """Write the diet as it was before the newest revision.

        Args:
            number: Whose.
            revision: Number of the newest revision as it was shown.
            mark: How the reason of a change of the diary begins.

        Raises:
            DataRefusedError: Something was changed since, or the newest change was not one of the diary.
        """
        with self.changing:
            newest = self.store.newest(number)
            before = self.store.before(number, newest.id)
            if str(newest.id) != revision or before is None or not newest.why.startswith(mark):
                raise DataRefusedError("Something else was changed since, perhaps in another tab. Nothing was undone.")
            person = self._cases.get(
                before.id, lambda: read_case(before.case.encode(), self.knowledge, name="what was before")
            )
            why = f"{mark}took back: {newest.why.removeprefix(mark).removeprefix('took back: ')}"
            self.change_diet(number, lambda _: person.diet or Diet(), why=why)

    def close_interview(self, papers: Papers, person: Person | None = None, *, why: str = "interview") -> None:
        """Write a revision that holds the replies, and end the interview."""
        text = write_case(person if person is not None else papers.person)
        self.store.revise(papers.who.id, text, why=why, close_interview=True)

    def assessment(self, papers: Papers) -> Assessment:
        """Return the assessment of today alone, for pages that need no more of the judgement."""
        who, today = papers.person, self.today
        return self._assessments.get(
            (papers.state, today),
            lambda: self.worked_out("assessment", who, today, here=lambda: assess(who, self.knowledge, on=today)),
        )

    def verdict(self, papers: Papers) -> Verdict:
        """Return the judgement of today; worked out once for each state of a person."""
        today = self.today
        return self._verdicts.get(
            (papers.state, today),
            lambda: verdict_of(papers.person, self.knowledge, on=today, assessment=self.assessment(papers)),
        )

    def foresee(self, number: int) -> None:
        """Work out the judgement of somebody whose papers changed, before it is asked for."""
        with suppress(DataRefusedError):
            papers = self.papers(number)
            if self.helper.ready:
                # More pages need the assessment than all of it, and it takes a fraction of the time.
                self.assessment(papers)
            self.shown(papers)

    def foresee_question(self, number: int) -> None:
        """Work out the next question of somebody who replied."""
        with suppress(DataRefusedError):
            self.next_question(self.papers(number))

    def shown(self, papers: Papers) -> Shown:
        """Return the judgement of today as pages show it."""
        who, today = papers.person, self.today

        def here() -> Shown:
            return shown_of(self.verdict(papers), who, self.knowledge)

        return self._shown.get((papers.state, today), lambda: self.worked_out("shown", who, today, here=here))

    def doctor_document(self, papers: Papers) -> Document:
        """Return the page for a doctor of today, to be set for paper."""
        who = papers.person
        return self.worked_out("doctor", who, self.today, here=lambda: for_doctor(self.verdict(papers), who))

    def keep_shown(self, papers: Papers) -> None:
        """Keep the judgement of today as it was shown; where the person was deleted meanwhile, nothing is kept."""
        with suppress(DataRefusedError):
            self.judge(papers)

    def judge(self, papers: Papers) -> None:
        """Keep the judgement of today as it is shown.

        Raises:
            DataRefusedError: There is no such person any more, or the data was locked.
        """
        shown, on = self.shown(papers), self.today.isoformat()
        key = (papers.state, on)
        if self._recorded.get(papers.who.id) != key:
            body = self.worked_out("body", papers.person, self.today, here=lambda: self.verdict(papers).body)
            judged = Judged(0, "", on, papers.revision, shown.knowledge_version, shown.level, body)
            with self.changing:
                # Of two judgements of one moment the older may come later; it must not stand in the newer one's place.
                if self.papers(papers.who.id).state == papers.state:
                    self.store.keep_judged(papers.who.id, judged)
                    self._recorded[papers.who.id] = key

    def taken_up(self, papers: Papers, ticket: str) -> Person:
        """Return the person that was read from a file for another's papers and shown as a plan.

        Raises:
            DataRefusedError: It is not held any more, or was read for somebody else.
        """
        person = self.aside.get(papers.who.id, ticket)
        if person is None:
            raise DataRefusedError("The file is not held any more. Choose it again; nothing was changed.")
        return person

    def bring_in(self, papers: Papers, person: Person, *, why: str) -> None:
        """Make a person the newest revision; what was told before stays in the history, the open interview too."""
        if papers.talk.steps:
            self.close_interview(papers)
        self.store.revise(papers.who.id, write_case(person), why=why)

    def place(self, papers: Papers, *, region: str | None) -> None:
        """Change the region of a person."""
        self.change_start(papers, replace(papers.talk.start, region=region), why="region")
