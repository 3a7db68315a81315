"""Blood and urine tests: how a printed line is read, and what the values mean together. Pure: no files, no clock."""
