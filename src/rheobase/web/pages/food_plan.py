"""What to change: the smallest changes of the diary that bring what is short to its target, and "not this one"."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from rheobase.assess import Assessment
from rheobase.assess.eating import who_is
from rheobase.diet.reading import read_diet_lines
from rheobase.diet.summary import Summary, summarise
from rheobase.errors import DataRefusedError, RheobaseError
from rheobase.foods import load_foods
from rheobase.foods.nutrients import nutrient_label
from rheobase.knowledge.supplements import load_supplements
from rheobase.menu.planner import Health, Plan, Proposal, plan_diet
from rheobase.menu.wishes import COLUMNS, SODIUM, Wishes, read_wishes
from rheobase.person import Diet
from rheobase.report.diet_plan_page import plan_page, waiting_page
from rheobase.report.document import Document
from rheobase.report.enough_section import MOST_STAGES, judged
from rheobase.report.on_screen import document_on_screen, on_screen
from rheobase.web.desk import Papers
from rheobase.web.markup import sections_markup
from rheobase.web.pages.urgent import URGENT
from rheobase.web.visit import Visit

NAME, SMALLEST = "your diary", "The smallest change"
ALLERGIES = ("milk", "egg", "fish", "shellfish", "nuts", "peanut", "soy", "wheat", "sesame")
STYLES = (
    ("vegan", "Nothing from animals"),
    ("vegetarian", "No meat, no fish"),
    ("lactose-free", "Nothing with lactose"),
)
NUTRIENTS = tuple(nutrient_label(each) for each in COLUMNS if each != SODIUM)
WHO = "What is enough depends on who it is. Answer the questions about age and sex first; then come back."
MOST_LEFT_OUT = 30


@dataclass(frozen=True, slots=True)
class Offer:
    """One food that is proposed, and the address of the same plan without it."""

    name: str
    without: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form said: nutrients to bring up, foods to leave out, allergies and ways of eating."""

    nutrients: tuple[str, ...]
    without: tuple[str, ...]
    styles: tuple[str, ...]

    def address(self, number: int, more: str = "") -> str:
        """Return the address of this page, with one food more to leave out."""
        left = "; ".join(dict.fromkeys((*self.without, *((more,) if more else ()))))
        ticked = [(each, "1") for each in (*self.styles, *(f"raise-{name}" for name in self.nutrients))]
        return f"/{number}/food/plan?{urlencode([('without', left), *ticked])}"


def plan(visit: Visit) -> Response:
    """Show the smallest changes, or why there are none."""
    papers, asked = visit.papers(), _asked(visit)
    problem, parts, document = "", list[tuple[int, str]](), None
    offers: list[Offer] = []
    diet = papers.talk.start.diet
    if diet is not None and diet.days:
        try:
            document, offers = _worked_out(visit, papers, diet, asked)
            parts = [(number, each.title) for number, each in enumerate(document.sections, 1)]
        except RheobaseError as refused:
            problem = on_screen(str(refused))
    return visit.show(
        "food_plan.html",
        status=400 if problem else 200,
        papers=papers,
        asked=asked,
        left="; ".join(asked.without),
        problem=problem,
        who_is_asked=problem == WHO,
        parts=parts,
        offers=offers,
        report=sections_markup(document) if document is not None else (),
        smallest=SMALLEST,
        styles=STYLES,
        allergies=ALLERGIES,
        nutrients=NUTRIENTS,
        again=asked.address(papers.who.id),
        all_back=Asked(asked.nutrients, (), asked.styles).address(papers.who.id) if asked.without else "",
    )


def _asked(visit: Visit) -> Asked:
    query = visit.query
    words = [" ".join(each.split()) for each in query.get("without", "").split(";")]
    styles = tuple(each for each in (*(name for name, _ in STYLES), *ALLERGIES) if query.get(each))
    nutrients = tuple(each for each in NUTRIENTS if query.get(f"raise-{each}"))
    return Asked(nutrients, tuple(dict.fromkeys(each for each in words if each))[:MOST_LEFT_OUT], styles)


def _worked_out(visit: Visit, papers: Papers, diet: Diet, asked: Asked) -> tuple[Document, list[Offer]]:
    """Return the plan in words and the foods that it proposes.

    Raises:
        UsageError, DataRefusedError: No plan can be made, with why.
    """
    knowledge, person = visit.desk.knowledge, papers.person
    assessment = visit.desk.assessment(papers)
    if assessment.urgency.level in URGENT:
        page = waiting_page(assessment, knowledge, name=NAME, region=person.region)
        return document_on_screen(page), []
    summary = summarise(read_diet_lines(diet, load_foods(), load_supplements()))
    wishes = read_wishes(asked.nutrients, (), asked.without, frozenset(asked.styles))
    proposal = _proposal(visit, papers, assessment, summary=summary, wishes=wishes)
    page = plan_page(proposal, summary, wishes, knowledge, name=NAME, has_case=True)
    return document_on_screen(page), _offers(proposal.plans, asked, papers.who.id)


def _proposal(visit: Visit, papers: Papers, assessment: Assessment, *, summary: Summary, wishes: Wishes) -> Proposal:
    knowledge, person = visit.desk.knowledge, papers.person
    who = who_is(person)
    found = judged(summary, who, knowledge)
    least = knowledge.intake.value("menu.least_age")
    if who.age is None or any(len(each.stages) > MOST_STAGES for each in found.values()):
        raise DataRefusedError(WHO)
    if who.age < least:
        raise DataRefusedError(
            f"Plans are made from {least:g} years on. What a child should eat is for a doctor or a dietitian who sees "
            "the child."
        )
    health = Health(assessment.facts.ever, person.medicines, person.takes_no_medicine)
    return plan_diet(summary, found, wishes, health, knowledge=knowledge, foods=load_foods())


def _offers(plans: tuple[Plan, ...], asked: Asked, number: int) -> list[Offer]:
    """Return each food of the smallest plan that can be left out, once."""
    offers: dict[str, Offer] = {}
    for change in plans[0].changes if plans else ():
        if change.more is not None:
            name = change.more.name
            offers.setdefault(name, Offer(name, asked.address(number, name)))
    return list(offers.values())
