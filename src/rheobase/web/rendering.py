"""Templates, and addresses of the assets that change with their content."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from rheobase import __version__
from rheobase.plain_text import printable
from rheobase.report.style import page_style

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Assets:
    """The style sheets and scripts, held in memory: no path of a request ever names a file."""

    def __init__(self) -> None:
        """Read every asset."""
        self._files: dict[str, bytes] = {}
        folder = resources.files("rheobase.web").joinpath("assets")
        for each in folder.iterdir():
            if any(each.name.endswith(ending) for ending in TYPES):
                self._files[each.name] = each.read_bytes()
        # One style for reports, on paper and here.
        self._files["report.css"] = page_style().encode()
        digest = hashlib.sha256(b"".join(name.encode() + data for name, data in sorted(self._files.items())))
        self.version = digest.hexdigest()[:12]

    def get(self, name: str) -> tuple[bytes, str] | None:
        """Return the content and type of an asset, or None."""
        data = self._files.get(name)
        if data is None:
            return None
        return data, next(kind for ending, kind in TYPES.items() if name.endswith(ending))

    def address(self, name: str) -> str:
        """Return the address of an asset; modules import each other, so all share one version."""
        return f"/static/{self.version}/{name}"


class Renderer:
    """Makes pages from templates; everything shown is escaped."""

    def __init__(self) -> None:
        """Load the templates."""
        self.assets = Assets()
        self._environment = Environment(
            loader=PackageLoader("rheobase.web", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["asset"] = self.assets.address
        self._environment.globals["version"] = __version__
        self._environment.filters["printable"] = printable

    def page(self, template: str, **values: Any) -> str:
        """Return a page of a template."""
        return self._environment.get_template(template).render(values)
