from django.db import migrations

from carnet.kernel.db.operations import Protect
from carnet.kernel.db.policies import of_reviews


class Migration(migrations.Migration):
    dependencies = [("consent", "0004_secrets")]

    operations = [Protect("consent_review", of_reviews("hidden_from"))]
