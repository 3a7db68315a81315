"""Which few properties of the membrane could make an average axon look like the one recorded, and which cannot be told.

The model is fitted by its change: healthy people's mean plus what the model's figure moves by, so that what the model
misses in everybody cancels. Least squares with a prior on every property; the spread that is left says what the
recording tells. Needs the extra ``nerve``.
"""
