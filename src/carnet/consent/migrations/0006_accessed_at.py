from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0005_reviews")]

    operations = [
        migrations.AddField(model_name="review", name="accessed_at", field=models.DateTimeField(null=True)),
    ]
