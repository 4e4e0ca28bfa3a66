from django.db import migrations, models

from carnet.kernel.db.operations import Protect, RunSqlFile
from carnet.kernel.db.policies import of_record


class Migration(migrations.Migration):
    initial = True

    dependencies = [("kernel", "0002_trail")]

    operations = [
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("ins_oid", models.CharField(max_length=32)),
                ("ins", models.CharField(max_length=15)),
                (
                    "identity_status",
                    models.CharField(
                        choices=[
                            ("PROV", "provisoire"),
                            ("RECUP", "récupérée"),
                            ("VALI", "validée"),
                            ("QUAL", "qualifiée"),
                        ],
                        max_length=5,
                    ),
                ),
                ("birth_family", models.CharField(max_length=100)),
                ("birth_given", models.CharField(max_length=100)),
                ("birth_givens", models.CharField(blank=True, max_length=200)),
                ("used_family", models.CharField(blank=True, max_length=100)),
                ("used_given", models.CharField(blank=True, max_length=100)),
                ("sex", models.CharField(max_length=1)),
                ("birth_date", models.CharField(max_length=10)),
                ("birth_place", models.CharField(blank=True, max_length=5)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unopened", "jamais activé"),
                            ("active", "ouvert"),
                            ("opposed", "refusé"),
                            ("closed", "fermé"),
                        ],
                        max_length=10,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("state_reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "db_table": "records_record",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["unopened", "active", "opposed", "closed"])),
                        name="records_record_state_known",
                        violation_error_message="L'état du carnet n'est pas reconnu.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sex__in", ["F", "M", "U"])),
                        name="records_record_sex_known",
                        violation_error_message="Le sexe est F, M ou U (inconnu).",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("birth_date__regex", "^\\d{4}(-\\d{2}(-\\d{2})?)?$")),
                        name="records_record_birth_date_shape",
                        violation_error_message="Écrivez la date de naissance comme ceci : 1981-03-12.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ins__regex", "^[0-9]{5}([0-9]{2}|2[AB])[0-9]{8}$")),
                        name="records_record_ins_shape",
                        violation_error_message="Le matricule INS a 15 caractères, clé comprise.",
                    ),
                ],
            },
        ),
        Protect("records_record", of_record("id")),
        RunSqlFile("functions.sql", package="carnet.records"),
    ]
