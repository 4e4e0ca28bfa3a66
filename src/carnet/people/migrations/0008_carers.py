import django.contrib.postgres.fields
from django.db import migrations, models

from carnet.kernel.db.operations import Protect
from carnet.kernel.db.policies import of_invitation


class Migration(migrations.Migration):
    dependencies = [("people", "0007_situations")]

    operations = [
        migrations.AddField(
            model_name="carelink",
            name="acts",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="representation",
            name="ground",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddConstraint(
            model_name="representation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "guardian"), _negated=True),
                    models.Q(("until__isnull", False), models.Q(("ground", ""), _negated=True)),
                    _connector="OR",
                ),
                name="people_guardian_by_a_decision",
                violation_error_message="Une tutelle a un terme et une décision qui la fonde.",
            ),
        ),
        migrations.CreateModel(
            name="CareInvitation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("channel", models.CharField(max_length=5)),
                ("invited_by", models.UUIDField()),
                ("given", models.CharField(max_length=60)),
                ("why", models.CharField(max_length=200)),
                (
                    "rights",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
                ("acts", models.BooleanField()),
                ("until", models.DateTimeField(null=True)),
                ("at", models.DateTimeField()),
                ("until_answer", models.DateTimeField()),
                ("state", models.CharField(max_length=10)),
                ("answered_at", models.DateTimeField(null=True)),
                ("carer_id", models.UUIDField(null=True)),
            ],
            options={"db_table": "people_care_invitation"},
        ),
        migrations.CreateModel(
            name="CareMail",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("language", models.CharField(max_length=2)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "people_care_mail"},
        ),
        Protect("people_care_invitation", of_invitation("digest")),
    ]
