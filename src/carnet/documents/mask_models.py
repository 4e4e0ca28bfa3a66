"""What the holder masks from professionals, now and to come: by a rule instead of one document at a time."""

from __future__ import annotations

from django.db import models


class MaskKind(models.TextChoices):
    CATEGORY = "category", "une catégorie de documents"
    BEFORE = "before", "ce qui est avant une date"
    AUTHOR = "author", "ce qui est d'un auteur"
    ALL = "all", "tout"
    NEW = "new", "ce qui arrive"
    HANDED = "handed", "ce qui est remis à des soignants"

    @property
    def bit(self) -> int:
        """Of `standing`, on the documents that such a mask covers."""
        return {"category": 1, "before": 2, "author": 4, "all": 8, "new": 16, "handed": 32}[self.value]


class Mask(models.Model):
    """Seen by the holder and who represents them, but those with a label bit of `hidden_from`: the mask would tell them
    of what is kept from them. `types` are the ordinals of a category, as a grant has them; an author is a professional
    (`author_id` where the directory knows them) or an organisation, by the name that documents have for it. What was
    ended keeps its row. `NEW`: what came to the record since `since`. `HANDED` is no rule: the bit says that the
    document is in the hands of some alone."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=MaskKind.choices)
    types = models.CharField(max_length=256, blank=True, default="")
    before = models.DateField(null=True)
    author_id = models.UUIDField(null=True)
    author_label = models.TextField(blank=True, default="")
    organisation_label = models.TextField(blank=True, default="")
    made_by = models.UUIDField()
    hidden_from = models.IntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "documents_mask"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="category", before=None, author_label="", organisation_label="")
                & ~models.Q(types="")
                | models.Q(kind="before", before__isnull=False, types="", author_label="", organisation_label="")
                | models.Q(kind__in=["all", "new"], before=None, types="", author_label="", organisation_label="")
                | models.Q(kind="author", before=None, types="") & ~models.Q(author_label="", organisation_label=""),
                name="documents_mask_of_one_kind",
                violation_error_message=(
                    "Une règle masque une catégorie, ce qui est avant une date, un auteur, ce qui arrive, ou tout."
                ),
            ),
        )
