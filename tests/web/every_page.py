"""Every page of the app with addresses to look at; one that is added and whose address tells too little is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from rheobase.examples import example_bytes
from rheobase.importers.case_file import read_case
from rheobase.importers.labs_import import report_of
from rheobase.interview import Kind, Reply, ReplyKind
from rheobase.labs.reading import judge_all
from rheobase.labs.reading_names import facts_for
from rheobase.person import Diet, DietDay, Eaten, MedicineUse, Taken
from rheobase.web.addresses import PAGES
from rheobase.web.desk import Desk, LabReport

ON = date(2026, 11, 24)
PASTED = "Magnesium 0.62 mmol/L (0.70-1.00) L\nK 4.1\nHaemoglobin 6,2 mmol/l"
# What is saved as a file, or asked for by a script, and shown as no page.
FILES = frozenset(
    {
        "/{person:int}/doctor.pdf",
        "/{person:int}/data/export/{name}",
        "/{person:int}/data/revision/{number:int}",
        "/data/copy",
        "/foods.json",
        "/nerve/seen",
        "/{person:int}/nerve/seen",
    }
)
READING, PERSON = "/1/labs/READING", "{person:int}"
# Person 1 told everything and keeps a diary, 2 is at the first question, 3 at the medicines, 4 keeps an empty diary.
ADDRESSES: dict[str, tuple[str, ...]] = {
    "/": ("/",),
    "/unlock": ("/unlock",),
    "/{person:int}/questions": ("/2/questions", "/4/questions"),
    "/{person:int}/questions/medicines": ("/3/questions/medicines",),
    "/{person:int}/answer": ("/1/answer", "/2/answer"),
    "/{person:int}/doctor": ("/1/doctor", "/2/doctor"),
    "/{person:int}/what-if": ("/1/what-if", "/2/what-if"),
    "/{person:int}/food": ("/1/food", "/1/food?day=none", "/2/food"),
    "/{person:int}/food/find": ("/1/food/find?q=coffee", "/1/food/find?q=xyzzyx"),
    "/{person:int}/food/enough": (
        "/1/food/enough?latitude=52&minutes=20",
        "/1/food/enough?latitude=999",
        "/2/food/enough",
    ),
    "/{person:int}/food/plan": ("/1/food/plan", "/1/food/plan?without=tofu&vegan=1", "/2/food/plan"),
    "/{person:int}/food/import": ("/1/food/import",),
    "/foods": ("/foods", "/foods?q=coffee", "/foods?q=xyzzyx"),
    "/foods/{food}": ("/foods/14209",),
    "/{person:int}/labs": ("/1/labs", "/2/labs"),
    "/{person:int}/labs/{reading}": (READING, "/1/labs/none"),
    "/learn": ("/learn", "/learn?q=magnesium", "/learn?q=xyzzyx"),
    "/learn/compare": ("/learn/compare",),
    "/learn/{kind}/{name}": (
        "/learn/cause/als_mnd",
        "/learn/nutrient/magnesium",
        "/learn/test/emg",
        "/learn/medicine/omeprazole",
        "/learn/finding/numbness",
        "/learn/rule/rf_airway",
        "/learn/cause/none",
    ),
    "/{person:int}/data": ("/1/data",),
    "/{person:int}/data/compare/{number:int}": ("/1/data/compare/1",),
    "/data": ("/data",),
}


def addresses() -> dict[str, tuple[str, ...]]:
    """Return every page of the app with the addresses to look at; one whose address tells all is looked at as it is.

    Raises:
        LookupError: A page was added whose address has parts that are not named in ``ADDRESSES`` or ``FILES``.
    """
    pages = [route for route, (_, methods) in PAGES.items() if "GET" in methods and route not in FILES]
    found = {route: ADDRESSES.get(route) or _as_it_is(route) for route in pages}
    if unknown := [route for route, named in found.items() if any("{" in each for each in named)]:
        raise LookupError(f"{unknown}: name addresses of it in tests/web/every_page.py, or call it a file.")
    return found


def _as_it_is(route: str) -> tuple[str, ...]:
    if PERSON not in route:
        return (route,)
    return tuple(route.replace(PERSON, number) for number in ("1", "2"))


def seeded(desk: Desk) -> dict[str, str]:
    """Write the people that the addresses are of; return what stands for a word in them."""
    case = read_case(example_bytes("worried-28"), desk.knowledge, name="example")
    labs = read_case(example_bytes("omeprazole-67"), desk.knowledge, name="example").labs
    day = DietDay(
        ON,
        None,
        (Eaten(text="2 slices white bread"), Eaten(text="biscuit"), Eaten(text="6 pierogi"), Eaten(text="<b>x</b>")),
        (Eaten(text="2 cups brewed coffee", time="08:00"), Eaten(text="1 l tap water")),
        (Taken(text="magnesium citrate 200 mg"), Taken(text="calcium 500 mg", time="08:00")),
    )
    desk.begin("Robin", replace(case, labs=labs, diet=Diet((day,))))
    earlier = replace(desk.settings, today=lambda: date(2026, 10, 24))
    now, desk.settings = desk.settings, earlier
    desk.judge(desk.papers(1))
    desk.settings = now
    for name in ("Kim", "Alex", "Sam"):
        desk.begin(name)
    at_medicines(desk, 3)
    facts = facts_for(desk.knowledge)
    lines = report_of(PASTED.encode(), "report.txt", facts).lines
    report = LabReport("report.txt", judge_all(lines, facts, desk.today), ("Dear colleague,",))
    return {"READING": desk.reports.keep(1, report)}


def at_medicines(desk: Desk, person: int) -> None:
    """Answer "I don't know" until the medicines are asked, and name two, one of them with a slip."""
    while (asked := desk.outlook(papers := desk.papers(person)).question) is not None:
        if asked.kind is Kind.MEDICINES:
            named = (MedicineUse("omeprazole", "omeprazole"), MedicineUse("furosemid"))
            assert desk.answered(papers, asked, Reply(medicines=named))
            return
        assert desk.answered(papers, asked, Reply(ReplyKind.SKIPPED))
