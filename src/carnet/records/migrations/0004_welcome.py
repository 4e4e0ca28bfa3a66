from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0003_life")]

    operations = [
        migrations.AddField("record", "welcome_step", models.SmallIntegerField(db_default=0, default=0)),
    ]
