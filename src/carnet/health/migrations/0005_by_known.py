"""What is new in a record is found without reading all of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("health", "0004_history"),)

    operations = (
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["record_id", "known_at"], name="health_by_known"),
        ),
    )
