"""Free text made safe to show: no escape sequences, no control characters, no marks that reorder a line."""

from __future__ import annotations

import re

# Terminal escape sequences are removed whole, so that their tail ("[31m") is not left standing.
_ESCAPES = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?")
# Marks that change the direction of the text around them; letters of right-to-left scripts stay as they are.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_ELLIPSIS = "…"


def printable(text: str, *, limit: int | None = None) -> str:
    r"""Return text that can be shown on one line anywhere, with the same words.

    Args:
        text: Any text, as it was told or imported. The original is kept elsewhere; this is for display.
        limit: Longest result in characters, the ellipsis included; None for any length.

    Returns:
        The text without escape sequences, control characters and marks of direction, white space folded.

    Example:
        >>> printable("\x1b[31momeprazole\x1b[0m\n20 mg")
        'omeprazole 20 mg'
    """
    folded = _SPACES.sub(" ", _CONTROL.sub("", _DIRECTION.sub("", _ESCAPES.sub("", text)))).strip()
    if limit is not None and len(folded) > limit:
        return folded[: limit - 1].rstrip() + _ELLIPSIS
    return folded


def in_sentence(words: str) -> str:
    """Return a name as it stands inside a sentence: its first letter small, unless the word is in capitals."""
    first = words.split(" ", 1)[0]
    return words if first.isupper() and len(first) > 1 else words[:1].lower() + words[1:]
