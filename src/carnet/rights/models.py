"""Acts on a whole record."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Joining(models.Model):
    """Two records that are one person's, as one operator of the support says with a proof in hand and another confirms:
    what lies in `record_id`, which nobody has ever opened, goes into `into_id`. Neither identity nor health. `fault`:
    why one that was confirmed could not be done after all."""

    id = models.UUIDField(primary_key=True)
    record_id = models.UUIDField()
    into_id = models.UUIDField()
    proof = models.CharField(max_length=10)
    proposed_by = models.UUIDField()
    at = models.DateTimeField()
    decision = models.CharField(max_length=10, blank=True, default="", db_default="")
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    documents = models.IntegerField(default=0, db_default=0)
    fault = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta:
        db_table = "rights_joining"
        constraints = (
            models.UniqueConstraint(
                fields=["record_id"],
                condition=~models.Q(decision="refused"),
                name="rights_joining_once",
                violation_error_message="Ce carnet est déjà proposé à la réunion.",
            ),
        )


class SecondLook(models.Model):
    """What one operator of the support asks for and another confirms, of `record_id`: a code of entry; an identity that
    opens the account (`identity_id`: the case of `people.identity_cases` or `people.disowning` in which it waits); a
    guardian (`person_id`, until the end of `last_day`; `reference` of the court's decision, emptied once decided); that
    it be erased; or that its traits, which one operator typed, are those of the person.
    `used_at`: when what was confirmed was done. Nothing of health."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10)
    record_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    identity_id = models.UUIDField(null=True)
    measure = models.CharField(max_length=30, blank=True, default="")
    last_day = models.DateField(null=True)
    reference = models.CharField(max_length=100, blank=True, default="")
    asked_by = models.UUIDField()
    at = models.DateTimeField()
    decision = models.CharField(max_length=10, blank=True, default="", db_default="")
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rights_second_look"
        constraints = (
            models.UniqueConstraint(
                fields=["record_id", "kind"],
                condition=models.Q(decision=""),
                name="rights_second_look_once",
                violation_error_message="Une demande attend déjà d'être confirmée pour ce carnet.",
            ),
        )


class Export(models.Model):
    """A copy of a record, asked for by `actor_id` and offered to them alone until `until`. It holds no health content:
    that is in `content_id` (`vault.passing`), null while the copy is being made. `copied`: the documents in it."""

    id = models.UUIDField(primary_key=True)
    record_id = models.UUIDField()
    actor_id = models.UUIDField()
    purpose = models.CharField(max_length=15)
    asked_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    content_id = models.UUIDField(null=True)
    size = models.BigIntegerField(default=0)
    documents = models.IntegerField(default=0)
    copied = ArrayField(models.UUIDField(), default=list, db_default=[])
    lacking = models.IntegerField(default=0)
    refused = models.BooleanField(default=False)

    class Meta:
        db_table = "rights_export"
        constraints = (
            models.UniqueConstraint(
                fields=["record_id", "actor_id"],
                name="rights_export_one_at_a_time",
                violation_error_message="Une copie est déjà en préparation.",
            ),
        )
