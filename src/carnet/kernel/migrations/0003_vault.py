from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_trail")]

    operations = [
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("scope_id", models.UUIDField(primary_key=True, serialize=False)),
                ("wrapped", models.BinaryField()),
                ("master_id", models.CharField(max_length=100)),
                ("created_at", models.DateTimeField()),
            ],
            options={"db_table": "kernel_datakey"},
        ),
        migrations.CreateModel(
            name="Blob",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("scope_id", models.UUIDField(db_index=True)),
                ("size", models.BigIntegerField()),
                ("sha256", models.BinaryField()),
                ("stored_sha256", models.BinaryField()),
                ("created_at", models.DateTimeField()),
            ],
            options={"db_table": "kernel_blob"},
        ),
    ]
