from django.db import migrations, models

from carnet.kernel.db.operations import Protect, RunSqlFile
from carnet.kernel.db.policies import of_record


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="KernelActor",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("key", models.CharField(max_length=40, null=True, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("epoch", models.BigIntegerField(default=1)),
                ("active", models.BooleanField(default=True)),
            ],
            options={"db_table": "kernel_actor"},
        ),
        migrations.CreateModel(
            name="KernelEpoch",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("value", models.BigIntegerField(default=1)),
            ],
            options={"db_table": "kernel_epoch"},
        ),
        migrations.CreateModel(
            name="KernelScope",
            fields=[
                ("record_id", models.UUIDField(primary_key=True, serialize=False)),
                ("epoch", models.BigIntegerField(default=1)),
            ],
            options={"db_table": "kernel_scope"},
        ),
        migrations.CreateModel(
            name="KernelLocator",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "digest", "record_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("record_id", models.UUIDField()),
                ("kind", models.CharField(max_length=10)),
            ],
            options={"db_table": "kernel_locator"},
        ),
        migrations.AddConstraint(
            model_name="kernellocator",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "ins")),
                fields=("digest",),
                name="kernel_locator_one_record_per_ins",
                violation_error_message="Un carnet existe déjà pour cette identité.",
            ),
        ),
        migrations.RunSQL("insert into app.kernel_epoch (name, value) values ('rules', 1)"),
        Protect("kernel_scope", of_record()),
        RunSqlFile("enter.sql"),
        RunSqlFile("0001_settle.sql", package="carnet.kernel.migrations"),
    ]
