"""Write a diet as a file that reads back as the same diet."""

from __future__ import annotations

from rheobase.importers.diet_file import VERSION, VERSION_KEY
from rheobase.importers.diet_section import diet_lines
from rheobase.person import Diet

HEADER = "# A Rheobase diet file. It stays on this machine."


def write_diet(diet: Diet) -> str:
    """Return the file of a diet; ``read_diet`` of it gives an equal diet.

    Args:
        diet: Anything that ``read_diet`` gives.
    """
    return "\n".join([HEADER, f"{VERSION_KEY}: {VERSION}", *diet_lines(diet)]) + "\n"
