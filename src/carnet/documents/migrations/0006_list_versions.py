from django.db import migrations, models

from carnet.kernel.db.composite import add_reference
from carnet.kernel.db.operations import Protect, RunSqlFile
from carnet.kernel.db.policies import of_list


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0005_added"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "list_id", "version", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("list_id", models.UUIDField()),
                ("version", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("types", models.CharField(max_length=256)),
                ("labels", models.IntegerField()),
                ("depositor_id", models.UUIDField()),
                ("fhir", models.TextField()),
            ],
            options={
                "db_table": "documents_list_version",
            },
        ),
        Protect("documents_list_version", of_list()),
        migrations.RunSQL(add_reference("documents_list_version", "list_id", "documents_list")),
        # Whoever has run 0002 before gets the functions as they are now.
        RunSqlFile("functions.sql", package="carnet.documents"),
        RunSqlFile("acts.sql", package="carnet.documents"),
        RunSqlFile("lists.sql", package="carnet.documents"),
    ]
