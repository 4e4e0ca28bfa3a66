from django.db import migrations, models

from carnet.kernel.db.operations import Protect
from carnet.kernel.db.policies import of_record


class Migration(migrations.Migration):
    dependencies = [("records", "0004_welcome")]

    operations = [
        migrations.CreateModel(
            name="EntryCode",
            fields=[
                ("record_id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.BinaryField(max_length=32)),
                ("given_by", models.UUIDField()),
                ("given_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("tries", models.IntegerField(default=0)),
                ("tried_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "records_entry_code"},
        ),
        migrations.CreateModel(
            name="FormerNumber",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("ins_oid", models.CharField(max_length=32)),
                ("ins", models.CharField(max_length=15)),
                ("until", models.DateTimeField()),
            ],
            options={"db_table": "records_former_number"},
        ),
        Protect("records_entry_code", of_record()),
        Protect("records_former_number", of_record()),
    ]
