"""My data: taken out and brought back without loss, kept apart, compared, encrypted, deleted."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from rheobase.cli.main import cli
from rheobase.examples import example_bytes, example_names
from rheobase.importers.case_file import read_case
from rheobase.importers.case_tables import answers_csv
from rheobase.importers.case_writer import write_case
from rheobase.knowledge import load_knowledge
from rheobase.person import LabResult, MedicineUse, Person
from rheobase.storage import Store
from rheobase.storage.database import is_encrypted
from rheobase.web.desk import Desk
from rheobase.web.pages.exports import ALL_NAME, EXPORTS
from rheobase.web.settings import Settings
from tests.web.visitor import Visitor

PHRASE = "four words of it"
TOGETHER = b"rheobase_case: 1\nlabs:\n  - {name: potassium, value: 4.1, unit: mmol/L, taken: 2026-01-02}\n"


def bring(visitor: Visitor, data: bytes, name: str = "case.yaml", person: int = 1) -> None:
    """Choose a file on the page of a person."""
    visitor.post(f"/{person}/data/import", files={"file": (name, data, "application/octet-stream")})


def agree(visitor: Visitor, how: str, person: int = 1, **more: str) -> None:
    """Agree to the plan that is shown."""
    visitor.post(f"/{person}/data/import/apply", {"ticket": visitor.hidden("ticket"), "how": how, **more})


@pytest.fixture
def owner(visitor: Visitor) -> Visitor:
    """Return a visitor who brought in an example."""
    visitor.post("/begin", {"name": "Me"})
    bring(visitor, example_bytes("omeprazole-67"))
    assert visitor.status == 200, visitor.text()
    agree(visitor, "replace")
    assert visitor.address == "/1/answer"
    return visitor


def person_of(settings: Settings, number: int = 1) -> Person:
    """Return what is kept of a person."""
    desk = Desk(settings)
    try:
        return desk.papers(number).person
    finally:
        desk.close()


@pytest.mark.parametrize("example", example_names())
@pytest.mark.parametrize("name", ["case.yaml", "case-and-answer.json", ALL_NAME])
def test_what_is_taken_out_comes_back_the_same(visitor: Visitor, settings: Settings, example: str, name: str) -> None:
    """The case file, the case with its answer and the ZIP of everything each give the same person again."""
    visitor.post("/begin")
    bring(visitor, example_bytes(example))
    agree(visitor, "replace")
    taken = visitor.client.get(f"/1/data/export/{name}").content
    visitor.post("/begin", {"name": "Other"})
    bring(visitor, taken, name, person=2)
    agree(visitor, "replace", person=2)
    assert visitor.address == "/2/answer"
    assert person_of(settings, 2) == person_of(settings, 1)
    assert person_of(settings, 1) == read_case(example_bytes(example), load_knowledge(), name=example)


def test_the_answer_as_data_is_what_the_terminal_prints(owner: Visitor, tmp_path: Path) -> None:
    """The bytes are those of ``rheobase assess case.yaml --json``."""
    case = tmp_path / "case.yaml"
    case.write_bytes(owner.client.get("/1/data/export/case.yaml").content)
    printed = CliRunner().invoke(cli, ["assess", str(case), "--json", "--on", "2026-11-24"])
    assert printed.stdout_bytes == owner.client.get("/1/data/export/answer.json").content


def test_every_export_is_a_file_to_save(owner: Visitor) -> None:
    """Each is named by us, is never shown within a page, and is in the ZIP, byte for byte."""
    packed = zipfile.ZipFile(io.BytesIO(owner.client.get(f"/1/data/export/{ALL_NAME}").content))
    for each in EXPORTS:
        response = owner.client.get(f"/1/data/export/{each.name}")
        assert response.status_code == 200
        assert response.headers["content-disposition"] == f'attachment; filename="{each.name}"'
        assert packed.read(each.name) == response.content
    assert owner.client.get("/1/data/export/other.yaml").status_code == 404


def test_tables_hold_every_answer_and_run_nothing() -> None:
    """One row for each answer; what a spreadsheet would run as a formula is text."""
    knowledge = load_knowledge()
    person = read_case(example_bytes("worried-28"), knowledge, name="x")
    rows = list(csv.DictReader(io.StringIO(answers_csv(person, knowledge))))
    assert {row["finding"] for row in rows} == set(person.answers)
    assert all(row["value"] == "" for row in rows if row["status"] == "unknown")
    from rheobase.importers.case_tables import medicines_csv, results_csv

    attack = '=HYPERLINK("http://attacker.example")'
    labs = results_csv(Person(labs=(LabResult("magnesium", 0.7, "mmol/L", original=attack),)), knowledge)
    medicines = medicines_csv(Person(medicines=(MedicineUse(attack),)), knowledge)
    for text in (labs, medicines):
        (row,) = csv.DictReader(io.StringIO(text))
        assert row["as_written"] == f"'{attack}"


def test_nothing_changes_before_the_plan_is_agreed_to(owner: Visitor, settings: Settings) -> None:
    """Reading a file shows what is new, what differs and what would be missing, and writes nothing."""
    before = person_of(settings)
    bring(owner, example_bytes("worried-28"))
    for words in ("New answers", "Answers that differ", "Answers that are not there", "Medicines, not there"):
        assert words in owner.text()
    assert person_of(settings) == before


def test_both_are_put_together(visitor: Visitor, settings: Settings) -> None:
    """What only one of them says is kept, and where both speak the file is believed."""
    visitor.post("/begin")
    here = b"rheobase_case: 1\npresent: [cramps]\nvalues: {caffeine_mg_day: 100}\nmedicines: [omeprazole]\n"
    there = (
        b"rheobase_case: 1\nabsent: [numbness]\nvalues: {caffeine_mg_day: 300}\nlabs: [{name: magnesium, flag: low}]\n"
    )
    bring(visitor, here)
    agree(visitor, "replace")
    bring(visitor, there)
    agree(visitor, "together")
    person = person_of(settings)
    assert {n: a.value for n, a in person.answers.items()} == {
        "cramps": True,
        "numbness": False,
        "caffeine_mg_day": 300,
    }
    assert [use.written for use in person.medicines] == ["omeprazole"]
    assert [each.analyte for each in person.labs] == ["magnesium"]


def test_a_file_replaces_the_open_interview_and_both_stay_in_the_history(visitor: Visitor, settings: Settings) -> None:
    """Replies of an interview are written down before a file takes the place of what is there."""
    visitor.post("/begin")
    visitor.press("next", line="1")
    told = person_of(settings)
    assert told.answers
    bring(visitor, b"rheobase_case: 1\npresent: [cramps]\n")
    agree(visitor, "replace")
    assert set(person_of(settings).answers) == {"cramps"}
    store = Store(settings.data_dir / "rheobase.db")
    reasons = [each.why for each in store.revisions(1)]
    assert reasons == ["from a file", "interview", "begun"]
    earlier = store.revisions(1)[1]
    store.close()
    assert read_case(earlier.case.encode(), load_knowledge(), name="x") == told
    saved = visitor.client.get(f"/1/data/revision/{earlier.id}")
    assert saved.text == earlier.case


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "empty.yaml", "is empty"),
        (b"%PDF-1.7 x", "letter.pdf", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "photo.png", "binary file"),
        (b"hello", "note.txt", "no file of Rheobase"),
        (b"PK\x03\x04broken", "x.zip", "x.zip"),
        (b'{"schema_version": 1, "urgency": {}}', "answer.json", "an answer alone"),
        (b"rheobase_case: 99\n", "new.yaml", "Update Rheobase"),
        (b"rheobase_case: 1\npresent: [crampz]\n", "typo.yaml", "Did you mean"),
        (b"rheobase_case: 1\npresent: [\n", "cut.yaml", "cut.yaml"),
        (b"rheobase_case: &a [*a]\n", "loop.yaml", "loop.yaml"),
        (b"rheobase_case: 1\nnotes: " + b"x" * 20_100_000, "large.yaml", "at most"),
    ],
)
def test_a_wrong_file_gets_one_clear_line(
    owner: Visitor, settings: Settings, *, data: bytes, name: str, words: str
) -> None:
    """What came and what was expected is said beside the field, and nothing is changed."""
    before = person_of(settings)
    bring(owner, data, name)
    assert owner.status == 400
    assert words in owner.text()
    assert 'role="alert"' in owner.page
    assert "Traceback" not in owner.page
    assert person_of(settings) == before


def test_no_file_and_an_old_plan_change_nothing(owner: Visitor, settings: Settings) -> None:
    """Sending the form empty, or a plan that is not held any more, is said."""
    before = person_of(settings)
    owner.post("/1/data/import", {"x": "y"})
    assert "Choose a file" in owner.text()
    owner.post("/1/data/import/apply", {"ticket": "none", "how": "replace"})
    assert "not held any more" in owner.text()
    assert person_of(settings) == before


@pytest.mark.parametrize("how", ["replace", "together", "other"])
def test_the_same_form_twice_brings_in_once(owner: Visitor, settings: Settings, how: str) -> None:
    """A form sent again, as by a double press, adds no revision and nobody, and leads where the first one led."""
    bring(owner, example_bytes("worried-28"))
    if how == "together":
        bring(owner, TOGETHER)
    form = {"ticket": owner.hidden("ticket"), "how": how, "name": "Other"}
    seen = []
    for _ in range(2):
        owner.post("/1/data/import/apply", form)
        desk = Desk(settings)
        seen.append((owner.status, owner.address, len(desk.store.people()), len(desk.store.revisions(1))))
        desk.close()
    assert seen[0] == seen[1]
    assert seen[0][:2] == (200, "/2/answer" if how == "other" else "/1/answer")


def test_a_plan_is_of_one_person(owner: Visitor, settings: Settings) -> None:
    """A file that was read for one person can't be taken for another, whose papers the plan did not show."""
    before = person_of(settings)
    owner.post("/begin", {"name": "Other"})
    bring(owner, example_bytes("worried-28"), person=2)
    ticket = owner.hidden("ticket")
    owner.post("/1/data/import/apply", {"ticket": ticket, "how": "replace"})
    assert owner.status == 400
    assert person_of(settings) == before
    owner.post("/2/data/import/apply", {"ticket": ticket, "how": "replace"})
    assert owner.address == "/2/answer"


def test_a_zip_without_a_case_is_refused(owner: Visitor) -> None:
    """A ZIP of something else is named as such."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("photo.txt", "x")
    bring(owner, stream.getvalue(), "holiday.zip")
    assert "holds no case.yaml" in owner.text()


def test_people_are_kept_apart(owner: Visitor, settings: Settings) -> None:
    """A file can become another person; what one tells is not in the other, and deleting one leaves the other."""
    before = person_of(settings)
    bring(owner, b"rheobase_case: 1\npresent: [cramps]\n")
    agree(owner, "other", name="My mother")
    assert owner.address == "/2/answer"
    assert person_of(settings, 1) == before
    assert set(person_of(settings, 2).answers) == {"cramps"}
    owner.post("/2/data/delete", {"name": "My mother"})
    assert "deleted" in owner.text()
    assert person_of(settings, 1) == before
    owner.get("/2/data")
    assert owner.status == 404


def test_deleting_wants_the_name(owner: Visitor) -> None:
    """Another name, or none, deletes nothing."""
    for typed in ("", "me", "Someone"):
        owner.post("/1/data/delete", {"name": typed})
        assert owner.status == 400
        assert "Nothing was deleted" in owner.text()
    owner.get("/1/data")
    assert owner.status == 200


def test_a_person_is_renamed(owner: Visitor) -> None:
    """The new name is shown everywhere; an empty one is refused beside the field."""
    owner.post("/1/data/rename", {"name": "  Aunt   May "})
    assert "Data of Aunt May" in owner.text()
    owner.post("/1/data/rename", {"name": " "})
    assert owner.status == 400
    assert "1 to 80" in owner.text()


def test_an_earlier_answer_is_compared_with_today(owner: Visitor) -> None:
    """After the answers changed, the page says what was told otherwise and what moved."""
    bring(owner, example_bytes("worried-28"))
    agree(owner, "replace")
    owner.get("/1/data")
    # The newest of today is today's own.
    assert owner.page.count("compare with today") == 1
    owner.get("/1/data/compare/1")
    assert "What moved in the answer" in owner.text()
    assert "Answers that differ" in owner.text()
    assert "before," in owner.text()
    owner.get("/1/data/compare/99")
    assert owner.status == 404


def test_the_answer_leads_to_what_moved_since_an_earlier_day(owner: Visitor, settings: Settings) -> None:
    """On the day itself nothing is offered; a month later the answer offers the comparison with the last day seen."""
    assert "What moved since" not in owner.page
    owner.client.app.state.desk.settings = replace(settings, today=lambda: date(2026, 12, 24))  # type: ignore[attr-defined]
    owner.get("/1/answer")
    assert "Answer of 24 December 2026" in owner.text()
    assert "What moved since 24 November 2026" in owner.text()
    owner.get("/1/data/compare/1")
    assert "2026-11-24 and today, 2026-12-24" in owner.text()


def test_the_file_is_encrypted_and_opened_again(owner: Visitor, settings: Settings) -> None:
    """From the page: encrypt, lock, open with the passphrase only, take it off; everything is still there."""
    pytest.importorskip("sqlcipher3")
    before = person_of(settings)
    path = settings.data_dir / "rheobase.db"
    owner.post("/data/passphrase", {"do": "encrypt", "new": PHRASE, "again": "another one"})
    assert "differ" in owner.text()
    assert not is_encrypted(path)
    owner.post("/data/passphrase", {"do": "encrypt", "new": PHRASE, "again": PHRASE})
    assert "encrypted now" in owner.text()
    assert is_encrypted(path)
    assert is_encrypted_bytes(owner.client.get("/data/copy").content)
    owner.post("/data/lock")
    assert owner.address == "/unlock"
    owner.get("/1/data")
    assert owner.address == "/unlock"
    owner.post("/unlock", {"passphrase": "a wrong one"})
    assert "does not open" in owner.text()
    owner.post("/unlock", {"passphrase": PHRASE})
    owner.get("/1/answer")
    assert owner.status == 200
    owner.post("/data/passphrase", {"do": "decrypt", "old": "a wrong one"})
    assert owner.status == 400
    owner.post("/data/passphrase", {"do": "decrypt", "old": PHRASE})
    assert "plain again" in owner.text()
    assert person_of(settings) == before


def is_encrypted_bytes(data: bytes) -> bool:
    """Say whether a copy is no plain database."""
    return bool(data) and not data.startswith(b"SQLite format 3\0")


def test_the_copy_opens_as_the_file_does(owner: Visitor, settings: Settings, tmp_path: Path) -> None:
    """A saved copy, put in another folder, holds everything."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "rheobase.db").write_bytes(owner.client.get("/data/copy").content)
    other = Settings(settings.port, tmp_path / "other", settings.token, today=settings.today)
    assert write_case(person_of(other)) == write_case(person_of(settings))
    assert sorted(each.name for each in settings.data_dir.iterdir() if each.is_dir()) == []


def test_old_copies_are_shown_and_removed(owner: Visitor, settings: Settings) -> None:
    """Copies of earlier versions are named, said to hold what was deleted, and removed on request."""
    copy = settings.data_dir / "rheobase.db.before-2"
    copy.write_bytes((settings.data_dir / "rheobase.db").read_bytes())
    owner.get("/data")
    assert copy.name in owner.text()
    owner.post("/data/copies")
    assert "removed" in owner.text()
    assert not copy.exists()


def test_what_a_file_says_is_never_code(owner: Visitor) -> None:
    """A file's name and its words are escaped in the plan, in what was not understood, and in a refusal."""
    attack = "<script>alert(1)</script>"
    case = f"rheobase_case: 1\nnot_understood: ['{attack}']\nmedicines: ['{attack}']\nnotes: '{attack}'\n"
    bring(owner, case.encode(), f"{attack}.yaml")
    assert owner.status == 200
    assert "alert(1)" in owner.page
    assert attack not in owner.page
    agree(owner, "replace")
    for path in ("/1/answer", "/1/data", "/1/what-if", "/1/doctor"):
        owner.get(path)
        assert attack not in owner.page
    bring(owner, b"hello", f"{attack}.txt")
    assert attack not in owner.page
    assert "content-disposition" in owner.client.get("/1/data/export/case.yaml").headers
