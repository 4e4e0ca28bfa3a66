"""The FHIR interface: PDSm4DMP on IHE MHD, JSON only."""

from __future__ import annotations

from django.urls import path, register_converter

from carnet.api.fhir import (
    audit_events,
    consents,
    content,
    documents,
    entries,
    lists,
    metadata,
    patients,
    practitioners,
    provide,
    publish,
    unknown,
    validating,
    versions,
    whole,
    withdrawing,
)

register_converter(entries.TypeOfEntry, "entry")

urlpatterns = [
    # What is asked most stands first.
    path("/DocumentReference", documents.collection),
    path("/DocumentReference/_search", documents.search),
    path("/DocumentReference/$validate", validating.document),
    path("/DocumentReference/$generate-metadata", publish.generated),
    path("/DocumentReference/<str:fhir_id>", documents.instance),
    path("/DocumentReference/<str:fhir_id>/_history", versions.history),
    path("/DocumentReference/<str:fhir_id>/_history/<str:number>", versions.version),
    path("/DocumentReference/<str:fhir_id>/$withdraw", withdrawing.operation),
    path("/Binary/<str:fhir_id>", content.binary),
    path("", provide.transaction),
    # Clients put a slash between the base and nothing.
    path("/", provide.transaction),
    path("/metadata", metadata.capabilities),
    path("/$validate", validating.bundle),
    path("/Patient", patients.exists),
    path("/Patient/_search", patients.exists),
    path("/Patient/$summary", whole.summary),
    path("/Patient/$new-since", whole.new_since),
    path("/Patient/<str:fhir_id>", patients.read),
    path("/Practitioner/<str:fhir_id>", practitioners.read),
    path("/Patient/<str:fhir_id>/$everything", whole.everything),
    path("/Patient/<str:fhir_id>/$summary", whole.summary),
    path("/Patient/<str:fhir_id>/$new-since", whole.new_since),
    path("/<entry:kind>", entries.collection),
    path("/<entry:kind>/_search", entries.search),
    path("/<entry:kind>/<str:fhir_id>", entries.instance),
    path("/Provenance", entries.where_from),
    path("/Provenance/_search", entries.search_where_from),
    path("/Provenance/<str:fhir_id>", entries.origin),
    path("/List", lists.search),
    path("/List/_search", lists.search),
    path("/List/<str:fhir_id>", lists.read),
    path("/List/<str:fhir_id>/_history", versions.list_history),
    path("/List/<str:fhir_id>/_history/<str:number>", versions.list_version),
    path("/Consent", consents.collection),
    path("/Consent/_search", consents.search),
    path("/Consent/<str:fhir_id>", consents.instance),
    path("/AuditEvent", audit_events.search),
    path("/AuditEvent/_search", audit_events.search),
    path("/AuditEvent/<str:fhir_id>", audit_events.read),
    path("/Bundle/$validate", validating.bundle),
    path("/Bundle/<str:fhir_id>", content.fhir_document),
    path("/<path:rest>", unknown.elsewhere),
]
