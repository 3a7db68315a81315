"""The page that maps each statement of the seed document to the facts that carry it."""

from __future__ import annotations

from collections import Counter

from rheobase.knowledge import Knowledge


def seed_page(knowledge: Knowledge) -> str:
    """Return the map as Markdown: every statement, its facts, and where better evidence disagrees."""
    counts = Counter(statement.agreement for statement in knowledge.statements.values())
    tally = ", ".join(f"{counts[each]} {each}" for each in ("supported", "qualified", "disputed", "unsupported"))
    lines = [
        "# The seed document, statement by statement",
        "",
        "Rheobase implements a short text, 'Understanding Muscle Twitching (Fasciculations)'. Each of its statements",
        "stands here in our words, with the facts of the knowledge that carry it (`rheobase explain` shows each) and",
        "with better evidence where that disagrees. Made by `make docs`; a test keeps it fresh and every id alive.",
        "",
        f"{len(knowledge.statements)} statements: {tally}.",
    ]
    paragraph = ""
    for statement in knowledge.statements.values():
        if statement.paragraph != paragraph:
            paragraph = statement.paragraph
            lines += [
                "",
                f"## {paragraph}",
                "",
                "| Statement | Agreement | Carried by | Better evidence |",
                "|---|---|---|---|",
            ]
        sources = f" ({', '.join(statement.sources)})" if statement.sources and statement.better_evidence else ""
        facts = ", ".join(f"`{fact}`" for fact in statement.carried_by)
        lines.append(f"| {statement.words} | {statement.agreement} | {facts} | {statement.better_evidence}{sources} |")
    return "\n".join(lines) + "\n"
