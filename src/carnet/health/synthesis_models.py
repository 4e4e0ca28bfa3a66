"""The table of the summaries that professionals have begun."""

from __future__ import annotations

from django.db import models


class SynthesisDraft(models.Model):
    """No health content in clear: `sealed` holds what its author chose and wrote. One for each author and record."""

    id = models.UUIDField(primary_key=True)
    actor_id = models.UUIDField()
    record_id = models.UUIDField()
    until = models.DateTimeField(db_index=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "health_synthesis_draft"
        constraints = (
            models.UniqueConstraint(
                fields=["actor_id", "record_id"],
                name="health_synthesis_draft_once",
                violation_error_message="Une synthèse est déjà commencée.",
            ),
        )
