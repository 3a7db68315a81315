"""How often a muscle at rest fasciculates in the model, beside published rates, and what blood values do to that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rheobase import __version__
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve.concentrations import NAMES
from rheobase.nerve.pool.kinds import PoolSeen, PoolView
from rheobase.nerve.pool.rates import Multiple, Rates
from rheobase.report.document import Block, Document, Footnotes, Kind, Paragraph, Point, Section, Table
from rheobase.report.nerve_alerts import nerve_alerts

SCHEMA_VERSION = 1
NAMED = {"healthy": "Healthy", "benign": "Benign fasciculation", "als": "ALS-like"}
# What says that small twitches are ordinary.
_ORDINARY = "heijden1994"
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
# What the model was fitted to, by the kind of pool.
FITTED = {
    "healthy": "the mean was fitted to the published middle",
    "benign": "the mean was fitted to the published middle",
    "als": "only its ratio to benign was fitted; the rate is the model's own, and lower than was counted",
}
POTASSIUM = (
    "Potassium was left out and no multiple is shown for it: this pool makes far more of potassium than people show. "
    "What is shown is reckoned at normal potassium."
)
LIMITS = (
    (
        "A rate cannot tell what somebody has: healthy, benign and ALS overlap, and muscles of one person differ. "
        "What counts in life is weakness, wasting and an examination. 'rheobase assess' asks about them."
    ),
    (
        "How the endings differ, and how noisy they are, was chosen by trying; no recording tells it. Order and "
        "direction are the model's, the size of a multiple was chosen as much as it was predicted."
    ),
    (
        "Published rates are of different muscles, counted in different ways: tibialis anterior (healthy), biceps "
        "and gastrocnemius (the others). The range of a count is wide in all of them."
    ),
    (
        "In the model an ALS-like muscle has few prone endings, so that half of them show none in a minute; people "
        "with ALS are counted at a median of about 40. The shape of that distribution is not right."
    ),
    "Potassium is left out, because the model makes too much of it.",
    "It says nothing about how urgent anything is: 'rheobase assess' and a clinician do.",
)


def pool_page(view: PoolView, *, given: Mapping[str, str]) -> Document:
    """Return the page.

    Args:
        view: The pools.
        given: By the name of an input what it was taken from.
    """
    knowledge = load_knowledge()
    cited = Footnotes(knowledge)
    alerts = tuple(Point(f"{each.text} {cited.cite(each.source)}") for each in nerve_alerts(view.serum, knowledge))
    first, *more = in_words(view)
    sections = [
        *([Section("Before anything else", alerts)] if alerts else []),
        Section("In short", (Paragraph(f"{first} {cited.cite(_ORDINARY)}"), *(Paragraph(each) for each in more))),
        Section("A muscle at rest, normal blood", (_rates(view, cited),)),
        *([Section("With these values", tuple(_changed(view, given)))] if given else []),
        Section("What this model cannot say", tuple(Point(each) for each in LIMITS)),
        cited.section(),
        Section("About", (Paragraph(f"Knowledge {knowledge.version}. {knowledge.review_note}"),), Kind.ABOUT),
    ]
    return Document("Rheobase - how often a muscle at rest twitches, in a model", tuple(sections), tuple(cited.cited))


def in_words(view: PoolView) -> Iterator[str]:
    """Yield what the page says, in plain words; ordinary things first."""
    yield (
        "Small twitches of a muscle at rest are ordinary: they are seen now and then in nearly all healthy people, "
        "above all in the feet."
    )
    first = view.pools[0].multiple
    if first is not None:
        yield f"With these values the model pool of a healthy muscle twitches {_times(first)}."
    if view.potassium_left_out:
        yield POTASSIUM


def _times(found: Multiple) -> str:
    if found.low <= 1 <= found.high:
        return f"about as often as in normal blood ({_multiple(found)})"
    word = "more often" if found.middle > 1 else "less often"
    return f"{word} than in normal blood ({_multiple(found)})"


def _multiple(found: Multiple) -> str:
    return f"{found.middle:.2g} times; between {found.low:.2g} and {found.high:.2g} with other spreads of the endings"


def _brief(found: Multiple) -> str:
    return f"{found.middle:.2g} ({found.low:.2g} to {found.high:.2g})"


def _rates(view: PoolView, cited: Footnotes) -> Table:
    rows = []
    for each in view.pools:
        published = each.pool.published
        rows.append(
            (
                NAMED[each.pool.id],
                _spread(each.normal),
                f"{published.per_minute:g} ({published.low:g} to {published.high:g}) {cited.cite(published.source)}",
                FITTED[each.pool.id],
            )
        )
    return Table(
        "Fasciculations in a minute. Model: mean, and between which nine muscles in ten lie. Published: middle, range.",
        ("pool", "model", "published", "what was fitted"),
        tuple(rows),
    )


def _spread(rates: Rates) -> str:
    ends = rates.quantiles((SHARES[0], SHARES[-1]))
    return f"{rates.per_minute.mean():.2g} ({ends[SHARES[0]]:.0f} to {ends[SHARES[-1]]:.0f})"


def _changed(view: PoolView, given: Mapping[str, str]) -> Iterator[Block]:
    inputs = load_nerve_facts().inputs
    told = [
        f"{inputs[name].name} {getattr(view.serum, name):.3g} {inputs[name].unit}".strip()
        + (" (left out)" if getattr(view.serum, name) != getattr(view.used, name) else "")
        + ("" if given[name] == "as given" else f" ({given[name]})")
        for name in NAMES
        if name in given
    ]
    yield Paragraph(f"Reckoned for {', '.join(told)}; the rest is normal.")
    rows = [
        (NAMED[each.pool.id], _spread(each.here), _brief(each.multiple), f"{100 * each.multiple.all_along:.0f} %")
        for each in view.pools
        if each.here is not None and each.multiple is not None
    ]
    if not rows:
        yield Paragraph("Apart from what was left out every value is the normal one: nothing changes in this model.")
        return
    yield Table(
        "Fasciculations in a minute; how many times the rate of the same pool in normal blood; endings that fire all "
        "along, as in a spasm.",
        ("pool", "model", "times normal", "all along"),
        tuple(rows),
    )


def pool_json(view: PoolView, *, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the same as plain data; None where nothing differs from normal."""
    knowledge, inputs = load_knowledge(), load_nerve_facts().inputs
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "knowledge_version": knowledge.version,
        "values": {
            name: {
                "value": getattr(view.serum, name),
                "used": getattr(view.used, name),
                "unit": inputs[name].unit,
                "from": given.get(name, "normal"),
            }
            for name in NAMES
        },
        "potassium_left_out": view.potassium_left_out,
        "pools": [_plain(each) for each in view.pools],
        "in_words": list(in_words(view)),
        "alerts": [
            {"value": each.value, "urgency": each.urgency, "text": each.text}
            for each in nerve_alerts(view.serum, knowledge)
        ],
        "limits": list(LIMITS),
        "sources": [
            {"id": each.pool.published.source, "citation": knowledge.sources[each.pool.published.source].citation}
            for each in view.pools
        ],
        "review_note": knowledge.review_note,
    }


def _plain(seen: PoolSeen) -> dict[str, Any]:
    def rates(found: Rates | None) -> dict[str, Any] | None:
        if found is None:
            return None
        quantiles = {f"{share:g}": value for share, value in found.quantiles(SHARES).items()}
        return {"mean": float(found.per_minute.mean()), "quantiles": quantiles}

    times, published = seen.multiple, seen.pool.published
    return {
        "pool": seen.pool.id,
        "fitted": FITTED[seen.pool.id],
        "published_per_minute": {
            "what": published.what,
            "middle": published.per_minute,
            "low": published.low,
            "high": published.high,
            "source": published.source,
            "grade": published.grade,
        },
        "normal_per_minute": rates(seen.normal),
        "here_per_minute": rates(seen.here),
        "multiple": None
        if times is None
        else {"middle": times.middle, "low": times.low, "high": times.high, "all_along": times.all_along},
    }
