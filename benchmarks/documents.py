"""Measure the documents: time and size of the page and of the PDF, for each example and each reader.

    .venv/bin/python benchmarks/documents.py

Prints medians beside the budgets (page 100 ms and 60 KB, PDF 500 ms). The first PDF of a process, which also loads
typst and its fonts, stands by itself, measured in a fresh process.
"""

from __future__ import annotations

import functools
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from rheobase.report.document import Document

PAGE_MS, PAGE_BYTES, PDF_MS = 100.0, 60_000, 500.0
RUNS = 9
FIRST = """
import time
from benchmarks.documents import documents
from rheobase.report import render_pdf
document = next(documents())[2]
started = time.perf_counter()
render_pdf(document)
print((time.perf_counter() - started) * 1000)
"""


def documents() -> Iterator[tuple[str, str, Document]]:
    """Yield example, reader and document."""
    from rheobase.assess import assess
    from rheobase.examples import example_bytes, example_names
    from rheobase.importers.case_file import read_case
    from rheobase.knowledge import load_knowledge
    from rheobase.report import READERS, document_for

    knowledge = load_knowledge()
    for name in example_names():
        person = read_case(example_bytes(name), knowledge, name=name)
        assessment = assess(person, knowledge, on=date(2026, 11, 24))
        for reader in READERS:
            yield name, reader, document_for(reader, person, assessment, knowledge, region=person.region)


def median_ms(action: Callable[[], bytes]) -> tuple[float, int]:
    """Return the median wall time of an action [ms] after one run that is not counted, and the size of its result."""
    size, times = len(action()), []
    for _ in range(RUNS):
        started = time.perf_counter()
        action()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times), size


def main() -> int:
    """Print each figure with its budget; return 1 if one is missed."""
    from rheobase.report import render_html, render_pdf

    missed = 0
    print(f"{'':34s} {'page':>9s} {'bytes':>8s} {'PDF':>10s} {'bytes':>8s}")
    for name, reader, document in documents():
        page, page_size = median_ms(functools.partial(lambda each: render_html(each).encode(), document))
        pdf, pdf_size = median_ms(functools.partial(render_pdf, document))
        met = page <= PAGE_MS and page_size <= PAGE_BYTES and pdf <= PDF_MS
        missed += not met
        verdict = "met" if met else "MISSED"
        print(f"{name:22s} {reader:11s} {page:6.1f} ms {page_size:8d} {pdf:7.1f} ms {pdf_size:8d}  {verdict}")
    command, root = [sys.executable, "-c", FIRST], Path(__file__).resolve().parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    first = float(done.stdout)
    missed += first > PDF_MS
    print(f"first PDF of a process {first:.1f} ms  budget {PDF_MS:g} ms: {'met' if first <= PDF_MS else 'MISSED'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
