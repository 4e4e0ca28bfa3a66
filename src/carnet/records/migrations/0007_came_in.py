from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0006_joined")]

    operations = [migrations.AddField("entrycode", "used_at", models.DateTimeField(null=True))]
