"""The structured record: what documents state, what could not be read of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Collate

from carnet.documents.models import Status
from carnet.health.box_models import Box
from carnet.health.profile_models import Arrangement, FactCase, FactReport, OwnWord
from carnet.health.synthesis_models import SynthesisDraft

__all__ = [
    "Arrangement",
    "Box",
    "FactCase",
    "FactReport",
    "OwnWord",
    "Reading",
    "SaidBy",
    "Statement",
    "SynthesisDraft",
    "Unread",
]


class SaidBy(models.TextChoices):
    """Whose words they are: they stand beside each other, and none overwrites another's."""

    DOCUMENT = "document", "un document"
    PERSON = "person", "la personne"
    PROFESSIONAL = "professional", "un professionnel"


class Statement(models.Model):
    """One fact as one source states it, under the same second lock as that source.

    `fact` is a keyed digest of what is stated (`formats.clinical.sameness`): statements with the same one are one entry
    with several sources, and its logical id. `question` is the same without the answer. `kind` is the rank of
    `health.columns.KINDS`, `tokens` what searches find it by (`formats.fhir.search`), `series` the analyte or measure
    that it is a value of. `since` and `until` bound the moment as precisely as it is stated (`until` excluded), both
    null where the source has no date. `value`, `low` and `high` are in `ucum`. `stated_at` is when the source was made,
    `known_at` when it was first read. `corrected_by` is the later version of the source that answers the question
    otherwise. `dropped`: the extractor of today does not find it. `words`: those by which people search, folded.
    `place` and `setting`: of a visit, where it was and its class (HL7's ActCode). `gathered`: no other source states it
    and no later version corrects it; it is counted in `Reading.gathered`."""

    pk = models.CompositePrimaryKey("record_id", "source_id", "position")
    record_id = models.UUIDField()
    source_id = models.UUIDField()
    position = models.IntegerField()
    said_by = models.CharField(max_length=12, choices=SaidBy.choices)
    kind = models.SmallIntegerField()
    fact = models.UUIDField()
    question = models.UUIDField()
    tokens = ArrayField(models.BigIntegerField())
    series = models.TextField(blank=True)
    label = models.TextField(blank=True)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    state = models.TextField(blank=True)
    value = models.DecimalField(null=True, max_digits=30, decimal_places=12)
    ucum = models.TextField(blank=True)
    comparator = models.CharField(max_length=2, blank=True)
    low = models.DecimalField(null=True, max_digits=30, decimal_places=12)
    high = models.DecimalField(null=True, max_digits=30, decimal_places=12)
    interpretation = models.TextField(blank=True)
    absence = models.BooleanField(default=False, db_default=False)
    fhir = models.TextField()
    path = models.TextField(blank=True)
    words = models.TextField(blank=True, default="", db_default="")
    place = models.TextField(blank=True, default="", db_default="")
    setting = models.TextField(blank=True, default="", db_default="")
    stated_at = models.DateTimeField()
    known_at = models.DateTimeField()
    corrected_by = models.UUIDField(null=True)
    dropped = models.BooleanField(default=False, db_default=False)
    gathered = models.BooleanField(default=False, db_default=False)
    type_ordinal = models.SmallIntegerField()
    labels = models.IntegerField()
    status = models.CharField(max_length=10, choices=Status.choices)
    depositor_id = models.UUIDField()
    author_id = models.UUIDField(null=True)
    standing = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "health_statement"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(said_by__in=SaidBy.values),
                name="health_statement_said_by_known",
                violation_error_message="On ne sait pas qui dit cela.",
            ),
            models.CheckConstraint(
                condition=models.Q(since__isnull=True, until__isnull=True)
                | models.Q(since__isnull=False, until__isnull=False, since__lt=models.F("until")),
                name="health_statement_moment_bounded",
                violation_error_message="Ce moment finit avant de commencer.",
            ),
        )
        indexes = (
            models.Index(fields=["record_id", "kind", "-since"], name="health_by_kind"),
            models.Index(fields=["record_id", "fact"], name="health_by_fact"),
            models.Index(fields=["record_id", "known_at"], name="health_by_known"),
            models.Index(
                fields=["record_id", "kind"], condition=models.Q(gathered=False, dropped=False), name="health_loose"
            ),
            models.Index(
                fields=["record_id", "source_id"], condition=~models.Q(said_by="document"), name="health_by_own_words"
            ),
            # By bytes, as the functions walk it.
            models.Index(
                "record_id",
                "kind",
                Collate("series", "C"),
                models.F("since").desc(nulls_last=True),
                models.F("known_at").desc(),
                "fact",
                name="health_by_series",
            ),
        )


class Reading(models.Model):
    """That a document has been read, by which version of the extractor (0: it is to be read again), and since when.
    Under the same second lock as the document. `gathered`: what it alone states, by kind and day, as JSON
    (`record.entries_gather`); null: not counted yet."""

    pk = models.CompositePrimaryKey("record_id", "document_id")
    record_id = models.UUIDField()
    document_id = models.UUIDField()
    extractor = models.IntegerField()
    first_at = models.DateTimeField()
    at = models.DateTimeField()
    found = models.IntegerField()
    faults = models.IntegerField()
    gathered = models.TextField(null=True)
    type_ordinal = models.SmallIntegerField()
    labels = models.IntegerField()
    status = models.CharField(max_length=10, choices=Status.choices)
    depositor_id = models.UUIDField()
    author_id = models.UUIDField(null=True)
    standing = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "health_reading"


class Unread(models.Model):
    """A kind of piece that could not be read in the documents of one depositor: where it stands, without positions, and
    how often. It names no record and holds nothing of what is in it."""

    depositor_id = models.UUIDField()
    code = models.CharField(max_length=40)
    path = models.TextField()
    extractor = models.IntegerField()
    times = models.BigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        db_table = "health_unread"
        constraints = (
            models.UniqueConstraint(
                fields=["depositor_id", "code", "path", "extractor"],
                name="health_unread_once",
                violation_error_message="Ce morceau est déjà compté.",
            ),
        )
