from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("kernel", "0008_told")]

    operations = [
        migrations.AddField("kernelscope", "erase_at", models.DateTimeField(null=True)),
        RunSqlFile("erase.sql"),
        RunSqlFile("erasing.sql"),
    ]
