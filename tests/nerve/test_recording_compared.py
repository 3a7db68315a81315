"""A recording beside healthy people's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rheobase.errors import KnowledgeError
from rheobase.knowledge import nerve_norms
from rheobase.knowledge.nerve_norms import load_nerve_norms
from rheobase.nerve.compared import compare
from rheobase.nerve.recording import Recording
from rheobase.report.recording_page import in_words

NORMS = load_nerve_norms()
MEDIAN = {"S/R sites": "Median Wr-APB"}


def at(z: float) -> Recording:
    """Return a recording in which every figure lies so many standard deviations from the mean."""
    indices = {name: norm.at(z) for name, norm in NORMS.norms.items()}
    return Recording("QTRAC", indices, header=MEDIAN, age=40, temperature=33.0, potassium=4.0)


@pytest.mark.parametrize(("z", "inside"), [(0, True), (1.95, True), (-1.95, True), (1.97, False), (-1.97, False)])
def test_95_of_100_healthy_people_are_inside(z: float, inside: bool) -> None:
    """The ends are at 1.96 standard deviations, of the logarithm for skewed figures."""
    found = compare(at(z), NORMS)
    assert {each.inside for each in found.places} == {inside}
    assert all(each.z == pytest.approx(z, abs=1e-9) for each in found.places)
    assert len(found.outside) == (0 if inside else len(found.counted))


def test_skewed_figures_keep_mean_and_spread() -> None:
    """The log-normal has the mean and the standard deviation that were published."""
    norm = NORMS.norms["rheobase"]
    steps = [-6 + 12 * (each + 0.5) / 4000 for each in range(4000)]
    weights = [2.718281828459045 ** (-(z**2) / 2) for z in steps]
    total = sum(weights)
    mean = sum(weight * norm.at(z) for weight, z in zip(weights, steps, strict=True)) / total
    square = sum(weight * norm.at(z) ** 2 for weight, z in zip(weights, steps, strict=True)) / total
    assert mean == pytest.approx(norm.mean, rel=1e-3)
    assert (square - mean**2) ** 0.5 == pytest.approx(norm.sd, rel=1e-3)
    assert norm.at(-5) > 0


def test_what_follows_electrodes_is_shown_and_not_counted() -> None:
    """A rheobase far off is no finding of the membrane."""
    found = compare(replace(at(0), indices={"rheobase": 30.0, "time_constant": 0.4187}), NORMS)
    assert [each.inside for each in found.places] == [False, True]
    assert found.outside == ()
    assert in_words(found) == "The one figure that can be judged lies where those of 95 of 100 healthy people lie."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"header": {"S/R sites": "Ulnar Wr-ADM"}}, "The recording is of Ulnar Wr-ADM"),
        ({"header": {"S/R sites": "Hypothenar"}}, "The recording is of Hypothenar"),
        ({"header": {"S/R sites": "Median elbow-APB"}}, "median nerve at the wrist"),
        ({"age": 9}, "still maturing"),
    ],
)
def test_other_nerves_and_children_are_not_compared(change: dict[str, Any], words: str) -> None:
    """Nothing is said to be usual or unusual where there are no figures to say it from."""
    found = compare(replace(at(3), **change), NORMS)
    assert words in found.refused
    assert (found.places, found.outside) == ((), ())
    assert in_words(found).startswith("This recording is not compared.")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"temperature": 29.0}, "29 C, colder"),
        ({"temperature": 36.0}, "36 C, warmer"),
        ({"temperature": None}, "temperature of the skin is not known"),
        ({"potassium": None}, "Potassium of the blood on that day is not known"),
        ({"age": 81}, "older than any"),
        ({"age": None}, "age is not known"),
        ({"header": {}}, "does not say which nerve"),
        ({"indices": {"electrotonus_depolarised": 0.41}}, "a wrong unit"),
        ({"others": {"Polarizing current (mA)": 0.2}}, "polarising current flowed"),
    ],
)
def test_what_weakens_the_comparison_is_said(change: dict[str, Any], words: str) -> None:
    """Each doubt is named, and a recording without any has none."""
    assert compare(at(0), NORMS).doubts == ()
    assert any(words in each for each in compare(replace(at(0), **change), NORMS).doubts)


def tail(figures: int, outside: int) -> float:
    """Return how likely so many or more of independent figures are outside: what is left of those with fewer."""
    fewer = 0.0
    for picked in range(outside):
        ways = 1
        for each in range(picked):
            ways = ways * (figures - each) // (each + 1)
        fewer += ways * 0.05**picked * 0.95 ** (figures - picked)
    return 1 - fewer


@pytest.mark.parametrize(("outside", "chance"), [(2, True), (3, True), (4, True), (6, False)])
def test_more_than_chance_is_what_one_of_a_hundred_healthy_people_shows(outside: int, *, chance: bool) -> None:
    """The word "more than chance" stands where fewer than 1 of 100 healthy people have as many figures outside."""
    names = [each.norm.id for each in compare(at(0), NORMS).counted]
    some = replace(at(0), indices={name: NORMS.norms[name].at(3 if name in names[:outside] else 0) for name in names})
    assert (tail(len(names), outside) > 0.01) == chance
    assert ("more than chance" not in in_words(compare(some, NORMS))) == chance


def test_a_few_outside_are_said_to_be_chance_and_many_are_not() -> None:
    """The base rate comes first; only more than it brings is said to be more."""
    names = [each.norm.id for each in compare(at(0), NORMS).counted]
    few = replace(at(0), indices={name: NORMS.norms[name].at(3 if name in names[:2] else 0) for name in names})
    many = replace(at(0), indices={name: NORMS.norms[name].at(3 if name in names[:9] else 0) for name in names})
    assert in_words(compare(few, NORMS)) == (
        f"{len(names) - 2} of {len(names)} figures lie where those of 95 of 100 healthy people lie. With {len(names)} "
        f"figures about one is expected outside even in health. 2 or more come in {100 * tail(len(names), 2):.0f} of "
        f"100 healthy people, were figures independent (binomial: {len(names)} figures, each outside in 5 of 100)."
    )
    assert compare(few, NORMS).by_chance(NORMS) == pytest.approx(tail(len(names), 2), rel=1e-3)
    assert "9 or more come in fewer than 1 of 1,000 healthy people" in in_words(compare(many, NORMS))
    assert "more than chance brings" in in_words(compare(many, NORMS))


def test_the_norms_are_those_of_their_source() -> None:
    """Figures read in the source stand as they were read, and the window means of the curves agree with them."""
    expected = {"time_constant": (0.4187, 0.08896), "refractory_period": (2.982, 0.4084), "rheobase": (2.799, 1.295),
                "electrotonus_hyperpolarised": (-117.1, 17.55), "superexcitability": (-24.31, 6.286)}  # fmt: skip
    for name, (mean, sd) in expected.items():
        assert (NORMS.norms[name].mean, NORMS.norms[name].sd) == (mean, sd)
        assert NORMS.norms[name].grade == "A"
    for curve, name in (("electrotonus_plus_40", "electrotonus_depolarised"),
                        ("electrotonus_minus_40", "electrotonus_hyperpolarised")):  # fmt: skip
        late = [each.mean for each in NORMS.curves[curve] if each.at in (100, 109)]
        assert sum(late) / 2 == pytest.approx(NORMS.norms[name].mean, abs=0.1)


def test_broken_norms_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that stands twice is an error of ours, and is said."""
    load_nerve_norms.cache_clear()
    plain = nerve_norms._norm
    monkeypatch.setattr(nerve_norms, "_norm", lambda row: plain({**row, "sd": 0.0}))
    with pytest.raises(KnowledgeError, match="nobody differs"):
        load_nerve_norms()
    load_nerve_norms.cache_clear()
