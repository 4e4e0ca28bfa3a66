import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0009_erasing"),
        ("people", "0012_services"),
    ]

    operations = [
        migrations.AddField("signin", "held_at", models.DateTimeField(null=True)),
        migrations.AddField("token", "regulates", models.BooleanField(default=False, db_default=False)),
        migrations.CreateModel(
            name="Disowned",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sign_in_id", models.UUIDField(null=True)),
                ("first_opening", models.BooleanField()),
                ("way", models.CharField(blank=True, max_length=8)),
                ("browser", models.CharField(blank=True, max_length=20)),
                ("system", models.CharField(blank=True, max_length=20)),
                ("since", models.DateTimeField(null=True)),
                ("at", models.DateTimeField()),
                ("decision", models.CharField(blank=True, db_default="", default="", max_length=10)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.UUIDField(null=True)),
                (
                    "actor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="kernel.kernelactor"),
                ),
            ],
            options={"db_table": "people_disowned"},
        ),
        migrations.AddConstraint(
            model_name="disowned",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at__isnull", True)),
                fields=("actor", "sign_in_id"),
                name="people_disowned_once",
                nulls_distinct=False,
                violation_error_message="Ce signalement est déjà en cours.",
            ),
        ),
        migrations.CreateModel(
            name="CodeText",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "people_code_text"},
        ),
    ]
