"""What professionals deposit most: no patient is in it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0011_mask_all")]

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
        )
    ]
