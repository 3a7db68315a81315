"""The first page: begin, go on, or choose between the people kept apart here."""

from __future__ import annotations

from starlette.responses import Response

from rheobase.errors import DataRefusedError
from rheobase.person import Person
from rheobase.web.first_page import first_page
from rheobase.web.visit import Page, Visit

NAMELESS = "Me"


def home(visit: Visit) -> Response:
    """Show who is here, or how to begin."""
    return first_page(visit.desk.shelf, visit.renderer, visit.keys, region=visit.query.get("region", ""))


def begin(visit: Visit) -> Response:
    """Add a person and ask the first question."""
    name = visit.one("name").strip() or NAMELESS
    region = visit.one("region") or None
    if region is not None and region not in visit.desk.knowledge.regions:
        raise DataRefusedError("That region is not on the list. Choose one of it, or none.")
    who = visit.desk.begin(name, Person(region=region))
    return visit.go(f"/{who.id}/questions")


def unlock(visit: Visit) -> Response:
    """Ask for the passphrase of encrypted data, and open it."""
    if not visit.desk.locked:
        return visit.go("/")
    words = ""
    if "passphrase" in visit.form:
        try:
            visit.desk.unlock(visit.one("passphrase"))
        except DataRefusedError:
            words = "That passphrase does not open it. Try again; capital and small letters are told apart."
        else:
            return visit.go("/")
    return visit.show("unlock.html", words=words, status=400 if words else 200)


PAGES: dict[str, tuple[Page, tuple[str, ...]]] = {
    "/": (home, ("GET",)),
    "/begin": (begin, ("POST",)),
    "/unlock": (unlock, ("GET", "POST")),
}
