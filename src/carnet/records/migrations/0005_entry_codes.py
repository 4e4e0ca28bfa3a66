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
        Protect("records_entry_code", of_record()),
    ]
