"""A diet file: read, refused with one clear line each, written and read back the same."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rheobase.errors import DataRefusedError
from rheobase.foods import NUTRIENTS
from rheobase.importers.case_file import read_case
from rheobase.importers.case_writer import write_case
from rheobase.importers.diet_file import UNITS, read_diet
from rheobase.importers.diet_writer import write_diet
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.supplements import load_supplements
from rheobase.person import Diet, DietDay, Eaten, Person, Taken

ON = date(2026, 11, 24)
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(str.strip)
times = st.sampled_from(["", "07:30", "23:59"])
amounts = st.none() | st.dictionaries(st.sampled_from(NUTRIENTS), st.floats(0, 4000), max_size=4).map(MappingProxyType)
eaten = st.builds(
    Eaten,
    text=texts,
    food=st.none() | st.sampled_from(["01077", "14209", "x-1", "yes"]),
    grams=st.none() | st.floats(0.01, 20000),
    time=times,
    holds=amounts,
    per_100_g=amounts,
    origin=st.just("") | texts,
)
taken = st.builds(
    Taken,
    text=texts,
    form=st.none() | st.sampled_from(sorted(load_supplements().forms)),
    amount=st.none() | st.floats(0.01, 1e5),
    unit=st.sampled_from(["", *UNITS]),
    means=st.sampled_from(["", "salt", "elemental"]),
    times=st.floats(0.5, 10),
    time=times,
    holds=amounts,
    origin=st.just("") | texts,
)


@st.composite
def diets(draw: st.DrawFn) -> Diet:
    """Return diets of up to four days, none of them twice."""
    dates = draw(st.lists(st.none() | st.integers(0, 999), max_size=4, unique=True))
    days = []
    for each in dates:
        totals = draw(amounts)
        foods = st.just(()) if totals is not None else st.lists(eaten, max_size=3).map(tuple)
        days.append(
            DietDay(
                day=None if each is None else ON - timedelta(days=each),
                complete=draw(st.sampled_from([True, False, None])),
                meals=draw(foods),
                drinks=draw(foods),
                supplements=draw(st.lists(taken, max_size=2).map(tuple)),
                totals=totals,
                origin=draw(st.just("") | texts),
                notes=draw(st.just("") | texts),
            )
        )
    notes = draw(st.just("") | texts | st.just("One line\n\n  and: another #\n"))
    return Diet(tuple(days), draw(st.lists(texts, max_size=2).map(tuple)), notes)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(diets())
def test_a_written_diet_reads_back_the_same(diet: Diet) -> None:
    """Nothing that was told or imported is lost by writing it down."""
    assert read_diet(write_diet(diet).encode(), name="x", on=ON) == diet


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_reader(data: bytes) -> None:
    """Whatever comes, it is a diet or a refusal; never another error."""
    with contextlib.suppress(DataRefusedError):
        read_diet(b"rheobase_diet: 1\n" + data, name="x", on=ON)


def test_one_day_needs_no_days() -> None:
    """A bare list of meals is one day without a date, of which nobody said whether it is complete."""
    diet = read_diet(b"rheobase_diet: 1\nmeals:\n- 100 g spinach\n- {food: 14209, grams: 240}\n", name="x", on=ON)
    (day,) = diet.days
    assert day.day is None
    assert day.complete is None
    assert [each.food for each in day.meals] == [None, "14209"]


def test_a_litre_of_mineral_water_is_read_by_its_label() -> None:
    """Figures per litre become figures per 100 g; a litre weighs a thousand grams."""
    text = b"rheobase_diet: 1\ndrinks:\n- {text: water, ml: 500, per_litre: {magnesium_mg: 80}}\n"
    (water,) = read_diet(text, name="x", on=ON).days[0].drinks
    assert (water.grams, water.per_100_g) == (500, {"magnesium_mg": 8})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- {food: '1', grams: -5}", "expected more than 0"),
        ("- {food: '1', grams: .nan}", "expected a number, got '.nan'"),
        ("- {food: '1', grams: 1000000000}", "more than can be"),
        ("- {food: '1', grams: 1e9}", "more than can be"),
        ("- {food: yes}", "expected an id"),
        ("- {grams: 5}", "neither text nor food"),
        ("- {text: x, gram: 5}", "Did you mean 'grams'"),
        ("- {text: x, holds: {magnesium_mg: -1}}", "no less than 0"),
        ("- {text: x, holds: {magnesium_mg: 1e12}}", "cannot be"),
        ("- {text: x, holds: {magnesium: 1}}", "Did you mean 'magnesium_mg'"),
        ("- {text: x, time: 25:00}", "time of day"),
        ("- 5", "expected text"),
        ("- ''", "is empty"),
        (" 5", "expected a list"),
    ],
)
def test_a_wrong_line_is_refused_in_one_line(text: str, says: str) -> None:
    """Each refusal is one line that names the place and what was expected."""
    with pytest.raises(DataRefusedError) as refused:
        read_diet(f"rheobase_diet: 1\nmeals:\n{text}\n".encode(), name="x.yaml", on=ON)
    assert says in str(refused.value)
    assert str(refused.value).count("\n") == 0
    assert "x.yaml: meals" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("days: [{date: 2026-11-25}]", "has not been yet"),
        ("days: [{date: 2026-11-24}, {date: 2026-11-24}]", "is also day 1"),
        ("days: [{date: 24/11/2026}]", "expected a day such as"),
        ("days: [{complete: maybe}]", "expected yes or no"),
        ("days: [{totals: {magnesium_mg: 5}, meals: [milk]}]", "would count twice"),
        ("days: []\nmeals: [milk]", "side by side"),
        ("days: 5", "expected a list"),
        ("supplements: [{substance: magnesium_citrat, amount: 1, unit: mg}]", "Did you mean 'magnesium_citrate'"),
        ("supplements: [{substance: magnesium_citrate, amount: 1, unit: stone}]", "expected one of mg"),
        ("supplements: [{substance: magnesium_citrate, amount: 1, unit: mg, as: both}]", "elemental or salt"),
        ("meals: [" + ", ".join(["milk"] * 301) + "]", "at most 300"),
    ],
)
def test_a_wrong_day_is_refused_in_one_line(text: str, says: str) -> None:
    """Dates that have not been, days twice, totals beside meals: refused, nothing half read."""
    with pytest.raises(DataRefusedError) as refused:
        read_diet(f"rheobase_diet: 1\n{text}\n".encode(), name="x.yaml", on=ON)
    assert says in str(refused.value)
    assert str(refused.value).count("\n") == 0


@pytest.mark.parametrize("data", [b"", b"- a", b"rheobase_case: 1", b"rheobase_diet: 2", b"rheobase_diet: yes"])
def test_another_file_is_refused(data: bytes) -> None:
    """A file of another kind or version is refused as such."""
    with pytest.raises(DataRefusedError):
        read_diet(data, name="x", on=ON)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(diets())
def test_a_diet_in_a_case_file_reads_back_the_same(diet: Diet) -> None:
    """A case file keeps the diet under its key, whatever it holds."""
    person = Person(diet=diet)
    assert read_case(write_case(person).encode(), load_knowledge(), name="x").diet == diet


def test_what_is_wrong_with_a_diet_in_a_case_is_said() -> None:
    """The refusal names the part of the case file."""
    for text, says in (
        ("diet: 5", "diet: expected a mapping"),
        ("diet: {meals: [{grams: -1, text: x}]}", "diet: meals: line 1: grams: expected more than 0"),
    ):
        with pytest.raises(DataRefusedError) as refused:
            read_case(f"rheobase_case: 1\n{text}\n".encode(), load_knowledge(), name="x")
        assert says in str(refused.value)
