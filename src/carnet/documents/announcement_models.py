"""The table of what the holder is told of what waits for its announcement."""

from __future__ import annotations

from django.db import models


class UpdateNotice(models.Model):
    """That there is something to speak of with a professional: not what, nor from whom. `hidden_from` are the label
    bits of those who are not told (a minor's secret); `ended_at`: when nothing of that kind waited any more."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    at = models.DateTimeField()
    hidden_from = models.IntegerField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "documents_update_notice"
