"""The shape of the code: layers, sizes, light imports, no foreign addresses."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "rheobase"
MODULES = sorted(SOURCE.rglob("*.py"))
MOST_LINES, MOST_FUNCTION_LINES, MOST_POSITIONAL = 500, 60, 4
HEAVY = ("yaml", "numpy", "polars", "scipy", "pandas", "hypothesis", "rheobase.assess", "rheobase.knowledge")


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_modules_and_functions_stay_small(path: Path) -> None:
    """No module over 500 lines, no function over 60, no more than four positional parameters."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    for function in functions(path):
        assert (function.end_lineno or 0) - function.body[0].lineno < MOST_FUNCTION_LINES, function.name
        names = [each.arg for each in function.args.args if each.arg not in ("self", "cls")]
        commands = "cli" in path.parts
        assert commands or len(names) <= MOST_POSITIONAL, function.name


def test_assess_holds_no_clinical_constant() -> None:
    """The judgement has no number of its own but small structural ones; thresholds are knowledge."""
    allowed = {0, 1, 2, 3, 4, 40, 0.001}
    for path in (SOURCE / "assess").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, int | float)
                and not isinstance(node.value, bool)
            ):
                assert node.value in allowed, f"{path.name}:{node.lineno}: {node.value}"


def test_layers_hold() -> None:
    """Imports go downward only; siblings never import each other."""
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_help_imports_nothing_heavy() -> None:
    """`rheobase --help` starts without the knowledge, YAML or numbers."""
    code = "import sys, rheobase.cli.main; print([m for m in sys.argv[1:] if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_lock_and_the_tree_name_no_registry_and_no_machine() -> None:
    """Hashes pin the files; addresses stay out."""
    hosts = re.compile("py" + r"pi\.org|pythonhosted|registry\.npm" + r"js|/ro" + "ot/")
    for path in [ROOT / "requirements.lock", *ROOT.glob("*.md"), *ROOT.glob("*.toml"), *MODULES]:
        assert not hosts.search(path.read_text(encoding="utf-8")), path.name
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert "index-url" not in lock


def test_every_test_says_what_is_true() -> None:
    """Each test function has a docstring."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        for function in functions(path):
            if function.name.startswith("test_"):
                assert ast.get_docstring(function), f"{path.name}: {function.name}"
