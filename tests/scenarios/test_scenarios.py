"""Every scenario holds: one person in plain words, and what Rheobase must and must not say."""

from __future__ import annotations

import functools

import pytest

from rheobase.knowledge import load_knowledge
from scenario_file import FOLDER, Scenario, read_scenario, scenario_files
from tests.scenarios.verdict import explained, judge

KNOWLEDGE = load_knowledge()


@functools.cache
def read(name: str) -> Scenario:
    """Return the scenario of ``topic/file.yaml``."""
    return read_scenario((FOLDER / name).read_bytes(), KNOWLEDGE, name=name)


NAMES = [each.relative_to(FOLDER).as_posix() for each in scenario_files()]


@pytest.mark.parametrize("name", NAMES)
def test_scenario_holds(name: str, request: pytest.FixtureRequest) -> None:
    """Rheobase says of the person what a clinician expects, and nothing that must not be said."""
    scenario = read(name)
    if scenario.known_wrong:
        request.applymarker(pytest.mark.xfail(reason=scenario.known_wrong, strict=True))
    verdict = judge(scenario, KNOWLEDGE)
    if verdict.differences:
        pytest.fail(explained(scenario, verdict, KNOWLEDGE), pytrace=False)


def test_the_scenarios_cover_every_cause_level_and_statement() -> None:
    """Each cause, each level of urgency and each statement of the seed document is expected somewhere."""
    scenarios = [read(name) for name in NAMES]
    assert len(scenarios) >= 60
    led = {cause for x in scenarios for key in ("must_be_first", "must_lead", "must_add") for cause in x.of(key)}
    assert set(KNOWLEDGE.causes) <= led, set(KNOWLEDGE.causes) - led
    # A list of acceptable levels does not show any one of them.
    alone = {x.levels[0] for x in scenarios if len(x.levels) == 1}
    assert set(KNOWLEDGE.levels) - {"urgent_days"} <= alone, set(KNOWLEDGE.levels) - alone
    assert any("urgent_days" in x.levels and x.at_least is None for x in scenarios)
    shown = {each for x in scenarios for each in x.seed}
    assert set(KNOWLEDGE.statements) <= shown, set(KNOWLEDGE.statements) - shown


def test_each_scenario_says_something_of_its_own_and_has_a_source() -> None:
    """No two share their sentence; each has a source, and few are known not to hold."""
    scenarios = [read(name) for name in NAMES]
    names = [each.name for each in scenarios]
    assert len(names) == len(set(names))
    assert all(each.sources for each in scenarios), [each.file for each in scenarios if not each.sources]
    assert sum(bool(each.known_wrong) for each in scenarios) <= 5
