"""Where reports are written: whole or not at all, and never over a file that is not a report of ours."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from rheobase.errors import UsageError
from rheobase.plain_text import printable

STDOUT = "-"
_HTML_MARK, _PDF_MARK, _PDF_START = b'<meta name="generator" content="Rheobase ', b"/Keywords(Rheobase)", b"%PDF-"
# Both marks stand well within this many bytes of the start or the end of a file of ours.
_LOOKED_AT = 65_536


def check_targets(targets: Mapping[str, str | None], *, case_file: str | None, force: bool) -> None:
    """Refuse targets that can't be written, before anything is reckoned.

    Args:
        targets: Path by format (``html``, ``pdf``); ``-`` is standard output, None is not asked.
        case_file: The file that is read; it is never written over.
        force: Write over a file that is not a report of ours.

    Raises:
        UsageError: Two targets are the same, a file would be lost, or PDF would go to a terminal.
    """
    asked = [path for path in targets.values() if path is not None]
    if len({path if path == STDOUT else os.path.realpath(path) for path in asked}) < len(asked):
        raise UsageError("Two reports can't go to the same place. Give each its own file.")
    if targets.get("pdf") == STDOUT and sys.stdout.isatty():
        raise UsageError("A PDF is not for reading in a terminal. Give a file, or send it on with a pipe.")
    for path in asked:
        if path != STDOUT:
            _check(Path(path), None if case_file in (None, STDOUT) else Path(str(case_file)), force=force)


def _check(path: Path, case_file: Path | None, *, force: bool) -> None:
    shown = printable(str(path), limit=200)
    try:
        if not path.exists():
            return
        if path.is_dir():
            raise UsageError(f"{shown}: is a folder. Give the name of a file in it.")
        if case_file is not None and case_file.exists() and path.samefile(case_file):
            raise UsageError(f"{shown}: is the case file itself and is kept. Give another name.")
        kept = path.is_file() and not force and not _is_ours(path)
    except (OSError, ValueError) as problem:
        raise _unwritable(shown, problem) from problem
    if kept:
        raise UsageError(
            f"{shown}: is there already, is not a report of Rheobase, and is kept. Give another name, or --force."
        )


def _is_ours(path: Path) -> bool:
    """Whether a file is empty or a report of ours, which the next report may replace."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        start = stream.read(_LOOKED_AT)
        if start.startswith(_PDF_START):
            stream.seek(max(0, size - _LOOKED_AT))
            return _PDF_MARK in start or _PDF_MARK in stream.read(_LOOKED_AT)
    return size == 0 or _HTML_MARK in start


def write_reports(targets: Mapping[str, str | None], made: Mapping[str, Callable[[], bytes]]) -> None:
    """Make every report that was asked for, then write them; say on standard error where each is.

    Args:
        targets: Path by format, checked with ``check_targets``.
        made: What makes the report of each format.

    Raises:
        UsageError: A file cannot be written.
    """
    ready = [(path, made[name]()) for name, path in targets.items() if path is not None]
    for path, data in ready:
        if path == STDOUT:
            # Bytes as they are, not text with the terminal's own line ends.
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            continue
        shown = printable(path, limit=200)
        try:
            before = Path(path).is_file()
            _write(Path(path), data)
        except (OSError, ValueError) as problem:
            raise _unwritable(shown, problem) from problem
        click.echo(f"Wrote {shown}{' (in place of what was there)' if before else ''}.", err=True)


def _write(path: Path, data: bytes) -> None:
    if path.exists() and not path.is_file():
        # A pipe or a device takes the bytes as they come.
        path.write_bytes(data)
        return
    goal = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(dir=goal.parent, prefix=f".{goal.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        # Health is private: only the owner may read it, as mkstemp made it.
        Path(name).replace(goal)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _unwritable(shown: str, problem: Exception) -> UsageError:
    reason = getattr(problem, "strerror", None) or str(problem)
    return UsageError(f"{shown}: cannot be written ({reason}). Give a path in a folder that exists.")
