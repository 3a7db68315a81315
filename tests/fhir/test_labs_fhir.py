"""FHIR files through the one path of all laboratory lines: what is accepted, doubted, refused."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from rheobase.cli.main import cli
from rheobase.errors import DataRefusedError
from rheobase.importers.labs_import import read_report, report_of
from rheobase.knowledge import load_knowledge
from rheobase.labs.reading import judge_all
from rheobase.labs.reading_line import Judged, State
from rheobase.labs.reading_names import facts_for
from tests.fhir.test_results import MAGNESIUM, OLDER, bundle, changed

FACTS = facts_for(load_knowledge())
TODAY = date(2026, 11, 24)
QUANTITY = {"value": 0.62, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}


def judged(*resources: dict[str, object]) -> tuple[Judged, ...]:
    """Return what is made of resources in a Bundle."""
    file = report_of(json.dumps(bundle(*resources)).encode(), "x", FACTS)
    return judge_all(file.lines, FACTS, TODAY)


def test_two_generations_of_records_are_read() -> None:
    """R4 and DSTU2 give values, units, intervals, flags, days; the haemolysed sample is noted."""
    first, second = judged(MAGNESIUM, OLDER)
    assert first.result is not None
    assert (first.result.value, first.result.unit, first.result.low, first.result.taken) == (
        0.62,
        "mmol/L",
        0.7,
        date(2026, 3, 1),
    )
    assert second.result is not None
    assert (second.result.value, second.result.high, second.result.sample) == (5.9, 5.1, ("haemolysed",))


@pytest.mark.parametrize(
    ("keys", "state"),
    [
        # The code for moles beside a mass, as one published library has it.
        ({"valueQuantity": {"value": 1.5, "unit": "mg/dL", "code": "mg/dL"}, "referenceRange": None}, State.REFUSED),
        # Words and code of the unit contradict each other.
        ({"valueQuantity": {**QUANTITY, "unit": "mg/dL"}}, State.DOUBT),
        # Magnesium by code, sodium by value.
        ({"valueQuantity": {**QUANTITY, "value": 140}, "referenceRange": None}, State.REFUSED),
        # Another test's name.
        ({"code": {"text": "CA-125", "coding": [{"system": "http://loinc.org", "code": "19123-9"}]}}, State.REFUSED),
        ({"status": "preliminary"}, State.DOUBT),
        ({"effectiveDateTime": "1900-01-01"}, State.REFUSED),
        ({"effectiveDateTime": "2027-01-01"}, State.REFUSED),
        ({"valueQuantity": {**QUANTITY, "value": -0.62}}, State.REFUSED),
        ({"valueQuantity": {**QUANTITY, "value": 1e300}}, State.REFUSED),
        ({"specimen": {"display": "Urine"}}, State.REFUSED),
    ],
)
def test_contradictions_are_never_taken(keys: dict[str, object], state: State) -> None:
    """Name, code, unit, value, sample and day have to agree; what does not is refused or waits."""
    (only,) = judged(changed(MAGNESIUM, **keys))
    assert only.result is None
    assert only.state in (state, State.DOUBT, State.OTHER)
    assert only.reasons


def test_codes_of_different_tests_wait_for_a_word() -> None:
    """Two LOINC codes that mean different things are not chosen between."""
    coding = [{"system": "http://loinc.org", "code": code} for code in ("2601-3", "2823-3")]
    (only,) = judged(changed(MAGNESIUM, code={"text": "Magnesium", "coding": coding}))
    assert only.state is State.DOUBT
    assert "different tests" in only.reasons[0]


def test_one_resource_a_line_is_read(tmp_path: Path) -> None:
    """The bulk format, with its byte-order mark and empty lines, gives the same as a Bundle."""
    path = tmp_path / "Observation.ndjson"
    text = "\n".join((json.dumps(MAGNESIUM), "", json.dumps({**OLDER, "subject": {"reference": "Patient/1"}})))
    path.write_text(f"\ufeff{text}\n", encoding="utf-8")
    assert len(read_report(str(path), FACTS).lines) == 2


def test_apple_healths_records_are_read(tmp_path: Path) -> None:
    """The zip that a phone writes holds one resource a file, beside much else."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("apple_health_export/export.xml", "<HealthData/>")
        archive.writestr("apple_health_export/clinical-records/Observation-1.json", json.dumps(MAGNESIUM))
        archive.writestr("apple_health_export/clinical-records/Observation-2.json", json.dumps(OLDER))
        archive.writestr("apple_health_export/clinical-records/Patient-1.json", '{"resourceType": "Patient"}')
    file = read_report(str(path), FACTS)
    assert [each.name for each in file.lines] == ["Magnesium", "Potassium"]
    empty = tmp_path / "sheet.xlsx"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(DataRefusedError, match="save it as CSV"):
        read_report(str(empty), FACTS)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataRefusedError, match="not a whole zip"):
        read_report(str(path), FACTS)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"resourceType": 1}',
        '{"resourceType": "Bundle", "entry": 3}',
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        "[" * 5000,
        '{"resourceType": "Observation"}{',
    ],
)
def test_broken_documents_give_one_clear_line(text: str) -> None:
    """What is no FHIR is refused in a sentence."""
    with pytest.raises(DataRefusedError) as caught:
        report_of(text.encode(), "x.json", FACTS)
    assert "\n" not in str(caught.value)


def test_ten_thousand_results_are_read() -> None:
    """A long record is read whole, each result once."""
    many = [changed(MAGNESIUM, id=str(n), effectiveDateTime=f"20{n % 25:02}-03-{n % 28 + 1:02}") for n in range(10_000)]
    file = report_of(json.dumps(bundle(*many)).encode(), "x", FACTS)
    assert len(file.lines) + sum("stands twice" in each for each in file.left_out) == 10_000
    assert all(each.state is State.ACCEPTED for each in judge_all(file.lines, FACTS, TODAY))


def test_the_command_writes_what_it_reads(tmp_path: Path) -> None:
    """FHIR out of pasted lines, read again by the same command, gives the same values; nothing is overwritten."""
    pasted, out = tmp_path / "labs.txt", tmp_path / "out.json"
    pasted.write_text("Mg 0.62 mmol/L (0.70-1.00) L 2026-03-01\nPotassium 3.1 mmol/L (3.5-5.1) L 2026-03-01\n")
    run = CliRunner()
    first = run.invoke(cli, ["labs", "read", str(pasted), "--fhir", str(out), "--on", "2026-11-24", "--json"])
    assert first.exit_code == 0, first.output
    again = run.invoke(cli, ["labs", "read", str(out), "--on", "2026-11-24", "--json"])
    assert again.exit_code == 0, again.output
    values = [
        [(line["result"]["analyte"], line["result"]["value"], line["result"]["taken"]) for line in json.loads(each)]
        for each in (json.dumps(json.loads(text)["lines"]) for text in (first.stdout, again.stdout))
    ]
    assert values[0] == values[1]
    assert run.invoke(cli, ["labs", "read", str(pasted), "--fhir", str(out)]).exit_code != 0
