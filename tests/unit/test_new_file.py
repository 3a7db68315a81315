"""New files are whole, or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from rheobase.errors import UsageError
from rheobase.importers.new_file import write_new


def test_what_cannot_be_written_whole_is_not_left_in_part(tmp_path: Path) -> None:
    """A text that fails on the way to the disc leaves no file, and one that was there before stays."""
    path = tmp_path / "bundle.json"
    with pytest.raises(UsageError, match="cannot be written"):
        write_new(str(path), "x" * 100_000 + "\ud800")
    assert not path.exists()
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="there already"):
        write_new(str(path), "x")
    assert path.read_text(encoding="utf-8") == "mine"
