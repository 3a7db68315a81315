"""Mappings: what is read from cells, what is proposed from names, and what is refused with which words."""

from __future__ import annotations

import polars as pl
import pytest

from rheobase.cohort.frame import check_told
from rheobase.cohort.mapping import parse_mapping
from rheobase.cohort.mapping_propose import mapping_text, propose
from rheobase.cohort.mapping_read import Told, reader_for, told_of
from rheobase.errors import DataRefusedError
from rheobase.knowledge import load_knowledge


def read(mapping: str, columns: dict[str, list[object]]) -> Told:
    """Return what a small table tells; it is a told frame that the judgement takes."""
    knowledge = load_knowledge()
    parsed = parse_mapping(mapping, knowledge, name="m.toml")
    frame = pl.DataFrame(columns, strict=False)
    told = told_of(frame, pl.int_range(1, frame.height + 1, eager=True), parsed, reader_for(parsed, knowledge))
    check_told(told.frame, knowledge, parsed.keep)
    return told


def test_units_are_converted_by_the_analyte_and_limits_keep_their_sign() -> None:
    """Milligrams of calcium are millimoles of calcium; "<7" is a limit, and the number is converted as well."""
    told = read('[columns.ca]\nlab = "calcium_total"\nunit = "mg/dl"\n', {"ca": ["10", "<7", None, "≥ 12"]})
    assert told.frame["lab.calcium_total"].to_list() == pytest.approx([2.495, 1.7465, None, 2.994])
    assert told.frame["lab.calcium_total.comparator"].to_list() == [None, "<", None, ">="]
    assert told.refused.is_empty()


def test_an_amount_a_day_is_told_as_such() -> None:
    """Urine in mmol/day is never taken for a concentration; by row where the unit differs by row."""
    told = read(
        '[columns.na]\nlab = "urine_sodium"\nunit_column = "u"\n', {"na": [100, 90], "u": ["mmol/day", "mmol/L"]}
    )
    assert told.frame["lab.urine_sodium.per_day"].to_list() == [True, False]


def test_not_taking_a_medicine_is_not_having_stopped_it() -> None:
    """False of a medicine means that it was stopped, which has risks of its own; "no" says nothing of that."""
    told = read('[columns.m]\nmedicine = "diazepam"\n', {"m": ["yes", "no", "stopped", None]})
    assert told.frame["medicine.diazepam"].to_list() == [True, None, False, None]


def test_unknown_is_never_no() -> None:
    """Codes for "don't know" and empty cells are null; a code without a meaning is refused, not guessed."""
    mapping = (
        '[person]\nmissing = ["-9"]\n[columns.f]\nfinding = "fatigue"\n'
        'values = {"1" = true, "2" = false, "9" = "unknown"}\n'
    )
    told = read(mapping, {"f": [1.0, 2.0, 9.0, -9.0, 7.0, None, float("nan")]})
    assert told.frame["fatigue"].to_list() == [True, False, None, None, None, None, None]
    assert told.refused["row"].to_list() == [5]


def test_sites_from_one_column_or_from_one_for_each_place() -> None:
    """A list of places, or a yes/no column for each; no place at all is known only if every column says no."""
    one = read('[columns.w]\nfinding = "twitch_location"\n', {"w": ["eyelid; calf", "none", "", "moon"]})
    assert one.frame["twitch_location"].to_list() == [["eyelid", "calf"], [], None, None]
    assert "eyelid" in one.refused["why"][0]
    parts = "".join(
        f'[columns.{c}]\nfinding = "twitch_location"\noption = "{o}"\n' for c, o in (("a", "eyelid"), ("b", "calf"))
    )
    many = read(parts, {"a": [True, False, False, None], "b": [None, False, None, True]})
    assert many.frame["twitch_location"].to_list() == [["eyelid"], [], None, ["calf"]]


def test_numbers_are_scaled_and_dates_are_read() -> None:
    """Weeks become days by a factor; a date has the format that is said; the impossible is refused."""
    mapping = (
        '[columns.w]\nfinding = "twitch_duration_days"\nfactor = 7\n[columns.d]\nlab = "potassium"\npart = "taken"\n'
        'format = "%d.%m.%Y"\n[columns.t]\nfinding = "temp_c"\n'
    )
    told = read(mapping, {"w": [2, 3], "d": ["24.11.2026", "2026-11-24"], "t": [37.5, 98.6]})
    assert told.frame["twitch_duration_days"].to_list() == [14.0, 21.0]
    assert [str(each) for each in told.frame["lab.potassium.taken"]] == ["2026-11-24", "None"]
    assert dict(zip(told.refused["column"], told.refused["why"], strict=True)) == {
        "d": "is no date as %d.%m.%Y",
        "t": "is above 45, the most that can be; is the unit right?",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[columns.a\n", "is not TOML"),
        ("", "no column is mapped"),
        ('[columns.a]\nlab = "calcum_total"\nunit = "mmol/L"\n', "did you mean 'calcium_total'"),
        ('[columns.a]\nlab = "calcium_total"\n', "say the unit: one of mmol/L"),
        ('[columns.a]\nlab = "calcium_total"\nunit = "stone"\n', "'stone' is not one of Calcium"),
        ('[columns.a]\nfinding = "fatigue"\nlab = "potassium"\n', "says finding and lab"),
        ('[columns.a]\nfinding = "fatigue"\n[columns.b]\nfinding = "fatigue"\n', "'a' and 'b' both tell 'fatigue'"),
        ('[columns.a]\nfindin = "fatigue"\n', "unknown key 'findin'; did you mean 'finding'"),
        ('[columns.a]\nfinding = "fatigue"\nvalues = 3\n', "expected a table"),
        ('[columns.a]\nfinding = "fatigue"\n[person]\nsetting = "moon"\n', "expected one of home"),
        ('[columns.a]\nfinding = "fatigue"\n[person]\nkeep = "weight"\n', "expected a list of names"),
        ("columns = 3\n", "expected a table"),
    ],
)
def test_a_wrong_mapping_is_refused_with_what_was_expected(text: str, words: str) -> None:
    """Every mistake is one line that says what came and what to write."""
    with pytest.raises(DataRefusedError, match=words):
        parse_mapping(text, load_knowledge(), name="m.toml")


def test_a_proposal_takes_what_is_certain_and_leaves_the_rest_open() -> None:
    """Names, LOINC codes and units are found; a bare number without unit and a code without meaning stay comments."""
    sample = pl.DataFrame(
        {
            "Patient_ID": ["a", "b"],
            "Ca (mg/dL)": [9.5, 8.8],
            "Mg": [0.8, 0.9],
            "Na": [140, 138],
            "Na_unit": ["mmol/L", "mmol/L"],
            "loinc_2823-3_mmol_l": [4.1, 3.9],
            "omeprazole": ["yes", "no"],
            "cramps": ["1", "2"],
            "fatigue": ["Y", "N"],
            "postcode": ["x", "y"],
            "fatige": ["Y", "N"],
        }
    )
    knowledge = load_knowledge()
    found = {each.source: each for each in propose(sample, knowledge)}
    settled = {name: each.target for name, each in found.items() if each.kind and not each.open}
    assert settled == {
        "Patient_ID": "person_id",
        "Ca (mg/dL)": "calcium_total",
        "Na": "sodium",
        "Na_unit": "Na",
        "loinc_2823-3_mmol_l": "potassium",
        "omeprazole": "omeprazole",
        "fatigue": "fatigue",
    }
    assert "say the unit" in found["Mg"].open
    assert "say what each value means" in found["cramps"].open
    assert found["cramps"].seen == {"1": 1, "2": 1}
    assert found["fatige"].near[0] == "fatigue"
    text = mapping_text(list(found.values()), name="x.csv")
    parsed = parse_mapping(text, knowledge, name="x.toml")
    assert {each.source for each in parsed.columns} == settled.keys() - {"Patient_ID", "Na_unit"}
    assert "postcode" in text
