from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0018_appointments")]

    operations = [
        migrations.CreateModel(
            name="ProviderEnd",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "people_provider_end"},
        ),
    ]
