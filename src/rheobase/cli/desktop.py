"""Whether there is a desktop on which a browser can be opened, and somebody who looks at it."""

from __future__ import annotations

from collections.abc import Mapping

WITH_WINDOWS = ("win32", "darwin")
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
# Reached over the network: the desktop, if there is one, is not the one in front of the person.
REMOTE = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")


def has_desktop(environment: Mapping[str, str], platform: str) -> bool:
    """Return whether a browser opened here is seen by whoever opened it.

    Args:
        environment: As ``os.environ``.
        platform: As ``sys.platform``.
    """
    if any(environment.get(name) for name in REMOTE):
        return False
    return platform in WITH_WINDOWS or any(environment.get(name) for name in DISPLAYS)


def somebody_looks_on(environment: Mapping[str, str], platform: str, *, is_terminal: bool) -> bool:
    """Return whether a command without arguments was typed by a person at a desktop.

    A script, a pipe and a build machine get the help and an end, never a server that waits for a stop.

    Args:
        environment: As ``os.environ``.
        platform: As ``sys.platform``.
        is_terminal: Whether the output goes to a terminal.
    """
    return is_terminal and not environment.get("CI") and has_desktop(environment, platform)
