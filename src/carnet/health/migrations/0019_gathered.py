"""What a document alone states is counted when it is read, so that the history looks at documents and not at each fact.
`carnet extract` counts what was read before; until then it is told one by one, as it was."""

from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("health", "0018_gone")]

    operations = [
        migrations.AddField(
            model_name="statement", name="gathered", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddField(model_name="reading", name="gathered", field=models.TextField(null=True)),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=models.Q(("dropped", False), ("gathered", False)),
                fields=["record_id", "kind"],
                name="health_loose",
            ),
        ),
        RunSqlFile("history.sql", package="carnet.health"),
        RunSqlFile("functions.sql", package="carnet.health"),
        RunSqlFile("reading_functions.sql", package="carnet.health"),
        RunSqlFile("news_functions.sql", package="carnet.health"),
    ]
