import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from carnet.kernel.db.composite import add_reference
from carnet.kernel.db.operations import Protect, RunSqlFile
from carnet.kernel.db.policies import of_holder


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_sharing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Folder",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("name", models.CharField(max_length=50)),
                ("made_by", models.UUIDField()),
                ("made_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "documents_folder",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="documents_folder_has_a_name",
                        violation_error_message="Un classeur porte un nom.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Shelf",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "document_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("document_id", models.UUIDField()),
                ("pinned", models.BooleanField(db_default=False, default=False)),
                ("folder_id", models.UUIDField(null=True)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), db_default=[], default=list, size=10
                    ),
                ),
                ("not_mine", models.BooleanField(db_default=False, default=False)),
                (
                    "folder",
                    models.ForeignObject(
                        from_fields=["record_id", "folder_id"],
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="documents.folder",
                        to_fields=["record_id", "id"],
                    ),
                ),
            ],
            options={
                "db_table": "documents_shelf",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tags__len__lte", 10)),
                        name="documents_shelf_tags_few",
                        violation_error_message="Un document porte dix étiquettes au plus.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("document_id", models.UUIDField()),
                ("reporter_id", models.UUIDField()),
                ("words", models.CharField(blank=True, max_length=1000)),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "documents_report"},
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("record_id", models.UUIDField()),
                ("document_id", models.UUIDField()),
                ("depositor_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "documents_case",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("document_id",),
                        name="documents_case_once",
                        violation_error_message="Ce document est déjà signalé.",
                    )
                ],
            },
        ),
        Protect("documents_folder", of_holder()),
        Protect("documents_shelf", of_holder()),
        Protect("documents_report", of_holder()),
        migrations.RunSQL(add_reference("documents_shelf", "document_id", "documents_document")),
        migrations.RunSQL(add_reference("documents_shelf", "folder_id", "documents_folder")),
        migrations.RunSQL(add_reference("documents_report", "document_id", "documents_document")),
        RunSqlFile("shelf_functions.sql", package="carnet.documents"),
    ]
