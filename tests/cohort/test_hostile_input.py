"""Tables and mappings that were made wrong by hand: nothing is read as something else, and nothing is a traceback."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from rheobase.cohort.mapping import parse_mapping
from rheobase.cohort.mapping_read import reader_for, told_of, without_formulas
from rheobase.cohort.readers import Lost, open_source
from rheobase.cohort.summary import summarise
from rheobase.cohort.summary_survey import SurveyDesign
from rheobase.errors import DataRefusedError
from rheobase.knowledge import load_knowledge

DURATION = '[columns.a]\nfinding = "twitch_duration_days"\n'
POTASSIUM = '[columns.a]\nlab = "potassium"\nunit = "mmol/L"\n'


def told(mapping: str, *on: date, **columns: list[object]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what a small table tells, and what of it was refused."""
    knowledge = load_knowledge()
    parsed = parse_mapping(mapping, knowledge, name="m.toml")
    frame = pl.DataFrame(columns, strict=False)
    found = told_of(
        frame,
        pl.int_range(1, frame.height + 1, eager=True),
        parsed,
        reader_for(parsed, knowledge, on=next(iter(on), None)),
    )
    return found.frame, found.refused


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (DURATION + 'unit = "weeks"\n', "unit is 'weeks', but twitch_duration_days is read in days: give factor"),
        ('[columns.a]\nintake = "magnesium"\nunit = "g"\n', "intake.magnesium is read in mg: give factor"),
        ('[columns.a]\nintake = "vitamin_d"\n', 'say the unit: unit = "micrograms", in which intake.vitamin_d is read'),
        ('[columns.a]\nintake = "vitamin_d"\nunit = "IU"\n', "intake.vitamin_d is read in micrograms: give factor"),
        ('[columns.a]\nfinding = "cramps"\nunit = "mg"\n', "cramps has no unit: leave it out"),
        (DURATION + "factor = nan\n", "factor is nan; expected a number other than 0"),
        (DURATION + "factor = 0\n", "factor is 0; expected a number other than 0"),
        (DURATION + "offset = inf\n", "offset is inf; expected a number"),
        ('[columns.a]\nfinding = "cramps"\nfactor = 7\n', "factor is for numbers only"),
        (POTASSIUM + 'format = "%d"\n', "format is for a date only"),
        (POTASSIUM + '[columns.b]\nignore = "yes"\n', "ignore is 'yes'; expected true"),
    ],
)
def test_a_mapping_that_asks_for_what_is_not_done_is_refused(mapping: str, words: str) -> None:
    """A unit, a factor or a format that would be read past is an error: a week is not a day."""
    with pytest.raises(DataRefusedError, match=r"m\.toml") as problem:
        parse_mapping(mapping, load_knowledge(), name="m.toml")
    assert words in str(problem.value)


def test_the_unit_in_which_a_number_is_read_may_be_said() -> None:
    """What is true anyway is no error."""
    assert parse_mapping(DURATION + 'unit = "days"\n', load_knowledge(), name="m.toml").columns[0].factor == 1


def test_an_amount_in_another_unit_is_told_by_its_factor() -> None:
    """800 IU of vitamin D a day are 20 micrograms; the unit is that of the amount after the factor."""
    frame, _ = told('[columns.a]\nintake = "vitamin_d"\nunit = "ug"\nfactor = 0.025\n', a=[800.0])
    assert frame["intake.vitamin_d"].to_list() == [20.0]


def test_a_lone_separator_is_not_nowhere() -> None:
    """A cell of ";" names no place and does not say "none": it is refused; "none" is a known nowhere."""
    frame, refused = told('[columns.a]\nfinding = "twitch_location"\n', a=["eyelid; ", ";", "none", None, "nose"])
    assert frame["twitch_location"].to_list() == [["eyelid"], None, [], None, None]
    assert refused["row"].to_list() == [2, 5]


def test_a_code_for_missing_is_missing_beside_numbers_with_a_fraction() -> None:
    """999.0 of a column of numbers says nothing where the mapping says so, whatever else stands in the column."""
    frame, refused = told('[person]\nmissing = ["999"]\n' + DURATION, a=[0.5, 999.0, 10.0, None])
    assert frame["twitch_duration_days"].to_list() == [0.5, None, 10.0, None]
    assert refused.is_empty()


def test_an_empty_id_is_nobody() -> None:
    """Two rows without an id are not one person who stands twice."""
    frame, _ = told('[person]\nid = "i"\n' + POTASSIUM, i=["", "  ", "7"], a=["4", "4", "4"])
    assert frame["person_id"].to_list() == [None, None, "7"]


def test_a_day_inside_other_text_is_no_date() -> None:
    """An hour after the day is left; a day that is only a part of what was written is refused."""
    cells: list[object] = ["2026-01-01", "2026-01-01T23:10:00Z", "12026-01-019", "on 2099-01-01", "2026-01-01 x"]
    frame, refused = told('[columns.a]\nlab = "potassium"\npart = "taken"\n', a=cells)
    assert [each and each.isoformat() for each in frame["lab.potassium.taken"]] == ["2026-01-01"] * 2 + [None] * 3
    assert refused["row"].to_list() == [3, 4, 5]


def test_a_result_after_the_day_that_is_judged_is_refused_whole() -> None:
    """Its day alone taken away, a result of next month would count as today's; an undated one is kept."""
    mapping = POTASSIUM + '[columns.b]\nlab = "potassium"\npart = "taken"\n'
    cells: list[object] = ["2026-11-24", "2026-11-25", None]
    frame, refused = told(mapping, date(2026, 11, 24), a=[4.0, 2.0, 3.0], b=cells)
    assert frame["lab.potassium"].to_list() == [4.0, None, 3.0]
    assert frame["lab.potassium.taken"].to_list() == [date(2026, 11, 24), None, None]
    assert refused.select("row", "column", "value").rows() == [(2, "b", "2026-11-25")]


def test_an_amount_that_nobody_eats_is_refused_by_cell() -> None:
    """Below nothing and far above all that is eaten an intake is refused in its row, and the run goes on."""
    frame, refused = told('[columns.a]\nintake = "magnesium"\nunit = "mg"\n', a=[300.0, -1.0, 1e9])
    assert frame["intake.magnesium"].to_list() == [300.0, None, None]
    assert refused["row"].to_list() == [2, 3]


def test_what_was_refused_is_no_formula() -> None:
    """A cell that a spreadsheet would run stands behind an apostrophe; signed numbers and words stay."""
    values = ["=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-1e3", "+4,5", "abc", None]
    frame = pl.DataFrame({"row": range(7), "value": values, "id": [None] * 6 + ["=1"]})
    found = without_formulas(frame)
    assert found["value"].to_list() == ["'" + str(each) for each in values[:3]] + values[3:]
    assert found["id"][6] == "'=1"


def test_a_line_that_is_neither_whole_nor_utf8_is_told_without_a_traceback(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Arrow cannot hand such a line over: the rest of the file is told as lost, with what to look at."""
    file = tmp_path / "bad.csv"
    file.write_bytes(b"a,b\n3.9,4\n2.2,\xff,5\n2.0,1\n")
    chunks = list(open_source(str(file)).chunks(["a"], 100))
    lost = [each for chunk in chunks for each in chunk.lost]
    assert [(each.row, each.last) for each in lost] == [(1, None)]
    assert isinstance(lost[0], Lost)
    assert lost[0].why.endswith("is it UTF-8?")
    assert capfd.readouterr().err == ""


def test_a_name_of_a_column_on_two_lines_is_refused(tmp_path: Path) -> None:
    """The rest of the header would else be read as the first person."""
    file = tmp_path / "names.csv"
    file.write_text('k,"id\nx"\n3.9,4\n')
    with pytest.raises(DataRefusedError, match="holds a line break"):
        open_source(str(file))


@pytest.mark.parametrize("name", ["everybody", "not known"])
def test_no_group_takes_the_place_of_everybody(name: str) -> None:
    """A group with the name of the whole would be printed as the whole."""
    frame = pl.DataFrame({"urgency": ["same_day"] * 40, "g": [name] * 20 + ["a"] * 20})
    with pytest.raises(DataRefusedError, match="Rename it"):
        summarise(frame, by="g")


def test_a_summary_refuses_columns_of_the_wrong_kind() -> None:
    """Lists as groups, words as rules and infinite weights are refused in words."""
    frame = pl.DataFrame({"urgency": ["same_day"] * 2, "g": [[1], [2]], "w": [1.0, float("inf")]})
    with pytest.raises(DataRefusedError, match="--by g: holds"):
        summarise(frame, by="g")
    with pytest.raises(DataRefusedError, match="holds an infinite weight"):
        summarise(frame, SurveyDesign(weight="w"))
    with pytest.raises(DataRefusedError, match="'rules_fired' holds"):
        summarise(frame.with_columns(rules_fired=pl.lit("x")))
