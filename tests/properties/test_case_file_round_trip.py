"""Nothing that a person entered is lost: a written case file reads back as the same person."""

from __future__ import annotations

import contextlib
import json
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rheobase.errors import DataRefusedError
from rheobase.importers.case_file import read_case
from rheobase.importers.case_schema import case_schema
from rheobase.importers.case_writer import write_case
from rheobase.knowledge import load_knowledge
from rheobase.person import LabResult, MedicineUse, Person, Status
from tests.properties.strategies import people

KNOWLEDGE = load_knowledge()
slow = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@slow
@given(people(KNOWLEDGE))
def test_what_was_told_reads_back(person: Person) -> None:
    """Every answer, unknown ones included, survives writing and reading; contradictions are refused, not mended."""
    written = write_case(person).encode()
    try:
        again = read_case(written, KNOWLEDGE, name="x")
    except DataRefusedError:
        # Generated answers may contradict one another (no cramps, but night cramps); that is refused by design.
        return
    assert dict(again.answers) == dict(person.answers)
    assert again.setting == person.setting


def test_medicines_and_blood_tests_read_back() -> None:
    """Units, intervals, dates, flags, stopped medicines and free text too."""
    person = Person(
        labs=(
            LabResult("potassium", 3.1, "mmol/L", flag="low", low=3.5, high=5.3, taken=date(2026, 11, 2)),
            LabResult("magnesium", 0.62, "mg/dL", comparator="<"),
            LabResult("tsh", flag="normal"),
            LabResult(
                *("magnesium", 0.62, "mmol/L", "<=", None, None, 1.0, date(2026, 11, 2)),
                original="S-Mg \u2264 0,62 mmol/l",
                time="08:15+01:00",
                sample=("haemolysed", "lipaemic"),
                code="2601-3",
                printed_unit="mmol/l",
            ),
        ),
        medicines=(
            MedicineUse("furosemide 40 mg", "furosemide", months=14.0),
            MedicineUse("diazepam", "diazepam", Status.ABSENT),
            MedicineUse("small blue pill", None),
        ),
        region="GB",
        notes="Line one\n  line two: with colon # and hash",
    )
    again = read_case(write_case(person).encode(), KNOWLEDGE, name="x")
    assert [(r.analyte, r.value, r.unit, r.comparator, r.flag, r.low, r.high, r.taken) for r in again.labs] == [
        (r.analyte, r.value, r.unit, r.comparator, r.flag, r.low, r.high, r.taken) for r in person.labs
    ]
    assert again.medicines == person.medicines
    assert again.notes == person.notes
    assert again.region == "GB"


@slow
@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_reader(data: bytes) -> None:
    """Whatever comes, it is a person or a refusal; never another error."""
    with contextlib.suppress(DataRefusedError):
        read_case(data, KNOWLEDGE, name="x")


def test_the_schema_accepts_the_examples_and_refuses_an_unknown_finding() -> None:
    """The published JSON Schema agrees with the reader."""
    import jsonschema

    schema = case_schema(KNOWLEDGE)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid({"rheobase_case": 1, "present": ["cramps"], "values": {"sleep_hours": 6}})
    assert not validator.is_valid({"rheobase_case": 1, "present": ["crampz"]})
    assert json.dumps(schema) == json.dumps(case_schema(KNOWLEDGE))
