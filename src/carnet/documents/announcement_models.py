"""The table of what the holder is told of what waits for its announcement."""

from __future__ import annotations

from django.db import models


class UpdateNotice(models.Model):
    """That there is something to speak of with a professional: not what, nor from whom. The holder has rows of their
    own, which end when nothing waits any more; who represents them has others (`until`: the end of the month), unless
    it is a secret. `hidden_from` are the label bits of those who are not told; `ended_at`: when it ended before."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    at = models.DateTimeField()
    hidden_from = models.IntegerField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "documents_update_notice"
