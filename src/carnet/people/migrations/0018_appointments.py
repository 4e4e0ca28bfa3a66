"""The day of a professional, as their software lays it out."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0010_throttle"),
        ("people", "0017_apps_and_services"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("day", models.DateField(db_index=True)),
                ("digest", models.BinaryField(max_length=32)),
                ("sealed", models.BinaryField()),
                ("version", models.IntegerField()),
                ("changed_at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.kernelactor"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.client"
                    ),
                ),
            ],
            options={
                "db_table": "people_appointment",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("actor", "client", "digest"),
                        name="people_appointment_once",
                        violation_error_message="Ce rendez-vous est déjà dans la journée.",
                    )
                ],
            },
        ),
    ]
