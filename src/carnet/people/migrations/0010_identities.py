import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0009_erasing"),
        ("people", "0009_passkeys"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProviderSession",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("session", models.BinaryField(max_length=32, null=True)),
                ("subject", models.BinaryField(max_length=32)),
                ("since", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "actor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="kernel.kernelactor"),
                ),
            ],
            options={
                "db_table": "people_provider_session",
                "indexes": [
                    models.Index(fields=["session"], name="people_provider_session_of"),
                    models.Index(fields=["subject"], name="people_provider_subject_of"),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityCase",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("issuer", models.CharField(max_length=200)),
                ("subject", models.CharField(max_length=200)),
                ("family", models.CharField(max_length=200)),
                ("givens", models.CharField(max_length=200)),
                ("birth_date", models.CharField(max_length=10)),
                ("sex", models.CharField(max_length=1)),
                ("birth_place", models.CharField(blank=True, max_length=5)),
                ("reason", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "people_identity_case"},
        ),
        migrations.AddConstraint(
            model_name="identitycase",
            constraint=models.UniqueConstraint(
                fields=("issuer", "subject"),
                name="people_identity_case_once",
                violation_error_message="Cette identité attend déjà d'être rapprochée.",
            ),
        ),
        migrations.RunSQL(
            "grant delete on app.people_provider_session, app.people_identity_case to carnet_writer",
            migrations.RunSQL.noop,
        ),
    ]
