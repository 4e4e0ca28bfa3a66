import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_software_clients"),
    ]

    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("latest", models.DateTimeField()),
                ("before", models.DateTimeField()),
            ],
            options={"db_table": "people_visit"},
        ),
    ]
