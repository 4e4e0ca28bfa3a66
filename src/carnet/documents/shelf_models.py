"""The holder's own order among the documents, seen by the holder and who represents them, and by nobody else."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from carnet.documents.shelf_rules import LONGEST_FOLDER, LONGEST_TAG, MOST_TAGS
from carnet.kernel.db.composite import within_record


class Folder(models.Model):
    """A place for documents, under a name of one's own. What is taken away keeps its row."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    name = models.CharField(max_length=LONGEST_FOLDER)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "documents_folder"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="documents_folder_has_a_name",
                violation_error_message="Un classeur porte un nom.",
            ),
        )


class Shelf(models.Model):
    """Where one document stands: pinned or not, in one folder or none, with its tags; `not_mine` when the holder said
    that it belongs to somebody else, which takes it out of sight until they take that back."""

    pk = models.CompositePrimaryKey("record_id", "document_id")
    record_id = models.UUIDField()
    document_id = models.UUIDField()
    pinned = models.BooleanField(default=False, db_default=False)
    folder_id = models.UUIDField(null=True)
    folder = within_record("documents.Folder", "folder_id")
    tags = ArrayField(models.CharField(max_length=LONGEST_TAG), size=MOST_TAGS, default=list, db_default=[])
    not_mine = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "documents_shelf"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(tags__len__lte=MOST_TAGS),
                name="documents_shelf_tags_few",
                violation_error_message="Un document porte dix étiquettes au plus.",
            ),
        )
