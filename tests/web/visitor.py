"""What a browser does, without one: follows, fills in, presses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from rheobase.web.security import Keys

PORT = 8741
ORIGIN = f"http://127.0.0.1:{PORT}"


@dataclass
class Visitor:
    """A browser with its cookie.

    Attributes:
        client: Keeps the cookie and follows redirects.
        keys: Of the server.
        page: The last page.
        address: Where it was.
    """

    client: TestClient
    keys: Keys
    page: str = ""
    address: str = ""
    status: int = 0

    def get(self, path: str) -> Response:
        """Open an address."""
        return self._seen(self.client.get(path))

    def post(self, path: str, fields: Mapping[str, object] | None = None, **more: Any) -> Response:
        """Send a form of ours."""
        data = {"form_token": self.keys.form_token(), **(fields or {})}
        headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
        return self._seen(self.client.post(path, data=data, headers=headers, **more))

    def press(self, action: str, **fields: object) -> Response:
        """Press a button of the question that is shown, with what was filled in."""
        hidden = {name: self.hidden(name) for name in ("asked", "number")}
        person = self.address.split("/")[1]
        return self.post(f"/{person}/questions/reply", {**hidden, "do": action, **fields})

    def hidden(self, name: str) -> str:
        """Return the value of a hidden field of the page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return unescape(found[1]) if found else ""

    def text(self) -> str:
        """Return the words of the page."""
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", self.page)).split())

    def _seen(self, response: Response) -> Response:
        self.page, self.address, self.status = response.text, response.url.path, response.status_code
        return response
