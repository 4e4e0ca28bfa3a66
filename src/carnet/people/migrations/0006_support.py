import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0008_told"),
        ("people", "0005_teams"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignedIn",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                (
                    "actor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="kernel.kernelactor"),
                ),
                ("since", models.DateTimeField()),
            ],
            options={
                "db_table": "people_signed_in",
            },
        ),
        migrations.CreateModel(
            name="SessionsEnd",
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
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "people_sessions_end",
            },
        ),
        migrations.CreateModel(
            name="RefusedDeposit",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day", "client_id", "code", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("client_id", models.UUIDField()),
                ("code", models.CharField(max_length=60)),
                ("count", models.IntegerField()),
            ],
            options={
                "db_table": "people_refused_deposit",
            },
        ),
    ]
