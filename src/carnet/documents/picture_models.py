"""The table of the pictures that became pages."""

from __future__ import annotations

from django.db import models


class Picture(models.Model):
    """A picture as the person's device made it, with what it notes (place, instant, device): kept for who added it, and
    for nobody else. `position` is that of its page, from 1."""

    pk = models.CompositePrimaryKey("record_id", "document_id", "position")
    record_id = models.UUIDField()
    document_id = models.UUIDField()
    position = models.SmallIntegerField()
    added_by = models.UUIDField()
    name = models.TextField(blank=True)
    media_type = models.TextField()
    size = models.BigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    blob_id = models.UUIDField()

    class Meta:
        db_table = "documents_picture"
