from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("people", "0016_desk")]

    operations = [
        migrations.AddField(
            model_name="client",
            name="for_persons",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="situation",
            name="of_service",
            field=models.BooleanField(db_default=False, default=False),
        ),
        RunSqlFile("0017_services.sql", "carnet.people.migrations"),
    ]
