"""The evaluation is honest: it sees only what was known, and misses nothing silently."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml

from rheobase.assess import assess
from rheobase.assess.facts import gather
from rheobase.errors import DataRefusedError
from rheobase.evaluation import evaluate_cases, metrics
from rheobase.evaluation.baseline import nearest_by_shared_terms
from rheobase.evaluation.metrics import Judged, RankedCause
from rheobase.evaluation.output import evaluation_json
from rheobase.evaluation.plot import evaluation_svg
from rheobase.evaluation.run import ON
from rheobase.importers.published_case import person_of, read_published_case
from rheobase.importers.published_terms import published_terms
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.lab_reading import load_lab_reading
from rheobase.units import convert

KNOWLEDGE = load_knowledge()
FOLDER = Path(__file__).parents[1] / "cases" / "dev"
FILES = sorted(each for each in FOLDER.glob("*.yaml") if each.stem != "vocabulary")
CASES = [read_published_case(each.read_bytes(), name=each.name) for each in FILES]
VOCABULARY: dict[str, Any] = yaml.safe_load((FOLDER / "vocabulary.yaml").read_text(encoding="utf-8"))
POISON = {
    "source": {"citation": "tetanus hypokalaemia"},
    "final": {"primary_cause": "als_mnd", "accept_causes": ["als_mnd"], "detail": ["limb_onset"]},
    "triage": {"level": "self_care", "acceptable": ["self_care"]},
    "imaging": ["free text that names a cause"],
}


def test_every_term_of_the_vocabulary_has_an_entry() -> None:
    """Also terms that no development case uses: mapped to findings, or to nothing with a reason."""
    terms = published_terms()
    told = {"findings": [term for group in VOCABULARY["findings"].values() for term in group]}
    told |= {k: VOCABULARY[k] for k in ("twitch_sites", "twitch_side", "lifestyle", "history", "family_history")}
    told |= {k: VOCABULARY[k] for k in ("medicines", "ecg", "emg")}
    for section, names in told.items():
        assert set(names) <= set(terms.sections[section]), section
    assert set(VOCABULARY["setting"]) <= set(terms.settings)
    assert set(VOCABULARY["lab_names"]) <= set(KNOWLEDGE.analytes) | set(terms.analytes)
    assert set(VOCABULARY["causes"]) <= set(terms.cause_of.values())


def test_every_meaning_is_a_finding_or_says_why_not() -> None:
    """No entry is empty without a reason, and no entry names a finding that does not exist."""
    for section, entries in published_terms().sections.items():
        for term, meaning in entries.items():
            carries = meaning.present or meaning.absent or meaning.sites or meaning.serotonergic or meaning.takes_none
            assert carries or meaning.nothing, f"{section}:{term}"
            assert set(meaning.present) | set(meaning.absent) <= set(KNOWLEDGE.findings), f"{section}:{term}"


def test_every_cause_of_ours_that_is_mapped_exists() -> None:
    """The map of causes names causes that we have."""
    assert set(published_terms().cause_of) <= set(KNOWLEDGE.causes)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_notes_source_final_and_triage_are_never_read(path: Path) -> None:
    """Poisoning every forbidden field changes nothing in what we assess."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    poisoned = {**raw, **POISON, "medicine_notes": "tetanus"}
    poisoned["presentation"] = {**raw["presentation"], "notes": "als", "duration_note": "tetanus"}
    for block in ("exam", "lifestyle"):
        if block in raw:
            poisoned[block] = {**raw[block], "notes": "rhabdomyolysis"}
    poisoned["labs"] = [{**line, "note": "hypokalaemia"} for line in raw.get("labs", [])]
    clean = read_published_case(yaml.safe_dump(raw).encode(), name="clean")
    dirty = read_published_case(yaml.safe_dump(poisoned).encode(), name="dirty")
    for run in ("history", "full"):
        first, second = (person_of(case, KNOWLEDGE, run=run).person for case in (clean, dirty))
        assert first == second


def test_the_history_run_sees_no_examination_and_no_test() -> None:
    """Signs, blood, ECG and EMG belong to the full run alone."""
    for case in CASES:
        person = person_of(case, KNOWLEDGE, run="history").person
        assert person.labs == ()
        if case.facts.get("exam"):
            assert person != person_of(case, KNOWLEDGE, run="full").person


def test_without_findings_accuracy_falls_to_the_priors_answer() -> None:
    """Blind, the answer is that of the base rates: the same for every case of a setting, and mostly wrong."""
    seeing, blind = evaluate_cases(CASES, KNOWLEDGE), evaluate_cases(CASES, KNOWLEDGE, blind=True)
    full, empty = seeing.runs[1].cases, blind.runs[1].cases
    assert metrics.top(empty, 1) < 0.35 < metrics.top(full, 1)
    assert {case.urgency for case in empty} == {"insufficient"}
    assert len({tuple(c.id for c in case.causes) for case in empty}) <= len(set(published_terms().settings.values()))


def test_we_do_better_than_counting_shared_terms() -> None:
    """The comparator that counts shared terms is beaten in both runs."""
    ours = evaluate_cases(CASES, KNOWLEDGE)
    naive = evaluate_cases(CASES, KNOWLEDGE, judge=nearest_by_shared_terms(KNOWLEDGE))
    for mine, theirs in zip(ours.runs[:2], naive.runs[:2], strict=True):
        assert metrics.top(mine.cases, 1) > metrics.top(theirs.cases, 1)


def test_every_laboratory_line_is_understood_and_nothing_is_unmapped() -> None:
    """Nothing of the development cases is dropped."""
    evaluation = evaluate_cases(CASES, KNOWLEDGE)
    full = evaluation.runs[1]
    assert full.lab_lines == full.lab_lines_understood > 0
    assert evaluation.unmapped_terms == ()


def test_an_unknown_term_is_listed() -> None:
    """A term without an entry is reported, never dropped."""
    raw = yaml.safe_load(FILES[0].read_text(encoding="utf-8"))
    raw["presentation"]["present"] = ["green_ears"]
    case = read_published_case(yaml.safe_dump(raw).encode(), name="x")
    assert evaluate_cases([case], KNOWLEDGE).unmapped_terms == ("findings:green_ears",)


def test_json_has_the_agreed_shape() -> None:
    """Four runs; each case lists the cases' own cause ids with probability and band."""
    data = evaluation_json(evaluate_cases(CASES, KNOWLEDGE), KNOWLEDGE.version)
    assert [run["name"] for run in data["runs"]] == ["history", "full", "history_community", "full_community"]
    run = data["runs"][1]
    assert {"n", "top1", "top3", "mrr", "brier", "triage", "cases"} <= run.keys()
    assert {"exact", "acceptable", "safe", "emergencies_under_triaged", "over_triaged_low_urgency"} <= run[
        "triage"
    ].keys()
    for case in run["cases"]:
        assert {"id", "urgency", "causes"} <= case.keys()
        chances = [cause["probability"] for cause in case["causes"]]
        assert chances == sorted(chances, reverse=True)
    assert data["unmapped_terms"] == []


def test_figures_of_a_small_example() -> None:
    """Two cases by hand: one right at first, one right at second and too calm."""
    causes = (RankedCause("a", 0.9, ""), RankedCause("b", 0.2, ""))
    right = Judged("1", causes, "routine", (), ("a",), "a", "routine", ("routine",))
    wrong = Judged("2", causes, "routine", (), ("b",), "b", "emergency", ("emergency", "same_day"))
    both = [right, wrong]
    assert metrics.top(both, 1) == 0.5
    assert metrics.top(both, 3) == 1.0
    assert metrics.mean_reciprocal_rank(both) == 0.75
    assert metrics.brier(both) == pytest.approx((0.01 + 0.04 + 0.81 + 0.64) / 4)
    figures = metrics.triage_figures(both)
    assert figures["safe"] == 0.5
    assert figures["emergencies_under_triaged"] == ["2"]


def test_insufficient_is_neither_safe_nor_acceptable() -> None:
    """Saying that too little is known scores nothing."""
    case = Judged("1", (), "insufficient", (), ("a",), "a", "routine", ("routine", "self_care"))
    assert not case.is_safe
    assert not case.is_acceptable


def test_the_plot_is_a_described_picture() -> None:
    """The SVG parses, has a title and a description, and links to nothing outside."""
    svg = evaluation_svg(evaluate_cases(CASES, KNOWLEDGE))
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    names = [child.tag.split("}")[1] for child in root]
    assert {"title", "desc"} <= set(names)
    assert "href" not in svg


@pytest.mark.parametrize("data", [b"- 1", b"id: x", b"presentation: {}\nid: x", b"id: x\npresentation: {}\nfinal: 3"])
def test_a_file_that_is_no_case_is_refused_in_one_line(data: bytes) -> None:
    """A wrong file says what is missing."""
    with pytest.raises(DataRefusedError) as caught:
        read_published_case(data, name="x.yaml")
    assert "\n" not in str(caught.value)


def test_no_published_emergency_is_called_self_care() -> None:
    """Whatever is missed, no emergency of the development cases is sent home."""
    for case in CASES:
        if case.reference.triage == "emergency":
            person = person_of(case, KNOWLEDGE, run="full").person
            assert assess(person, KNOWLEDGE, on=ON).urgency.level not in ("self_care", "routine", "insufficient")


@pytest.mark.parametrize("used", VOCABULARY["lab_units_used"])
def test_every_unit_of_the_vocabulary_is_understood(used: str) -> None:
    """Each analyte with each unit that any published case uses becomes a number in SI."""
    name, unit = used.split(" ", 1)
    raw = yaml.safe_load(FILES[0].read_text(encoding="utf-8"))
    analyte = published_terms().analytes.get(name, {}).get("analyte", name)
    factors = {each.unit: each.to_si for each in KNOWLEDGE.analytes[analyte].units}
    low, high = load_lab_reading().usual[analyte].intervals[0]
    raw["labs"] = [{"name": name, "value": round((low + high) / 2 / convert(1.0, unit, factors), 2), "unit": unit}]
    case = read_published_case(yaml.safe_dump(raw).encode(), name="x")
    reading = person_of(case, KNOWLEDGE, run="full")
    assert reading.lab_lines_understood == 1
    assert isinstance(gather(reading.person, KNOWLEDGE).values[f"lab.{analyte}"], float)


def test_a_laboratory_line_with_an_unknown_unit_is_listed_and_its_flag_kept() -> None:
    """No unit is guessed, and one odd line does not stop the evaluation."""
    raw = yaml.safe_load(FILES[0].read_text(encoding="utf-8"))
    raw["labs"] = [{"name": "potassium", "value": 2.0, "unit": "furlong", "flag": "low"}]
    case = read_published_case(yaml.safe_dump(raw).encode(), name="x")
    reading = person_of(case, KNOWLEDGE, run="full")
    assert reading.lab_lines_understood == 0
    assert [each for each in reading.unmapped if each.startswith("lab_lines:potassium 2.0 furlong: ")]
    assert gather(reading.person, KNOWLEDGE).values["lab_k_low"] is True
    assert evaluate_cases([case], KNOWLEDGE).runs[1].lab_lines_understood == 0
