"""The index of the vault. No health data: which contents exist in which scope (a record), and each scope's
wrapped key."""

from __future__ import annotations

from django.db import models


class DataKey(models.Model):
    """`scope_id` is a record's id; the row of `CANARY` tells whether the master keys are the right ones."""

    scope_id = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()
    master_id = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "kernel_datakey"


class Blob(models.Model):
    """`sha256` is the content's; `stored_sha256` the encrypted file's, so that a copy is checked without any
    key."""

    id = models.UUIDField(primary_key=True)
    scope_id = models.UUIDField(db_index=True)
    size = models.BigIntegerField()
    sha256 = models.BinaryField()
    stored_sha256 = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "kernel_blob"


class Passing(models.Model):
    """A content that passes (`vault.passing`), with its own wrapped key; both are gone at `until`."""

    id = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()
    master_id = models.CharField(max_length=100)
    until = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "kernel_passing"
