import django.contrib.postgres.fields
from django.db import migrations, models

from carnet.kernel.db.composite import add_reference
from carnet.kernel.db.operations import Protect, RunSqlFile
from carnet.kernel.db.policies import of_document


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_shelf")]

    operations = [
        migrations.CreateModel(
            name="Text",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "document_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("document_id", models.UUIDField()),
                ("type_ordinal", models.SmallIntegerField()),
                ("labels", models.IntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[("current", "en vigueur"), ("superseded", "remplacé"), ("withdrawn", "retiré")],
                        max_length=10,
                    ),
                ),
                ("depositor_id", models.UUIDField()),
                ("author_id", models.UUIDField(null=True)),
                ("heading", models.TextField()),
                ("words", models.TextField()),
                ("passages", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("passage_words", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                (
                    "passage_pages",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None),
                ),
                ("extractor", models.IntegerField()),
                ("fault", models.CharField(blank=True, max_length=40)),
            ],
            options={"db_table": "documents_text"},
        ),
        Protect("documents_text", of_document(standing=False)),
        migrations.RunSQL(add_reference("documents_text", "document_id", "documents_document")),
        # Every search goes through the words of every document: they are not taken out of a compressed form each time.
        migrations.RunSQL("alter table record.documents_text alter column words set storage external"),
        RunSqlFile("stored.sql", package="carnet.documents"),
        RunSqlFile("text_functions.sql", package="carnet.documents"),
    ]
