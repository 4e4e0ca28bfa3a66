import django.db.models.deletion
from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0009_erasing"),
        ("people", "0015_apps_of_professionals"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayList",
            fields=[
                (
                    "actor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="kernel.kernelactor",
                    ),
                ),
                ("day", models.DateField()),
                ("entries", models.JSONField()),
            ],
            options={"db_table": "people_day_list"},
        ),
        RunSqlFile("0016_desk.sql", "carnet.people.migrations"),
    ]
