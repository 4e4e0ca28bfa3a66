"""A deposited document: its metadata in columns that questions need, its FHIR resource as it is sent."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from carnet.documents.announcement_models import UpdateNotice
from carnet.documents.draft_models import Draft
from carnet.documents.habit_models import Habit
from carnet.documents.mask_models import Mask
from carnet.documents.picture_models import Picture
from carnet.documents.report_models import Case, Report
from carnet.documents.shelf_models import Folder, Shelf
from carnet.kernel.db.composite import within_record

__all__ = [
    "Case",
    "Document",
    "DocumentList",
    "Draft",
    "Folder",
    "Habit",
    "Link",
    "ListItem",
    "ListKind",
    "Mask",
    "Notice",
    "Picture",
    "Report",
    "Secrecy",
    "Shelf",
    "Status",
    "UpdateNotice",
    "Version",
]


class Status(models.TextChoices):
    CURRENT = "current", "en vigueur"
    SUPERSEDED = "superseded", "remplacé"
    WITHDRAWN = "withdrawn", "retiré"


class Secrecy(models.TextChoices):
    """Why a document is kept from who represents the holder: its depositor asked so; it is linked to an act that was
    deposited in secret; or it may be, and waits for its depositor to say."""

    NONE = "", "aucun secret"
    ASKED = "asked", "demandé au dépôt"
    LINKED = "linked", "lié à un acte tenu secret"
    SUSPECTED = "suspected", "à confirmer par le déposant"


class Document(models.Model):
    """`labels` are the visibility bits of `formats.terminology.labels`; `type_ordinal` the bit of the type in a grant;
    `unique_id` the producer's identifier in XDS form; `fhir` the DocumentReference, stored and sent as text; `tokens`
    and `names` its index for searches (`formats.fhir.search`); `notice_at` and `release_at` are set while it waits for
    its announcement; `standing` are the bits of the standing masks that cover it (`documents.mask_models`);
    `readers`, where the holder put it into the hands of professionals, are these, until `readers_until`."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    unique_id = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices)
    version = models.IntegerField(default=1)
    type_ordinal = models.SmallIntegerField()
    type_code = models.TextField()
    type_system = models.TextField()
    class_code = models.TextField()
    title = models.TextField()
    labels = models.IntegerField()
    created_at = models.DateTimeField()
    service_start = models.DateTimeField(null=True)
    service_stop = models.DateTimeField(null=True)
    author_label = models.TextField(blank=True)
    organisation_label = models.TextField(blank=True)
    depositor_id = models.UUIDField()
    author_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    media_type = models.TextField()
    size = models.BigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    blob_id = models.UUIDField()
    deposited_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    replaces_id = models.UUIDField(null=True)
    replaces = within_record("documents.Document", "replaces_id")
    replaces_unique_id = models.TextField(blank=True)
    archived = models.BooleanField(default=False, db_default=False)
    secrecy = models.CharField(max_length=10, choices=Secrecy.choices, default="", db_default="", blank=True)
    tokens = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    names = ArrayField(models.TextField(), default=list, db_default=[])
    fhir = models.TextField()
    notice_at = models.DateTimeField(null=True)
    release_at = models.DateTimeField(null=True)
    standing = models.SmallIntegerField(default=0, db_default=0)
    readers = ArrayField(models.UUIDField(), null=True)
    readers_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "documents_document"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(secrecy__in=Secrecy.values),
                name="documents_document_secrecy_known",
                violation_error_message="Ce motif de secret n'est pas reconnu.",
            ),
            models.UniqueConstraint(
                fields=["record_id", "unique_id"],
                name="documents_document_unique_id",
                violation_error_message="Cet identifiant de document ne peut pas être utilisé.",
            ),
            models.CheckConstraint(
                condition=models.Q(type_ordinal__gte=0, type_ordinal__lt=256),
                name="documents_document_type_ordinal",
                violation_error_message="Ce type de document n'a pas de rang connu.",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values),
                name="documents_document_status_known",
                violation_error_message="Ce statut de document n'est pas reconnu.",
            ),
        )
        indexes = (
            models.Index(fields=["record_id", "-created_at", "id"], name="documents_by_date"),
            models.Index(fields=["record_id", "replaces_unique_id"], name="documents_by_replaced"),
        )


class Version(models.Model):
    """The metadata of a document as they were, under the same second lock as the document itself."""

    pk = models.CompositePrimaryKey("record_id", "document_id", "version")
    record_id = models.UUIDField()
    document_id = models.UUIDField()
    version = models.IntegerField()
    at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices)
    type_ordinal = models.SmallIntegerField()
    labels = models.IntegerField()
    depositor_id = models.UUIDField()
    author_id = models.UUIDField(null=True)
    fhir = models.TextField()
    standing = models.SmallIntegerField(default=0, db_default=0)
    readers = ArrayField(models.UUIDField(), null=True)
    readers_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "documents_version"


class ListKind(models.TextChoices):
    SUBMISSION_SET = "submission", "lot de soumission"
    FOLDER = "folder", "classeur"


class DocumentList(models.Model):
    """A submission set or a folder: a FHIR List, stored without its entries, which are added as the reader may see
    them. `types` and `labels` are what all its documents have at least, a standing mask as the label: its own second
    lock."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=ListKind.choices)
    unique_id = models.TextField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    version = models.IntegerField(default=1)
    types = models.CharField(max_length=256)
    labels = models.IntegerField()
    date = models.DateTimeField()
    depositor_id = models.UUIDField()
    author_id = models.UUIDField(null=True)
    updated_at = models.DateTimeField()
    tokens = ArrayField(models.BigIntegerField())
    names = ArrayField(models.TextField())
    fhir = models.TextField()

    class Meta:
        db_table = "documents_list"
        constraints = (
            models.UniqueConstraint(
                fields=["record_id", "unique_id"],
                name="documents_list_unique_id",
                violation_error_message="Cet identifiant de lot ou de classeur ne peut pas être utilisé.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=ListKind.values),
                name="documents_list_kind_known",
                violation_error_message="Cette sorte de liste n'est pas reconnue.",
            ),
        )
        indexes = (models.Index(fields=["record_id", "-date", "id"], name="documents_list_by_date"),)


class ListVersion(models.Model):
    """A folder as it was, under the same second lock as the folder itself; what it held is in `ListItem`."""

    pk = models.CompositePrimaryKey("record_id", "list_id", "version")
    record_id = models.UUIDField()
    list_id = models.UUIDField()
    version = models.IntegerField()
    at = models.DateTimeField()
    types = models.CharField(max_length=256)
    labels = models.IntegerField()
    depositor_id = models.UUIDField()
    fhir = models.TextField()

    class Meta:
        db_table = "documents_list_version"


class ListItem(models.Model):
    """What a version of a list holds, in order: a document, or a folder inside a submission set."""

    pk = models.CompositePrimaryKey("record_id", "list_id", "list_version", "position")
    record_id = models.UUIDField()
    list_id = models.UUIDField()
    list_version = models.IntegerField()
    position = models.IntegerField()
    document_id = models.UUIDField(null=True)
    child_id = models.UUIDField(null=True)

    class Meta:
        db_table = "documents_list_item"
        indexes = (models.Index(fields=["record_id", "document_id"], name="documents_list_of_document"),)


class Link(models.Model):
    """What ties documents of one act together (an order, a visit, an earlier document), known by keyed hash alone;
    `secret` when the document is kept from the representatives."""

    pk = models.CompositePrimaryKey("record_id", "digest", "document_id")
    record_id = models.UUIDField()
    digest = models.BinaryField(max_length=32)
    document_id = models.UUIDField()
    secret = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        db_table = "documents_link"


class Notice(models.Model):
    """A professional who had opened a document that was corrected or withdrawn since, and is to be told."""

    pk = models.CompositePrimaryKey("record_id", "document_id", "reader_id")
    record_id = models.UUIDField()
    document_id = models.UUIDField()
    reader_id = models.UUIDField()
    organisation_id = models.UUIDField(null=True)
    cause = models.CharField(max_length=15)
    opened_at = models.DateTimeField()
    listed_at = models.DateTimeField()

    class Meta:
        db_table = "documents_notice"


from carnet.documents.text_models import Text  # noqa: E402, F401  (Django looks for models here)
