#!/usr/bin/env python3
"""Make every generated page: seed map, scenarios, evaluation, command reference, the README's picture and figures.

.venv/bin/python docs/build.py           write them
.venv/bin/python docs/build.py --check   say which are stale, and exit with 1
.venv/bin/python docs/build.py --pages   take the picture of the page anew; needs chromium, and nothing else does
.venv/bin/python docs/build.py --web     take the pictures of the app in the browser anew; needs chromium too
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path

from click.testing import CliRunner

from rheobase.assess import assess
from rheobase.cli.main import COMMANDS, cli
from rheobase.evaluation import Evaluation, evaluate_cases, metrics
from rheobase.evaluation.baseline import nearest_by_shared_terms
from rheobase.evaluation.output import evaluation_text
from rheobase.evaluation.plot import evaluation_svg
from rheobase.examples import example_bytes
from rheobase.importers.case_file import read_case
from rheobase.importers.published_case import read_published_case
from rheobase.knowledge import Knowledge, load_knowledge
from rheobase.report import assessment_document, render, render_html
from rheobase.report.seed_page import seed_page
from scenario_page import scenario_page

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "cases" / "dev"
# The picture is of one day, so that it does not change by itself.
ON = date(2026, 11, 24)
SHOWN_LINES = 58
PAGE = (760, 1100)
LINE, CHARACTER, EDGE = 17, 8.4, 18


def main() -> int:
    """Write or check every page."""
    knowledge = load_knowledge()
    if "--pages" in sys.argv:
        return picture_of_page(knowledge)
    if "--web" in sys.argv:
        import web_pictures  # noqa: PLC0415 - the other pages need no server

        return web_pictures.main()
    stale = []
    for path, content in pages(knowledge):
        if path.exists() and path.read_text(encoding="utf-8") == content:
            continue
        stale.append(path.relative_to(ROOT))
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    for each in stale:
        print(f"{'stale' if '--check' in sys.argv else 'written'}: {each}")
    return 1 if stale and "--check" in sys.argv else 0


def pages(knowledge: Knowledge) -> Iterator[tuple[Path, str]]:
    """Yield every generated file with what it should hold."""
    files = [each for each in sorted(CASES.glob("*.yaml")) if each.stem != "vocabulary"]
    cases = [read_published_case(each.read_bytes(), name=each.name) for each in files]
    evaluation = evaluate_cases(cases, knowledge)
    naive = evaluate_cases(cases, knowledge, judge=nearest_by_shared_terms(knowledge))
    yield ROOT / "docs" / "seed.md", seed_page(knowledge)
    yield ROOT / "docs" / "scenarios.md", scenario_page(knowledge)
    yield ROOT / "docs" / "cli.md", command_reference()
    yield ROOT / "docs" / "images" / "demo.svg", terminal_picture(demo(knowledge))
    yield ROOT / "docs" / "images" / "evaluation.svg", evaluation_svg(evaluation)
    yield ROOT / "docs" / "evaluation.md", evaluation_page(evaluation, naive)
    yield ROOT / "README.md", with_figures((ROOT / "README.md").read_text(encoding="utf-8"), evaluation, naive)


def demo(knowledge: Knowledge) -> str:
    """Return what `rheobase assess --example worried-28` prints."""
    person = read_case(example_bytes("worried-28"), knowledge, name="worried-28")
    return render(assessment_document(assess(person, knowledge, on=ON), knowledge, region=person.region))


def picture_of_page(knowledge: Knowledge) -> int:
    """Take a picture of the top of a page, as a person sees it, for the README."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the other pages need no browser

    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium here: apt-get install chromium")
        return 1
    person = read_case(example_bytes("worried-28"), knowledge, name="worried-28")
    document = assessment_document(assess(person, knowledge, on=ON), knowledge, region=person.region)
    target = ROOT / "docs" / "images" / "page.png"
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as browser,
    ):
        page = browser.new_page(viewport={"width": PAGE[0], "height": PAGE[1]}, color_scheme="light")
        page.set_content(render_html(document))
        page.screenshot(path=target)
    print(f"written: {target.relative_to(ROOT)} ({target.stat().st_size} bytes)")
    return 0


def terminal_picture(text: str) -> str:
    """Return the first lines of a terminal's text as an SVG picture that can be read aloud."""
    lines = ["$ rheobase assess --example worried-28", "", *text.splitlines()[:SHOWN_LINES], "  ..."]
    width, height = round(80 * CHARACTER + 2 * EDGE), LINE * len(lines) + 2 * EDGE
    rows = []
    for at, line in enumerate(lines):
        bold = ' font-weight="bold"' if line.isupper() or at in (0, 2) else ""
        indent = len(line) - len(line.lstrip())
        x = EDGE + CHARACTER * indent
        rows.append(f'<text x="{x:.1f}" y="{EDGE + LINE * (at + 1)}"{bold}>{escape(line.strip())}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t">\n'
        f'<title id="t">What rheobase prints for a worried 28-year-old</title>\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="#14191f"/>\n'
        f'<g fill="#e8eaed" font-family="monospace" font-size="14">\n' + "\n".join(rows) + "\n</g>\n</svg>\n"
    )


def command_reference() -> str:
    """Return the help of every command."""
    parts = ["# Commands", "", "Made from `--help` by `make docs`.", ""]
    for name in ((), *((each,) for each in COMMANDS), ("knowledge", "check"), ("knowledge", "schema")):
        title = " ".join(("rheobase", *name))
        text = CliRunner().invoke(cli, [*name, "--help"], prog_name="rheobase", env={"COLUMNS": "80"}).output
        parts += [f"## {title}", "", "```", text.rstrip(), "```", ""]
    return "\n".join(parts)


def evaluation_page(evaluation: Evaluation, naive: Evaluation) -> str:
    """Return the whole evaluation, misses included."""
    text = evaluation_text(evaluation, naive, misses=True)
    return (
        "# How good is it?\n\n"
        "Made by `make docs` from `rheobase evaluate tests/cases/dev --baseline --misses`.\n\n"
        "The cases are published accounts that we used while building: they show that it works as meant, and are\n"
        "**not** evidence of accuracy on new people. A larger set is kept back by others. Case reports are the\n"
        "dramatic end: nearly half are hospital emergencies, far more than among people who ask about a twitch.\n\n"
        "![Calibration and triage](images/evaluation.svg)\n\n"
        f"```\n{text}\n```\n"
    )


def with_figures(readme: str, evaluation: Evaluation, naive: Evaluation) -> str:
    """Return the README with today's figures between its marks."""
    head = f"{len(evaluation.runs[0].cases)} published cases (used while building)"
    rows = [f"| {head} | right at first | within three | urgency acceptable | urgency safe |", "|---|---|---|---|---|"]
    named = [("history and symptoms only", evaluation.runs[0]), ("with examination and tests", evaluation.runs[1])]
    named += [("naive comparator, with examination and tests", naive.runs[1])]
    for name, run in named:
        triage = metrics.triage_figures(run.cases)
        first, three = metrics.top(run.cases, 1), metrics.top(run.cases, 3)
        rows.append(f"| {name} | {first:.0%} | {three:.0%} | {triage['acceptable']:.0%} | {triage['safe']:.0%} |")
    before, _, rest = readme.partition("<!-- figures:begin")
    mark, _, rest = rest.partition("-->")
    _, _, after = rest.partition("<!-- figures:end -->")
    return before + "<!-- figures:begin" + mark + "-->\n" + "\n".join(rows) + "\n<!-- figures:end -->" + after


if __name__ == "__main__":
    sys.exit(main())
