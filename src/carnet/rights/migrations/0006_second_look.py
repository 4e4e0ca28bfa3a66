from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rights", "0005_joined_ends")]

    operations = [
        migrations.CreateModel(
            name="SecondLook",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("record_id", models.UUIDField()),
                ("person_id", models.UUIDField(null=True)),
                ("measure", models.CharField(blank=True, default="", max_length=30)),
                ("last_day", models.DateField(null=True)),
                ("reference", models.CharField(blank=True, default="", max_length=100)),
                ("asked_by", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("decision", models.CharField(blank=True, db_default="", default="", max_length=10)),
                ("decided_by", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "rights_second_look"},
        ),
        migrations.AddConstraint(
            model_name="secondlook",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision", "")),
                fields=("record_id", "kind"),
                name="rights_second_look_once",
                violation_error_message="Une demande attend déjà d'être confirmée pour ce carnet.",
            ),
        ),
    ]
