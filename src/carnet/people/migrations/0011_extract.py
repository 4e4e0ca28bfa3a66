from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0010_identities"),
    ]

    operations = [
        migrations.AddField("professional", "listed", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("professional", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddField("situation", "listed", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("token", "bound", models.CharField(db_default="", default="", max_length=80)),
        migrations.AddField(
            "client", "provider_client_id", models.CharField(blank=True, db_default="", default="", max_length=200)
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("client", models.OneToOneField(on_delete=models.deletion.PROTECT, to="people.client")),
                ("secret", models.BinaryField(max_length=32)),
                ("state", models.CharField(max_length=10)),
                ("words", models.TextField(blank=True, default="")),
                ("software", models.CharField(max_length=200)),
                ("publisher", models.CharField(max_length=200)),
                ("address", models.CharField(max_length=400)),
                ("website", models.CharField(blank=True, max_length=200)),
                ("contact", models.CharField(max_length=200)),
                ("email", models.CharField(max_length=200)),
                ("structure", models.CharField(blank=True, max_length=40)),
                ("scope", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.UUIDField(null=True)),
            ],
            options={"db_table": "people_registration"},
        ),
        RunSqlFile("0011_extract.sql", "carnet.people.migrations"),
    ]
