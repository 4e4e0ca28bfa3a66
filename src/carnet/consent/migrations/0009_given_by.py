from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0008_unmasked"), ("people", "0013_families")]

    operations = [migrations.AddField(model_name="authorisation", name="given_by", field=models.UUIDField(null=True))]
