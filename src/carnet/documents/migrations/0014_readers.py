from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile
from carnet.kernel.db.policies import of_document

_LOCK = of_document(readers=True)
_LOCKED = ("document", "version", "text")


class Migration(migrations.Migration):
    dependencies = [("documents", "0013_habits"), ("consent", "0010_shares")]

    operations = [
        *(
            operation
            for name in _LOCKED
            for operation in (
                migrations.AddField(name, "readers", ArrayField(models.UUIDField(), null=True)),
                migrations.AddField(name, "readers_until", models.DateTimeField(null=True)),
                *map(migrations.RunSQL, _LOCK.again(f"record.documents_{name}")),
            )
        ),
        migrations.AlterField(
            model_name="mask",
            name="kind",
            field=models.CharField(
                choices=[
                    ("category", "une catégorie de documents"),
                    ("before", "ce qui est avant une date"),
                    ("author", "ce qui est d'un auteur"),
                    ("all", "tout"),
                    ("new", "ce qui arrive"),
                    ("handed", "ce qui est remis à des soignants"),
                ],
                max_length=10,
            ),
        ),
        RunSqlFile("stored.sql", package="carnet.documents"),
        RunSqlFile("text_functions.sql", package="carnet.documents"),
        RunSqlFile("masks_functions.sql", package="carnet.documents"),
        RunSqlFile("handing_functions.sql", package="carnet.documents"),
    ]
