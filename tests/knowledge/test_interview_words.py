"""The lists and words of the interview: complete, short enough for a phone, and calm."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from rheobase.importers.template import _urgent_alone
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.read import read_tables
from rheobase.logic import evaluate, names
from rheobase.person import Value

KNOWLEDGE = load_knowledge()
TABLES, _ = read_tables()
EVERY: dict[str, dict[str, Any]] = {each["id"]: each for each in TABLES["question_list"]}
LISTS = {name: each for name, each in EVERY.items() if each["role"] != "form"}
FORMS = {name: each for name, each in EVERY.items() if each["role"] == "form"}
OPTION_WORDS: dict[str, dict[str, str]] = TABLES["option_words"]
PERSON = [each for each in KNOWLEDGE.findings.values() if each.kind == "person"]
YES_NO = [each for each in PERSON if each.type == "yes_no"]
MEDICINES = "medicine_kinds"

MOST_FLAGS = 12
PHONE_LINES = 140  # characters: about four lines of a phone
TOPIC_WORDS = 90
WHY_WORDS = 125
QUESTION_WORDS = 125
COUNTED_WORDS = 200
# Combined by the emergency rules more often than anything that is urgent alone.
COMBINED = {"palpitations", "vomiting", "fever", "drooling_tears_sweat"}
# Follows from the names of medicines; nobody can answer it.
NOT_ASKED = {"med_can_twitch"}
FRIGHTENING = re.compile(
    r"\b(als|mnd|motor neurone|cancer|tumou?r|malignan\w*|die[sd]?|dying|dead|death|deadly|fatal\w*|lethal|kill\w*|"
    r"dangerous|danger|terminal|incurable|paralys\w*|stroke|permanent\w*|disab\w*)\b",
    re.IGNORECASE,
)
FALSE_COMFORT = re.compile(
    r"(don't worry|do not worry|no need to worry|nothing to worry|harmless|benign|rest assured|never serious)",
    re.IGNORECASE,
)
CLINICAL_WORDS = re.compile(
    r"\b(fasciculat\w*|paraesthesia\w*|syncope|oedema|dysphagia|dysarthria|dyspnoea|myalgia|myoclonus|tetany|"
    r"ssri|snri|maoi|ace inhibitor|arb|benzodiazepines?|z-drugs?|diuretics?|sulfonylureas?|cholinergic|proximal|"
    r"distal|bilateral|unilateral|onset|idiopathic|neuropath\w*|myopath\w*|analgesi\w*|hypo\w+aemia|hyper\w+aemia)\b",
    re.IGNORECASE,
)
# A clinician calls these by the same name as the label; every other finding has a clinical name of its own.
SAME_NAME = {
    *("takes_calcium_high_dose", "vomiting", "constipation", "agitation", "dizziness", "chest_pain", "hx_ckd"),
    *("hx_dialysis", "hx_anxiety", "hx_autoimmune", "energy_drinks", "med_antidepressant", "med_lithium"),
    *("med_statin", "med_antipsychotic", "med_levothyroxine", "med_cholinesterase_inhibitor", "med_digoxin"),
    *("irritable", "low_mood", "neck_pain", "back_pain", "age_years", "sex", "lab_bicarbonate_low", "lab_anaemia"),
    *("clonus", "chvostek", "trousseau", "exam_normal", "systolic_bp", "resp_rate", "risus_sardonicus"),
    *("cerebellar_signs", "ecg_normal", "ecg_ventricular_arrhythmia", "emg_myopathic"),
    *("masseter_silent_period_absent", "antibody_achr"),
}


def shown(question_list: dict[str, Any]) -> list[dict[str, str]]:
    """Return every finding of a list with its words."""
    return [each for item in question_list["item"] for each in item["shows"]]


def line(item: dict[str, Any]) -> str:
    """Return an item as one line, as a screen shows it."""
    words = "; or ".join(each["words"] for each in item["shows"])
    return f"{item['title']}: {words}" if item.get("title") else words


def of_role(role: str) -> list[dict[str, Any]]:
    """Return the lists of one role."""
    return [each for each in LISTS.values() if each["role"] == role]


def texts() -> Iterator[tuple[str, str]]:
    """Yield every text that a person reads, with the place where it stands."""
    for name, each in LISTS.items():
        yield from ((f"{name}.{key}", each[key]) for key in ("title", "question", "none", "why_asked"))
        yield from ((f"{name}/{each['finding']}", each["words"]) for each in shown(each))
    for name, each in FORMS.items():
        yield from ((f"{name}.{key}", each[key]) for key in ("title", "question", "why_asked"))
    for finding in PERSON:
        yield f"{finding.id}.question", finding.question
        yield f"{finding.id}.why_asked", finding.why_asked
    for name, options in OPTION_WORDS.items():
        yield from ((f"{name}.{option}", words) for option, words in options.items())


def test_the_warning_signs_are_one_list_of_at_most_twelve_lines() -> None:
    """One list asks the red flags, one tells the movements apart, and the rest are topics."""
    assert len(of_role("red_flags")) == len(of_role("movement")) == 1
    assert len(LISTS["red_flags"]["item"]) <= MOST_FLAGS
    assert {each["role"] for each in LISTS.values()} == {"red_flags", "movement", "topic"}
    assert list(LISTS)[:2] == ["red_flags", "movement"]


def test_the_first_list_shows_all_that_is_urgent_alone() -> None:
    """Whatever one tick makes an emergency or a same-day matter is asked first, and nothing far-fetched beside it."""
    urgent = {name for name in _urgent_alone(KNOWLEDGE) if KNOWLEDGE.findings[name].kind == "person"}
    assert {each["finding"] for each in shown(LISTS["red_flags"])} == urgent | COMBINED


def test_what_is_added_to_the_first_list_is_read_by_emergency_rules() -> None:
    """Each finding there that isn't urgent alone makes an emergency together with others."""
    emergencies = [row["when"] for row in TABLES["rule"] if row["urgency"] == "emergency"]
    for name in COMBINED:
        assert any(re.search(rf"\b{name}\b", when) for when in emergencies), name


def test_thoughts_of_self_harm_stand_alone_at_the_end() -> None:
    """They are asked of everybody, last, on a line of their own."""
    *before, last = LISTS["red_flags"]["item"]
    assert [each["finding"] for each in last["shows"]] == ["self_harm_thoughts"]
    assert all(each["finding"] != "self_harm_thoughts" for item in before for each in item["shows"])


@pytest.mark.parametrize("item", LISTS["red_flags"]["item"], ids=lambda item: item["title"])
def test_a_warning_line_fits_a_phone(item: dict[str, Any]) -> None:
    """A line with a title and all its words is read at a glance."""
    assert item["title"]
    assert 0 < len(line(item)) <= PHONE_LINES, line(item)


def test_every_question_that_a_person_can_answer_stands_in_one_list() -> None:
    """No yes-or-no finding is shown in two lists, and none is left out."""
    places = Counter(each["finding"] for question_list in LISTS.values() for each in shown(question_list))
    assert {name: count for name, count in places.items() if count > 1} == {}
    assert set(places) == {each.id for each in YES_NO} - NOT_ASKED


def test_a_form_asks_values_and_each_once() -> None:
    """A field of a form is a number or a choice, and stands in one form."""
    places = Counter(each["finding"] for form in FORMS.values() for each in shown(form))
    assert set(places.values()) == {1}
    assert not set(places) & {each.id for each in YES_NO}


def test_kinds_of_medicine_stand_by_themselves() -> None:
    """Medicines are in their own list, but for what is urgent when stopped, and nothing else is in it."""
    medicines = {each.id for each in YES_NO if each.group == "medicine"}
    flags = {each["finding"] for each in shown(LISTS["red_flags"])}
    assert {each["finding"] for each in shown(LISTS[MEDICINES])} == medicines - flags - NOT_ASKED


@pytest.mark.parametrize("each", of_role("topic"), ids=lambda each: each["id"])
def test_a_topic_is_short_and_one_finding_a_line(each: dict[str, Any]) -> None:
    """A topic has four to nine lines (medicines more), each with one finding and short words."""
    assert each["id"] == MEDICINES or 4 <= len(each["item"]) <= 9
    for item in each["item"]:
        assert len(item["shows"]) == 1
        assert len(line(item)) <= TOPIC_WORDS, line(item)


@pytest.mark.parametrize("each", LISTS.values(), ids=lambda each: each["id"])
def test_every_list_asks_a_question_and_says_why(each: dict[str, Any]) -> None:
    """A list has a title, one question, an answer for none, and a reason; no line repeats another."""
    assert each["title"]
    assert each["question"].count("?") == 1 or each["role"] == "movement"
    assert each["none"] == "None of these"
    assert each["why_asked"].endswith(".")
    words = [shows["words"] for shows in shown(each)]
    assert len(set(words)) == len(words)
    assert all(text and text[-1] not in ".?!" for text in words)


def test_every_question_has_one_question_mark_and_fits_a_screen() -> None:
    """A question is one question, and short; a number says how to count and may be longer."""
    for finding in PERSON:
        assert finding.question.count("?") == 1, finding.id
        assert len(finding.question) <= (COUNTED_WORDS if finding.type == "number" else QUESTION_WORDS), finding.id


def test_every_question_says_in_one_sentence_why_it_is_asked() -> None:
    """A reason is one short sentence, and nothing is left without one."""
    for finding in PERSON:
        reason = finding.why_asked
        assert reason.endswith("."), finding.id
        assert ". " not in reason, finding.id
        assert len(reason) <= WHY_WORDS, finding.id


def test_no_text_is_clinical_or_comforts_falsely() -> None:
    """What a person reads holds no clinical term and no promise that nothing is wrong."""
    for place, text in texts():
        assert text == text.strip() != "", place
        assert not CLINICAL_WORDS.search(text), f"{place}: {text}"
        assert not FALSE_COMFORT.search(text), f"{place}: {text}"


def test_no_reason_frightens() -> None:
    """A reason names no feared illness and no threat."""
    reasons = [each for each in texts() if each[0].endswith("why_asked")]
    assert len(reasons) == len(EVERY) + len(PERSON)
    assert [each for each in reasons if FRIGHTENING.search(each[1])] == []


def test_words_that_frighten_are_found() -> None:
    """The guards can fail: planted words are caught, and ordinary ones are not."""
    for bad in ("This may be ALS.", "It can be fatal.", "to see whether you could die"):
        assert FRIGHTENING.search(bad)
    assert FALSE_COMFORT.search("Don't worry about this.")
    assert CLINICAL_WORDS.search("Do you take an SSRI?")
    assert not FRIGHTENING.search("Salts in the diet also matter.")


def test_every_finding_has_a_clinical_name() -> None:
    """A finding has the name that a clinician uses, unless the label is that name."""
    assert {name for name, each in KNOWLEDGE.findings.items() if not each.clinical} == SAME_NAME
    assert [each.id for each in KNOWLEDGE.findings.values() if each.clinical.lower() == each.label.lower()] == []


def test_every_option_has_plain_words() -> None:
    """Each option of a choice or a place is put in words, and no word is left over."""
    asked = {each.id: set(each.options) for each in PERSON if each.options}
    assert {name: set(words) for name, words in OPTION_WORDS.items()} == asked
    for words in OPTION_WORDS.values():
        assert len(set(words.values())) == len(words)
        assert not any("_" in each for each in words.values())


def test_amounts_say_how_to_count() -> None:
    """Caffeine, alcohol and drinks come with everyday measures, and the first two with their source in the note."""
    for name, word in (("caffeine_mg_day", "coffee"), ("alcohol_units_week", "beer"), ("water_litres", "glass")):
        assert re.search(rf"\b{word}\b.*\d", KNOWLEDGE.findings[name].question)
    assert "efsa_caffeine2015" in KNOWLEDGE.findings["caffeine_mg_day"].note
    assert "10 ml (8 g)" in KNOWLEDGE.findings["alcohol_units_week"].note


def test_a_tic_is_told_from_a_twitch_by_the_urge() -> None:
    """The list of movements offers a tic, and says what sets it apart."""
    words = {each["finding"]: each["words"] for each in shown(LISTS["movement"])}
    assert "urge" in words["tics"]
    assert {"muscle_twitching", "cramps", "tremor", "muscle_jerks", "muscle_stiffness"} <= words.keys()


def test_what_does_not_fit_is_left_out_and_what_is_not_known_is_asked() -> None:
    """A condition for asking reads only what a person answers, and never shuts out somebody who has told nothing."""
    conditions = {each.id: each.ask_when for each in PERSON if each.ask_when is not None}
    assert {"pregnant", "twitch_location"} <= conditions.keys()
    for name, condition in conditions.items():
        assert set(names(condition)) <= {each.id for each in PERSON} - {name}, name
        assert evaluate(condition, {}) is None, name


@pytest.mark.parametrize(
    ("finding", "facts", "fits"),
    [
        ("pregnant", {"sex": "male", "age_years": 40.0}, False),
        ("pregnant", {"sex": "female", "age_years": 40.0}, True),
        ("pregnant", {"sex": "female", "age_years": 75.0}, False),
        ("pregnant", {"sex": "other", "age_years": 30.0}, True),
        ("breast_enlargement_male", {"sex": "female"}, False),
        ("breast_enlargement_male", {"sex": "male"}, True),
        ("alcohol_units_week", {"age_years": 4.0}, False),
        ("twitch_location", {"muscle_twitching": True}, True),
        ("twitch_location", {"muscle_twitching": False}, None),
    ],
)
def test_who_is_asked_what(finding: str, facts: dict[str, Value], fits: bool | None) -> None:
    """Sex, age and the kind of movement decide which questions make sense."""
    condition = KNOWLEDGE.findings[finding].ask_when
    assert condition is not None
    assert evaluate(condition, facts) is fits
