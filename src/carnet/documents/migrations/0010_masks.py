from django.db import migrations, models

from carnet.kernel.db.operations import Protect, RunSqlFile
from carnet.kernel.db.policies import of_document, of_masks

_LOCK = of_document()
_LOCKED = ("documents_document", "documents_version", "documents_text")


def _anew(table: str) -> list[migrations.RunSQL]:
    """The column that the second lock compares, and the lock with it."""
    return [
        migrations.RunSQL(f"alter policy see on record.{table} using ({_LOCK.read})"),
        migrations.RunSQL(f"alter policy change on record.{table} using ({_LOCK.read}) with check ({_LOCK.write})"),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0009_announcements"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mask",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("category", "une catégorie de documents"),
                            ("before", "ce qui est avant une date"),
                            ("author", "ce qui est d'un auteur"),
                        ],
                        max_length=10,
                    ),
                ),
                ("types", models.CharField(blank=True, default="", max_length=256)),
                ("before", models.DateField(null=True)),
                ("author_id", models.UUIDField(null=True)),
                ("author_label", models.TextField(blank=True, default="")),
                ("organisation_label", models.TextField(blank=True, default="")),
                ("made_by", models.UUIDField()),
                ("hidden_from", models.IntegerField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "documents_mask",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("author_label", ""),
                                ("before", None),
                                ("kind", "category"),
                                ("organisation_label", ""),
                                models.Q(("types", ""), _negated=True),
                            ),
                            models.Q(
                                ("author_label", ""),
                                ("before__isnull", False),
                                ("kind", "before"),
                                ("organisation_label", ""),
                                ("types", ""),
                            ),
                            models.Q(
                                ("before", None),
                                ("kind", "author"),
                                ("types", ""),
                                models.Q(("author_label", ""), ("organisation_label", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="documents_mask_of_one_kind",
                        violation_error_message=(
                            "Une règle masque une catégorie, ce qui est avant une date, ou un auteur."
                        ),
                    )
                ],
            },
        ),
        *(
            migrations.AddField(
                model_name=name,
                name="standing",
                field=models.SmallIntegerField(db_default=0, default=0),
            )
            for name in ("document", "version", "text")
        ),
        Protect("documents_mask", of_masks("hidden_from")),
        *(operation for table in _LOCKED for operation in _anew(table)),
        RunSqlFile("functions.sql", package="carnet.documents"),
        RunSqlFile("acts.sql", package="carnet.documents"),
        RunSqlFile("stored.sql", package="carnet.documents"),
        RunSqlFile("shelf_functions.sql", package="carnet.documents"),
        RunSqlFile("text_functions.sql", package="carnet.documents"),
        RunSqlFile("masks_functions.sql", package="carnet.documents"),
    ]
