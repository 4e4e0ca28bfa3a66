import django.contrib.postgres.fields
from django.db import migrations, models

from carnet.kernel.db.composite import add_reference
from carnet.kernel.db.operations import Protect, RunSqlFile
from carnet.kernel.db.policies import of_document, of_list, of_record

# The row of a document tells when it is withdrawn to the act of withdrawing alone.
_POLICY = of_document(standing=False)
_ANEW = [
    f"alter policy see on record.documents_document using ({_POLICY.read})",
    f"alter policy change on record.documents_document using ({_POLICY.read}) with check ({_POLICY.write})",
]


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
        ("consent", "0002_operators"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentList",
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
                        choices=[("submission", "lot de soumission"), ("folder", "classeur")], max_length=10
                    ),
                ),
                ("unique_id", models.TextField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("current", "en vigueur"), ("superseded", "remplacé"), ("withdrawn", "retiré")],
                        max_length=10,
                    ),
                ),
                ("version", models.IntegerField(default=1)),
                ("types", models.CharField(max_length=256)),
                ("labels", models.IntegerField()),
                ("date", models.DateTimeField()),
                ("depositor_id", models.UUIDField()),
                ("author_id", models.UUIDField(null=True)),
                ("updated_at", models.DateTimeField()),
                ("tokens", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("names", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("fhir", models.TextField()),
            ],
            options={
                "db_table": "documents_list",
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id",
                        "digest",
                        "document_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("digest", models.BinaryField(max_length=32)),
                ("document_id", models.UUIDField()),
                ("secret", models.BooleanField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "documents_link",
            },
        ),
        migrations.CreateModel(
            name="ListItem",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id",
                        "list_id",
                        "list_version",
                        "position",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("list_id", models.UUIDField()),
                ("list_version", models.IntegerField()),
                ("position", models.IntegerField()),
                ("document_id", models.UUIDField(null=True)),
                ("child_id", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "documents_list_item",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id",
                        "document_id",
                        "reader_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("document_id", models.UUIDField()),
                ("reader_id", models.UUIDField()),
                ("organisation_id", models.UUIDField(null=True)),
                ("cause", models.CharField(max_length=15)),
                ("opened_at", models.DateTimeField()),
                ("listed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "documents_notice",
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id",
                        "document_id",
                        "version",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("document_id", models.UUIDField()),
                ("version", models.IntegerField()),
                ("at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[("current", "en vigueur"), ("superseded", "remplacé"), ("withdrawn", "retiré")],
                        max_length=10,
                    ),
                ),
                ("type_ordinal", models.SmallIntegerField()),
                ("labels", models.IntegerField()),
                ("depositor_id", models.UUIDField()),
                ("author_id", models.UUIDField(null=True)),
                ("fhir", models.TextField()),
            ],
            options={
                "db_table": "documents_version",
            },
        ),
        migrations.AddField(
            model_name="document",
            name="archived",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="document",
            name="names",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="secrecy",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "aucun secret"),
                    ("asked", "demandé au dépôt"),
                    ("linked", "lié à un acte tenu secret"),
                    ("suspected", "à confirmer par le déposant"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="service_stop",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="tokens",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("secrecy__in", ["", "asked", "linked", "suspected"])),
                name="documents_document_secrecy_known",
                violation_error_message="Ce motif de secret n'est pas reconnu.",
            ),
        ),
        migrations.AddIndex(
            model_name="documentlist",
            index=models.Index(fields=["record_id", "-date", "id"], name="documents_list_by_date"),
        ),
        migrations.AddConstraint(
            model_name="documentlist",
            constraint=models.UniqueConstraint(
                fields=("record_id", "unique_id"),
                name="documents_list_unique_id",
                violation_error_message="Cet identifiant de lot ou de classeur ne peut pas être utilisé.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentlist",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["submission", "folder"])),
                name="documents_list_kind_known",
                violation_error_message="Cette sorte de liste n'est pas reconnue.",
            ),
        ),
        migrations.AddIndex(
            model_name="listitem",
            index=models.Index(fields=["record_id", "document_id"], name="documents_list_of_document"),
        ),
        Protect("documents_version", of_document(standing=False)),
        Protect("documents_list", of_list()),
        Protect("documents_list_item", of_record()),
        Protect("documents_link", of_record()),
        Protect("documents_notice", of_record()),
        *(migrations.RunSQL(statement) for statement in _ANEW),
        migrations.RunSQL(add_reference("documents_version", "document_id", "documents_document")),
        migrations.RunSQL(add_reference("documents_list_item", "list_id", "documents_list")),
        migrations.RunSQL(add_reference("documents_list_item", "document_id", "documents_document")),
        migrations.RunSQL(add_reference("documents_list_item", "child_id", "documents_list")),
        migrations.RunSQL(add_reference("documents_link", "document_id", "documents_document")),
        migrations.RunSQL(add_reference("documents_notice", "document_id", "documents_document")),
        RunSqlFile("functions.sql", package="carnet.documents"),
        RunSqlFile("acts.sql", package="carnet.documents"),
    ]
