import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SpentAssertion",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "db_table": "people_spent_assertion",
            },
        ),
        migrations.AddField(
            model_name="client",
            name="acts_for_professionals",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="client",
            name="scope",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="token",
            name="scope",
            field=models.TextField(blank=True),
        ),
        migrations.CreateModel(
            name="ClientKey",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kid", models.CharField(max_length=100)),
                ("jwk", models.JSONField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.client")),
            ],
            options={
                "db_table": "people_client_key",
            },
        ),
        migrations.AddField(
            model_name="token",
            name="key",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="people.clientkey"),
        ),
        migrations.AddConstraint(
            model_name="clientkey",
            constraint=models.UniqueConstraint(
                fields=("client", "kid"),
                name="people_client_key_once",
                violation_error_message="Ce logiciel a déjà une clé de ce nom (kid) : chaque clé a le sien.",
            ),
        ),
        # A key is revoked, never forgotten.
        migrations.RunSQL("revoke delete on app.people_client_key from carnet_writer"),
    ]
