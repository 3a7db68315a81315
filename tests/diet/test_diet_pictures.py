"""Pictures of a diet: well formed, nothing unknown drawn as zero, limits only where they apply, labels apart."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from rheobase.report.charts import Curve, CurvePoint, IntakeRow, Intakes, Mark, axis_end, clock
from rheobase.report.diet_terminal_pictures import curve_lines, intake_lines
from rheobase.report.document import Picture, Table
from rheobase.report.intake_shapes import APART, NOT_KNOWN, place
from rheobase.report.pictures import picture_svg
from rheobase.report.shapes import LEFT, RIGHT, nice_ticks

TABLE = Table("figures", ("a",), (("b",),))
SVG = "{http://www.w3.org/2000/svg}"

amounts = st.floats(0.01, 20_000)
spans = st.lists(amounts, min_size=2, max_size=2).map(sorted)


@st.composite
def some_marks(draw: st.DrawFn) -> tuple[Mark, ...]:
    """Draw reference values of different names."""
    names = draw(st.lists(st.sampled_from(["EAR", "RDA", "AI", "UL", "CDRR"]), unique=True))
    return tuple(Mark(name, *draw(spans)) for name in names)


marks = some_marks()
usuals = st.none() | st.lists(amounts, min_size=3, max_size=3).map(sorted).map(tuple)
rows = st.builds(
    IntakeRow,
    name=st.just("Magnesium <&> \x1b[31m"),
    unit=st.just("mg"),
    usual=usuals,
    recorded=st.none() | amounts,
    at_least=st.booleans(),
    marks=marks,
    supplement=st.none() | st.just(0.0) | amounts,
    supplement_limit=st.none() | st.just(Mark("UL", 350, 350)),
    words=st.just("can't be said"),
)


def drawn(chart: Intakes | Curve) -> ET.Element:
    """Return a picture as the tree of its elements; fails where it is not well formed."""
    return ET.fromstring(picture_svg(Picture("Title & more", "Description <b>", chart, TABLE), name="p"))  # noqa: S314


def classes(tree: ET.Element, tag: str) -> list[str]:
    """Return the class of every element of a kind."""
    return [each.get("class", "") for each in tree.iter(SVG + tag)]


@given(st.lists(rows, max_size=4))
def test_every_picture_of_intakes_is_well_formed_and_inside_its_frame(found: list[IntakeRow]) -> None:
    """Whatever the amounts, the SVG parses, has a title and a description, and no shape leaves its frame."""
    tree = drawn(Intakes(tuple(found)))
    assert tree.find(SVG + "title") is not None
    assert tree.find(SVG + "desc") is not None
    width, height = map(float, tree.get("viewBox", "").split()[2:])
    for each in tree.iter():
        for name, most in (("x", width), ("cx", width), ("x1", width), ("x2", width), ("y", height), ("cy", height)):
            if each.get(name) is not None:
                assert -1 <= float(each.get(name, "0")) <= most + 1, (each.tag, name)


@given(rows, st.integers(40, 200))
def test_what_is_not_known_is_never_drawn_as_zero(row: IntakeRow, width: int) -> None:
    """A nutrient of which nothing is known has words and no dot; one that is known in part has an open end."""
    legend = 1
    tree = drawn(Intakes((row,)))
    dots = classes(tree, "circle").count("p-dot") - legend
    text = "".join(tree.itertext())
    bar = intake_lines(Intakes((row,)), width)[0]
    if row.usual is None and row.recorded is None:
        assert dots == 0
        assert NOT_KNOWN in text
        assert "not known" in bar
        assert "o" not in bar.replace("not known", "").partition(" 0 ")[2]
    else:
        assert NOT_KNOWN not in text
        assert dots == (row.usual is not None)
        assert ("may be more" in text) == row.at_least
        if row.at_least:
            assert "p-open" in classes(tree, "line")


@given(marks)
def test_no_label_of_a_reference_intake_covers_another(found: tuple[Mark, ...]) -> None:
    """Labels of up to three marks in one row of the picture stand apart and within it."""
    shown = found[:3]
    row = IntakeRow("x", "mg", (1.0, 2.0, 3.0), 2.0, at_least=False, marks=shown)
    placed = place(shown, axis_end(row))
    assert {each.mark.name for each in placed} == {mark.name for mark in shown}
    for each in placed:
        assert each.start >= LEFT
        assert each.start + each.width <= RIGHT + 0.01
    for one, other in combinations(placed, 2):
        if one.row == other.row:
            assert one.start + one.width + APART <= other.start or other.start + other.width + APART <= one.start


@given(st.lists(st.lists(amounts, min_size=3, max_size=3).map(sorted), min_size=2, max_size=40), st.booleans())
def test_every_curve_is_well_formed_and_an_open_one_says_so(found: list[list[float]], at_least: bool) -> None:
    """Whatever the amounts, the SVG parses; where something is not in the curve, picture and text say so."""
    points = tuple(CurvePoint(6.0 + at, *span) for at, span in enumerate(found))
    chart = Curve(points, ((7.0, 90.0),), ((points[-1].hour, "bed"),), (100.0, "may delay sleep"), "mg", at_least)
    text = "".join(drawn(chart).itertext())
    assert ("open" in text) == at_least
    lines = curve_lines(chart, 80)
    assert ("may be more" in lines[-1]) == at_least
    assert max(map(len, lines)) <= 80


def test_a_far_upper_level_does_not_squeeze_the_axis() -> None:
    """An upper level many times what is eaten is named at the end of the axis; a near one stands on it."""
    near = IntakeRow("x", "mg", (1.0, 2.0, 3.0), 2.0, at_least=False, marks=(Mark("UL", 5.0, 5.0),))
    far = IntakeRow("x", "mg", (1.0, 2.0, 3.0), 2.0, at_least=False, marks=(Mark("UL", 100.0, 100.0),))
    assert axis_end(near) > 5
    assert axis_end(far) < 5
    assert place(far.marks, axis_end(far))[0].text == "UL 100 →"


@given(st.floats(1e-6, 1e9))
def test_ticks_are_few_and_within_the_axis(end: float) -> None:
    """Zero and a handful of round numbers up to the end."""
    ticks = nice_ticks(end)
    assert ticks[0] == 0
    assert 2 <= len(ticks) <= 7
    assert ticks[-1] <= end * (1 + 1e-6)


def test_hours_are_read_off_a_clock() -> None:
    """Half past eleven at night, and one o'clock in the night that follows."""
    assert (clock(23.5), clock(25), clock(23.9999)) == ("23:30", "01:00", "00:00")
