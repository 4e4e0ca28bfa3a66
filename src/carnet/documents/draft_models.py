"""What a person is adding, until they confirm it."""

from __future__ import annotations

from django.db import models


class Draft(models.Model):
    """No health content in clear: `sealed` holds the names and the contents of the files received. A draft without
    `actor_id` came from another application and waits for who brings the secret whose hash is `claim`."""

    id = models.UUIDField(primary_key=True)
    actor_id = models.UUIDField(null=True, db_index=True)
    record_id = models.UUIDField(null=True)
    claim = models.BinaryField(max_length=32, null=True, unique=True)
    until = models.DateTimeField(db_index=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "documents_draft"
