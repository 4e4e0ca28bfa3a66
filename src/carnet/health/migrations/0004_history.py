"""The words by which facts are searched, where visits were, and the functions of the history. `carnet extract` fills
the columns; until then what was read before is in the history, and is not found by its words."""

from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("health", "0003_profile")]

    operations = [
        *(
            migrations.AddField(
                model_name="statement",
                name=name,
                field=models.TextField(blank=True, db_default="", default=""),
            )
            for name in ("words", "place", "setting")
        ),
        RunSqlFile("history.sql", package="carnet.health"),
    ]
