"""FHIR R4 JSON: what Carnet writes of a document, and reads of one that is published."""
