from django.db import migrations, models


class Migration(migrations.Migration):
    """What was asked for before names no identity, and lets none in: it is asked for anew."""

    dependencies = [("rights", "0006_second_look")]

    operations = [migrations.AddField("secondlook", "identity_id", models.UUIDField(null=True))]
