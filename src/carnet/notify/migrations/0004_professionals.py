from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notify", "0003_growing")]

    operations = [
        # A notice to a professional names no record.
        migrations.AlterField(model_name="notice", name="record_id", field=models.UUIDField(null=True)),
    ]
