import django.db.models.deletion
from django.db import migrations, models

from carnet.kernel.db.composite import add_reference
from carnet.kernel.db.operations import Protect, RunSqlFile
from carnet.kernel.db.policies import of_document


class Migration(migrations.Migration):
    initial = True

    dependencies = [("consent", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("unique_id", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("current", "en vigueur"),
                            ("superseded", "remplacé"),
                            ("withdrawn", "retiré"),
                        ],
                        max_length=10,
                    ),
                ),
                ("version", models.IntegerField(default=1)),
                ("type_ordinal", models.SmallIntegerField()),
                ("type_code", models.TextField()),
                ("type_system", models.TextField()),
                ("class_code", models.TextField()),
                ("title", models.TextField()),
                ("labels", models.IntegerField()),
                ("created_at", models.DateTimeField()),
                ("service_start", models.DateTimeField(null=True)),
                ("author_label", models.TextField(blank=True)),
                ("organisation_label", models.TextField(blank=True)),
                ("depositor_id", models.UUIDField()),
                ("author_id", models.UUIDField(null=True)),
                ("organisation_id", models.UUIDField(null=True)),
                ("media_type", models.TextField()),
                ("size", models.BigIntegerField()),
                ("sha256", models.BinaryField(max_length=32)),
                ("blob_id", models.UUIDField()),
                ("deposited_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("replaces_id", models.UUIDField(null=True)),
                ("replaces_unique_id", models.TextField(blank=True)),
                ("fhir", models.TextField()),
                (
                    "replaces",
                    models.ForeignObject(
                        from_fields=["record_id", "replaces_id"],
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="documents.document",
                        to_fields=["record_id", "id"],
                    ),
                ),
            ],
            options={
                "db_table": "documents_document",
                "indexes": [
                    models.Index(fields=["record_id", "-created_at", "id"], name="documents_by_date"),
                    models.Index(fields=["record_id", "replaces_unique_id"], name="documents_by_replaced"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record_id", "unique_id"),
                        name="documents_document_unique_id",
                        violation_error_message="Cet identifiant de document ne peut pas être utilisé.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("type_ordinal__gte", 0), ("type_ordinal__lt", 256)),
                        name="documents_document_type_ordinal",
                        violation_error_message="Ce type de document n'a pas de rang connu.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["current", "superseded", "withdrawn"])),
                        name="documents_document_status_known",
                        violation_error_message="Ce statut de document n'est pas reconnu.",
                    ),
                ],
            },
        ),
        Protect("documents_document", of_document(standing=False)),
        migrations.RunSQL(add_reference("documents_document", "replaces_id", "documents_document")),
        RunSqlFile("0001_functions.sql", package="carnet.documents.migrations"),
    ]
