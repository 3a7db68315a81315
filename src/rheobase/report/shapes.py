"""Shapes that the pictures are made of, as text of SVG; each has a class, coloured by a style sheet."""

from __future__ import annotations

from html import escape

from rheobase.plain_text import printable

# Units of the drawing; at a phone's 360 pixels one unit is close to one pixel.
WIDTH, LEFT, RIGHT = 340, 10, 330
LINE = 15


def words(text: str) -> str:
    """Return text that can stand in SVG and be shown on one line."""
    return escape(printable(text), quote=True)


def label(place: tuple[float, float], text: str, kind: str, anchor: str = "start") -> str:
    """Return a line of text at a place; ``anchor`` says which of its ends stands there."""
    x, y = place
    at = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}"{at}>{words(text)}</text>'


def line(ends: tuple[float, float, float, float], kind: str) -> str:
    """Return a straight line between two places x1, y1, x2, y2."""
    x1, y1, x2, y2 = ends
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def diamond(x: float, y: float, size: float = 5) -> str:
    """Return an open diamond around a place."""
    points = f"M{x:.1f} {y - size:.1f}L{x + size:.1f} {y:.1f}L{x:.1f} {y + size:.1f}L{x - size:.1f} {y:.1f}Z"
    return f'<path class="p-before" d="{points}"/>'


def dot(x: float, y: float) -> str:
    """Return a filled dot around a place."""
    return f'<circle class="p-dot" cx="{x:.1f}" cy="{y:.1f}" r="6"/>'


def box(corner: tuple[float, float], size: tuple[float, float], kind: str) -> str:
    """Return a rectangle from its upper left corner and its width and height."""
    (x, y), (width, height) = corner, size
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def arrow(x: float, y: float) -> str:
    """Return the head of an arrow that points right, its tip at a place."""
    return f'<path class="p-for" d="M{x - 7:.1f} {y - 5:.1f}L{x:.1f} {y:.1f}L{x - 7:.1f} {y + 5:.1f}Z"/>'


def nice_ticks(end: float, most: int = 6) -> tuple[float, ...]:
    """Return round numbers from zero to at most ``end``, no more than ``most`` of them besides zero."""
    size = 10.0**-9
    while True:
        for step in (1, 2, 5):
            if end / (step * size) <= most:
                width = step * size
                return tuple(width * at for at in range(int(end / width + 1e-9) + 1))
        size *= 10
