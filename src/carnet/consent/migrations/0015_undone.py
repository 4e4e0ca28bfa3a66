"""A document that ended in somebody's hands with a block comes back when the block is undone; what a person says of an
access that they dispute stays in the record."""

from django.db import migrations, models

from carnet.kernel.db.operations import Protect
from carnet.kernel.db.policies import of_holder_unless


class Migration(migrations.Migration):
    dependencies = [("consent", "0014_secret_visits")]

    operations = [
        migrations.RunSQL(
            "alter table record.consent_share add column ended_by uuid, add column would_end timestamptz",
            state_operations=[
                migrations.AddField("share", "ended_by", models.UUIDField(null=True)),
                migrations.AddField("share", "would_end", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="DisputeWords",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("said_by", models.UUIDField()),
                ("words", models.CharField(max_length=1000)),
                ("at", models.DateTimeField()),
                ("hidden_from", models.IntegerField(db_default=0, default=0)),
            ],
            options={"db_table": "consent_dispute_words"},
        ),
        Protect("consent_dispute_words", of_holder_unless("hidden_from")),
    ]
