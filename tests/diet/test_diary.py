"""Changing a diary line by line: hours are heard, keys name one line, days keep their order and their limits."""

from __future__ import annotations

from datetime import date

import pytest

from rheobase.diet import diary
from rheobase.errors import DataRefusedError
from rheobase.person import Diet, DietDay, Eaten, Taken

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "what", "when"),
    [
        ("2 cups coffee at 08:00", "2 cups coffee", "08:00"),
        ("black tea at 5 pm", "black tea", "17:00"),
        ("coffee, 8:00", "coffee", "08:00"),
        ("tea @ 12 am", "tea", "00:00"),
        ("coffee at 2", "coffee at 2", ""),
        ("soup, 13 pm", "soup, 13 pm", ""),
        ("milk 3.5%, 25:00", "milk 3.5%, 25:00", ""),
        ("at 8:00", "at 8:00", ""),
    ],
)
def test_an_hour_at_the_end_is_heard_and_nothing_else_is(text: str, what: str, when: str) -> None:
    """Only what is plainly a time of day is taken off a line."""
    assert diary.split_time(text) == (what, when)


def test_days_stand_in_the_order_of_their_dates() -> None:
    """A day that is added later takes its place; days without a date come last; each has one name."""
    diet = Diet((DietDay(date(2026, 11, 20), complete=True), DietDay(meals=(Eaten(text="soup"),))))
    for name in ("2026-11-22", "2026-11-18"):
        diet = diary.with_day(diet, name, lambda day: diary.added(day, "meals", Eaten(text="1 egg")), today=TODAY)
    assert diary.day_names(diet) == ("2026-11-18", "2026-11-20", "2026-11-22", "undated-1")


def test_a_key_is_of_one_line_as_it_stands() -> None:
    """The same words twice have two keys; after a change the old key is refused."""
    day = DietDay(meals=(Eaten(text="1 egg"), Eaten(text="1 egg")), supplements=(Taken(text="zinc"),))
    keys = [diary.key_of("meals", at, line) for at, line in enumerate(day.meals)]
    assert len(set(keys)) == 2
    place = diary.place_of(day, keys[1])
    assert place == diary.Place("meals", 1)
    day = diary.exchanged(day, place, Eaten(text="2 eggs"))
    with pytest.raises(DataRefusedError, match="meanwhile"):
        diary.place_of(day, keys[1])


def test_copied_lines_are_the_persons_own() -> None:
    """A tracker's mark is not copied, so that an import never takes the copy for its own; an empty day is refused."""
    other = DietDay(drinks=(Eaten(text="tea", origin="cronometer servings ab12"),))
    assert diary.copied(DietDay(), other).drinks == (Eaten(text="tea"),)
    with pytest.raises(DataRefusedError, match="no line"):
        diary.copied(DietDay(), DietDay(totals={"energy_kcal": 2000.0}))


@pytest.mark.parametrize("said", ["0", "-5", "1e9", "nan", "inf", "lots"])
def test_weights_that_cannot_be_are_refused(said: str) -> None:
    """A weight is a number of grams above nothing and of one meal."""
    with pytest.raises(DataRefusedError):
        diary.grams_of(said)
    assert diary.grams_of("1,5 g") == 1.5
    assert diary.grams_of(" ") is None
