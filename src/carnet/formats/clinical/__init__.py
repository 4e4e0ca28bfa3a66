"""The clinical facts that documents state, whatever format brought them. Pure.

`formats.cda.entries` and `formats.fhir.entries` read into them; `formats.fhir.entries` writes them as FHIR R4."""
