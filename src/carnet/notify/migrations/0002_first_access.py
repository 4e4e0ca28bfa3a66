from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0008_told"),
        ("notify", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="language",
            field=models.CharField(db_default="fr", default="fr", max_length=2),
        ),
        migrations.CreateModel(
            name="Horizon",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("era", models.SmallIntegerField()),
                ("xid", models.BigIntegerField()),
            ],
            options={
                "db_table": "notify_horizon",
            },
        ),
    ]
