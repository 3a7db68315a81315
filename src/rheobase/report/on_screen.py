"""A report's words for somebody who sits before a page: what to type at a terminal becomes what to do here."""

from __future__ import annotations

import re
from dataclasses import replace

from rheobase.report.document import Block, Document, Paragraph, Point

# What the reports say of the command line, and what is said instead. A test renders them and finds no option left.
_INSTEAD = (
    (r"give --case ME\.yaml, or --age and --sex", "answer the questions about age and sex"),
    (r" \(--(?:exercise|heat) HOURS\)", ""),
    (
        r"Say --minutes, --skin and --exposed for how much that may be\.",
        "Say below how long, which skin and how much of it is bare, for how much that may be.",
    ),
    (r": rheobase diet read .*", "."),
    (r": rheobase diet read\.", "."),
    (r"Write it beside the drink: - \{.*\}", 'Say it with the drink: "2 cups coffee at 08:00".'),
    (r" \(--json lists all\)", ""),
    (r"Nothing is written yet\. To do it: .*", "Nothing is changed yet."),
    (r"; look one up with: rheobase foods", "; look it up again"),
    (r", or look them up with: rheobase foods --table", ""),
    (r" with --leave-out-bad-days", " by the box below"),
    (r" See: rheobase foods", ""),
    (r"name it: --nutrient magnesium\.", "choose it below."),
    (r" The whole answer: rheobase assess FILE", " The whole answer stands under Answer."),
    (r"--without needs the name of a food, such as --without sardines\.", "Leave out: write the names of foods."),
    (r" Write \"elemental\" or \"of the salt\" beside it", ""),
)
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), words) for pattern, words in _INSTEAD)


def on_screen(text: str) -> str:
    """Return a text without what is typed at a terminal."""
    for pattern, words in _PATTERNS:
        text = pattern.sub(words, text)
    return text


def document_on_screen(document: Document) -> Document:
    """Return a document whose paragraphs and points read as ``on_screen`` has them."""
    sections = tuple(replace(each, blocks=tuple(map(_block, each.blocks))) for each in document.sections)
    return replace(document, sections=sections)


def _block(block: Block) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, text=on_screen(block.text))
    if isinstance(block, Point):
        details, more = tuple(map(on_screen, block.details)), tuple(map(on_screen, block.more))
        return replace(block, text=on_screen(block.text), details=details, more=more)
    return block
