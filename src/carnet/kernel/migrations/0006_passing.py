from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_seals")]

    operations = [
        migrations.CreateModel(
            name="Passing",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("wrapped", models.BinaryField()),
                ("master_id", models.CharField(max_length=100)),
                ("until", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "kernel_passing"},
        ),
    ]
