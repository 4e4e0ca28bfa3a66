from django.db import migrations, models

from carnet.kernel.db.composite import add_reference
from carnet.kernel.db.operations import Protect
from carnet.kernel.db.policies import of_maker


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0007_whole_rows"),
    ]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id",
                        "document_id",
                        "position",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("document_id", models.UUIDField()),
                ("position", models.SmallIntegerField()),
                ("added_by", models.UUIDField()),
                ("name", models.TextField(blank=True)),
                ("media_type", models.TextField()),
                ("size", models.BigIntegerField()),
                ("sha256", models.BinaryField(max_length=32)),
                ("blob_id", models.UUIDField()),
            ],
            options={
                "db_table": "documents_picture",
            },
        ),
        Protect("documents_picture", of_maker("added_by")),
        migrations.RunSQL(add_reference("documents_picture", "document_id", "documents_document")),
    ]
