import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from carnet.kernel.db.operations import Protect
from carnet.kernel.db.policies import of_link


class Migration(migrations.Migration):
    initial = True

    dependencies = [("kernel", "0002_trail"), ("records", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="CareLink",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("carer_id", models.UUIDField()),
                (
                    "rights",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "people_care_link",
            },
        ),
        migrations.CreateModel(
            name="Operator",
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
                ("role", models.CharField(max_length=10)),
            ],
            options={
                "db_table": "people_operator",
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("identifier", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "db_table": "people_organisation",
            },
        ),
        migrations.CreateModel(
            name="Person",
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
                ("record_id", models.UUIDField(null=True, unique=True)),
            ],
            options={
                "db_table": "people_person",
            },
        ),
        migrations.CreateModel(
            name="Representation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("representative_id", models.UUIDField()),
                ("kind", models.CharField(max_length=12)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "people_representation",
            },
        ),
        migrations.CreateModel(
            name="Client",
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
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.organisation"),
                ),
                ("reads_own", models.BooleanField(default=True)),
            ],
            options={
                "db_table": "people_client",
            },
        ),
        migrations.CreateModel(
            name="Professional",
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
                ("rpps", models.CharField(max_length=11, null=True, unique=True)),
                ("family", models.CharField(max_length=100)),
                ("given", models.CharField(max_length=100)),
                ("profession_system", models.CharField(max_length=40)),
                ("profession_code", models.CharField(max_length=30)),
                ("speciality", models.CharField(blank=True, max_length=10)),
                ("capacity", models.CharField(default="care", max_length=12)),
                (
                    "organisation",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="people.organisation"),
                ),
            ],
            options={
                "db_table": "people_professional",
            },
        ),
        migrations.CreateModel(
            name="Deputy",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.professional",
                    ),
                ),
                (
                    "principal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.professional",
                    ),
                ),
            ],
            options={
                "db_table": "people_deputy",
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("issuer", models.CharField(max_length=200)),
                ("subject", models.CharField(max_length=200)),
                (
                    "actor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="kernel.kernelactor"),
                ),
            ],
            options={
                "db_table": "people_sign_in",
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("purpose", models.CharField(max_length=15)),
                ("scope", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "actor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="kernel.kernelactor"),
                ),
            ],
            options={
                "db_table": "people_token",
            },
        ),
        migrations.AddConstraint(
            model_name="professional",
            constraint=models.CheckConstraint(
                condition=models.Q(("rpps__isnull", True), ("rpps__regex", "^\\d{11}$"), _connector="OR"),
                name="people_professional_rpps_shape",
                violation_error_message="Le numéro RPPS a 11 chiffres.",
            ),
        ),
        migrations.AddConstraint(
            model_name="professional",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("capacity__in", ["care", "occupational", "pmi", "insurer", "regulation", "secretariat"])
                ),
                name="people_professional_capacity_known",
                violation_error_message="Cette position professionnelle n'est pas reconnue.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signin",
            constraint=models.UniqueConstraint(
                fields=("issuer", "subject"),
                name="people_sign_in_once",
                violation_error_message="Cette identité est déjà rattachée à un compte.",
            ),
        ),
        Protect("people_representation", of_link("representative_id")),
        Protect("people_care_link", of_link("carer_id")),
        # A token is revoked, never forgotten.
        migrations.RunSQL("revoke delete on app.people_token from carnet_writer"),
    ]
