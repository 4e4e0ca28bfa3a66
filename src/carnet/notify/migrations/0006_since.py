"""Since when a notice tells of something: whether it is there still is seen before the mail leaves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("notify", "0005_first_accesses"),)

    operations = (migrations.AddField("notice", "since", models.DateTimeField(null=True)),)
