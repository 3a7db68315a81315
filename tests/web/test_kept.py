"""What is kept in memory is made once, is bounded, and never keeps a failure."""

from __future__ import annotations

import threading

import pytest

from rheobase.web.kept import Kept


def test_what_another_is_making_is_waited_for() -> None:
    """Of many who ask for one thing at once, one makes it; the others get the same."""
    kept: Kept[object] = Kept()
    made, started, go = [], threading.Event(), threading.Event()

    def make() -> object:
        made.append(1)
        started.set()
        go.wait(5)
        return object()

    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(kept.get("key", make))) for _ in range(6)]
    threads[0].start()
    started.wait(5)
    for each in threads[1:]:
        each.start()
    # Something else is not held up meanwhile.
    assert kept.get("other", lambda: 3) == 3
    go.set()
    for each in threads:
        each.join(5)
    assert made == [1]
    assert len(found) == 6
    assert len(set(map(id, found))) == 1


def test_a_failure_is_told_and_made_anew() -> None:
    """Who asks after a failure gets a new attempt."""
    kept: Kept[int] = Kept()
    with pytest.raises(ZeroDivisionError):
        kept.get("key", lambda: 1 // 0)
    assert kept.get("key", lambda: 2) == 2
    assert kept.get("key", lambda: 3) == 2


def test_only_the_newest_are_held() -> None:
    """What was not asked for longest makes room."""
    kept: Kept[int] = Kept(2)
    for key in (1, 2, 1, 3):
        kept.get(key, lambda key=key: key)  # type: ignore[misc]
    assert [kept.get(key, lambda: 0) for key in (1, 3)] == [1, 3]
    assert kept.get(2, lambda: 0) == 0
