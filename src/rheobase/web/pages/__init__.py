"""One page, or a few that belong together, per module."""
