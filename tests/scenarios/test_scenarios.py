"""Every scenario holds: one person in plain words, and what Rheobase must and must not say."""

from __future__ import annotations

import pytest
from scenario_file import FOLDER, Scenario, read_scenario, scenario_files

from rheobase.knowledge import load_knowledge
from tests.scenarios.verdict import explained, judge

KNOWLEDGE = load_knowledge()
FILES = scenario_files()


def read(name: str) -> Scenario:
    """Return the scenario of ``topic/file.yaml``."""
    return read_scenario((FOLDER / name).read_bytes(), KNOWLEDGE, name=name)


NAMES = [each.relative_to(FOLDER).as_posix() for each in FILES]


@pytest.mark.parametrize("name", NAMES)
def test_scenario_holds(name: str, request: pytest.FixtureRequest) -> None:
    """Rheobase says of the person what a clinician expects, and nothing that must not be said."""
    scenario = read(name)
    if scenario.known_wrong:
        request.applymarker(pytest.mark.xfail(reason=scenario.known_wrong, strict=True))
    verdict = judge(scenario, KNOWLEDGE)
    if verdict.differences:
        pytest.fail(explained(scenario, verdict, KNOWLEDGE), pytrace=False)
