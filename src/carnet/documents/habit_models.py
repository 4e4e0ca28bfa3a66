"""What professionals deposit most, so that it is proposed to them."""

from __future__ import annotations

from django.db import models


class Habit(models.Model):
    """How often a professional deposited a type by hand. It names no record."""

    actor_id = models.UUIDField()
    type_code = models.CharField(max_length=40)
    times = models.IntegerField()

    class Meta:
        db_table = "documents_habit"
        constraints = (
            models.UniqueConstraint(
                fields=["actor_id", "type_code"],
                name="documents_habit_once",
                violation_error_message="Ce genre de document est déjà compté.",
            ),
        )
