from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("consent", "0007_carers"), ("people", "0012_services")]

    operations = [
        migrations.AddField(
            model_name="authorisation", name="unmasked", field=models.BooleanField(db_default=False, default=False)
        ),
        RunSqlFile("0008_functions.sql", package="carnet.consent.migrations"),
        RunSqlFile("0008_first_readings.sql", package="carnet.consent.migrations"),
    ]
