"""Who may see what: authorisations, the médecin traitant, blocks, authorship. All under the second lock.

`hidden_from` of a row are the label bits of those who are not to know of it: what a minor keeps secret."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db import models

LONGEST_WORDS = 1000


def _one_of(*names: str) -> models.Q:
    """Exactly one of the columns has a value."""
    alone = [
        models.Q(**{f"{name}__isnull": False}, **{f"{other}__isnull": True for other in names if other != name})
        for name in names
    ]
    return reduce(or_, alone)


class Authorisation(models.Model):
    """Of a professional, of all of an organisation, or of a care team: from when, until when or without end; withdrawn
    by ending it. Given by the holder or who represents them (`given_by`), or said to be given by the professional
    `declared_by` at a visit. `unmasked`: shows what is masked too."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    professional_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    team_id = models.UUIDField(null=True)
    declared_by = models.UUIDField(null=True)
    given_by = models.UUIDField(null=True)
    express = models.BooleanField(default=False)
    unmasked = models.BooleanField(default=False, db_default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    hidden_from = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "consent_authorisation"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="consent_authorisation_ends_after_start",
                violation_error_message="L'autorisation ne peut pas finir avant de commencer.",
            ),
            models.CheckConstraint(
                condition=_one_of("professional_id", "organisation_id", "team_id"),
                name="consent_authorisation_of_one",
                violation_error_message="Une autorisation est donnée à un soignant, un établissement ou une équipe.",
            ),
        )


class Emergency(models.Model):
    """A professional opened the record in an emergency, and said why. It lasts until `until`; `seen_at` is when the
    holder was shown it."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    professional_id = models.UUIDField()
    organisation_id = models.UUIDField(null=True)
    mode = models.CharField(max_length=10)
    reason = models.CharField(max_length=500)
    since = models.DateTimeField()
    until = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    hidden_from = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "consent_emergency"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="consent_emergency_has_a_reason",
                violation_error_message="Dites pourquoi vous ouvrez ce carnet en urgence.",
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=["emergency", "regulation"]),
                name="consent_emergency_mode_known",
                violation_error_message="Ce mode d'urgence n'est pas reconnu.",
            ),
        )


class Choice(models.Model):
    """What the holder wants in an emergency; a record without a row has the defaults of `consent.facts.Choices`."""

    record_id = models.UUIDField(primary_key=True)
    emergency = models.BooleanField()
    regulation = models.BooleanField()
    masked = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "consent_choice"


class Review(models.Model):
    """An emergency access, or an access that the holder does not recognise, for the operators to look into: who, when,
    which way, and nothing of why. `at` is when it was opened or disputed, `accessed_at` when who is disputed was last
    here before."""

    id = models.UUIDField(primary_key=True)
    record_id = models.UUIDField()
    kind = models.CharField(max_length=10)
    professional_id = models.UUIDField()
    at = models.DateTimeField()
    accessed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    verdict = models.CharField(max_length=12, blank=True)
    hidden_from = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "consent_review"


class DisputeWords(models.Model):
    """What a person says of an access that they dispute, which may tell of health: seen by them and who represents them
    alone. `id` is that of the case."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    said_by = models.UUIDField()
    words = models.CharField(max_length=LONGEST_WORDS)
    at = models.DateTimeField()
    hidden_from = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "consent_dispute_words"


class Alert(models.Model):
    """What a médecin traitant is told at once: an emergency access to the record of one of their patients."""

    id = models.UUIDField(primary_key=True)
    recipient_id = models.UUIDField()
    record_id = models.UUIDField()
    emergency_id = models.UUIDField()
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    hidden_from = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "consent_alert"
        indexes = (models.Index(fields=["recipient_id", "-at"], name="consent_alert_of"),)


class Switch(models.Model):
    """A setting of the decision from a day on, with its source; the latest in effect holds."""

    pk = models.CompositePrimaryKey("name", "effective")
    name = models.CharField(max_length=40)
    effective = models.DateField()
    value = models.BooleanField()
    source = models.TextField()

    class Meta:
        db_table = "consent_switch"


class Block(models.Model):
    """Of a professional, by the holder: reading stops, deposit goes on."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    professional_id = models.UUIDField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    hidden_from = models.IntegerField(default=0, db_default=0)

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


class Share(models.Model):
    """A document that the holder put into the hands of a professional, from when until when: seen by that one alone
    beside the record's own people. `hidden_from` as everywhere: whom a minor keeps secret. `about`: what was chosen to
    be in it, for the next time. `ended_by`: the block that ended it, and `would_end` until when it would have lasted,
    for whoever undoes that."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    document_id = models.UUIDField()
    professional_id = models.UUIDField()
    given_by = models.UUIDField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    hidden_from = models.IntegerField(default=0, db_default=0)
    about = models.CharField(max_length=200, blank=True, default="", db_default="")
    ended_by = models.UUIDField(null=True)
    would_end = models.DateTimeField(null=True)

    class Meta:
        db_table = "consent_share"


class MatrixRow(models.Model):
    """Which document types a profession may read, one character 0 or 1 per type ordinal; one version at a time
    is in force, the others are kept."""

    pk = models.CompositePrimaryKey("version", "profession_system", "profession_code")
    version = models.CharField(max_length=40)
    profession_system = models.CharField(max_length=40)
    profession_code = models.CharField(max_length=30)
    types = models.CharField(max_length=256)
    team_only = models.BooleanField(default=False, db_default=False)
    effective = models.DateField()
    source = models.TextField()

    class Meta:
        db_table = "consent_matrix"
