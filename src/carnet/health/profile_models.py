"""What a person keeps of themselves beyond clinical facts, and how they arrange it."""

from __future__ import annotations

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models

from carnet.documents.models import Status

LONGEST_WORDS: Final = 1000
LONGEST_NAME: Final = 120


class Own(models.TextChoices):
    TRUSTED = "trusted", "personne de confiance"
    CONTACT = "contact", "personne à prévenir"
    DIRECTIVES = "directives", "directives anticipées"
    ORGANS = "organs", "don d'organes"


class OwnWord(models.Model):
    """Whom to call, whom to ask, what is wished: said by the person, in no document of care. Under the same second lock
    as an entry of theirs. `status`: what is taken back or said anew is withdrawn."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    kind = models.CharField(max_length=12, choices=Own.choices)
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    relation = models.CharField(max_length=LONGEST_NAME, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    answer = models.CharField(max_length=12, blank=True)
    words = models.CharField(max_length=LONGEST_WORDS, blank=True)
    at = models.DateTimeField()
    type_ordinal = models.SmallIntegerField()
    labels = models.IntegerField()
    status = models.CharField(max_length=10, choices=Status.choices)
    depositor_id = models.UUIDField()
    author_id = models.UUIDField(null=True)
    standing = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "health_own_word"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=Own.values),
                name="health_own_word_kind_known",
                violation_error_message="On ne sait pas de quoi il s'agit.",
            ),
        )


class Arrangement(models.Model):
    """The person's own order of the sections, those pinned first, the questions they do not want to see again, as keyed
    digests that tell nothing, and how far the first filling came."""

    record_id = models.UUIDField(primary_key=True)
    sections = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    pinned = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    dismissed = ArrayField(models.CharField(max_length=64), default=list, db_default=[])
    answered = ArrayField(models.CharField(max_length=20), default=list, db_default=[])

    class Meta:
        db_table = "health_arrangement"


class FactReport(models.Model):
    """« C'est une erreur » about what one source states, a document or a professional's own note, in the words of the
    person; under the lock of that source, so that its author reads it, and nobody who may not see the source.
    `taken_back_at`: it was none. A note is gone when its author corrects it or takes it back: `answered_at` is when,
    `corrected_by` the note that stands in its place."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    fact = models.UUIDField()
    source_id = models.UUIDField()
    reporter_id = models.UUIDField()
    words = models.CharField(max_length=LONGEST_WORDS, blank=True)
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    corrected_by = models.UUIDField(null=True)
    type_ordinal = models.SmallIntegerField()
    labels = models.IntegerField()
    status = models.CharField(max_length=10, choices=Status.choices)
    depositor_id = models.UUIDField()
    author_id = models.UUIDField(null=True)
    standing = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "health_fact_report"
        constraints = (
            models.UniqueConstraint(
                fields=["record_id", "fact", "source_id"],
                condition=models.Q(taken_back_at__isnull=True),
                name="health_fact_report_once",
                violation_error_message="Cette erreur est déjà signalée.",
            ),
        )


class FactCase(models.Model):
    """The same as the support has it: which document, or that it is a note, who put it in, and not a word of what it
    says."""

    id = models.UUIDField(primary_key=True)
    record_id = models.UUIDField()
    source_id = models.UUIDField()
    noted = models.BooleanField(default=False, db_default=False)
    depositor_id = models.UUIDField()
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "health_fact_case"
