import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_ended_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                (
                    "organisation",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="people.organisation"),
                ),
            ],
            options={
                "db_table": "people_team",
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "professional",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.professional"),
                ),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.team")),
            ],
            options={
                "db_table": "people_team_member",
            },
        ),
    ]
