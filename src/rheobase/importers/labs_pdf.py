"""The text layer of a PDF report, in columns as it is printed. A scan has none and is refused."""

from __future__ import annotations

import io
import logging
import re
from typing import Any

from rheobase.errors import DataRefusedError, UsageError

MOST_PAGES, MOST_TEXT = 300, 5_000_000
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def pdf_text(data: bytes, file: str) -> str:
    """Return the text of a PDF, page by page.

    Args:
        data: The bytes of the file.
        file: Its name, for messages.

    Raises:
        DataRefusedError: It is encrypted, damaged, too long, or a scan without text.
        UsageError: The extra [labs] is not installed.
    """
    try:
        import pypdf  # noqa: PLC0415 - an extra, used for PDF alone
    except ImportError as problem:
        raise UsageError(f"{file}: a PDF needs the extra labs: pip install 'rheobase[labs]'.") from problem
    # What it says of odd files is not for the person; what matters is raised.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        text = _text(pypdf.PdfReader(io.BytesIO(data), strict=False), file)
    except DataRefusedError:
        raise
    except Exception as problem:
        # pypdf raises many kinds on damaged files; each is one line for the person.
        raise DataRefusedError(f"{file}: is a damaged PDF. Fetch it again, or paste its text.") from problem
    if not text.strip():
        raise DataRefusedError(f"{file}: holds no text, only pictures (a scan?). Type the lines into a text file.")
    return text


def _text(reader: Any, file: str) -> str:
    if reader.is_encrypted:
        raise DataRefusedError(f"{file}: is locked with a password. Save a copy without one, or paste the text.")
    if len(reader.pages) > MOST_PAGES:
        raise DataRefusedError(f"{file}: has {len(reader.pages)} pages, at most {MOST_PAGES} are read.")
    pages, length = [], 0
    for page in reader.pages:
        pages.append(page.extract_text(extraction_mode="layout"))
        length += len(pages[-1])
        if length > MOST_TEXT:
            raise DataRefusedError(f"{file}: holds more text than a laboratory report has. Is it the right file?")
    return _CONTROL.sub(" ", "\n".join(pages))
