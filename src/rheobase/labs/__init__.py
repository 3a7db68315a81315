"""Laboratory results: read, converted, derived, compared over time and read together."""
