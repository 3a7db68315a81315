"""The style sheet of every page of ours, and of the pictures in it."""

from __future__ import annotations

import functools
from importlib import resources

CLASSES = {
    "p-name": "fill:{ink};font-size:12.5px;font-weight:600",
    # A rim in the colour of the paper keeps the words readable where a line passes behind them.
    "p-text": "fill:{ink};font-size:12px;paint-order:stroke;stroke:{paper};stroke-width:3px",
    "p-axis": "fill:{soft};font-size:11px",
    "p-grid": "stroke:{line};stroke-width:1;stroke-dasharray:2 3",
    "p-track": "stroke:{line};stroke-width:1",
    "p-low": "fill:{zone_low}",
    "p-mid": "fill:{zone_mid}",
    "p-high": "fill:{zone_high}",
    "p-span": "stroke:{accent};stroke-width:3;stroke-linecap:round",
    "p-dot": "fill:{accent};stroke:{paper};stroke-width:1.5",
    "p-before": "fill:{paper};stroke:{ink};stroke-width:1.5",
    "p-for": "fill:{accent};stroke:{accent};stroke-width:1.5",
    "p-against": "fill:{paper};stroke:{against};stroke-width:1.5",
    "p-link": "stroke:{soft};stroke-width:1",
    "p-open": "fill:none;stroke:{accent};stroke-width:2;stroke-dasharray:2 4",
    "p-need": "stroke:{ink};stroke-width:2",
    "p-limit": "stroke:{against};stroke-width:2;stroke-dasharray:6 3",
    "p-area": "fill:{zone_high};stroke:{accent};stroke-width:.75",
    "p-usual": "fill:none;stroke:{soft};stroke-width:2;stroke-dasharray:6 4",
    "p-curve": "fill:none;stroke:{accent};stroke-width:2.5;stroke-linejoin:round",
}
PAPER_COLOURS = {
    "ink": "#1b2126",
    "soft": "#4a545c",
    "line": "#b9c1c7",
    "accent": "#0b5c86",
    "against": "#8a4b08",
    "paper": "#ffffff",
    "zone_low": "#f4f6f7",
    "zone_mid": "#e8eef2",
    "zone_high": "#d9e6ee",
}


def style_rules(colours: dict[str, str]) -> str:
    """Return the style sheet of every shape, with each colour by its name in ``colours``."""
    return "".join(f".{name}{{{rule.format_map(colours)}}}" for name, rule in CLASSES.items())


@functools.lru_cache(maxsize=1)
def page_style() -> str:
    """Return the style sheet of every page of ours, without comments and indentation."""
    text = resources.files("rheobase.report").joinpath("assets", "page.css").read_text(encoding="utf-8")
    variables = {name: f"var(--{name.replace('_', '-')})" for name in _colours()}
    sheet = text + style_rules(variables)
    kept = (line.strip() for line in sheet.splitlines())
    return "".join(line for line in kept if line and not line.startswith("/*"))


def _colours() -> set[str]:
    return {part.split("}")[0] for rule in CLASSES.values() for part in rule.split("{")[1:]}
