"""The FHIR interface: PDSm4DMP on IHE MHD, JSON only."""

from __future__ import annotations

from django.urls import path

from carnet.api.fhir import documents, metadata, patients, unknown

urlpatterns = [
    path("/metadata", metadata.capabilities),
    path("/Patient", patients.exists),
    path("/Patient/_search", patients.exists),
    path("/DocumentReference", documents.collection),
    path("/DocumentReference/_search", documents.search),
    path("/DocumentReference/<str:fhir_id>", documents.read),
    path("/Binary/<str:fhir_id>", documents.binary),
    path("", unknown.elsewhere),
    path("/<path:rest>", unknown.elsewhere),
]
