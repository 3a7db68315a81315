"""Reading recordings of nerve excitability: QTRAC's files and tables of named figures."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rheobase.errors import DataRefusedError, RheobaseError
from rheobase.examples import example_recording
from rheobase.importers.nerve_recording import read_recording, recording_of_file
from rheobase.knowledge.nerve_norms import load_nerve_norms
from rheobase.nerve.recorded_indices import worked_out
from rheobase.nerve.recording import RECOVERY, STRENGTH, Recording

EXAMPLE = example_recording().decode()
# The shape of a real file: a name broken by a backslash, numbers without a leading zero, settings, two ages.
SHORT = """ Name:              \tX
 Protocol:          \tTRONDNF
 Age:               \t30 / 32
 Sex:               \tM
 Temperature:       \t33.5
 S/R sites:         \tMedian Wr-APB

  CHARGE DURATION DATA (2.4-3.5m)

                    \tDuration (ms)       \t Threshold (mA)     \t  Threshold charge (mA.mS)
QT.1                \t .2                 \t 9.790961           \t 1.958192
QT.2                \t .4                 \t 6.905862           \t 2.762345
QT.3                \t .6                 \t 5.978864           \t 3.587318
QT.4                \t .8                 \t 5.44341            \t 4.354728
QT.5                \t 1                  \t 5.187509           \t 5.187509

  RECOVERY CYCLE DATA (11.1-15.3m)

                    \tInterval (ms)       \t  Threshold change (%)
RC1.1               \t 3.2                \t4.99
RC1.2               \t 4                  \t-12.75
RC1.3               \t 5                  \t-22.24
RC1.4               \t 6.3                \t-24.45
RC1.5               \t 7.9                \t-24.05
RC1.6               \t 10                 \t-18.94

  DERIVED EXCITABILITY VARIABLES

Program = QTracP 9/12/2016

 3.                 \t0.287               \tStrength-duration\\time constant (ms)
 11.                \t-99.2               \tTEh(90-100ms)
 16.                \t0.000               \tPolarizing current\\(mA)

  EXTRA VARIABLES (add here as required, e.g. Potassium = 4.5)

TEd20(10-20ms) = 30.8
Potassium = 4.1
"""


def read(text: str) -> Recording:
    """Read a text."""
    return read_recording(text.encode(), "f")


def refused(text: str | bytes) -> str:
    """Return why a text is refused."""
    with pytest.raises(DataRefusedError) as problem:
        read_recording(text.encode() if isinstance(text, str) else text, "f")
    return str(problem.value)


def test_a_qtrac_file_is_read_whole() -> None:
    """Header, tables, numbered figures and extra ones are all there, and nothing else is."""
    found = read(SHORT)
    assert found.kind == "QTRAC"
    assert (found.age, found.sex, found.temperature, found.potassium) == (31, "male", 33.5, 4.1)
    assert found.curves[STRENGTH][0] == (0.2, 9.790961)
    assert found.curves[RECOVERY][-1] == (10, -18.94)
    assert found.indices["time_constant"] == 0.287
    assert found.indices["electrotonus_hyperpolarised"] == -99.2
    assert found.indices["electrotonus_depolarised_early_20"] == 30.8
    assert dict(found.others) == {"Polarizing current (mA)": 0}
    assert found.header["Program"] == "QTracP 9/12/2016"
    assert [note.text for note in found.notes] == ["age: the mean of 30 / 32 is taken"]


def test_figures_are_worked_out_as_qtrac_does() -> None:
    """Rheobase, refractory period and superexcitability of a published recording come out as printed in it."""
    found = read(SHORT)
    assert found.indices["rheobase"] == pytest.approx(4.026, abs=0.001)
    assert found.indices["refractory_period"] == pytest.approx(3.407, abs=0.001)
    assert found.indices["superexcitability"] == pytest.approx(-23.583, abs=0.005)
    assert worked_out(found.curves, ())["time_constant"] == pytest.approx(0.287, abs=0.001)
    assert set(found.worked_out) == {"rheobase", "refractory_period", "superexcitability"}


def test_a_curve_that_contradicts_its_figure_is_said() -> None:
    """The file's own figure is used, and the contradiction is noted."""
    found = read(SHORT.replace("\t0.287 ", "\t0.487 "))
    assert found.indices["time_constant"] == 0.487
    assert "its curve gives 0.2868" in found.notes[-1].text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_make_no_difference(encoding: str, line_end: str) -> None:
    """The same figures come from each; what was not UTF-8 is noted."""
    text = SHORT.replace("Name:              \tX", "Name:              \tJos\u00e9").replace("\n", line_end)
    found = read_recording(text.encode(encoding), "f")
    assert found.indices == read(SHORT).indices
    assert any("Windows" in note.text for note in found.notes) == (encoding == "cp1252")


def test_a_decimal_comma_is_read() -> None:
    """Figures with a comma are the same figures."""
    comma = "\n".join(
        line if ":" in line or "(" in line else line.replace(".", ",") if line.startswith("QT.") is False else line
        for line in SHORT.split("\n")
    ).replace("\t0.287 ", "\t0,287 ")
    assert read(comma.replace("RC1,", "RC1.")).indices["time_constant"] == 0.287
    assert read(comma.replace("RC1,", "RC1.")).curves == read(SHORT).curves


def test_what_is_left_out_is_noted_with_its_line() -> None:
    """A missing value, a row too short, a place twice, an unknown section and a strange line are each said."""
    strange = (
        SHORT.replace("\t-12.75", "\tNaN")
        .replace("RC1.4               \t 6.3                \t-24.45", "RC1.4               \t 6.3")
        .replace("RC1.6               \t 10 ", "RC1.6               \t 5 ")
        .replace(" 11.                \t-99.2", " 12.                \t-99.2")
        + "\n  EXTRA WAVEFORMS\n\n 1 2 3\n"
    )
    found = read(strange)
    told = {note.line: note.text for note in found.notes}
    line = {words: SHORT[: SHORT.index(words)].count("\n") + 1 for words in ("RC1.2", "RC1.4", "RC1.6", " 11.  ")}
    assert "no value" in told[line["RC1.2"]]
    assert "1 of 2 values" in told[line["RC1.4"]]
    assert "at 5 again" in told[line["RC1.6"]]
    assert "usually 11" in told[line[" 11.  "]]
    assert any("Extra waveforms: not read (1 lines)" in text for text in told.values())
    assert [at for at, _ in found.curves[RECOVERY]] == [3.2, 5, 7.9]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("\t0.287 ", "\t287 ", "line 31: Strength-duration time constant is 287, expected 0.03 to 3 ms"),
        ("\t-22.24", "\tabc", "line 22: RC1.3, change of threshold is 'abc', expected a number"),
        ("Interval (ms)", "Interval (s)", "line 19: interval is in s, expected ms"),
        ("\t33.5", "\t92.3", "temperature is 92.3, expected 15 to 42 C"),
        ("Potassium = 4.1", "Potassium = 41", "potassium is 41, expected 1.5 to 9 mmol/L"),
        ("\t 9.790961 ", "\t 9790.961 ", "QT.1, threshold is 9790.96, expected 0.01 to 200 mA"),
        ("\t-22.24", "\t1.234,5", "'1.234,5'"),
        ("\t-22.24", "\t-22.24" + " " * 2_000, "has 2,0"),
        ("\t-99.2 ", "\t99.2 ", "Electrotonus, -40 %, 90-100 ms is 99.2"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(old: str, new: str, words: str) -> None:
    """The message says where, what came, what was expected."""
    assert old in SHORT
    assert words in refused(SHORT.replace(old, new))


def test_reversed_signs_of_electrotonus_are_refused() -> None:
    """A depolarising current that seems to raise the threshold is a file with its signs reversed."""
    head, _, tail = EXAMPLE.partition("TE1.1 ")
    te, _, rest = tail.partition("  RECOVERY")
    lines = [f"{line.rsplit(chr(9), 1)[0]}\t {-float(line.rsplit(chr(9), 1)[1])}" if "\t" in line else line
             for line in te.split("\r\n")]  # fmt: skip
    assert "are the signs reversed?" in refused(head + "TE1.1 " + "\r\n".join(lines) + "  RECOVERY" + rest)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "holds no figure"),
        (b"hello\n", "holds no figure"),
        (b"\x00\x01\x02", "binary"),
        (b"a.MEM\nb.MEM\n", "is a list of recordings"),
        (b"rrp (ms),3.1\nx\x07,2\n", "control character"),
        (("x,1\n" * 30_000).encode(), "at most 20,000"),
        (("x,1\n" * 600).encode(), "too large"),
    ],
)
def test_files_that_are_no_recording_are_refused(data: bytes, words: str) -> None:
    """One line says why."""
    assert words in refused(data)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """Its size alone is enough."""
    file = tmp_path / "big.mem"
    file.write_bytes(b" " * 1_100_000)
    with pytest.raises(DataRefusedError, match="at most 1 MB"):
        recording_of_file(str(file))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_of_named_figures_is_read(separator: str) -> None:
    """Ids, QTRAC's names, units of the same kind, and one line of values under names."""
    rows = [["name", "value", "unit"], ["rrp (ms)", "3.1", "ms"], ["time_constant", "420", "us"], ["sex", "F", ""],
            ["TEd(90-100ms)", "41.5", "%"], ["age", "50", "years"], ["mystery", "7", ""]]  # fmt: skip
    found = read("\n".join(separator.join(row) for row in rows))
    expected = {"time_constant": 0.42, "refractory_period": 3.1, "electrotonus_depolarised": 41.5}
    assert dict(found.indices) == pytest.approx(expected)
    assert (found.age, found.sex, dict(found.others)) == (50, "female", {"mystery": 7})
    assert "mystery" in found.notes[0].text
    names, values = zip(*[("rrp", "3.1"), ("sdtc", "0.42"), ("ted(90-100ms)", "41.5"), ("age", "50")], strict=True)
    across = read(separator.join(names) + "\n" + separator.join(values))
    assert dict(across.indices) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rrp (ms);3,1;kg", "line 1: rrp (ms) is in 'kg', expected ms"),
        ("rrp,sdtc,age,sex\n3,0.4,50,F\n3,0.4,50,F", "line 3: holds 2 recordings"),
        ("rrp,sdtc,age,sex\n3,1,0,4,50,F", "line 2: has 6 values under 4 names. Is there a decimal comma"),
        ("| a | b | c | d |\na,b,c,d\n1,2,3,4\n5,6,7,8", "holds no figure"),
        ("superexcitability,-120", "line 1: Superexcitability is -120, expected -90 to 100 %"),
    ],
)
def test_tables_that_cannot_be_are_refused(text: str, words: str) -> None:
    """The message names the line and what was expected."""
    assert words in refused(text)


def test_every_name_that_the_norms_know_is_read() -> None:
    """The mean of healthy people under each of the names comes back as that figure."""
    for norm in load_nerve_norms().norms.values():
        for name in (*norm.names, norm.id):
            assert read(f'"{name}";{norm.mean}').indices == {norm.id: norm.mean}


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_any_damage_to_a_file_is_read_or_refused(data: st.DataObject) -> None:
    """Bytes cut out, put in or doubled anywhere give a recording or one clear refusal, nothing else."""
    raw = EXAMPLE.encode()
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 400)))
    bits = [b"\t", b"-", b"nan", b"1e999", b"\xff", b"9" * 400, b",", b"\n", b" 7. 0.5 Resting I/V slope\n"]
    put = data.draw(st.one_of(st.binary(max_size=12), st.just(raw[start:end] * 2), st.sampled_from(bits)))
    damaged = raw[:start] + put + raw[end:]
    found = None
    # Any other exception fails the test.
    with suppress(RheobaseError):
        found = read_recording(damaged, "f")
    for name, value in found.indices.items() if found else ():
        low, high = load_nerve_norms().norms[name].possible
        assert low <= value <= high
