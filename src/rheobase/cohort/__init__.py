"""A million people: the judgement of ``assess`` over the columns of a dataframe. ``assess`` is the oracle."""
