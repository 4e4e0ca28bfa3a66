import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_support"),
    ]

    operations = [
        migrations.CreateModel(
            name="Situation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("role", models.CharField(blank=True, max_length=100)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.organisation"),
                ),
                (
                    "professional",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.professional"),
                ),
            ],
            options={
                "db_table": "people_situation",
            },
        ),
    ]
