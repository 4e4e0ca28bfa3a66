"""What the holder is told of what waits ends when nothing waits any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("documents", "0018_newest"),)

    operations = (migrations.AddField("updatenotice", "ended_at", models.DateTimeField(null=True)),)
