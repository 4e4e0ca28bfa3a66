"""Who may see what: authorisations, the médecin traitant, blocks, authorship. All under the second lock."""

from __future__ import annotations

from django.db import models


class Authorisation(models.Model):
    """Of a professional, by the holder: from when, until when or without end; withdrawn by ending it."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    professional_id = models.UUIDField()
    express = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "consent_authorisation"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="consent_authorisation_ends_after_start",
                violation_error_message="L'autorisation ne peut pas finir avant de commencer.",
            ),
        )


class Block(models.Model):
    """Of a professional, by the holder: reading stops, deposit goes on."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    professional_id = models.UUIDField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "consent_block"


class Attending(models.Model):
    """The médecin traitant, from the insurance's feed; never set by the holder."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    professional_id = models.UUIDField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "consent_attending"


class Authorship(models.Model):
    """Who put something into the record, and so keeps sight of it."""

    pk = models.CompositePrimaryKey("record_id", "actor_id")
    record_id = models.UUIDField()
    actor_id = models.UUIDField()

    class Meta:
        db_table = "consent_authorship"


class MatrixRow(models.Model):
    """Which document types a profession may read, one character 0 or 1 per type ordinal; one version at a time
    is in force, the others are kept."""

    pk = models.CompositePrimaryKey("version", "profession_system", "profession_code")
    version = models.CharField(max_length=40)
    profession_system = models.CharField(max_length=40)
    profession_code = models.CharField(max_length=30)
    types = models.CharField(max_length=256)
    effective = models.DateField()
    source = models.TextField()

    class Meta:
        db_table = "consent_matrix"
