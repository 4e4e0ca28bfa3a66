from django.db import migrations, models

from carnet.kernel.db.operations import Protect, RunSqlFile
from carnet.kernel.db.policies import of_record


class Migration(migrations.Migration):
    initial = True

    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Attending",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("professional_id", models.UUIDField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "consent_attending",
            },
        ),
        migrations.CreateModel(
            name="Authorship",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "actor_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("actor_id", models.UUIDField()),
            ],
            options={
                "db_table": "consent_authorship",
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("professional_id", models.UUIDField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "consent_block",
            },
        ),
        migrations.CreateModel(
            name="MatrixRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "version",
                        "profession_system",
                        "profession_code",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.CharField(max_length=40)),
                ("profession_system", models.CharField(max_length=40)),
                ("profession_code", models.CharField(max_length=30)),
                ("types", models.CharField(max_length=256)),
                ("effective", models.DateField()),
                ("source", models.TextField()),
            ],
            options={
                "db_table": "consent_matrix",
            },
        ),
        migrations.CreateModel(
            name="Authorisation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("professional_id", models.UUIDField()),
                ("express", models.BooleanField(default=False)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "consent_authorisation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="consent_authorisation_ends_after_start",
                        violation_error_message="L'autorisation ne peut pas finir avant de commencer.",
                    )
                ],
            },
        ),
        Protect("consent_authorisation", of_record()),
        Protect("consent_block", of_record()),
        Protect("consent_attending", of_record()),
        Protect("consent_authorship", of_record()),
        RunSqlFile("0001_functions.sql", package="carnet.consent.migrations"),
    ]
