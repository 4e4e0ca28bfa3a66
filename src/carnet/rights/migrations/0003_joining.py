from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rights", "0002_copied"), ("records", "0006_joined")]

    operations = [
        migrations.CreateModel(
            name="Joining",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("record_id", models.UUIDField()),
                ("into_id", models.UUIDField()),
                ("proof", models.CharField(max_length=10)),
                ("proposed_by", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("decision", models.CharField(blank=True, db_default="", default="", max_length=10)),
                ("decided_by", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("documents", models.IntegerField(db_default=0, default=0)),
            ],
            options={"db_table": "rights_joining"},
        ),
        migrations.AddConstraint(
            model_name="joining",
            constraint=models.UniqueConstraint(
                condition=~models.Q(("decision", "refused")),
                fields=("record_id",),
                name="rights_joining_once",
                violation_error_message="Ce carnet est déjà proposé à la réunion.",
            ),
        ),
    ]
