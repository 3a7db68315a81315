"""Blood and urine tests: lines read, values derived, compared over time and read together. Pure: no files, no clock."""
