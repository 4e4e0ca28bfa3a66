from django.db import migrations, models

from carnet.kernel.db.operations import Protect, RunSqlFile
from carnet.kernel.db.policies import of_holder_unless


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0008_pictures"),
    ]

    operations = [
        migrations.CreateModel(
            name="UpdateNotice",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("hidden_from", models.IntegerField()),
            ],
            options={
                "db_table": "documents_update_notice",
            },
        ),
        migrations.AddField(
            model_name="document",
            name="notice_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="release_at",
            field=models.DateTimeField(null=True),
        ),
        Protect("documents_update_notice", of_holder_unless("hidden_from")),
        RunSqlFile("stored.sql", package="carnet.documents"),
    ]
