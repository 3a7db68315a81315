"""The evaluation as a picture: calibration, and urgency against the reference. Plain SVG, readable in print."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from rheobase.evaluation import metrics
from rheobase.evaluation.run import Evaluation, Run

SIDE, GAP, LEFT, TOP = 300, 150, 70, 60
INK, SOFT, FILL = "#1b1b1b", "#767676", "#1f6f8b"


def evaluation_svg(evaluation: Evaluation) -> str:
    """Return one SVG with both pictures of the full run, titled and described for a screen reader."""
    run = next(each for each in evaluation.runs if each.name == "full")
    width, height = LEFT + 2 * SIDE + GAP + 40, TOP + SIDE + 90
    described = f"Calibration and triage of {len(run.cases)} published cases, full run."
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            f'aria-labelledby="t d" font-family="sans-serif" font-size="12" fill="{INK}">'
        ),
        f'<title id="t">{escape(described)}</title>',
        f'<desc id="d">{escape(_described(run))}</desc>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *_calibration(run, LEFT),
        *_confusion(run, LEFT + SIDE + GAP),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _described(run: Run) -> str:
    rows = metrics.calibration(run.cases)
    return "; ".join(f"of {r['n']} causes given {r['predicted']:.0%}, {r['accepted']:.0%} were right" for r in rows)


def _text(x: float, y: float, words: str, *, anchor: str = "middle", turn: bool = False) -> str:
    rotate = f' transform="rotate(-90 {x:.0f} {y:.0f})"' if turn else ""
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}"{rotate}>{escape(words)}</text>'


def _calibration(run: Run, x: float) -> Iterator[str]:
    bottom = TOP + SIDE
    yield _text(x + SIDE / 2, TOP - 20, "How often a cause was right, by the chance given")
    yield f'<rect x="{x}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="{SOFT}"/>'
    yield f'<line x1="{x}" y1="{bottom}" x2="{x + SIDE}" y2="{TOP}" stroke="{SOFT}" stroke-dasharray="4 4"/>'
    for at in range(0, 101, 25):
        yield _text(x + SIDE * at / 100, bottom + 18, f"{at} %")
        yield _text(x - 8, bottom - SIDE * at / 100 + 4, f"{at} %", anchor="end")
    yield _text(x + SIDE / 2, bottom + 40, "chance given by Rheobase")
    yield _text(x - 50, TOP + SIDE / 2, "share that was right", turn=True)
    for row in metrics.calibration(run.cases):
        cx, cy = x + SIDE * row["predicted"], bottom - SIDE * row["accepted"]
        yield f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="6" fill="{FILL}"/>'
        yield _text(cx, cy - 11, f"n = {row['n']}")


def _confusion(run: Run, x: float) -> Iterator[str]:
    table, levels = metrics.confusion(run.cases), metrics.URGENCY
    cell = SIDE / len(levels)
    most = max((n for row in table.values() for n in row.values()), default=1)
    yield _text(x + SIDE / 2, TOP - 20, "Urgency: reference (rows) and ours (columns)")
    for down, level in enumerate(levels):
        yield _text(x - 6, TOP + cell * (down + 0.5) + 4, level.replace("_", " "), anchor="end")
        for across, ours in enumerate(levels):
            count = table.get(level, {}).get(ours, 0)
            place = f'x="{x + cell * across:.1f}" y="{TOP + cell * down:.1f}" width="{cell:.1f}" height="{cell:.1f}"'
            edge = INK if across == down else SOFT
            yield f'<rect {place} fill="{FILL}" fill-opacity="{0.75 * count / most:.2f}" stroke="{edge}"/>'
            if count:
                yield _text(x + cell * (across + 0.5), TOP + cell * (down + 0.5) + 4, str(count))
    for across, ours in enumerate(levels):
        at = x + cell * (across + 0.5)
        yield _text(at, TOP + SIDE + 14 + 14 * (across % 2), ours.replace("_", " "))
