"""Run the command line with ``python -m rheobase``."""

from __future__ import annotations

from rheobase.cli.main import main

main()
