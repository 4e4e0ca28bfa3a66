from django.db import migrations, models

from carnet.kernel.db.operations import Protect, RunSqlFile
from carnet.kernel.db.policies import of_record_unless


class Migration(migrations.Migration):
    dependencies = [("consent", "0009_given_by")]

    operations = [
        migrations.CreateModel(
            name="Share",
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
                ("professional_id", models.UUIDField()),
                ("given_by", models.UUIDField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("hidden_from", models.IntegerField(db_default=0, default=0)),
                ("about", models.CharField(blank=True, db_default="", default="", max_length=200)),
            ],
            options={"db_table": "consent_share"},
        ),
        Protect("consent_share", of_record_unless("hidden_from")),
        RunSqlFile("functions.sql", package="carnet.consent"),
    ]
