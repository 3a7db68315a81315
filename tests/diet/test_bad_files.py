"""Bad files, whatever is wrong with them: one clear line, nothing half imported, bounded time and memory."""

from __future__ import annotations

import json
import os
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from rheobase.cli.diet import diet
from rheobase.cli.foods import foods
from rheobase.errors import RheobaseError
from rheobase.importers.diet_import import import_diet

ON = date(2026, 11, 24)
DAILY = "Date,Energy (kcal),Calcium (mg),Vitamin D (IU),Completed\n"
GOOD = DAILY + "2026-11-20,2000,800,400,true\n"
SERVINGS = "Day,Time,Group,Food Name,Amount,Energy (kcal),Calcium (mg),Category\n"
RECORD = (
    '<Record type="HKQuantityTypeIdentifierDietaryCalcium" sourceName="A" unit="{unit}" '
    'startDate="{day} 10:00:00 +0100" value="{value}"/>'
)
OFF = "code\tproduct_name\tcalcium_100g\n"
AMOUNT = {"nutrient": {"number": "301", "unitName": "mg"}, "amount": 1}
FDC = {"fdcId": 1, "description": "milk", "foodNutrients": [AMOUNT]}
IMPOSSIBLE = [{**FDC, "fdcId": at, "foodNutrients": [{**AMOUNT, "amount": -1}]} for at in range(20)]


def row(cells: str, header: str = DAILY) -> bytes:
    """Return a table of one row."""
    return f"{header}{cells}\n".encode()


def health(unit: str = "mg", day: str = "2026-11-20", value: str = "120") -> bytes:
    """Return an export of one record."""
    return f"<HealthData>{RECORD.format(unit=unit, day=day, value=value)}</HealthData>".encode()


IMPORTS = {
    "empty": (b"", "column names"),
    "header alone": (DAILY.encode(), "no row"),
    "wrong header": (b"a,b\n1,2\n", "none of the known exports"),
    "negative": (row("2026-11-20,2000,-800,400,true"), "'-800' is negative"),
    "not a number": (row("2026-11-20,NaN,800,400,true"), "not a number"),
    "infinite": (row("2026-11-20,inf,800,400,true"), "not a number"),
    "beyond every float": (row("2026-11-20,1e400,800,400,true"), "too large"),
    "thousands of figures": (row(f"2026-11-20,{'9' * 5000},800,400,true"), "too large"),
    "a tonne of calcium": (row("2026-11-20,2000,1000000000,400,true"), "cannot be"),
    "a later day": (row("2036-11-20,2000,800,400,true"), "has not been yet"),
    "no day of the calendar": (row("2026-02-31,2000,800,400,true"), "not a day of the calendar"),
    "the year one": (row("0001-01-01,2000,800,400,true"), "is before 1970"),
    "day and month exchanged": (row("01/11/2026,2000,800,400,true"), "not a day such as"),
    "a day twice": (GOOD.encode() + b"2026-11-20,1,1,1,true\n", "stands twice and differs"),
    "two styles of number": (b"Date;Energy (kcal);Calcium (mg)\n2026-11-20;2000,5;800.25\n", "two styles"),
    "a column twice": (b"Date,Calcium (mg),Calcium (mg)\n2026-11-20,1,2\n", "twice"),
    "cut off": (row("2026-11-20,2000"), "Is it cut off"),
    "a quotation mark not closed": (row('2026-11-20,"2000,800,400,true\n2026-11-21,1,1,1,true'), "quotation mark"),
    "a field of 200 kB": (row(f"2026-11-20,{'9' * 200_000},800,400,true"), "cannot be read"),
    "5,000 columns": (("Date," + ",".join(f"c{at}" for at in range(5000)) + "\n").encode(), "more than 500 columns"),
    "control characters": (row("2026-11-20,,x,\x1b[31mmilk,5 g,1,1,x", SERVINGS), "control character"),
    "binary": (GOOD.replace("800", "8\x000").encode(), "binary"),
    "UTF-16 without its mark": (GOOD.encode("utf-16-le"), "UTF-16 without"),
    "UTF-32": (GOOD.encode("utf-32"), "UTF-32"),
    "negative grams": (row("2026-11-20,,x,milk,-58 g,1,1,x", SERVINGS), "is not an amount"),
    "a thousand tonnes": (row("2026-11-20,,x,milk,1000000000 g,1,1,x", SERVINGS), "more than can be"),
    "grams not a number": (row("2026-11-20,,x,milk,NaN g,1,1,x", SERVINGS), "is not an amount"),
    "no name": (row("2026-11-20,,x,,5 g,1,1,x", SERVINGS), "no food name"),
    "XML entities": (
        b'<!DOCTYPE HealthData [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><HealthData>&b;</HealthData>',
        "entities",
    ),
    "an entity of a file": (b'<!DOCTYPE HealthData [<!ENTITY a SYSTEM "x">]><HealthData>&a;</HealthData>', "entities"),
    "other XML": (b"<?xml version='1.0'?><rss/>", "not an Apple Health export"),
    "XML cut off": (health()[:-20], "not whole XML"),
    "XML without end": (b"<HealthData>" + b"<a>" * 100_000, "nests more than 50"),
    "one attribute of 6 MB": (b'<HealthData><Record type="' + b"a" * 6_000_000 + b'"/></HealthData>', "more than 4 MB"),
    "XML negative": (health(value="-120"), "is negative"),
    "XML not a number": (health(value="NaN"), "not a number"),
    "XML a tonne": (health(value="1e9"), "cannot be"),
    "XML later day": (health(day="2036-11-20"), "has not been yet"),
    "XML unit": (health(unit="lb"), "is not one of"),
    "XML without a record": (b"<HealthData></HealthData>", "no dietary record"),
    "no zip": (b"PK\x03\x04 and no more", "not a whole zip"),
}


def refused(file: Path, said: str) -> None:
    """Import a file twice, once into a file; expect one short message, and no file."""
    target = file.with_name("target.yaml")
    found = CliRunner().invoke(diet, ["import", str(file), "-o", str(target), "--on", str(ON)])
    assert isinstance(found.exception, RheobaseError), found.output
    message = str(found.exception)
    assert said in message
    assert "Traceback" not in message
    assert len(message.split("\n")) <= 3
    assert len(message) < 700
    assert not target.exists()
    assert not found.stdout


@pytest.mark.parametrize("name", IMPORTS)
def test_a_bad_export_is_refused_whole(tmp_path: Path, name: str) -> None:
    """Each fault is said in one line, and nothing is written."""
    data, said = IMPORTS[name]
    file = tmp_path / "file.csv"
    file.write_bytes(data)
    refused(file, said)


def bomb(path: Path) -> None:
    """Write 100 MB of nothing in a small archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("export.xml", b"<HealthData>" + b" " * 100_000_000)


def claim(path: Path) -> None:
    """Write an archive that says that it holds 2 GB."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("dailysummary.csv", GOOD)
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = data.find(mark) + at
        data[start : start + 4] = struct.pack("<I", 2**31 - 1)
    path.write_bytes(bytes(data))


def small_claim(path: Path) -> None:
    """Write an archive that says that it holds less than it does."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("dailysummary.csv", GOOD * 1000)
    data = bytearray(path.read_bytes())
    start = data.find(b"PK\x01\x02") + 24
    data[start : start + 4] = struct.pack("<I", 100)
    path.write_bytes(bytes(data))


def truncated(path: Path) -> None:
    """Write the first half of an archive."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("dailysummary.csv", GOOD)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def other(path: Path) -> None:
    """Write an archive of something else."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("notes.txt", "x")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (bomb, "no table does"),
        (claim, "at most 50 MB"),
        (small_claim, "than it says|damaged"),
        (truncated, "not a whole zip"),
        (other, "holds none of"),
    ],
)
def test_a_bad_archive_is_refused_in_little_memory(tmp_path: Path, make: Callable[[Path], None], said: str) -> None:
    """Bombs, false claims and broken archives are refused before they are unpacked."""
    file = tmp_path / "file.zip"
    make(file)
    tracemalloc.start()
    with pytest.raises(RheobaseError, match=said):
        import_diet(str(file), ON)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


def test_what_is_no_plain_file_is_said_at_once(tmp_path: Path) -> None:
    """A folder, a pipe that nobody writes to and a link to nothing are one line each; a link to a file is read."""
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "dangling.csv").symlink_to("nowhere")
    (tmp_path / "good.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "link.csv").symlink_to("good.csv")
    for name, said in (("", "directory"), ("pipe.csv", "is a pipe"), ("dangling.csv", "No such file")):
        refused(tmp_path / name if name else tmp_path, said)
        for command in ((foods, ["--table", str(tmp_path / name), "milk"]), (diet, ["read", str(tmp_path / name)])):
            found = CliRunner().invoke(*command)
            assert isinstance(found.exception, RheobaseError), (name, found.output)
    assert import_diet(str(tmp_path / "link.csv"), ON).days


def test_a_file_of_200_megabytes_is_refused_unread(tmp_path: Path) -> None:
    """A sparse file of 200 MB is refused without holding it."""
    file = tmp_path / "large.csv"
    with file.open("wb") as stream:
        stream.write(GOOD.encode())
        stream.truncate(200_000_000)
    tracemalloc.start()
    refused(file, "at most 50 MB")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 120_000_000


def test_many_faults_make_few_lines(tmp_path: Path) -> None:
    """Two hundred faults of one day are ten lines and a count, also where its days are left out."""
    file = tmp_path / "file.csv"
    file.write_bytes(SERVINGS.encode() + b"2026-11-20,,x,milk,-5 g,1,1,x\n" * 200 + b"2026-11-21,,x,milk,5 g,1,1,x\n")
    found = CliRunner().invoke(diet, ["import", str(file), "--on", str(ON)])
    assert "and 190 more" in str(found.exception)
    assert len(str(found.exception).split("\n")) == 12
    left = import_diet(str(file), ON, leave_out=True)
    assert [day.day for day in left.days] == [date(2026, 11, 21)]
    assert len(left.dropped) < 20


@pytest.mark.parametrize(
    "value", ["=cmd|'/C calc'!A0", "@SUM(1+1)", "+1+1", "-2+3", "\u202emilk", "a: b # c", "- x", "&a *a !x"]
)
def test_a_name_that_is_a_command_elsewhere_stays_text(tmp_path: Path, value: str) -> None:
    """A formula, a mark of direction or YAML's own signs in a name are written as text and read back the same."""
    file, target = tmp_path / "file.csv", tmp_path / "diet.yaml"
    file.write_text(f'{SERVINGS}2026-11-20,,x,"{value}",5 g,1,1,x\n', encoding="utf-8")
    found = CliRunner().invoke(diet, ["import", str(file), "-o", str(target), "--on", str(ON)])
    assert found.exit_code == 0, found.output
    again = CliRunner().invoke(diet, ["import", str(file), "-o", str(target), "--on", str(ON), "--json"])
    assert json.loads(again.stdout)["written"] is False


TABLES = {
    "UTF-16": ((OFF + "1\tmilk\t0.1\n").encode("utf-16"), "in UTF-16"),
    "binary": (b"\x7fELF\0\0\0\0", "a binary file"),
    "gzip": (b"\x1f\x8b\x08\0", "gzip"),
    "cut off": (f"{OFF}1\tmilk\n".encode(), "Is it cut off"),
    "empty": (b"", "none of the known"),
    "header alone": (OFF.encode(), "no food"),
    "a quotation mark not closed": (
        b'alim_code;alim_nom_fr;Calcium (mg/100 g)\n1;"lait;120\n2;eau;1\n',
        "quotation mark",
    ),
    "JSON cut off": (json.dumps({"FoundationFoods": [FDC]}).encode()[:-5], "not whole JSON"),
    "JSON too deep": (b"[" * 100_000, "too deep"),
    "a number of 6,000 figures": (b'{"FoundationFoods":[' + b"9" * 6000 + b"]}", "more than 4300 figures"),
    "other JSON": (b'{"a": 1}', "holds none of the lists"),
    "only impossible values": (
        json.dumps({"FoundationFoods": IMPOSSIBLE}).encode(),
        "more values are impossible than possible",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_bad_food_table_is_refused(tmp_path: Path, name: str) -> None:
    """Each fault is one line, and no food is shown."""
    data, said = TABLES[name]
    file = tmp_path / "table.csv"
    file.write_bytes(data)
    found = CliRunner().invoke(foods, ["--table", str(file), "milk"])
    assert isinstance(found.exception, RheobaseError), found.output
    assert said in str(found.exception)
    assert "\n" not in str(found.exception)
    assert not found.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {text: milk, grams: -5}", "more than 0"),
        ("- {text: milk, grams: .nan}", "expected a number"),
        ("- {text: milk, grams: .inf}", "expected a number"),
        ("- {text: milk, grams: 1000000000}", "more than can be"),
        ("- {text: milk, holds: {calcium_mg: 1000000000}}", "cannot be"),
        ("- {text: milk, holds: {calcium_mg: -1}}", "no less than"),
        ("- {text: '" + "milk " * 2000 + "', food: '01077'}", "at most 500"),
        ("- " + "milk " * 2000, "longer than 500"),
        ("\n".join(["- milk"] * 400), "at most 300"),
    ],
)
def test_a_bad_diet_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """Negative, infinite and impossible amounts and endless text are one line each."""
    file = tmp_path / "diet.yaml"
    file.write_text(f"rheobase_diet: 1\nmeals:\n{text}\n", encoding="utf-8")
    found = CliRunner().invoke(diet, ["show", str(file), "--on", str(ON)])
    assert isinstance(found.exception, RheobaseError), found.output
    assert said in str(found.exception)
    assert len(str(found.exception)) < 400
