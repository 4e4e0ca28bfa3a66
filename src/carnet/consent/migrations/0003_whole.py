from django.db import migrations, models

from carnet.kernel.db.operations import Protect, RunSqlFile
from carnet.kernel.db.policies import of_link, of_record


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0002_operators"),
        ("people", "0005_teams"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("recipient_id", models.UUIDField()),
                ("record_id", models.UUIDField()),
                ("emergency_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "consent_alert",
            },
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                ("record_id", models.UUIDField(primary_key=True, serialize=False)),
                ("emergency", models.BooleanField()),
                ("regulation", models.BooleanField()),
                ("masked", models.BooleanField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "consent_choice",
            },
        ),
        migrations.CreateModel(
            name="Emergency",
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
                ("organisation_id", models.UUIDField(null=True)),
                ("mode", models.CharField(max_length=10)),
                ("reason", models.CharField(max_length=500)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "consent_emergency",
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("record_id", models.UUIDField()),
                ("kind", models.CharField(max_length=10)),
                ("professional_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.UUIDField(null=True)),
                ("verdict", models.CharField(blank=True, max_length=12)),
            ],
            options={
                "db_table": "consent_review",
            },
        ),
        migrations.CreateModel(
            name="Switch",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "name", "effective", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("effective", models.DateField()),
                ("value", models.BooleanField()),
                ("source", models.TextField()),
            ],
            options={
                "db_table": "consent_switch",
            },
        ),
        migrations.AddField(
            model_name="authorisation",
            name="declared_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="authorisation",
            name="organisation_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="authorisation",
            name="team_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="matrixrow",
            name="team_only",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="authorisation",
            name="professional_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("organisation_id__isnull", True), ("professional_id__isnull", False), ("team_id__isnull", True)
                    ),
                    models.Q(
                        ("organisation_id__isnull", False), ("professional_id__isnull", True), ("team_id__isnull", True)
                    ),
                    models.Q(
                        ("organisation_id__isnull", True), ("professional_id__isnull", True), ("team_id__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="consent_authorisation_of_one",
                violation_error_message="Une autorisation est donnée à un soignant, un établissement ou une équipe.",
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["recipient_id", "-at"], name="consent_alert_of"),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="consent_emergency_has_a_reason",
                violation_error_message="Dites pourquoi vous ouvrez ce carnet en urgence.",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["emergency", "regulation"])),
                name="consent_emergency_mode_known",
                violation_error_message="Ce mode d'urgence n'est pas reconnu.",
            ),
        ),
        Protect("consent_emergency", of_record()),
        Protect("consent_choice", of_record()),
        Protect("consent_alert", of_link("recipient_id")),
        RunSqlFile("0003_functions.sql", package="carnet.consent.migrations"),
    ]
