"""Boxes of vaccines, as professionals named them."""

from __future__ import annotations

from django.db import models


class Box(models.Model):
    """`gtin`: the article number on the box. By whom it was named: nobody else gets it proposed."""

    actor_id = models.UUIDField()
    gtin = models.CharField(max_length=14)
    product = models.TextField()
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "health_box"
        constraints = (
            models.UniqueConstraint(
                fields=["actor_id", "gtin"],
                name="health_box_once",
                violation_error_message="Cette boîte est déjà nommée.",
            ),
        )
