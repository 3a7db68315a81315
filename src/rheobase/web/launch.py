"""Start the server on this machine and open the browser."""

from __future__ import annotations

import os
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterable
from pathlib import Path

from rheobase.errors import UsageError
from rheobase.web.settings import LOOPBACK, Settings

HOST, PORT = "127.0.0.1", 8741
TRIES = 20
# A page that takes a millisecond must not wait for one that takes fifty: threads take turns this often [s].
SWITCH_S = 0.001


def bound_socket(host: str, port: int | None) -> socket.socket:
    """Return a listening socket; without a port the first free one from ``PORT`` on.

    Raises:
        UsageError: The port is taken, or the address is none of this machine.
    """
    wanted: Iterable[int] = [port] if port is not None else range(PORT, PORT + TRIES)
    problem: OSError | None = None
    for each in wanted:
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, each))
            # From here on whoever opens the printed address waits for the answer instead of being turned away.
            listener.listen()
        except (OSError, OverflowError) as failed:
            listener.close()
            problem = failed if isinstance(failed, OSError) else OSError(str(failed))
            continue
        return listener
    which = f"port {port}" if port is not None else f"every port from {PORT} to {PORT + TRIES - 1}"
    raise UsageError(f"{host}, {which}: cannot be used ({problem}). Give another --port.") from problem


def serve(*, data_dir: Path, host: str, port: int | None, browser: bool, say: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Args:
        data_dir: Folder of the database.
        host: Address to listen on; anything but the loopback is warned about.
        port: TCP port; None for the first free one.
        browser: Whether to open the browser.
        say: Where to print the address.

    Raises:
        UsageError: The address or the folder can't be used.
    """
    listener = bound_socket(host, port)
    actual = int(listener.getsockname()[1])
    extra = () if host in LOOPBACK or host == "::1" else (host,)
    settings = Settings(actual, data_dir, secrets.token_urlsafe(24), extra, helper=(os.cpu_count() or 1) > 1)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{actual}/open?token={settings.token}"
    if extra:
        say(
            f"WARNING: {host} can be reached from other machines, without encryption on the way. Whoever sees the "
            "address below can read everything. Use 127.0.0.1 unless you know why not."
        )
    say(f"Rheobase is open at {address}\nThe address works once. Stop with Ctrl+C; everything is kept.")
    if browser:
        # The browser is asked once the socket answers; it queues until then.
        threading.Timer(0.2, webbrowser.open, (address,)).start()
    # Imported only now: while the browser starts, so does the rest.
    sys.setswitchinterval(SWITCH_S)
    import uvicorn  # noqa: PLC0415

    from rheobase.web.app import create_app  # noqa: PLC0415

    app = create_app(settings, whole=False)
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, ws="none")
    uvicorn.Server(config).run(sockets=[listener])
