"""The nerve: what calcium, magnesium, potassium, sodium, acid and warmth do to the membrane of an axon.

It explains and illustrates; it never decides urgency. Needs the extra ``nerve`` (numba, numpy, scipy).
"""
