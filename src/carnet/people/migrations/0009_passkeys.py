import uuid

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

_LEAST_RIGHTS = """
alter table app.people_passkey add constraint people_passkey_sizes
    check (octet_length(credential_id) between 1 and 1023 and octet_length(public_key) between 16 and 2048
           and name <> '');
alter table app.people_spent_challenge add constraint people_spent_challenge_size check (octet_length(digest) = 32);
alter table app.people_known_device add constraint people_known_device_size check (octet_length(digest) = 32);
-- A key is revoked, never forgotten; whose it is, and which one, nobody changes.
revoke delete, update on app.people_passkey from carnet_writer;
grant update (name, sign_count, is_copied, used_at, revoked_at) on app.people_passkey to carnet_writer;
revoke update on app.people_spent_challenge from carnet_writer;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0009_erasing"),
        ("people", "0008_carers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("credential_id", models.BinaryField(max_length=1023, unique=True)),
                ("public_key", models.BinaryField(max_length=2048)),
                ("sign_count", models.BigIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("assurance", models.CharField(max_length=8)),
                ("may_be_copied", models.BooleanField()),
                ("is_copied", models.BooleanField()),
                ("created_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "actor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="kernel.kernelactor"),
                ),
            ],
            options={"db_table": "people_passkey"},
        ),
        migrations.CreateModel(
            name="SpentChallenge",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
            ],
            options={"db_table": "people_spent_challenge"},
        ),
        migrations.CreateModel(
            name="KnownDevice",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("seen_on", models.DateField()),
                (
                    "actor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="kernel.kernelactor"),
                ),
            ],
            options={"db_table": "people_known_device"},
        ),
        migrations.AddField(
            model_name="signedin",
            name="id",
            field=models.UUIDField(
                db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, unique=True
            ),
        ),
        migrations.AddField(
            model_name="signedin",
            name="browser",
            field=models.CharField(db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="signedin",
            name="system",
            field=models.CharField(db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="signedin",
            name="way",
            field=models.CharField(db_default="provider", default="provider", max_length=8),
        ),
        migrations.AddField(
            model_name="signedin",
            name="passkey",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="people.passkey"),
        ),
        migrations.AddField(model_name="signedin", name="seen", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="signedin", name="ended_at", field=models.DateTimeField(null=True)),
        migrations.AddConstraint(
            model_name="signedin",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["provider", "passkey", "code"])),
                name="people_signed_in_way_known",
                violation_error_message="Cette manière de se connecter n'est pas reconnue.",
            ),
        ),
        migrations.AddConstraint(
            model_name="passkey",
            constraint=models.CheckConstraint(
                condition=models.Q(("assurance__in", ("eidas1", "eidas2", "eidas3"))),
                name="people_passkey_assurance_known",
                violation_error_message="Ce niveau d'identification n'est pas reconnu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="passkey",
            constraint=models.CheckConstraint(
                condition=models.Q(("sign_count__gte", 0), ("sign_count__lt", 4294967296)),
                name="people_passkey_count_range",
                violation_error_message="Le compteur d'une clé va de 0 à 4 294 967 295.",
            ),
        ),
        migrations.RunSQL(_LEAST_RIGHTS),
    ]
