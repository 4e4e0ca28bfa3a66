"""What professionals note themselves: under the holder's standing masks, kept in their sight, and kept from whom it is
hidden. The decision learns what each profession may note."""

from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("health", "0005_by_known"), ("consent", "0010_shares")]

    operations = [
        migrations.CreateModel(
            name="Box",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor_id", models.UUIDField()),
                ("gtin", models.CharField(max_length=14)),
                ("product", models.TextField()),
                ("noted_at", models.DateTimeField()),
            ],
            options={
                "db_table": "health_box",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("actor_id", "gtin"),
                        name="health_box_once",
                        violation_error_message="Cette boîte est déjà nommée.",
                    )
                ],
            },
        ),
        RunSqlFile("functions.sql", package="carnet.consent"),
        RunSqlFile("functions.sql", package="carnet.health"),
        RunSqlFile("reading_functions.sql", package="carnet.health"),
        RunSqlFile("news_functions.sql", package="carnet.health"),
    ]
