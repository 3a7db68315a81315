"""The chart of a person's curve over healthy people's."""

from __future__ import annotations

import re

import pytest

from rheobase.report.band_chart import BandChart, BandPoint, band_lines, band_shapes

BAND = tuple(BandPoint(float(at), -10.0, 10.0) for at in (2, 20, 200))
CHART = BandChart(
    "delay [ms]", "change [%]", (BAND,), (((2.0, 0.0), (20.0, 5.0), (200.0, 60.0)),), (((2.0, 0.0),),), True
)


def dots(shapes: list[str]) -> list[tuple[float, float]]:
    """Return where the dots of the curve are."""
    found = [re.search(r'cx="([\d.]+)" cy="([\d.]+)" r="3"', each) for each in shapes]
    return [(float(each.group(1)), float(each.group(2))) for each in found if each]


def test_a_curve_lies_where_its_figures_are() -> None:
    """Equal ratios are equally far apart, more is higher, both axes are named with their unit."""
    _, shapes = band_shapes(CHART)
    first, middle, last = dots(shapes)[:3]
    assert middle[0] - first[0] == pytest.approx(last[0] - middle[0], abs=0.2)
    assert first[1] > middle[1] > last[1]
    assert {"delay [ms]", "change [%]"} <= {re.sub("<[^>]+>", "", each) for each in shapes}


def test_a_point_beyond_the_chart_is_named() -> None:
    """It stands at the edge with its own level beside it, and no other does."""
    _, shapes = band_shapes(CHART)
    text = [re.sub("<[^>]+>", "", each) for each in shapes if "p-text" in each]
    assert text == ["60"]


@pytest.mark.parametrize("width", [40, 80, 200])
def test_lines_of_text_keep_to_the_width(width: int) -> None:
    """Person, band and axes are there, nothing is wider than told."""
    lines = band_lines(CHART, width)
    assert max(map(len, lines)) <= width
    assert "o" in "".join(lines[1:-3])
    assert "=" in "".join(lines[1:-3])
    assert "delay [ms]" in lines[-2]


def test_no_model_line_without_a_model() -> None:
    """The legend names only what is drawn."""
    plain = BandChart(CHART.across, CHART.upright, CHART.bands, CHART.person)
    assert "model" not in "".join(band_shapes(plain)[1]) + "".join(band_lines(plain, 80))
    assert "model" in "".join(band_shapes(CHART)[1])
