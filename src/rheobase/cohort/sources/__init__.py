"""Ready mappings: NHANES, OMOP CDM and FHIR bulk files to told frames. What cannot be used is refused and counted.

A record holds what somebody wrote down: no diagnosis, no medicine and no result is never a "no" here, only not known.
"""
