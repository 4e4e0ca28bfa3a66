"""A deposited document: its metadata in columns that questions need, its FHIR resource as it is sent."""

from __future__ import annotations

from django.db import models

from carnet.kernel.db.composite import within_record


class Status(models.TextChoices):
    CURRENT = "current", "en vigueur"
    SUPERSEDED = "superseded", "remplacé"
    WITHDRAWN = "withdrawn", "retiré"


class Document(models.Model):
    """`labels` are the visibility bits of `formats.terminology.labels`; `type_ordinal` the bit of the type in a grant;
    `unique_id` the producer's identifier in XDS form; `fhir` the DocumentReference, stored and sent as text."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    unique_id = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices)
    version = models.IntegerField(default=1)
    type_ordinal = models.SmallIntegerField()
    type_code = models.TextField()
    type_system = models.TextField()
    class_code = models.TextField()
    title = models.TextField()
    labels = models.IntegerField()
    created_at = models.DateTimeField()
    service_start = models.DateTimeField(null=True)
    author_label = models.TextField(blank=True)
    organisation_label = models.TextField(blank=True)
    depositor_id = models.UUIDField()
    author_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    media_type = models.TextField()
    size = models.BigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    blob_id = models.UUIDField()
    deposited_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    replaces_id = models.UUIDField(null=True)
    replaces = within_record("documents.Document", "replaces_id")
    replaces_unique_id = models.TextField(blank=True)
    fhir = models.TextField()

    class Meta:
        db_table = "documents_document"
        constraints = (
            models.UniqueConstraint(
                fields=["record_id", "unique_id"],
                name="documents_document_unique_id",
                violation_error_message="Cet identifiant de document ne peut pas être utilisé.",
            ),
            models.CheckConstraint(
                condition=models.Q(type_ordinal__gte=0, type_ordinal__lt=256),
                name="documents_document_type_ordinal",
                violation_error_message="Ce type de document n'a pas de rang connu.",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values),
                name="documents_document_status_known",
                violation_error_message="Ce statut de document n'est pas reconnu.",
            ),
        )
        indexes = (
            models.Index(fields=["record_id", "-created_at", "id"], name="documents_by_date"),
            models.Index(fields=["record_id", "replaces_unique_id"], name="documents_by_replaced"),
        )
