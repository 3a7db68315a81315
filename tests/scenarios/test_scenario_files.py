"""A scenario file that is wrong is refused in one go, in words that a clinician can act on."""

from __future__ import annotations

import pytest

from rheobase.errors import DataRefusedError
from rheobase.knowledge import load_knowledge
from scenario_file import read_scenario
from tests.scenarios.verdict import explained, judge

KNOWLEDGE = load_knowledge()
GOOD = """
name: A twitching eyelid alone needs an appointment while nothing else was asked
person:
  about: {age: 40}
  present: [muscle twitching]
  values: {places that twitch: [eyelid], length of time twitching: 5 days}
expect:
  urgency: routine
  must_lead: [Eyelid twitch]
source: [expert]
"""


def refused(text: str) -> str:
    """Return what is said when a file is refused."""
    with pytest.raises(DataRefusedError) as caught:
        read_scenario(text.encode(), KNOWLEDGE, name="everyday/mine.yaml")
    return str(caught.value)


def test_a_good_file_is_read_by_plain_names() -> None:
    """Findings, causes, rules and levels are understood by their plain names."""
    text = GOOD.replace("urgency: routine", "urgency: Routine appointment\n  fires: [One side of the face]")
    scenario = read_scenario(text.encode(), KNOWLEDGE, name="everyday/mine.yaml")
    assert (scenario.topic, scenario.file, scenario.levels) == ("everyday", "mine", ("routine",))
    assert scenario.of("must_lead") == ("eyelid_myokymia",)
    assert scenario.of("fires") == ("rf_half_face",)
    assert set(scenario.person.answers) == {"age_years", "muscle_twitching", "twitch_location", "twitch_duration_days"}


def test_at_least_means_that_level_and_every_more_urgent_one() -> None:
    """Insufficient is outside the order and never enough."""
    text = GOOD.replace("urgency: routine", "urgency: {at_least: urgent_days}")
    scenario = read_scenario(text.encode(), KNOWLEDGE, name="everyday/mine.yaml")
    assert scenario.levels == ("emergency", "same_day", "urgent_days")
    assert scenario.at_least == "urgent_days"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("expect:", "expects:", "Did you mean 'expect'?"),
        ("must_lead:", "must_leed:", "Did you mean 'must_lead'?"),
        ("[Eyelid twitch]", "[Eyelid twich]", "Did you mean 'eyelid_myokymia'?"),
        ("[Eyelid twitch]", "[Lack of sleep]", "Write it under must_add."),
        ("must_lead: [Eyelid twitch]", "must_add: [Eyelid twitch]", "Write it under must_lead."),
        ("[muscle twitching]", "[muscle twiching]", "Did you mean 'muscle_twitching'"),
        ("urgency: routine", "urgency: rutine", "Did you mean 'routine'?"),
        ("urgency: routine", "urgency: {at_most: routine}", "expected {at_least: same_day}"),
        ("urgency: routine", "urgency: {at_least: insufficient}", "expected {at_least: same_day}"),
        ("  urgency: routine\n", "", "urgency: expected one of emergency, same_day"),
        ("source: [expert]", "source: [nhs_twich]", "Did you mean 'nhs_twitch'?"),
        ("source: [expert]", "seed: [caffein]", "Did you mean 'caffeine'?"),
        ("source: [expert]", "known_wrong: yes", "known_wrong: expected one plain sentence, got yes"),
        ("  urgency: routine", "  urgency: routine\n  says: [no]", "says: expected text, got no"),
        ("  urgency: routine", "  urgency: routine\n  offered: [mg_suplement]", "Did you mean 'mg_supplement'"),
        ("  about: {age: 40}", "  about: {age: 400}", "400 years is impossible"),
        ("  about: {age: 40}", "  abuot: {age: 40}", "Did you mean 'about'?"),
    ],
)
def test_a_slip_is_named_with_what_may_have_been_meant(old: str, new: str, says: str) -> None:
    """Each slip gets one line that says where it is and what to do."""
    assert old in GOOD
    message = refused(GOOD.replace(old, new))
    assert says in message
    assert message.startswith("everyday/mine.yaml: ")


@pytest.mark.parametrize("text", ["", "just words", "- a list", "person: [a]\nname: 5\nexpect: routine", "\x00"])
def test_what_is_no_scenario_is_refused(text: str) -> None:
    """Nothing of it is guessed, and nothing breaks."""
    assert "everyday/mine.yaml" in refused(text)


def test_everything_wrong_is_said_at_once() -> None:
    """Two slips in one file are two lines."""
    message = refused(GOOD.replace("must_lead", "must_leed").replace("muscle twitching", "muscle twiching"))
    assert "must_lead" in message
    assert "muscle_twitching" in message


def test_a_difference_is_told_in_words_that_a_clinician_can_read() -> None:
    """What was expected, what came, and which facts were read."""
    text = GOOD.replace("urgency: routine", "urgency: emergency\n  never_says: [eyelid]")
    scenario = read_scenario(text.encode(), KNOWLEDGE, name="everyday/mine.yaml")
    message = explained(scenario, judge(scenario, KNOWLEDGE), KNOWLEDGE)
    assert "urgency: expected emergency, came routine" in message
    assert "expected no 'eyelid', but it stands there" in message
    assert "facts that were read: age: 40; muscle twitching" in message


def test_words_that_never_stand_in_a_report_are_looked_for_in_every_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that held them would make each scenario fail, without any scenario having to name them."""
    monkeypatch.setattr("tests.scenarios.verdict.NEVER", ("routine appointment",))
    scenario = read_scenario(GOOD.encode(), KNOWLEDGE, name="everyday/mine.yaml")
    assert len(judge(scenario, KNOWLEDGE).differences) == 1
