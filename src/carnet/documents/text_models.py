"""The table of what is read out of the documents, for search."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from carnet.documents.models import Status


class Text(models.Model):
    """What a document is found by, under the same second lock as the document itself.

    `heading` and `words` are lines of folded words, each between blanks: those of title, type and people, and all.
    The text is kept in passages, beside each its words and the page it stands on (from 1). `extractor` is the version
    that read it, 0 before any did; `fault` the code of why there is no text."""

    pk = models.CompositePrimaryKey("record_id", "document_id")
    record_id = models.UUIDField()
    document_id = models.UUIDField()
    type_ordinal = models.SmallIntegerField()
    labels = models.IntegerField()
    status = models.CharField(max_length=10, choices=Status.choices)
    depositor_id = models.UUIDField()
    author_id = models.UUIDField(null=True)
    heading = models.TextField()
    words = models.TextField()
    passages = ArrayField(models.TextField())
    passage_words = ArrayField(models.TextField())
    passage_pages = ArrayField(models.IntegerField())
    extractor = models.IntegerField()
    fault = models.CharField(max_length=40, blank=True)
    standing = models.SmallIntegerField(default=0, db_default=0)
    readers = ArrayField(models.UUIDField(), null=True)
    readers_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "documents_text"
