"""Settings that all tests share."""

from __future__ import annotations

import os

from hypothesis import settings

# The same examples every time, so that a run can be repeated; RHEOBASE_EXPLORE=1 looks for new ones.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("explore" if os.environ.get("RHEOBASE_EXPLORE") else "repeatable")
