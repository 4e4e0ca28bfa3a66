from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("documents", "0002_sharing"), ("kernel", "0006_passing")]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("record_id", models.UUIDField()),
                ("actor_id", models.UUIDField()),
                ("purpose", models.CharField(max_length=15)),
                ("asked_at", models.DateTimeField()),
                ("until", models.DateTimeField(db_index=True)),
                ("content_id", models.UUIDField(null=True)),
                ("size", models.BigIntegerField(default=0)),
                ("documents", models.IntegerField(default=0)),
                ("lacking", models.IntegerField(default=0)),
                ("refused", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "rights_export",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record_id", "actor_id"),
                        name="rights_export_one_at_a_time",
                        violation_error_message="Une copie est déjà en préparation.",
                    )
                ],
            },
        ),
    ]
