"""What professionals deposit most, and their own figures: no patient is in either."""

from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("documents", "0012_content"), ("kernel", "0009_erasing")]

    operations = [
        migrations.CreateModel(
            name="Habit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor_id", models.UUIDField()),
                ("type_code", models.CharField(max_length=40)),
                ("times", models.IntegerField()),
            ],
            options={
                "db_table": "documents_habit",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("actor_id", "type_code"),
                        name="documents_habit_once",
                        violation_error_message="Ce genre de document est déjà compté.",
                    )
                ],
            },
        ),
        RunSqlFile("0013_figures.sql", package="carnet.documents.migrations"),
    ]
