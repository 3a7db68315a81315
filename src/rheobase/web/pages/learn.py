"""Learn: a page for each cause, nutrient, test, medicine, finding and warning sign, and a search over all of them."""

from __future__ import annotations

from itertools import groupby

from starlette.exceptions import HTTPException
from starlette.responses import Response

from rheobase.report.catalogue import KINDS, TITLES, catalogue, look_up, page_of, related, seed_comparison
from rheobase.web.markup import report_markup
from rheobase.web.visit import Page, Visit

ADDRESS = "/learn"
LONGEST = 80
# These are few enough to be listed on the first page; the rest is searched.
LISTED = ("cause", "nutrient")


def learn(visit: Visit) -> Response:
    """Show what was searched for, or where to begin."""
    knowledge = visit.desk.knowledge
    typed = visit.query.get("q", "")[:LONGEST]
    found = look_up(typed, knowledge)
    groups = [
        (TITLES[kind], list(entries))
        for kind, entries in groupby(sorted(found, key=lambda each: KINDS.index(each.kind)), key=lambda each: each.kind)
    ]
    if not typed.strip():
        every = catalogue(knowledge).values()
        groups = [
            (TITLES[kind], sorted((each for each in every if each.kind == kind), key=lambda each: each.name))
            for kind in LISTED
        ]
    counts = [(TITLES[kind], sum(key[0] == kind for key in catalogue(knowledge))) for kind in KINDS]
    return visit.show("learn.html", typed=typed, groups=groups, counts=counts)


def entry(visit: Visit) -> Response:
    """Show one page of the knowledge."""
    knowledge = visit.desk.knowledge
    found = catalogue(knowledge).get((str(visit.path["kind"]), str(visit.path["name"])))
    if found is None:
        raise HTTPException(404)
    report, links = report_markup(page_of(found, knowledge)), related(found, knowledge)
    return visit.show(
        "learn_entry.html",
        title=found.name,
        kind=TITLES[found.kind],
        report=report,
        links=links,
        prose=found.kind == "nutrient",
    )


def compared(visit: Visit) -> Response:
    """Show the comparison table of the seed document."""
    entries = tuple(each for each in catalogue(visit.desk.knowledge).values() if each.kind == "nutrient")
    report, links = report_markup(seed_comparison(visit.desk.knowledge)), ((TITLES["nutrient"], entries),)
    title = "Minerals and vitamin D side by side"
    return visit.show("learn_entry.html", title=title, kind="Comparison", report=report, links=links, prose=True)


PAGES: dict[str, tuple[Page, tuple[str, ...]]] = {
    ADDRESS: (learn, ("GET",)),
    f"{ADDRESS}/compare": (compared, ("GET",)),
    f"{ADDRESS}/{{kind}}/{{name}}": (entry, ("GET",)),
}
