"""The interview at a terminal: shows, reads, keeps. Which question comes next is decided in ``rheobase.interview``."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from rheobase.cli.options import day_of, wants_colour
from rheobase.errors import ReplyError, UsageError
from rheobase.importers.case_file import read_case
from rheobase.importers.case_writer import write_case
from rheobase.importers.interview_journal import Journal, journal_of, read_journal, was_begun
from rheobase.importers.interview_reply import looks_like, read_reply
from rheobase.importers.text_file import read_limited
from rheobase.interview import (
    Conversation,
    Kind,
    Outlook,
    Question,
    Reply,
    ReplyKind,
    level_at_least,
    look_ahead,
    why_asked,
)
from rheobase.interview.put import finding_question
from rheobase.knowledge import Knowledge
from rheobase.person import MedicineUse, Person, Value
from rheobase.plain_text import printable
from rheobase.report.document import Block, Document, Paragraph, Point, Section
from rheobase.report.interview_words import commands_text, notice_text, progress_words, question_text, reason_blocks
from rheobase.report.terminal import render

URGENT = ("emergency", "same_day")
WELCOME = (
    "A few questions, the ones that can change the answer. Rheobase informs; it does not diagnose. "
    "Everything stays on this machine. Nobody minds a 'don't know'."
)
# A name that looks like more than two is asked for again by the list of kinds of medicine.
MOST_ALIKE = 2
BACK, STOP = "back", "stop"
LONGEST_LINE = 100_000
_BACK, _WHY, _STOP = ("b", "back"), ("w", "why", "why?"), ("q", "quit", "stop")


class Screen:
    """Where the conversation is shown: standard error, so that standard output holds the answer alone."""

    def __init__(self, width: int, *, colour: bool | None) -> None:
        """Remember how to show it.

        Args:
            width: Columns.
            colour: As chosen; None asks the terminal.
        """
        self.width = width
        self._colour = wants_colour(chosen=colour) if colour is not None else sys.stderr.isatty()

    def show(self, title: str, blocks: Iterable[Block]) -> None:
        """Show blocks under a title."""
        text = render(Document("", (Section(title, tuple(blocks)),), ()), width=self.width, colour=self._colour)
        click.echo(text.strip("\n") + "\n", err=True)

    def head(self, title: str, progress: str) -> None:
        """Show what a question is about, and how far along it is."""
        name = printable(title).upper()
        apart = "  " if len(name) + len(progress) + len("  ()") <= self.width else "\n"
        click.echo(
            f"\n{click.style(name, fg='cyan', bold=True) if self._colour else name}{apart}({progress})", err=True
        )

    def say(self, words: str) -> None:
        """Show a notice, in lines that fit."""
        click.echo(notice_text(words, self.width), err=True)

    def read(self) -> str | None:
        """Return one typed line; None at the end of the input. What is no text, or endless, is asked for again."""
        while True:
            click.echo("> ", nl=False, err=True)
            # Bytes: a text stream that meets a broken character drops the lines after it too. None: closed.
            line = sys.stdin.buffer.readline(LONGEST_LINE) if sys.stdin is not None else b""
            if not line:
                return None
            whole = line
            while len(whole) == LONGEST_LINE and not whole.endswith(b"\n"):
                whole = sys.stdin.buffer.readline(LONGEST_LINE)
            try:
                text = line.decode(sys.stdin.encoding or "utf-8")
            except UnicodeDecodeError:
                self.say(f"That is no text in {sys.stdin.encoding}. Type it again.")
                continue
            if whole is line:
                return text.rstrip("\r\n")
            self.say(f"That line is too long: at most {LONGEST_LINE // 1000} kB are read. Type it in fewer words.")


@dataclass(slots=True)
class Interviewer:
    """One interview with one case file."""

    case: Path
    knowledge: Knowledge
    screen: Screen
    journal: Journal
    talk: Conversation
    told_level: str = ""
    helped: set[Kind] = field(default_factory=set)

    @property
    def shown(self) -> str:
        """The case file's name as it is shown."""
        return printable(str(self.case), limit=200)

    @classmethod
    def open(
        cls, case: Path, knowledge: Knowledge, screen: Screen, *, setting: str | None, region: str | None
    ) -> Interviewer:
        """Begin, or go on where the journal or the case file stops.

        Args:
            case: The case file, there or not.
            knowledge: What is known.
            screen: Where to show it.
            setting: Overrides the setting of the case.
            region: Overrides the region of the case.

        Raises:
            DataRefusedError: The case file or the journal can't be read, or another interview with it is open.
            UsageError: The folder can't be written to, or the name is no file's.
        """
        _check_place(case)
        if region is not None and not (len(region) == len("GB") and region.isascii() and region.isalpha()):
            message = f"--region: expected two letters such as GB or US, got {printable(region, limit=40)!r}."
            raise UsageError(message)
        path, name = journal_of(case), printable(str(case), limit=200)
        journal = Journal(path)
        if os.path.lexists(path):
            journal.hold()
        # Looked at only when it is ours: another process may just have written to it.
        begun = was_begun(path)
        start = read_case(read_limited(case), knowledge, name=str(case)) if case.exists() else None
        if begun:
            resumed = read_journal(path, knowledge)
            screen.say(f"Going on where you stopped: {len(resumed.talk.steps)} replies are kept.")
            talk = resumed.talk
            notes = list(resumed.notes)
            if start is not None and start != replace(talk.start, setting=start.setting, region=start.region):
                notes.append(
                    f"{name} was changed since this interview began; that is not used here, and will be kept beside it."
                )
            for note in notes:
                screen.say(note)
            return cls(case, knowledge, screen, journal, replace(talk, start=_placed(talk.start, setting, region)))
        if start is not None:
            screen.say(f"{name} is there already: only what it does not say is asked.")
        person = _placed(start or Person(), setting, region)
        journal.begin(person)
        return cls(case, knowledge, screen, journal, Conversation(person))

    def run(self, most: int) -> None:
        """Ask until nothing is left, the person stops, or ``most`` questions were put and no more are wanted."""
        self.screen.show("Rheobase", [Paragraph(WELCOME)])
        self.screen.say(commands_text(self.screen.width))
        while True:
            outlook = look_ahead(self.talk, self.knowledge, on=day_of(None))
            self._warn(outlook)
            if outlook.question is None:
                self.screen.say("Nothing that is left to ask could change the answer.\n")
                return
            count = len(self.talk.steps)
            if count and count % most == 0 and not self._wants_more(outlook):
                return
            if not self._put(outlook.question, outlook):
                return

    def _wants_more(self, outlook: Outlook) -> bool:
        self.screen.say(
            f"That was {len(self.talk.steps)} questions; about {outlook.left} more could still help a little."
        )
        self.screen.say("Go on? Type y, or anything else for the answer.")
        return (self.screen.read() or "").strip().lower() in ("y", "yes")

    def _put(self, question: Question, outlook: Outlook) -> bool:
        """Put one question until it is answered or left; return whether to go on."""
        self.screen.head(question.title, progress_words(outlook, len(self.talk.steps) + 1))
        helped = question.kind in self.helped
        self.screen.say(question_text(question, self.knowledge, width=self.screen.width, helped=helped))
        self.helped.add(question.kind)
        if question.kind is Kind.FORM:
            return self._form(question)
        reply = self._read(question)
        if isinstance(reply, Reply):
            # Kept before anything else is asked: a kill now loses nothing.
            self._keep(question, reply)
            if reply.medicines:
                whole = self._medicines(reply)
                if whole is None:
                    self._back()
                elif whole != reply:
                    self._keep(question, whole, again=True)
            return True
        if reply == BACK:
            self._back()
        return reply == BACK

    def _keep(self, question: Question, reply: Reply, *, again: bool = False) -> None:
        """Take a reply and write it down; ``again`` replaces the last one, of which it is the longer form."""
        self.talk = (self.talk.back() if again else self.talk).answered(question, reply)
        self.journal.add(question, self.talk, again=again)

    def _form(self, question: Question) -> bool:
        """Ask the fields one after another; each is kept as soon as it is filled in."""
        fields: list[tuple[str, Value | None, str | None]] = []
        for count, item in enumerate(question.items, 1):
            name = item.shows[0].finding
            one = finding_question(self.knowledge, name)
            helped = one.kind in self.helped and one.kind is not Kind.NUMBER
            self.screen.say(question_text(one, self.knowledge, width=self.screen.width, helped=helped))
            self.helped.add(one.kind)
            reply = self._read(one)
            if not isinstance(reply, Reply):
                if reply == BACK:
                    self._back()
                return reply == BACK
            if reply.kind is not ReplyKind.SKIPPED:
                fields.append((name, reply.value, reply.original))
            self._keep(replace(question, items=question.items[:count]), Reply(fields=tuple(fields)), again=count > 1)
        return True

    def _read(self, question: Question) -> Reply | str:
        """Return what was typed as a reply, or the command that was: back, or stop."""
        while (text := self.screen.read()) is not None:
            word = text.strip().lower()
            if word in _STOP:
                return STOP
            if word in _BACK:
                return BACK
            if word in _WHY:
                reason = why_asked(question, self.talk, self.knowledge, on=day_of(None))
                self.screen.show("Why we ask", reason_blocks(reason, self.knowledge))
                continue
            try:
                return read_reply(question, text, self.knowledge)
            except ReplyError as problem:
                self.screen.say(str(problem))
        self.screen.say("")
        return STOP

    def _back(self) -> None:
        if not self.talk.steps:
            self.screen.say("This is the first question.")
            return
        self.talk = self.talk.back()
        self.journal.back()

    def _medicines(self, reply: Reply) -> Reply | None:
        """Show what was recognised, and ask whether that is all: only then is anything taken as not taken.

        None is "back": the question is put again.
        """
        uses = tuple(self._meant(use) for use in reply.medicines)
        for use in uses:
            entry = self.knowledge.medicines.get(use.medicine or "") or self.knowledge.medicine_classes.get(
                use.medicine or ""
            )
            if entry is not None:
                self.screen.say(f"  {printable(use.written, limit=80)}: read as {entry.name}")
        for use in uses:
            if use.medicine is None:
                self.screen.say(f"  {printable(use.written, limit=80)}: not recognised; it is kept as you wrote it.")
        self.screen.say("Is that everything you take? Type y or n, or b to type the names again.")
        word = (self.screen.read() or "").strip().lower()
        return None if word in _BACK else replace(reply, medicines=uses, complete=word in ("y", "yes"))

    def _meant(self, use: MedicineUse) -> MedicineUse:
        """Ask whether a name that is not known is one that looks like it; nothing is taken without a yes."""
        for medicine, name in looks_like(use, self.knowledge)[:MOST_ALIKE]:
            self.screen.say(f"  Is {printable(use.written, limit=80)!r} the same as {name}? Type y or n.")
            if (self.screen.read() or "").strip().lower() in ("y", "yes"):
                return replace(use, medicine=medicine)
        return use

    def _warn(self, outlook: Outlook) -> None:
        """Say at once what should not wait, and once for each level."""
        level = outlook.urgency.level
        if outlook.question is not None and (
            known := level_at_least(outlook.question, self.talk, self.knowledge, on=day_of(None))
        ):
            # A line held several things: what is not so under every reading waits for the answer which of them it is.
            level = known
        if level not in URGENT or level == self.told_level:
            return
        self.told_level = level
        entry, knowledge = self.knowledge.levels[level], self.knowledge
        blocks: list[Block] = [Paragraph(f"{entry.name}. {entry.person}", strong=True)]
        blocks.extend(
            Point(knowledge.rules[each.rule].tell_person) for each in outlook.urgency.fired if each.urgency == level
        )
        if level == URGENT[0]:
            where = knowledge.regions.get(self.talk.start.region or "") or knowledge.regions["default"]
            blocks.append(Paragraph(f"Emergency number: {where.emergency} ({where.name})."))
            blocks.append(Paragraph("You need not answer any more questions. Type q to stop here."))
        self.screen.show("Please read this first", blocks)

    def save(self) -> Person:
        """Write the case file, keep what it held before beside it, and close the journal."""
        person = self.talk.person(self.knowledge)
        for use in person.medicines:
            if use.medicine is None and not any(
                repr(printable(use.written, limit=80)) in x for x in person.not_understood
            ):
                line = f"medicine {printable(use.written, limit=80)!r}: kept as written, not recognised."
                person = replace(person, not_understood=(*person.not_understood, line))
        text = write_case(person).encode()
        try:
            kept = _write_whole(self.case, text)
        except OSError as problem:
            message = (
                f"{self.shown}: cannot be written ({problem.strerror}). Every reply is kept in "
                f"{printable(self.journal.path.name, limit=200)}; make room there and give the same command again."
            )
            raise UsageError(message) from problem
        if kept is not None:
            self.screen.say(f"What {self.shown} held before is kept in {printable(kept.name, limit=200)}.")
        self.journal.done()
        self.screen.say(f"Saved in {self.shown}. To see the answer again: rheobase assess {self.shown}\n")
        return person


def _check_place(case: Path) -> None:
    """Refuse what can't be the name of a case file, before anything is asked."""
    shown = printable(str(case), limit=200)
    try:
        if case.name in ("", "-"):
            raise UsageError(f"{shown!r} is not the name of a file. Give one, such as me.yaml.")
        if case.exists() and not case.is_file():
            raise UsageError(f"{shown}: is not a file. Give the name of a case file, such as me.yaml.")
        journal_of(case).exists()
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise UsageError(f"{shown}: cannot be used ({reason}). Give another name, such as me.yaml.") from problem


def _placed(person: Person, setting: str | None, region: str | None) -> Person:
    return replace(person, setting=setting or person.setting, region=region.upper() if region else person.region)


def _free_name(case: Path) -> Path:
    """Return a name beside the case file that nothing has yet."""
    number = 1
    while os.path.lexists(name := case.with_name(f"{case.stem}.before-{number}{case.suffix}")):
        number += 1
    return name


def _write_whole(path: Path, data: bytes) -> Path | None:
    """Write a file so that it is there whole or not at all; return where what it held before is kept, if it differs.

    Raises:
        OSError: It can't be written; what was there is there still.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".rheobase-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        kept = _free_name(path) if path.exists() and path.read_bytes() != data else None
        if kept is not None:
            path.replace(kept)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return kept
