"""Kernels compiled ahead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from rheobase.cli.main import cli
from rheobase.nerve.compiled import is_compiled
from rheobase.nerve.prepare import PARTS


def test_prepare_leaves_every_kernel_in_the_cache() -> None:
    """It names each part, all are then known to be compiled, and a part that is none is not."""
    done = CliRunner().invoke(cli, ["nerve", "prepare"])
    assert done.exit_code == 0, done.output
    assert done.stdout.split("\n")[:-1] == [f"{name}: ready" for name in PARTS]
    assert all(is_compiled(name) for name in PARTS)
    assert not is_compiled("brain")


@pytest.mark.slow
def test_the_first_use_says_that_it_takes_longer_and_the_next_does_not(tmp_path: Path) -> None:
    """With an empty cache `nerve show` says so on standard error; with a full one it is silent."""
    command = [sys.executable, "-m", "rheobase.cli", "nerve", "show", "--json"]
    where = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    first, next_ = (subprocess.run(command, capture_output=True, text=True, check=True, env=where) for _ in range(2))
    assert "Preparing the model" in first.stderr
    assert next_.stderr == ""
    assert first.stdout == next_.stdout
