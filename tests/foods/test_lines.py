"""Lines of ordinary food: the right food, the right weight, and a question where there is doubt."""

from __future__ import annotations

import heapq
import math

import pytest
from benchmarks.foods import read_lines
from hypothesis import given
from hypothesis import strategies as st

from rheobase.errors import DataRefusedError
from rheobase.foods import Certainty, find_foods, load_foods, read_line, search, split_amount
from rheobase.foods.words import load_words, readings, tokens

TABLE = load_foods()
# Words of the table, common and rare, and some that it lacks.
WORDS = sorted({word for row in range(0, len(TABLE), 40) for word in tokens(TABLE.columns.descriptions[row])})
WORDS += ["coffe", "brocoli", "xqzv", "spinnach", "cooked", "raw", "milk", "salt"]


# Floors a little under what was measured (`benchmarks/foods.py` prints it): silent means wrong without asking.
FLOORS = {
    # 215, 214, 209 of 216 and 3 silent misses. The everyday words were written with these in mind.
    "lines.csv": {"first three": 0.98, "first": 0.97, "weight": 0.95, "not silently wrong": 0.98},
    # Written with the words for foods that the table lacks: 110, 110, 105 of 110 and 1 silent miss.
    "lines_everyday.csv": {"first three": 0.98, "first": 0.97, "weight": 0.93, "not silently wrong": 0.98},
    # 96, 88, 90 of 100 and 4 silent misses. Written after the search. At first sight 94, 85, 88 and 8 silent misses;
    # then two lines of the specification were corrected (no guacamole in the table; arepa), soups came to mean prepared
    # soups, and the rules on when to ask were added. No everyday word was added for them; they are no longer unseen.
    "lines_held_out.csv": {"first three": 0.94, "first": 0.85, "weight": 0.87, "not silently wrong": 0.95},
}


@pytest.mark.parametrize("name", FLOORS)
def test_ordinary_lines_are_understood(name: str) -> None:
    """The right food is among the first three in at least 9 lines of 10; silent misses are rare."""
    read = list(read_lines(name, TABLE))
    silent = [each for each in read if not (each.first and each.weight) and not each.asked]
    shares = {
        "first three": sum(each.right for each in read) / len(read),
        "first": sum(each.first for each in read) / len(read),
        "weight": sum(each.weight for each in read) / len(read),
        "not silently wrong": 1 - len(silent) / len(read),
    }
    print(name, len(read), {key: f"{share:.1%}" for key, share in shares.items()})  # noqa: T201 - the share is wanted
    assert shares["first three"] >= 0.9
    assert not {key: shares[key] for key, floor in FLOORS[name].items() if shares[key] < floor}


@pytest.mark.parametrize(
    ("line", "grams"),
    [
        ("spinach 100 g", 100),
        ("100g spinach", 100),
        ("0,5 kg spinach", 500),
        ("1,000 g spinach", 1000),
        ("spinach (100 g)", 100),
        ("2 x 50 g spinach", 100),
        ("1 lb spinach", 453.59),
        ("½ cup whole milk", 122),
        ("1 1/2 cups whole milk", 366),
        ("1½ cups whole milk", 366),
        ("2-3 bananas", 295),
        ("- 100 g spinach", 100),
        ("1.000,5 g spinach", 1000.5),
        ("1,000.5 g spinach", 1000.5),
        ("a dozen eggs", 600),
        ("half a dozen eggs", 300),
        ("1 large banana", 136),
        ("2 cans (330 ml) of cola", 688),
    ],
)
def test_amounts_are_read_as_people_write_them(line: str, grams: float) -> None:
    """Fractions, decimal commas, ranges, sizes and containers give their weight."""
    found = read_line(line, TABLE).weight
    assert found is not None
    assert found.grams == pytest.approx(grams, rel=0.02)
    assert (found.low or 0) <= grams * 1.02
    assert (found.high or 0) >= grams * 0.98


@pytest.mark.parametrize(
    ("line", "certainty", "asks"),
    [
        ("200 g spinach", Certainty.WEIGHED, False),
        ("1 cup whole milk", Certainty.MEASURED, False),
        ("250 ml whole milk", Certainty.DENSITY, False),
        ("2 slices wholemeal bread", Certainty.OWN_MEASURE, False),
        ("a handful of almonds", Certainty.USUAL, True),
        ("black coffee", Certainty.ASSUMED, True),
        ("a few eggs", Certainty.OWN_MEASURE, True),
        ("2 tbsp chia seeds", Certainty.DENSITY, True),
        ("250 ml kefir", Certainty.DENSITY, False),
        ("a cup of beef steak", Certainty.UNKNOWN, True),
    ],
)
def test_the_reading_says_how_sure_it_is(line: str, certainty: Certainty, asks: bool) -> None:
    """An estimate is marked as one and asks; a weight does not."""
    found = read_line(line, TABLE)
    assert found.weight is not None
    assert (found.weight.certainty, found.confirm) == (certainty, asks)


def test_a_count_of_things_is_never_a_count_of_cups() -> None:
    """Five of something without a weight of one are unknown, not five cups."""
    found = read_line("7 parsley", TABLE).weight
    assert found is not None
    assert found.certainty in (Certainty.UNKNOWN, Certainty.ASSUMED, Certainty.OWN_MEASURE)
    assert found.grams is None or found.grams < 100


@pytest.mark.parametrize("line", ["a portion of chips", "2 biscuits", "100 g jelly"])
def test_words_that_differ_between_countries_are_asked_about(line: str) -> None:
    """British and American readers mean different foods."""
    assert any("different countries" in doubt for doubt in read_line(line, TABLE).doubts)


@pytest.mark.parametrize("line", ["an English muffin", "butternut squash 200 g", "2 chocolate chip cookies"])
def test_a_word_within_a_known_name_is_not_asked_about(line: str) -> None:
    """An English muffin is no muffin that could be meant otherwise."""
    assert not any("different countries" in doubt for doubt in read_line(line, TABLE).doubts)


def test_foods_that_fit_equally_and_differ_are_asked_about() -> None:
    """Greek yogurt may be nonfat or whole: the energy differs, so a person says which."""
    assert any("fits foods that differ" in doubt for doubt in read_line("200 g Greek yogurt", TABLE).doubts)
    assert not read_line("200 g boiled potatoes", TABLE).confirm


@pytest.mark.parametrize("line", ["2 slices French bread", "a slice of pineapple", "1 pickled gherkin"])
def test_sizes_that_differ_are_asked_about(line: str) -> None:
    """Where the table has a slice of 139 g of bread or two sizes of slice, the amount is confirmed with its range."""
    found = read_line(line, TABLE).weight
    assert found is not None
    assert found.confirm
    assert (found.high or 0) > 1.5 * (found.low or 0)


@pytest.mark.parametrize("line", ["coffee with cream", "eggs on toast", "toast and butter"])
def test_two_foods_in_a_line_are_asked_about(line: str) -> None:
    """One line is one food; a joining word asks unless the table has that very food."""
    assert any("may join several" in doubt for doubt in read_line(line, TABLE).doubts)
    assert not read_line("1 burrito with beans and cheese", TABLE).food_doubts


@pytest.mark.parametrize("line", ["7up", "3in1 coffee"])
def test_a_number_that_runs_into_a_word_is_no_amount(line: str) -> None:
    """No number is read out of a brand."""
    found = read_line(line, TABLE)
    assert found.amount.number is None
    assert found.confirm


@pytest.mark.parametrize("line", ["6 pierogi", "200 g sushi", "xqzv", "3"])
def test_what_is_not_in_the_table_is_asked_about(line: str) -> None:
    """A poor match is never taken silently."""
    assert read_line(line, TABLE).confirm


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", "empty"),
        (" \x1b[31m ", "empty"),
        ("1/0 cup milk", "divides by zero"),
        ("-5 g milk", "less than nothing"),
        ("milk -5 g", "less than nothing"),
        ("10000000 g milk", "is more than"),
        ("90000 g milk", "at most 20 kg"),
        ("99999999999999999999 eggs", "is more than"),
        ("milk " * 60, "at most 200 characters"),
    ],
)
def test_impossible_lines_are_refused_in_one_sentence(line: str, expected: str) -> None:
    """An empty, endless or impossible line is an error that says what was expected."""
    with pytest.raises(DataRefusedError, match=expected):
        read_line(line, TABLE)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(line: str) -> None:
    """No text crashes the reading; weights are never negative, and unknown is not zero."""
    try:
        found = read_line(line, TABLE, limit=2)
    except DataRefusedError:
        return
    if found.weight is not None and found.weight.grams is not None:
        assert 0 <= (found.weight.low or 0) <= found.weight.grams <= (found.weight.high or 0)


@pytest.mark.parametrize(
    ("typed", "described"),
    [
        ("brocoli", "Broccoli, raw"),
        ("SPINACH", "Spinach, raw"),
        ("spinaches", "Spinach, raw"),
        ("09040", "Bananas, raw"),
        ("aubergine", "Eggplant, raw"),
        ("jalapeño", "Peppers, jalapeno, raw"),
    ],
)
def test_slips_accents_plurals_and_ids_find_the_food(typed: str, described: str) -> None:
    """Typing is forgiven."""
    assert find_foods(typed, TABLE)[0].food.description == described


@pytest.mark.parametrize(
    ("line", "near"),
    [
        ("200 ml oat milk", "rice milk"),
        ("a crumpet", "English muffin"),
        ("kombucha", "tea, black"),
        ("1 samosa", "Egg rolls"),
    ],
)
def test_a_food_that_the_table_lacks_is_said_to_be_lacking(line: str, near: str) -> None:
    """Its nearest kin is offered as such and asked about; it is never taken for the food itself."""
    found = read_line(line, TABLE)
    assert found.matches[0].kin
    assert near in found.matches[0].food.description
    assert any("is not in USDA SR28; the nearest is" in doubt for doubt in found.food_doubts)


@pytest.mark.parametrize(
    "line", ["200 g paella", "a kebab", "tiramisu", "stir fry", "200 g pad thai", "salt substitute 2 g", "losalt"]
)
def test_nothing_spelt_alike_takes_the_place_of_a_missing_food(line: str) -> None:
    """Where the table has neither the food nor a kin, nothing is offered."""
    found = read_line(line, TABLE)
    assert not found.matches
    assert any("nothing like" in doubt for doubt in found.doubts)


def scored_one_by_one(reading: tuple[str, ...], most: int, *, says_state: bool) -> list[tuple[float, int]]:
    """Score every candidate in full, as the search did before it stopped early."""
    index = search._index(TABLE)
    spelt = [index.spellings(word) for word in reading]
    wanted = search._Wanted(
        worth={token: likeness * index.weight[token] for each in spelt for token, likeness in each.items()},
        slips=[frozenset(each) for each in spelt if len(each) > 1],
        whole=sum(
            max((index.weight[token] for token in each), default=math.log(len(index.rows)) + 1) for each in spelt
        ),
        says_state=says_state,
    )
    names = frozenset(wanted.worth)
    rows = search._candidates(index, spelt)
    every = [(search._score(index, wanted, row, index.rows[row] & names), row) for row in rows]
    return heapq.nlargest(most, every, key=lambda each: (each[0], -each[1]))


@given(
    st.sampled_from(WORDS), st.lists(st.sampled_from(WORDS), max_size=5), st.sampled_from([1, 2, 6, 20]), st.booleans()
)
def test_stopping_early_loses_no_food(first: str, more: list[str], most: int, says_state: bool) -> None:
    """The best rows, their order and their scores are those of scoring every candidate in full."""
    reading = tuple(dict.fromkeys((first, *more)))
    found = search._best_rows(search._index(TABLE), reading, most, says_state=says_state)
    assert found == scored_one_by_one(reading, most, says_state=says_state)


def test_plain_foods_come_before_baby_food() -> None:
    """None of the first three foods for a plain name is a baby food or a brand."""
    for name in ("spinach", "carrots", "banana", "apple", "oatmeal", "chicken", "peas"):
        assert all(each.food.group != "Baby Foods" for each in find_foods(name, TABLE, limit=3)), name


def test_every_everyday_word_leads_somewhere() -> None:
    """Each entry of the everyday words finds a food that holds all of it, so that no entry is dead."""
    known = frozenset(token for name in TABLE.columns.descriptions for token in tokens(name))
    for typed, meanings in load_words().names.items():
        for meant in meanings:
            unknown = [word for word in meant if word not in known and word != "~"]
            assert not unknown, (typed, unknown)


def test_the_words_as_typed_are_always_tried() -> None:
    """Everyday usage adds readings and takes none away."""
    assert readings("boiled courgettes")[0] == ("boiled", "squash", "summer", "zucchini")
    assert readings("boiled courgettes")[-1] == ("boiled", "courgette")


@pytest.mark.parametrize(
    ("behind", "before"),
    [
        ("white bread 3 slices", "3 slices white bread"),
        ("almonds a handful", "a handful almonds"),
        ("egg x2", "2 egg"),
        ("cola 2 cans", "2 cans cola"),
    ],
)
def test_a_count_behind_the_name_is_read_like_one_before_it(behind: str, before: str) -> None:
    """People write the measure before the food or behind it; both mean the same."""
    assert split_amount(behind) == split_amount(before)
