"""How the app is opened: by the first command of the README, and by ``rheobase`` alone where there is a desktop."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from rheobase.cli import desktop
from rheobase.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
WINDOW = {"DISPLAY": ":0"}


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, list[tuple[str, ...]]]:
    """Return the set-up script, and what it would run; it sets nothing up."""
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(module, "set_up", lambda: ran.append(("set_up",)))

    def noted(*words: str) -> int:
        ran.append(words)
        return 0

    monkeypatch.setattr(module, "run_module", noted)
    return module, ran


def test_the_first_command_sets_up_and_opens_the_app(dev: tuple[ModuleType, list[tuple[str, ...]]]) -> None:
    """Without arguments the app is opened, after the set-up; ``app`` takes the options of ``serve``."""
    module, ran = dev
    assert module.main([]) == 0
    assert ran == [("set_up",), ("rheobase", "serve")]
    assert module.main(["app", "--no-browser"]) == 0
    assert ran[-1] == ("rheobase", "serve", "--no-browser")


@pytest.mark.parametrize("name", ["demo", "test", "check", "setup"])
def test_the_other_commands_stay(dev: tuple[ModuleType, list[tuple[str, ...]]], name: str) -> None:
    """Each sets up first and never opens the app."""
    module, ran = dev
    assert module.main([name]) == 0
    assert ran[0] == ("set_up",)
    assert ("rheobase", "serve") not in ran


def test_help_and_mistakes_set_nothing_up(
    dev: tuple[ModuleType, list[tuple[str, ...]]], capsys: pytest.CaptureFixture[str]
) -> None:
    """-h prints every command and ends well; an unknown word is named and ends with 2."""
    module, ran = dev
    assert module.main(["-h"]) == 0
    shown = capsys.readouterr().out
    assert all(f"dev.py {name}" in shown for name in ("demo", "test", "check", "setup"))
    assert module.main(["tset"]) == 2
    assert "'tset'" in capsys.readouterr().err
    assert ran == []


@pytest.mark.parametrize(
    ("environment", "platform", "is_terminal", "looks_on"),
    [
        (WINDOW, "linux", True, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True, True),
        ({}, "win32", True, True),
        ({}, "darwin", True, True),
        ({}, "linux", True, False),
        (WINDOW, "linux", False, False),
        ({"CI": "true"}, "darwin", True, False),
        ({**WINDOW, "SSH_CONNECTION": "a 1 b 2"}, "linux", True, False),
        ({"SSH_TTY": "/dev/pts/1"}, "darwin", True, False),
        ({"DISPLAY": ""}, "linux", True, False),
    ],
)
def test_who_looks_on(environment: dict[str, str], platform: str, *, is_terminal: bool, looks_on: bool) -> None:
    """A window system and a terminal are both needed; scripts, build machines and remote shells open nothing."""
    assert desktop.somebody_looks_on(environment, platform, is_terminal=is_terminal) is looks_on


@pytest.mark.parametrize("looks_on", [True, False])
def test_the_command_alone_opens_the_app_or_helps(monkeypatch: pytest.MonkeyPatch, *, looks_on: bool) -> None:
    """On a desktop ``rheobase`` serves; elsewhere it prints the help; both end with 0."""
    launch = pytest.importorskip("rheobase.web.launch")
    served: list[dict[str, Any]] = []
    monkeypatch.setattr(launch, "serve", lambda **how: served.append(how))
    monkeypatch.setattr(desktop, "somebody_looks_on", lambda *_, **__: looks_on)
    done = CliRunner().invoke(cli, [])
    assert done.exit_code == 0
    assert ("Usage:" in done.output) is not looks_on
    assert len(served) == (1 if looks_on else 0)
    assert all(how["host"] == "127.0.0.1" and how["port"] is None for how in served)


@pytest.mark.parametrize("display", ["", ":0"])
def test_no_browser_takes_the_terminal_over(monkeypatch: pytest.MonkeyPatch, display: str) -> None:
    """Without a desktop the address is printed only: the system's browser might be one for the terminal."""
    launch = pytest.importorskip("rheobase.web.launch")
    served: list[dict[str, Any]] = []
    monkeypatch.setattr(launch, "serve", lambda **how: served.append(how))
    for name in (*desktop.DISPLAYS, *desktop.REMOTE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setattr("sys.platform", "linux")
    assert CliRunner().invoke(cli, ["serve"]).exit_code == 0
    assert served[0]["browser"] is bool(display)
