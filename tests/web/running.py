"""A real server, as a person starts it: the command, its own process, a free port."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Running:
    """``rheobase serve`` on a data folder; it can be killed and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        """Start it.

        Args:
            folder: Of the data.
        """
        self.folder = folder
        self.port = free_port()
        self.start()

    @property
    def base(self) -> str:
        """What every address begins with."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the command and wait for the address that it prints."""
        command = [sys.executable, "-m", "rheobase", "serve", "--no-browser", "--port", str(self.port)]
        command += ["--data-dir", str(self.folder)]
        self.child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self.child.stderr is not None
        said = ""
        while (found := re.search(r"http://\S+", said)) is None:
            line = self.child.stderr.readline()
            assert line, f"it ended: {said}"
            said += line
        self.opening = found[0]

    def kill(self) -> None:
        """End it as a power cut does."""
        os.kill(self.child.pid, signal.SIGKILL)
        self.child.wait()
        if self.child.stderr is not None:
            self.child.stderr.close()
