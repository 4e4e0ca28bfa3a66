from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0004_text"),
        ("kernel", "0006_passing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("actor_id", models.UUIDField(db_index=True, null=True)),
                ("record_id", models.UUIDField(null=True)),
                ("claim", models.BinaryField(max_length=32, null=True, unique=True)),
                ("until", models.DateTimeField(db_index=True)),
                ("sealed", models.BinaryField()),
            ],
            options={"db_table": "documents_draft"},
        ),
    ]
