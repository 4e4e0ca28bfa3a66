"""What a professional may put in a summary that others will read, and the summaries that they have begun."""

from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("health", "0006_noting")]

    operations = [
        migrations.CreateModel(
            name="SynthesisDraft",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("actor_id", models.UUIDField()),
                ("record_id", models.UUIDField()),
                ("until", models.DateTimeField(db_index=True)),
                ("sealed", models.BinaryField()),
            ],
            options={
                "db_table": "health_synthesis_draft",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("actor_id", "record_id"),
                        name="health_synthesis_draft_once",
                        violation_error_message="Une synthèse est déjà commencée.",
                    )
                ],
            },
        ),
        RunSqlFile("synthesis_functions.sql", package="carnet.health"),
    ]
