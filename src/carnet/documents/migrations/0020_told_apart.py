"""Who represents the holder is told apart of what waits, and learns by nothing what became of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("documents", "0019_told_no_more"),)

    operations = (migrations.AddField("updatenotice", "until", models.DateTimeField(null=True)),)
