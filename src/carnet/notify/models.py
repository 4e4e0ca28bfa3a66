"""Where and of what a person, or a professional, wants to be told, and what they were told of. No health content: the
address is sealed, a notice has a kind and nothing else."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Contact(models.Model):
    """`person_id`: whose it is, a professional as well. `sealed`: the address; nothing is sent there before
    `verified_at`. `token` is the hash of what confirms it, until `token_until`. `language` is that in which they read
    Carnet when they chose."""

    person_id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()
    kinds = ArrayField(models.CharField(max_length=12))
    language = models.CharField(max_length=2, default="fr", db_default="fr")
    verified_at = models.DateTimeField(null=True)
    token = models.BinaryField(max_length=32, null=True)
    token_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "notify_contact"


class Notice(models.Model):
    """`record_id` is None for a professional: this table alone does not tell who treats whom. `claimed_at` is set
    before the mail leaves: one that was claimed is never sent again, whatever happens then. `since`: when the first of
    what it tells of happened; None for those of before."""

    id = models.UUIDField(primary_key=True)
    person_id = models.UUIDField()
    record_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    since = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notify_notice"
        indexes = (models.Index(fields=["person_id", "record_id", "kind", "-at"], name="notify_notice_latest"),)


class Horizon(models.Model):
    """Up to where the trail has been looked through for first accesses: below `xid`, of the transactions of `era`."""

    id = models.SmallIntegerField(primary_key=True)
    era = models.SmallIntegerField()
    xid = models.BigIntegerField()

    class Meta:
        db_table = "notify_horizon"
