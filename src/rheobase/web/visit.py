"""One request as a page sees it, and how a page answers. Pages are plain functions, run off the event loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from rheobase.errors import DataRefusedError, RheobaseError
from rheobase.web.desk import Desk, Papers
from rheobase.web.rendering import Renderer
from rheobase.web.security import Keys

FORM_TOKEN = "form_token"  # noqa: S105 - the name of a field
MOST_FIELDS, MOST_FILES, LONGEST_PART = 2000, 5, 1_000_000
SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class File:
    """A file that was uploaded: its name as told, for messages only, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Visit:
    """One request.

    Attributes:
        desk: What the server works with.
        renderer: Makes pages.
        keys: For the token in forms.
        path: Parts of the address, by name.
        query: What stands after the question mark.
        form: Fields of a form; a field may come several times.
        files: Uploaded files by field.
        here: The address itself.
    """

    desk: Desk
    renderer: Renderer
    keys: Keys
    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)
    here: str = "/"

    def papers(self) -> Papers:
        """Return the papers of the person in the address.

        Raises:
            DataRefusedError: There is no such person.
        """
        return self.desk.papers(int(self.path["person"]))

    def one(self, name: str) -> str:
        """Return a field of the form, "" without one."""
        return next(iter(self.form.get(name, ())), "")

    def show(self, template: str, *, status: int = 200, **values: object) -> Response:
        """Return a page."""
        text = self.renderer.page(template, here=self.here, form_token=self.keys.form_token(), **values)
        return HTMLResponse(text, status)

    def go(self, address: str) -> Response:
        """Send the browser on, so that reloading a page repeats nothing."""
        return RedirectResponse(address, SEE_OTHER)


Page = Callable[[Visit], Response]


def endpoint(page: Page, desk: Desk, renderer: Renderer, keys: Keys) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of a page: forms are checked and read, and refusals are shown as pages.

    Args:
        page: What answers.
        desk: What the server works with.
        renderer: Makes pages.
        keys: For the token in forms.
    """

    async def answer(request: Request) -> Response:
        form: FormData | None = None
        files: dict[str, File] = {}
        visit = Visit(desk, renderer, keys, request.path_params, request.query_params, here=request.url.path)
        if request.method == "POST":
            form = await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_PART)
            for name, value in form.multi_items():
                if isinstance(value, UploadFile) and value.filename:
                    files[name] = File(value.filename, await value.read())
            await form.close()
            if not keys.is_form_token(str(form.get(FORM_TOKEN, ""))):
                words = "This form is not from this run of Rheobase. Go back, reload the page and send it again."
                return await run_in_threadpool(refused, visit, words, 403)
        fields = {} if form is None else {name: _texts(form, name) for name in form}
        visit = Visit(desk, renderer, keys, request.path_params, request.query_params, fields, files, request.url.path)
        try:
            return await run_in_threadpool(_answered, page, visit, alone=request.method == "POST")
        except DataRefusedError as problem:
            if desk.locked:
                return visit.go("/unlock")
            return await run_in_threadpool(refused, visit, str(problem), 404 if "no person" in str(problem) else 400)
        except RheobaseError as problem:
            return await run_in_threadpool(refused, visit, str(problem), 400)

    return answer


def _answered(page: Page, visit: Visit, *, alone: bool) -> Response:
    """Answer; what changes something reads and writes alone, so that of two changes at once neither is lost."""
    with visit.desk.changing if alone else nullcontext():
        return page(visit)


def refused(visit: Visit, words: str, status: int) -> Response:
    """Return a page that says why something can't be done."""
    return visit.show("refused.html", status=status, words=words)


def not_found(_: Visit) -> Response:
    """Refuse an address that is none."""
    raise HTTPException(404)


def _texts(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(each for each in form.getlist(name) if isinstance(each, str))
