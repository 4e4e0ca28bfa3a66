from django.db import migrations, models

from carnet.kernel.db.operations import Protect
from carnet.kernel.db.policies import of_cases_about


def _text(most: int) -> models.CharField:
    return models.CharField(blank=True, db_default="", default="", max_length=most)


class Migration(migrations.Migration):
    dependencies = [("people", "0012_services")]

    operations = [
        migrations.AddField(
            model_name="representation",
            name="basis",
            field=models.CharField(db_default="feed", default="feed", max_length=10),
        ),
        migrations.AddField(model_name="representation", name="measure", field=_text(20)),
        migrations.AddField(model_name="representation", name="ended_for", field=_text(20)),
        migrations.AddField(model_name="representation", name="reference", field=_text(100)),
        migrations.AddField(
            model_name="careinvitation",
            name="asks",
            field=models.CharField(db_default="carer", default="carer", max_length=6),
        ),
        migrations.CreateModel(
            name="ParentCase",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("invited_by", models.UUIDField()),
                ("proof", models.CharField(max_length=20)),
                ("content_id", models.UUIDField(null=True)),
                ("media_type", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("state", models.CharField(max_length=10)),
                ("reason", _text(20)),
                ("words", _text(300)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "people_parent_case",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("content_id__isnull", True), _connector="OR"),
                        name="people_parent_proof_gone",
                        violation_error_message="La preuve est effacée dès que la demande a sa réponse.",
                    )
                ],
            },
        ),
        Protect("people_parent_case", of_cases_about("person_id")),
    ]
