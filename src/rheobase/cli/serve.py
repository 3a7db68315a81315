"""``rheobase serve``: the app in the browser, from this machine only."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

DATA_DIR = "RHEOBASE_DATA_DIR"


def default_data_dir() -> Path:
    """Return where this system keeps a programme's data for its user."""
    if named := os.environ.get(DATA_DIR):
        return Path(named)
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "Rheobase"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Rheobase"
    return Path(os.environ.get("XDG_DATA_HOME", home / ".local" / "share")) / "rheobase"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port; the first free one from 8741 on by default.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address; others than this machine's are warned.")
@click.option("--browser/--no-browser", default=True, help="Open the browser.")
@click.option("--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Where the data is kept.")
def serve(*, port: int | None, host: str, browser: bool, data_dir: Path | None) -> None:
    """Open Rheobase in the browser. It answers on this machine only, and nothing leaves it."""
    from rheobase.cli.desktop import has_desktop
    from rheobase.errors import UsageError

    try:
        from rheobase.web.launch import serve as run
    except ImportError as problem:
        message = "The app in the browser needs the extra 'web': pip install 'rheobase[web]'."
        raise UsageError(message) from problem

    # Without a desktop the system's browser may be one for the terminal, which would take the terminal over.
    browser = browser and has_desktop(os.environ, sys.platform)
    where = data_dir or default_data_dir()
    run(data_dir=where, host=host, port=port, browser=browser, say=lambda words: click.echo(words, err=True))
