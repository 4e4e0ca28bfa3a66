"""A document that its holder says is not theirs."""

from __future__ import annotations

from django.db import models

LONGEST_WORDS = 1000


class Report(models.Model):
    """What the holder says, in their words, which may tell of health: seen by them and who represents them alone."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    document_id = models.UUIDField()
    reporter_id = models.UUIDField()
    words = models.CharField(max_length=LONGEST_WORDS, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "documents_report"


class Case(models.Model):
    """The same as the operators' list has it: which document, from whom, since when, and not a word of it. Open until
    the holder takes the report back or an operator has dealt with it."""

    id = models.UUIDField(primary_key=True)
    record_id = models.UUIDField()
    document_id = models.UUIDField()
    depositor_id = models.UUIDField()
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "documents_case"
        constraints = (
            models.UniqueConstraint(
                fields=["document_id"],
                condition=models.Q(closed_at__isnull=True),
                name="documents_case_once",
                violation_error_message="Ce document est déjà signalé.",
            ),
        )
