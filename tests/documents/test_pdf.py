"""PDF: tagged, dated by the assessment, the same every time, data never read as markup."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import Any

import pytest
from pypdf import PdfReader

from rheobase.errors import UsageError
from rheobase.plain_text import printable
from rheobase.report import READERS, render_pdf
from rheobase.report.document import Document, Quote, Section
from tests.documents.samples import ATTACKS, ON, SAMPLES, attacked, sample

MOST_BYTES = 300_000
MOST_PAGES = {"person": 2, "doctor": 2, "clinician": 4}


def words(data: bytes) -> str:
    """Return the text of a PDF without white space and places to break."""
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return "".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize(("name", "reader"), SAMPLES)
def test_a_pdf_is_tagged_short_and_the_same_every_time(name: str, reader: str) -> None:
    """Title, language, structure; two pages at most on A4 and on Letter; the date is the assessment's."""
    document = sample(name, reader)
    data = render_pdf(document)
    assert data == render_pdf(document)
    assert len(data) <= MOST_BYTES
    for made in (data, render_pdf(document, paper="letter")):
        assert len(PdfReader(io.BytesIO(made)).pages) <= MOST_PAGES[reader]
    pdf = PdfReader(io.BytesIO(data))
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid:part>1<" in data
    assert pdf.metadata is not None
    assert pdf.metadata.title == document.title
    assert str(pdf.metadata["/CreationDate"]).startswith("D:20261124")


@pytest.mark.parametrize("reader", READERS)
def test_attacks_are_printed_as_text(reader: str) -> None:
    """Markup of typst, tags and long words stand in the PDF letter by letter."""
    text = words(render_pdf(attacked(reader)))
    for attack in ATTACKS:
        assert "".join(printable(attack)[:900].split()) in text


@pytest.mark.parametrize(
    "story", ["\u4e2d\u6587 \U0001f600 ok", "\ue000 \uffff \U000e0041 ok", "\u0645\u0631\u062d ok"]
)
def test_any_script_can_be_printed(story: str) -> None:
    """What no font has is spelt out, and the rest is there."""
    document = Document("Title", (Section("Words", (Quote(story),)),), (), on=ON)
    assert "ok" in words(render_pdf(document))


def test_a_picture_has_a_text_in_its_place() -> None:
    """The figure of a PDF can be read aloud."""
    data = render_pdf(sample("worried-28", "person"))
    pdf = PdfReader(io.BytesIO(data))
    size: Any = pdf.trailer["/Size"]
    entries: list[Any] = [pdf.get_object(number) for number in range(1, int(size))]
    alternatives = [str(entry["/Alt"]) for entry in entries if isinstance(entry, dict) and "/Alt" in entry]
    assert any(each.startswith("Where each cause stands. ") for each in alternatives)


def test_another_paper_is_refused() -> None:
    """A size that is not known is named, with those that are."""
    with pytest.raises(UsageError, match="a4, letter"):
        render_pdf(sample("worried-28", "person"), paper="foolscap")


def test_without_typst_one_line_says_what_to_install() -> None:
    """The light installation asks for the extra by name, without a traceback."""
    code = (
        "import sys; sys.modules['typst'] = None\n"
        "from rheobase.cli.main import main\n"
        "main(['assess', '--example', 'worried-28', '--pdf', '-'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip().splitlines() == [
        'rheobase: A PDF needs typst, which is not installed. Run: pip install "rheobase[pdf]"'
    ]


def test_marks_piled_on_one_letter_do_not_stop_the_press() -> None:
    """Ten thousand accents on a letter, which would take typst minutes, are set as a few."""
    story = "a" + "\u0301" * 10_000 + " end"
    pdf = render_pdf(Document("t", (Section("s", (Quote(story),)),), (), on=ON))
    assert "end" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
