from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0016_desk")]

    operations = [
        migrations.AddField(
            model_name="client",
            name="for_persons",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
