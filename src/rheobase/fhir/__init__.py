"""FHIR resources in and out: R4, with what Apple Health still holds of DSTU2. No judgement, no files."""
