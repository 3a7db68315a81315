"""What a change at the nerve is called: words shared by the nerve's own page, the report's section and the web page."""

from __future__ import annotations

from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve.tabled import Twitching

NO_IMPULSE = "no impulse"
BLOCKED = (
    "Its sodium channels are held shut, or nearly so, and a full impulse fails: a block (depolarisation block), not "
    "calm. A muscle whose nerve is blocked is weak."
)


def limit(name: str) -> float:
    """Return where a word ends or begins, by its id in ``words.toml`` without "word_"."""
    return load_nerve_facts()[f"word_{name}"]


def threshold_words(change: float | None, *, whose: str = "With these values") -> str:
    """Return how easily a motor nerve is set off.

    Args:
        change: Of the threshold against normal [%]; None where it cannot be made to fire.
        whose: Begins the sentence.
    """
    if change is None:
        return f"{whose} the model axon cannot be made to fire in the usual way."
    if abs(change) < limit("nothing"):
        return f"{whose} a motor nerve fires about as easily as it usually does."
    size = "slightly " if abs(change) < limit("slight") else "" if abs(change) < limit("clear") else "much "
    if change < 0:
        return f"{whose} a motor nerve is {size}easier to set off: it needs {-change:.0f} % less current."
    return f"{whose} a motor nerve is {size}harder to set off: it needs {change:.0f} % more current."


def change_in_words(change: float | None) -> str:
    """Return a change of the threshold [%] for a table."""
    return NO_IMPULSE if change is None else f"{change:+.0f} %"


def firing_words(hertz: float, *, blocked: bool = False) -> str:
    """Return whether nerves fire by themselves; the typical axon of the model never does within its table.

    Args:
        hertz: Of a prone ending.
        blocked: The typical axon has no impulse; its silence then is no calm.
    """
    if blocked:
        return BLOCKED
    if hertz < limit("fires"):
        return "Left alone it stays quiet, and so does a nerve ending that is prone to fire."
    return (
        "Left alone a typical nerve stays quiet, but an ending that is prone to fire would fire by itself, a few times "
        "a second."
    )


def twitching_words(twitching: Twitching) -> str:
    """Return how often prone endings twitch against normal; the ends of the interval say more than its middle."""
    middle, low, high = twitching.middle, twitching.low, twitching.high
    if 1 / limit("same") <= middle <= limit("same"):
        return "Muscles would twitch about as often as usual."
    if middle < 1:
        return "Muscles would twitch more rarely than usual."
    several, counted = limit("several"), limit("counted")
    size = "more often" if middle < several else "several times as often"
    if middle >= limit("many"):
        size = "many times as often"
    if low >= counted:
        return f"Muscles would twitch {size} as usual: over a hundred times in the model, a guess in its size."
    last = f"{high:.0f}" if high < counted else "over 100"
    than = "than" if middle < several else "as"
    return (
        f"Muscles would twitch {size} {than} usual: {_figure(low)} to {last} times in the model, a guess in its size."
    )


def _figure(times: float) -> str:
    return f"{times:.0f}" if times >= 3 else f"{times:.1f}"
