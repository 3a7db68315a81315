#!/usr/bin/env python3
"""Set everything up, then run one thing. Standard library only.

    python3 dev.py          the app, in the browser
    python3 dev.py demo     the main job on a packaged example
    python3 dev.py test     every test
    python3 dev.py check    the fast checks before a commit
    python3 dev.py setup    only the set-up

The set-up makes .venv from requirements.lock (hashes checked) and runs again only when the lock, pyproject.toml or
Python changes. uv installs when pip can fetch it, which is about three times faster; otherwise pip does.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV, LOCK = ROOT / ".venv", ROOT / "requirements.lock"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "set-up-complete"
OLDEST = (3, 11)

LINT = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("importlinter.cli", "lint_imports"),
    ("rheobase", "knowledge", "check"),
)
APP = "app"
COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "setup": (),
    APP: (("rheobase", "serve"),),
    "demo": (("rheobase", "assess", "--example", "worried-28"),),
    "check": (*LINT, ("pytest", "-q", "-n", "auto", "-m", "not slow and not browser")),
    "test": (*LINT, ("pytest", "-n", "auto", "--cov", "--cov-report=term")),
}


def run(*arguments: object) -> int:
    """Run a command in the repository and return its exit status."""
    # Every command is a process of its own: without byte code on disc each would compile all that it imports.
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.call([str(each) for each in arguments], cwd=ROOT, env=surroundings)


def run_module(module: str, *arguments: str) -> int:
    """Run a module of the virtual environment."""
    if module == "importlinter.cli":
        return run(PYTHON, "-c", "from importlinter.cli import lint_imports_command as c; c()")
    return run(PYTHON, "-m", module, *arguments)


def fingerprint() -> str:
    """Return what the set-up depends on, as one hash."""
    parts = (LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode(), str(ROOT).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def install() -> bool:
    """Install the locked packages and this project; return whether it worked."""
    quiet = ("--disable-pip-version-check", "-q")
    with_uv = run(PYTHON, "-m", "pip", "install", *quiet, "uv>=0.9") == 0
    locked = ("--require-hashes", "-r", LOCK)
    done = with_uv and run(PYTHON, "-m", "uv", "pip", "install", "-q", "--python", PYTHON, *locked) == 0
    done = done or run(PYTHON, "-m", "pip", "install", *quiet, *locked) == 0
    # hatchling is in the lock, so the project itself installs without fetching a build environment.
    return done and run(PYTHON, "-m", "pip", "install", *quiet, "--no-deps", "--no-build-isolation", "-e", ".") == 0


def set_up() -> None:
    """Make the virtual environment unless a finished one of this very lock is there."""
    if sys.version_info < OLDEST:
        sys.exit(f"Rheobase needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    print("Setting up .venv (once; about half a minute) ...", file=sys.stderr, flush=True)
    # The stamp is written last, so an interrupted set-up starts afresh.
    shutil.rmtree(VENV, ignore_errors=True)
    venv.create(VENV, with_pip=True)
    if not install():
        sys.exit("The set-up failed: see the lines above. It needs a package index the first time.")
    STAMP.write_text(wanted, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Set up, then run the chosen commands until one fails."""
    arguments = arguments or [APP]
    if arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    if arguments[0] not in COMMANDS:
        print(f"dev.py: {arguments[0]!r} is none of its commands.\n\n{__doc__}", file=sys.stderr)
        return 2
    set_up()
    steps = COMMANDS[arguments[0]]
    for at, (module, *rest) in enumerate(steps):
        extra = arguments[1:] if at == len(steps) - 1 else []
        if (status := run_module(module, *rest, *extra)) != 0:
            return status
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        # The app is stopped with Ctrl+C, which is no fault.
        sys.exit(0 if sys.argv[1:] in ([], [APP]) else 130)
