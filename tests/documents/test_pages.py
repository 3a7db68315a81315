"""Pages: self-contained, escaped, in order, small, the same every time."""

from __future__ import annotations

import re

import pytest

from rheobase.plain_text import printable
from rheobase.report import READERS, render, render_html
from rheobase.report.document import Picture, Point
from rheobase.report.inline import all_texts
from tests.documents.samples import ATTACKS, SAMPLES, Page, attacked, document_of, knowledge, sample

MOST_BYTES = 60_000
HEADINGS = ("h1", "h2", "h3")


@pytest.mark.parametrize(("name", "reader"), SAMPLES)
def test_a_page_is_small_and_the_same_every_time(name: str, reader: str) -> None:
    """At most 60 KB; the same document gives the same bytes."""
    document = sample(name, reader)
    page = render_html(document)
    assert len(page.encode()) <= MOST_BYTES
    assert page == render_html(document)


@pytest.mark.parametrize(("name", "reader"), SAMPLES)
def test_a_page_needs_nothing_from_outside(name: str, reader: str) -> None:
    """No script, image, font or sheet is fetched; the policy forbids them; links are for reading only."""
    page = render_html(sample(name, reader))
    parsed = Page(page)
    assert not {"script", "img", "link", "iframe", "object", "form"} & {tag for tag, _ in parsed.elements}
    assert not re.search(r"url\(|@import|javascript:|\son\w+=|\sstyle=", page)
    policy = next(each["content"] for each in parsed.all("meta") if each.get("http-equiv"))
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


@pytest.mark.parametrize(("name", "reader"), SAMPLES)
def test_a_page_is_read_in_order(name: str, reader: str) -> None:
    """Well nested; language, one h1, header, contents, main and footer in this order; every link within leads on."""
    parsed = Page(render_html(sample(name, reader)))
    assert not parsed.mistakes
    assert not parsed.open
    tags = [tag for tag, _ in parsed.elements]
    assert parsed.all("html")[0]["lang"] == "en"
    assert tags.count("h1") == 1
    assert next(tag for tag in tags if tag in HEADINGS) == "h1"
    assert set(tags) & {"h3", "h4"} == set()
    places = [tags.index(each) for each in ("header", "nav", "main", "footer")]
    assert places == sorted(places)
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    within = {each["href"][1:] for each in parsed.all("a") if each["href"].startswith("#")}
    assert within <= set(ids)


@pytest.mark.parametrize(("name", "reader"), SAMPLES)
def test_every_source_is_listed_once_under_its_number(name: str, reader: str) -> None:
    """The marks of the text and the numbered list agree."""
    document = sample(name, reader)
    parsed = Page(render_html(document))
    listed = [each["id"] for each in parsed.all("li") if each.get("id", "").startswith("source-")]
    assert listed == [f"source-{number}" for number in range(1, len(document.sources) + 1)]
    cited = {each["href"][1:] for each in parsed.all("a") if each["href"].startswith("#source-")}
    assert cited == set(listed)


@pytest.mark.parametrize("reader", READERS)
def test_attacks_are_shown_as_text(reader: str) -> None:
    """Tags, escapes, marks of direction, markup and 10,000 letters change nothing but the text of a page."""
    document = attacked(reader)
    page = render_html(document)
    parsed = Page(page)
    assert not parsed.mistakes
    assert not {"script", "img", "b>"} & {tag for tag, _ in parsed.elements}
    assert not any(name.startswith("on") for _, attributes in parsed.elements for name in attributes)
    assert not any("attack.example" in each["href"] for each in parsed.all("a"))
    folded = " ".join(parsed.text.split())
    for attack in ATTACKS:
        assert printable(attack)[:900] in folded
    for text in (page, render(document)):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)


def test_long_words_wrap_in_the_terminal() -> None:
    """No line is longer than the terminal, whatever was told."""
    for width in (40, 80):
        for reader in READERS:
            assert max(map(len, render(attacked(reader), width=width).splitlines())) <= width


@pytest.mark.parametrize(("name", "reader"), SAMPLES)
def test_no_text_of_a_document_is_lost(name: str, reader: str) -> None:
    """Whatever the document says stands in the page, folded or not."""
    document = sample(name, reader)
    shown = "".join(Page(render_html(document)).text.split())
    for text in all_texts(document):
        assert "".join(printable(text).split()) in shown


def test_own_words_hold_no_link() -> None:
    """What looks like a mark of a source in the person's story stays text."""
    parsed = Page(render_html(document_of(b"rheobase_case: 1\npresent: [cramps]\nnotes: as read in [1]\n", "doctor")))
    assert "as read in [1]" in parsed.text


@pytest.mark.parametrize("reader", ["person", "doctor"])
def test_a_feared_cause_gets_no_figure_where_the_person_reads(reader: str) -> None:
    """It is in no picture, and its line has no chance of its own."""
    document = sample("wasted-hand-58", reader)
    feared = [each for each in knowledge().causes.values() if each.feared]
    names = {each.plain_name for each in feared} | {each.clinical_name for each in feared}
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Picture):
                assert not names & {row[0] for row in block.table.rows}
            if isinstance(block, Point) and block.text.split(":")[0] in names and "to be told apart" in block.text:
                assert "range" not in block.text
                break
    assert "to be told apart" in render(document)


def test_the_weights_of_a_picture_add_up() -> None:
    """From the base rate to the answer, as drawn and as tabled."""
    document = sample("omeprazole-67", "clinician")
    pictures = [block for section in document.sections for block in section.blocks if isinstance(block, Picture)]
    ledger = pictures[1].chart
    steps = getattr(ledger, "steps", ())
    assert steps
    assert getattr(ledger, "before", 0) + sum(each.weight for each in steps) == pytest.approx(
        getattr(ledger, "after", 0)
    )


def test_the_page_for_the_doctor_keeps_asked_and_not_asked_apart() -> None:
    """Present, denied and not known are named with what was told; a finding that was not asked is not there."""
    text = " ".join(render(sample("omeprazole-67", "doctor"), width=200).split())
    assert "Man, 67 years" in text
    assert "the heart stumbles in the evening" in text
    for words in (
        "Present: 9",
        "Denied: 17",
        "Not known when asked: 2",
        "omeprazole 20 mg once a day",
        "about 4 years",
    ):
        assert words in text
    assert "Denied" in text.split("dialysis")[0]
    assert "hallucination" not in text.split("Considered")[0]


def test_results_are_shown_as_the_laboratory_gave_them() -> None:
    """Value, unit, range, flag and date are the original ones; what has no range is not given one."""
    case = (
        b"rheobase_case: 1\npresent: [cramps]\nlabs:\n"
        b"  - {name: potassium, value: 3.1, unit: mmol/L, low: 3.5, high: 5.3, taken: 2026-11-01}\n"
        b"  - {name: magnesium, value: 1.4, unit: mg/dL}\n"
        b"medicines: [unobtainium 5 mg]\n"
    )
    text = " ".join(render(document_of(case, "doctor"), width=160).split())
    assert "3.1 mmol/L 3.5 to 5.3 low 2026-11-01" in text
    assert "1.4 mg/dL not told - not told" in text
    assert "unobtainium 5 mg not recognised" in text


@pytest.mark.parametrize("reader", READERS)
def test_nothing_told_and_a_child_get_a_page(reader: str) -> None:
    """A page is made of very little, and of someone whose causes are not ranked."""
    for case in (b"rheobase_case: 1\n", b"rheobase_case: 1\nabout: {age: 9}\npresent: [muscle_twitching]\n"):
        parsed = Page(render_html(document_of(case, reader)))
        assert not parsed.mistakes
        assert "does not diagnose" in parsed.text


def test_what_must_not_be_missed_is_on_the_pages_for_doctors() -> None:
    """Real, growing weakness with wasting: a cause that can't be told yet is named to a doctor, to a person not."""
    case = (
        b"rheobase_case: 1\nabout: {age: 58, sex: male}\n"
        b"present: [muscle_twitching, muscle_wasting, weakness_functional, weakness_one_limb, weakness_progressive]\n"
        b"absent: [cramps, numbness, walking_difficulty, muscle_stiffness, slurred_speech]\n"
    )
    for reader in ("doctor", "clinician"):
        considered = " ".join(render(document_of(case, reader), width=160).split()).partition("TESTS WORTH")[0]
        assert "Amyotrophic lateral sclerosis" in considered, reader
    said = render(document_of(case, "person"), width=160).partition("SOURCES")[0]
    assert "ALS" not in said


def test_kinds_of_medicine_not_taken_are_counted_for_the_doctor_and_not_listed() -> None:
    """A complete list of medicines denies dozens of kinds; the list itself says it better."""
    case = b"rheobase_case: 1\npresent: [cramps]\nabsent: [med_statin, med_lithium, numbness]\n"
    text = " ".join(render(document_of(case, "doctor"), width=160).split())
    assert "Denied: 1 " in text
    assert "Kinds of medicine that are not taken, as told or by a complete list of medicines: 2." in text
