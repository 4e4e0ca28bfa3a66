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
        # A key that is gone is the content lost; an actor or an epoch that is gone, the lock opened.
        migrations.RunSQL(
            "revoke delete on app.kernel_datakey, app.kernel_blob, app.kernel_actor, app.kernel_epoch"
            " from carnet_writer"
        ),
    ]
