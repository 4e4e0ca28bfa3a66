from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0009_erasing")]

    operations = [
        migrations.CreateModel(
            name="KernelThrottle",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("count", models.IntegerField()),
                ("until", models.DateTimeField()),
            ],
            options={"db_table": "kernel_throttle"},
        ),
        # Lost in a crash of the server, it lets some more through.
        migrations.RunSQL("alter table app.kernel_throttle set unlogged", migrations.RunSQL.noop),
    ]
