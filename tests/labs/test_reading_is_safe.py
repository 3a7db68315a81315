"""No wrong value is accepted silently: spoiled reports, round trips, and the table of units against itself."""

from __future__ import annotations

import contextlib
import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rheobase.errors import DataRefusedError
from rheobase.evaluation.lab_corruptions import CLEAN, SPOILS, measure
from rheobase.importers.labs_import import report_of
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.lab_reading import check_lab_reading, is_loinc, load_lab_reading
from rheobase.labs.reading import judge, judge_all
from rheobase.labs.reading_line import LabLine, State
from rheobase.labs.reading_names import facts_for
from rheobase.labs.reading_numbers import interval, numbers
from rheobase.labs.reading_units import folded_unit, units_of
from rheobase.units import convert

KNOWLEDGE = load_knowledge()
FACTS = facts_for(KNOWLEDGE)
READING = load_lab_reading()
ON = date(2026, 11, 24)
NUMERIC = sorted(each.id for each in KNOWLEDGE.analytes.values() if each.units and each.id in READING.usual)


def test_spoiled_reports_are_never_read_silently_wrong() -> None:
    """Of every fault that can be seen from what a line prints none gives a wrong value, and what is right is read."""
    outcome = measure(400, 11, FACTS)
    assert outcome.silently_wrong == 0, outcome.examples
    clean = outcome.seen[CLEAN]
    assert clean.wrong == 0
    assert clean.share(State.ACCEPTED) > 0.95


@pytest.mark.slow
def test_every_way_of_spoiling_is_met_and_none_is_silently_wrong() -> None:
    """Many more reports, from another seed, meet every way of spoiling."""
    outcome = measure(3_000, 12, FACTS)
    assert outcome.silently_wrong == 0, outcome.examples
    assert {CLEAN, *SPOILS} == outcome.seen.keys()


def test_the_facts_of_reading_are_whole() -> None:
    """Each code has its check digit, each unit a spelling, each name a test, and each code of labs.toml is known."""
    assert check_lab_reading(KNOWLEDGE.analytes, READING) == []
    assert all(is_loinc(code) for code in READING.codes)
    assert READING.source in KNOWLEDGE.sources


def test_a_spelling_means_one_unit() -> None:
    """No spelling stands under two units."""
    seen: dict[str, str] = {}
    for each in READING.units:
        for spelling in (each.unit, *each.also):
            assert seen.setdefault(folded_unit(spelling), each.unit) == each.unit, spelling


def test_a_name_means_one_test() -> None:
    """No further name belongs to two tests, and none of another test is one of ours."""
    owner: dict[str, str] = {}
    for analyte, names in READING.names.items():
        for name in names:
            assert owner.setdefault(name.casefold(), analyte) == analyte, name
    assert not FACTS.others & FACTS.names.keys()


@given(st.sampled_from(NUMERIC), st.floats(0.01, 0.99), st.data())
def test_units_convert_there_and_back(analyte: str, at: float, data: st.DataObject) -> None:
    """A value in any unit of a test is the same after conversion to SI and back."""
    entry = KNOWLEDGE.analytes[analyte]
    factors = {each.unit: each.to_si for each in entry.units}
    unit = data.draw(st.sampled_from(sorted(factors)))
    low, high = READING.usual[analyte].met
    value = (low + at * (high - low)) / factors[unit]
    assert convert(value, unit, factors) / factors[unit] == pytest.approx(value, rel=1e-12)
    assert units_of(READING).read(unit) is not None


@given(st.sampled_from(NUMERIC), st.floats(0.01, 0.99), st.data())
def test_an_accepted_value_is_the_one_that_is_printed(analyte: str, at: float, data: st.DataObject) -> None:
    """Whatever the unit, an accepted result has the printed number, and its SI value is the true one."""
    entry, usual = KNOWLEDGE.analytes[analyte], READING.usual[analyte]
    unit = data.draw(st.sampled_from([each.unit for each in entry.units]))
    factor = convert(1.0, unit, {each.unit: each.to_si for each in entry.units})
    low, high = usual.intervals[0]
    value = float(f"{(low + at * (high - low)) / factor:.4g}")
    ends = f"{low / factor:.4g}-{high / factor:.4g}" if low else f"< {high / factor:.4g}"
    line = LabLine("", name=entry.name, value=repr(value), unit=unit, range=ends, comma=False)
    judged = judge(line, FACTS, ON)
    if judged.result is not None:
        assert judged.result.value == value
        assert judged.result.analyte == analyte
    else:
        assert judged.state in (State.DOUBT, State.REFUSED)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["magnesium", "potassium", "sodium", "chloride", "phosphate"]),
            st.integers(0, 100),
            st.dates(date(2000, 1, 1), ON),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda each: (each[0], each[2]),
    ),
    st.booleans(),
)
def test_a_table_goes_out_and_comes_in(rows: list[tuple[str, int, date]], comma: bool) -> None:
    """Results written as a table, with a point or a comma, are read back as the same results."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";" if comma else ",")
    writer.writerow(("Test", "Result", "Unit", "Reference range", "Date"))
    wanted = []
    for analyte, at, day in rows:
        low, high = READING.usual[analyte].intervals[0]
        value = round(low + at / 100 * (high - low), 2)
        wanted.append((analyte, value, low, high, day))
        cells = [f"{value:.2f}", "mmol/L", f"{low:.2f}-{high:.2f}"]
        cells = [each.replace(".", ",") for each in cells] if comma else cells
        writer.writerow((KNOWLEDGE.analytes[analyte].name, *cells, day.isoformat()))
    judged = judge_all(report_of(stream.getvalue().encode(), "table", FACTS).lines, FACTS, ON)
    results = [each.result for each in judged]
    assert [(r.analyte, r.value, r.low, r.high, r.taken) for r in results if r is not None] == wanted


@given(st.floats(0.001, 99_999), st.booleans())
def test_numbers_are_read_as_they_are_printed(value: float, comma: bool) -> None:
    """Two decimals can only be read one way, whatever the mark."""
    text = f"{value:.2f}".replace(".", "," if comma else ".")
    assert numbers(text, comma=None) == (float(f"{value:.2f}"),)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text as a value, unit, interval, flag, date or code is judged, without a traceback."""
    line = LabLine(text, "Potassium", text, text, text, text, text, text, text, text, text, text, text, text)
    for each in (line, LabLine(text, "Magnesium", "0.62", "mmol/L", range=text, date=text)):
        judged = judge(each, FACTS, ON)
        assert judged.result is None or judged.result.value is None or judged.result.unit
    assert interval(text, comma=None) is None or any(each.isdigit() for each in text)


@given(st.text(max_size=200))
def test_no_file_breaks_the_reader(text: str) -> None:
    """Any text is a report, or is refused in one line."""
    with contextlib.suppress(DataRefusedError):
        judge_all(report_of(text.encode("utf-8", "replace"), "report", FACTS).lines, FACTS, ON)


def test_a_line_that_is_too_long_is_refused_and_said() -> None:
    """What lies beyond the part of a line that is read is never dropped without a word."""
    report = report_of(f"Sodium 140 mmol/L {'x' * 2000}\nMg 0.62 mmol/L\n".encode(), "report", FACTS)
    states = [(each.state, each.reasons) for each in judge_all(report.lines, FACTS, ON)]
    assert [state for state, _ in states] == [State.REFUSED, State.ACCEPTED]
    assert "at most 2,000 are read" in states[0][1][0]
