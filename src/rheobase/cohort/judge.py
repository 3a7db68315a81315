"""The whole judgement of a told frame: what ``assess`` says of each person, as columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from queue import SimpleQueue
from typing import NamedTuple

import polars as pl

from rheobase.cohort.adequacy import adequacy_columns
from rheobase.cohort.blocks import BEFORE_CAUSES, Judging
from rheobase.cohort.columns import Block, Scratch, Told
from rheobase.cohort.fits import TOP, Fits, empty_fits, fit_columns, fit_words
from rheobase.cohort.frame import PERSON, TAKEN, check_told, coded, options
from rheobase.cohort.kernels import BLOCK
from rheobase.cohort.lab_findings import every_finding, measured
from rheobase.cohort.lab_outcomes import lab_outcomes
from rheobase.cohort.labs import with_labs
from rheobase.cohort.old_results import in_both_worlds, without_old
from rheobase.cohort.one_by_one import one_by_one
from rheobase.cohort.outputs import as_words
from rheobase.cohort.plan import ADEQUACY, CAUSES, LABS, LEDGER, MISSING, PARTS, USUAL, plan
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge

__all__ = ["TOP", "judge"]

# People at a time: few enough that their planes stay in the cache.
AT_ONCE = 32768


def judge(
    told: pl.DataFrame,
    knowledge: Knowledge,
    *,
    on: date | None = None,
    ledger: bool = False,
    keep: Sequence[str] = (),
    parts: Collection[str] = USUAL,
) -> pl.DataFrame:
    """Return the judgement of everyone in a told frame, in the same order.

    Its columns follow from those of the told frame, never from what is known in them. Causes whose probabilities are
    the same but for the last digits may stand in either order in ``top_causes``.

    Args:
        told: One row per person; see ``cohort.frame`` for its columns. Null is "not known".
        knowledge: What is known.
        on: The day that is judged, needed where a result has a date (``lab.<analyte>.taken``): results that are too
            old to speak for that day weigh nothing and silence nothing. A result without a date counts as that day's.
        ledger: Also give the ledger of every cause, one person after the other, which is slow.
        keep: Columns that are carried along unread.
        parts: Of ``plan.PARTS``, what is asked for; less is faster.

    Raises:
        DataRefusedError: A column, its type, a word or a number is not one that may be told, a part is not known,
            results have dates and ``on`` is not given or is an earlier day.
    """
    if strange := sorted(set(parts) - set(PARTS)):
        raise DataRefusedError(f"part {strange[0]!r} is not known: expected some of {', '.join(PARTS)}")
    asked = frozenset((*parts, LEDGER) if ledger else parts)
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        pieces = _checked(told.rechunk(), knowledge, keep, pool)
        checked = pl.concat([piece.told for piece in pieces], rechunk=False)
        carried = [name for name in checked.columns if name == PERSON or name in keep]
        known = _worked_out(_somebodys([piece.coded.drop(carried) for piece in pieces]), knowledge, on, pool)
        judging = Judging(knowledge, plan(knowledge, frozenset(known[0].columns), asked), asked)
        judged = _judged(known, judging, checked.height, pool)
    # Of one piece each, so that what is written of them does not depend on how many threads there were.
    found = [checked.select(carried).rechunk(), judged]
    if LABS in parts:
        names = frozenset(checked.drop(keep).columns)
        whole = pl.concat(known, rechunk=False)
        found[1] = every_finding(judged, knowledge, names)
        found.append(lab_outcomes(whole, knowledge, checked.drop(keep)).rechunk())
        found.append(measured(whole, knowledge, names, people=checked.height).rechunk())
    if ADEQUACY in parts:
        found.append(pl.DataFrame(list(adequacy_columns(checked.drop(keep), knowledge))))
    if asked & {LEDGER, MISSING}:
        found.append(one_by_one(checked.drop(keep), knowledge, asked, on=on))
    return pl.concat([each for each in found if each.width], how="horizontal")


class _Checked(NamedTuple):
    """People as they were told, every column in its own type, and the same with small numbers for words."""

    told: pl.DataFrame
    coded: pl.DataFrame


def _checked(told: pl.DataFrame, knowledge: Knowledge, keep: Sequence[str], pool: ThreadPoolExecutor) -> list[_Checked]:
    """Return what was told, checked, in pieces.

    Raises:
        DataRefusedError: As ``check_told`` does.
    """
    words = {name: pl.Enum(listed) for name, listed in options(knowledge).items() if name not in keep}
    named = [name for name, kind in told.schema.items() if kind == pl.String and name in words]

    def check(piece: pl.DataFrame) -> _Checked:
        # That its words become small numbers says that it holds no others.
        numbered = piece.select(pl.col(name).cast(words[name]) for name in named)
        rest = check_told(piece.drop(named), knowledge, keep)
        whole = piece.with_columns(rest.get_columns())
        return _Checked(whole, coded(whole.with_columns(numbered.get_columns()), knowledge))

    try:
        return list(pool.map(check, _pieces(told)))
    except (DataRefusedError, pl.exceptions.InvalidOperationError):
        # What is refused is said by its row in the whole.
        return [_Checked(piece, coded(piece, knowledge)) for piece in _pieces(check_told(told, knowledge, keep))]


def _pieces(frame: pl.DataFrame) -> list[pl.DataFrame]:
    """Return a frame in as many pieces as there are threads, each but the last of whole blocks; at least one."""
    size = _whole_blocks(frame.height, pl.thread_pool_size())
    return [frame.slice(start, size) for start in range(0, max(frame.height, 1), size)]


def _whole_blocks(people: int, parts: int) -> int:
    """Return how many people each of some parts has, in whole blocks; at least one block."""
    return max(BLOCK, -(-people // (parts * BLOCK)) * BLOCK)


def _worked_out(
    pieces: Sequence[pl.DataFrame], knowledge: Knowledge, on: date | None, pool: ThreadPoolExecutor
) -> list[pl.DataFrame]:
    """Return what is told with what follows from blood tests, in both worlds where some result is old.

    Each piece has the same columns: those in which something is known of somebody in any of them.
    """
    if not any(name.endswith(TAKEN) for name in pieces[0].columns):
        return _somebodys(list(pool.map(lambda piece: with_labs(piece, knowledge), pieces)))
    # Whether there are two worlds is decided by everybody's results.
    told = pl.concat(pieces, rechunk=True)
    today = without_old(told, knowledge, on)
    known = with_labs(today, knowledge)
    if today is not told:
        known = in_both_worlds(known, with_labs(told, knowledge))
    return _somebodys(_pieces(known))


def _somebodys(pieces: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """Return the columns in which something is known of somebody."""
    known: set[str] = set()
    for piece in pieces:
        if piece.width:
            known.update(name for name, nulls in piece.null_count().row(0, named=True).items() if nulls < piece.height)
    return [piece.select(name for name in piece.columns if name in known) for piece in pieces]


def _judged(known: Sequence[pl.DataFrame], judging: Judging, people: int, pool: ThreadPoolExecutor) -> pl.DataFrame:
    """Return the judgement of everyone: each thread does one block after the other by itself.

    Args:
        known: What is known of them, in pieces of whole blocks.
        judging: Of a block.
        people: How many there are.
        pool: The threads.
    """
    fits = empty_fits(judging.knowledge, people) if CAUSES in judging.parts else None
    work = list(_blocks(known, judging.knowledge, people, fits))
    # Each thread takes its memory and gives it back.
    free: SimpleQueue[Scratch] = SimpleQueue()
    for _ in range(pl.thread_pool_size()):
        free.put(Scratch())

    def judge_block(block: Block, part: Fits | None) -> pl.DataFrame:
        scratch = free.get()
        try:
            return judging.block(block, part, scratch)
        finally:
            free.put(scratch)

    judged = pl.concat(pool.map(judge_block, *zip(*work, strict=True)), rechunk=True)
    if fits is None:
        return judged
    causes = as_words(fit_columns(judging.knowledge, fits), fit_words(judging.knowledge))
    first = [name for name in judged.columns if name in BEFORE_CAUSES]
    parts = (judged.select(first), causes, judged.drop(first))
    return pl.concat([part for part in parts if part.width], how="horizontal")


def _blocks(
    known: Sequence[pl.DataFrame], knowledge: Knowledge, people: int, fits: Fits | None
) -> Iterator[tuple[Block, Fits | None]]:
    """Yield the people of every block, and where it is filled in how well each cause fits them."""
    whole = _whole_blocks(people, pl.thread_pool_size())
    for at in range(0, max(people, 1), whole):
        # Where nothing is known of anybody there are no columns, and so no rows.
        told = Told(known[at // whole] if known[0].width else known[0], options(knowledge))
        height = min(whole, people - at)
        size = _whole_blocks(height, -(-height // AT_ONCE) or 1)
        for start in range(0, max(height, 1), size):
            count = min(size, height - start)
            yield Block(told, count, start), None if fits is None else fits.part(at + start, count)
